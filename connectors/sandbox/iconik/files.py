"""The ``files`` service: an asset's parts, download addresses, storages (wire contract "iconik", §9 and §10)."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import answer, flag, not_found
from connectors.sandbox.iconik.history import History
from connectors.sandbox.iconik.media import Media
from connectors.sandbox.iconik.paging import behind, numbered
from connectors.sandbox.iconik.records import AssetRecord, VersionRecord
from connectors.sandbox.iconik.storages import StorageRecord
from connectors.sandbox.iconik.tenant import Tenant

Parts = Callable[[Request, AssetRecord, VersionRecord], list[dict[str, Any]]]


class Files:
    """Routes that read media; ``/versions/{id}/`` paths pick a version, plain ones mean the newest (INFERRED)."""

    def __init__(self, tenant: Tenant, media: Media, history: History) -> None:
        self._tenant = tenant
        self._media = media
        self._history = history

    def routes(self) -> list[Route]:
        """Every list at both of its paths, then single objects."""
        base = "/API/files/v1"
        asset = f"{base}/assets/{{asset_id}}"
        parts: dict[str, Parts] = {
            "keyframes": self._keyframes,
            "proxies": self._proxies,
            "formats": lambda _request, of, version: self._media.formats(of, version),
            "file_sets": lambda _request, of, version: self._media.file_sets(of, version),
            "files": self._files,
        }
        routes = []
        for name, write in parts.items():
            routes += [
                Route(f"{asset}/{name}", self._list(write), methods=["GET"]),
                Route(f"{asset}/versions/{{version_id}}/{name}", self._list(write), methods=["GET"]),
                Route(f"{asset}/{name}/{{part_id}}", self._one(name, write), methods=["GET"]),
            ]
        return [
            *routes,
            Route(f"{asset}/formats/{{format_id}}/components", self.components, methods=["GET"]),
            Route(f"{asset}/formats/{{format_id}}/file_sets", self.sets_of_format, methods=["GET"]),
            Route(f"{asset}/file_sets/{{file_set_id}}/files", self.files_of_set, methods=["GET"]),
            Route(f"{asset}/proxies/{{proxy_id}}/download_url", self.proxy_download, methods=["GET"]),
            Route(f"{asset}/files/{{file_id}}/download_url", self.file_download, methods=["GET"]),
            Route(f"{base}/storages", self.storages, methods=["GET"]),
            Route(f"{base}/storages/{{purpose}}/default", self.default_storage, methods=["GET"]),
            Route(f"{base}/storages/matching/{{purpose}}", self.matching_storage, methods=["GET"]),
            Route(f"{base}/storages/matching/{{purpose}}/method/{{method}}", self.matching_storage, methods=["GET"]),
            Route(f"{base}/storages/{{storage_id}}", self.storage, methods=["GET"]),
        ]

    async def components(self, request: Request) -> Response:
        """The tracks of a format."""
        found = self._find(request, "Format", request.path_params["format_id"], self._formats)[2]
        return answer({"objects": found["components"]})

    async def sets_of_format(self, request: Request) -> Response:
        """The file sets of one format."""
        asset, version, _ = self._find(request, "Format", request.path_params["format_id"], self._formats)
        key = request.path_params["format_id"]
        found = [part for part in self._media.file_sets(asset, version) if part["format_id"] == key]
        return answer(behind(request, found))

    async def files_of_set(self, request: Request) -> Response:
        """The files of one file set."""
        key = request.path_params["file_set_id"]
        asset, version, _ = self._find(request, "File set", key, self._file_sets)
        found = [part for part in self._files(request, asset, version) if part["file_set_id"] == key]
        return answer(behind(request, found))

    async def proxy_download(self, request: Request) -> Response:
        """A signed address that saves under the proxy's name."""
        asset, version, found = self._find(request, "Proxy", request.path_params["proxy_id"], self._proxies)
        return answer({"url": self._media.address_of(request, asset, version, found)})

    async def file_download(self, request: Request) -> Response:
        """A signed address that saves under the file's name; the download stands in the history (CONFIRMED)."""
        key = request.path_params["file_id"]
        asset, version, found = self._find(request, "File", key, self._files)
        if found["status"] != "CLOSED":
            raise not_found("File", key)
        self._history.add(asset, "DOWNLOAD", request.state.user, version_id=version.id)
        return answer({"url": self._media.address_of(request, asset, version, found)})

    async def storages(self, request: Request) -> Response:
        """Every storage."""
        found = list(self._tenant.storages.all.values())
        return answer(numbered(request, found, StorageRecord.write, most=100))

    async def default_storage(self, request: Request) -> Response:
        """Where things of a purpose go."""
        return answer(self._tenant.storages.default(request.path_params["purpose"]).write())

    async def matching_storage(self, request: Request) -> Response:
        """The one that iconik would choose: the default (CHOSEN), unless a method is asked for."""
        storages, method = self._tenant.storages, request.path_params.get("method")
        found = storages.by_method(method) if method else storages.default(request.path_params["purpose"])
        return answer(found.write())

    async def storage(self, request: Request) -> Response:
        """One storage."""
        return answer(self._tenant.storages.get(request.path_params["storage_id"]).write())

    def _list(self, write: Parts) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            asset = self._tenant.asset(request.path_params["asset_id"])
            if flag(request, "include_all_versions", default=False):
                versions = sorted(asset.versions, key=lambda version: -version.number)
            else:
                versions = [self._tenant.version(asset.id, request.path_params.get("version_id"))]
            return answer(behind(request, [part for version in versions for part in write(request, asset, version)]))

        return endpoint

    def _one(self, name: str, write: Parts) -> Callable[[Request], Any]:
        noun = name.removesuffix("s").replace("proxie", "proxy").replace("_", " ").capitalize()

        async def endpoint(request: Request) -> Response:
            asset, version, found = self._find(request, noun, request.path_params["part_id"], write)
            return answer(self._media.as_file(asset, version, found) if name == "keyframes" else found)

        return endpoint

    def _find(
        self, request: Request, noun: str, key: str, write: Parts
    ) -> tuple[AssetRecord, VersionRecord, dict[str, Any]]:
        asset = self._tenant.asset(request.path_params["asset_id"])
        for version in asset.versions:
            for part in write(request, asset, version):
                if part["id"] == key:
                    return asset, version, part
        raise not_found(noun, key)

    def _keyframes(self, request: Request, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        signed = flag(request, "generate_signed_url", default=True)
        return self._media.keyframes(request, asset, version, signed=signed)

    def _proxies(self, request: Request, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        signed = flag(request, "generate_signed_url", default=True)
        fresh = flag(request, "bypass_url_cache", default=False)
        return self._media.proxies(request, asset, version, signed=signed, fresh=fresh)

    def _formats(self, request: Request, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        del request
        return self._media.formats(asset, version)

    def _file_sets(self, request: Request, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        del request
        return self._media.file_sets(asset, version)

    def _files(self, request: Request, asset: AssetRecord, version: VersionRecord) -> list[dict[str, Any]]:
        signed = flag(request, "generate_signed_url", default=False)
        return self._media.files(request, asset, version, signed=signed)
