"""Proxies of a caller's own making: the ``files`` service (wire contract "iconik", §10)."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import (
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    read_body,
)
from connectors.sandbox.iconik.workbench import STATUSES, Workbench

_PROXY: Final = {
    "filename": str,
    "name": str,
    "storage_id": str,
    "content_type": str,
    "codec": str,
    "format": str,
    "frame_rate": str,
    "resolution": dict,
    "size": int,
    "version_id": str,
    "status": str,
}


class Proxying:
    """Routes that make proxies and close them."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._tenant, self._uploads, self._media = bench.tenant, bench.uploads, bench.media

    def routes(self) -> list[Route]:
        """In the order of an upload."""
        asset = "/API/files/v1/assets/{asset_id}"
        proxy = f"{asset}/proxies/{{proxy_id}}"
        return [
            Route(f"{asset}/proxies", self.add_proxy, methods=["POST"]),
            Route(proxy, self.edit_proxy, methods=["PATCH", "PUT"]),
            Route(f"{proxy}/keyframes", self.proxy_keyframes, methods=["POST"]),
        ]

    async def add_proxy(self, request: Request) -> Response:
        """201, with where its bytes go."""
        body = await read_body(request)
        demand(body, _PROXY)
        demand_uuids(body, "storage_id", "version_id")
        asset, version = self._bench.version(request, body)
        storage = self._bench.storage_of(body, "PROXIES")
        part = self._bench.part(asset, version, "proxy")
        facts = {name: body[name] for name in _PROXY if body.get(name) is not None and name != "version_id"}
        part.facts = {
            "name": facts.get("filename"),
            "is_public": False,
            **facts,
            "status": "OPEN",
            "storage_id": storage.id,
            "storage_method": storage.method,
        }
        self._uploads.proxies[part.id] = part
        return answer(self._bench.with_addresses(request, part, storage), status=201)

    async def edit_proxy(self, request: Request) -> Response:
        """CLOSED once its bytes are there."""
        part = self._bench.made(self._uploads.proxies, "Proxy", request.path_params["proxy_id"])
        body = await read_body(request)
        demand(body, _PROXY)
        demand_one_of(body, "status", STATUSES)
        self._bench.change(part, body, _PROXY)
        if body.get("status") == "CLOSED":
            part.facts["size"] = len(self._uploads.received.get(part.id, b"")) or part.facts.get("size")
        return answer(part.write())

    async def proxy_keyframes(self, request: Request) -> Response:
        """200 with a job."""
        part = self._bench.made(self._uploads.proxies, "Proxy", request.path_params["proxy_id"])
        asset = self._tenant.asset(part.asset_id)
        return self._bench.make_keyframes(request, asset, self._tenant.version(asset.id, part.version_id))
