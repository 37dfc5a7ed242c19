"""Renditions of versions, thumbnails, and the viewing module that makes a PDF in its own time (contract 4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare, results, zulu
from connectors.sandbox.extended_ecm.content import Content
from connectors.sandbox.extended_ecm.conversion import SIZES_PX, as_pdf, thumbnail
from connectors.sandbox.extended_ecm.nodes import Node, Rendition, Version
from connectors.sandbox.extended_ecm.refusal import INSUFFICIENT, Refusal, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer

PACE_S: Final = 2.0
"""How long a conversion takes when nobody sets it (CHOSEN)."""
PDF_TYPE: Final = "pdf"
_NONE: Final = "Could not get Renditions for object"


class RenditionsApi:
    """``…/renditions``, ``…/thumbnails`` and ``/viewx``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._running: list[tuple[datetime, Node, Version]] = []
        self._finished = 0

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_versions = "/v2/nodes/{id}/versions"
        return (
            Endpoint(method="GET", path=f"{on_versions}/renditions", handler=self.of_all),
            Endpoint(method="POST", path=f"{on_versions}/renditions", handler=self.add),
            Endpoint(method="GET", path=f"{on_versions}/{{number}}/renditions", handler=self.of_one),
            Endpoint(method="DELETE", path=f"{on_versions}/{{number}}/renditions", handler=self.drop),
            Endpoint(method="GET", path=f"{on_versions}/{{number}}/renditions/content", handler=self.content),
            Endpoint(method="GET", path="/v1/nodes/{id}/thumbnails/{size}/content", handler=self.thumbnail),
            Endpoint(method="POST", path="/v1/viewx/nodes/{id}/rendition", handler=self.convert),
            Endpoint(method="GET", path="/v2/viewx/transform/state", handler=self.state),
        )

    def _node(self, ask: Ask, *, status: int = 400) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable(status)
        self._finish()
        return node

    def _version(self, ask: Ask) -> tuple[Node, Version]:
        """``latest`` or a number. Raises: Refusal."""
        node = self._node(ask)
        said = ask.path_text("number")
        version = node.latest if said == "latest" else node.version(ask.path_id("number"))
        if version is None:
            raise Refusal(500, "Node version could not be found." if said == "latest" else _wrong_number(said))
        return node, version

    async def _shown(self, version: Version, rendition: Rendition) -> Json:
        return {
            "create_date": zulu(rendition.created_at),
            "external_create_date": None,
            "external_identity": "",
            "external_identity_type": "",
            "external_modify_date": None,
            "external_source": "",
            "file_create_date": zulu(rendition.created_at),
            "file_modify_date": zulu(rendition.created_at),
            "file_name": rendition.file_name,
            "file_size": await rendition.content.size_bytes(),
            "file_type": rendition.file_name.rpartition(".")[2],
            "id": rendition.id,
            "mime_type": rendition.media_type,
            "modify_date": zulu(rendition.created_at),
            "owner_id": version.owner_id,
            "rendition_type": rendition.type,
            "version_major_number": version.major,
            "version_minor_number": 0 if version.major else version.number,
            "version_number": version.number,
            "version_number_name": str(version.number),
        }

    async def _list(self, version: Version) -> list[Json]:
        return [await self._shown(version, each) for each in version.renditions.values()]

    async def of_all(self, ask: Ask) -> Json:
        """By version number; a version without any has an empty list."""
        node = self._node(ask)
        return results(ask, {"data": {str(each.number): await self._list(each) for each in node.versions}})

    async def of_one(self, ask: Ask) -> Json:
        """A list; with ``rendition_type`` one object, an error when there is none (CONFIRMED, contract 4)."""
        _, version = self._version(ask)
        wanted = ask.text("rendition_type")
        if not wanted:
            return results(ask, {"data": await self._list(version)})
        rendition = version.renditions.get(wanted)
        if rendition is None:
            raise Refusal(500, "Unable to get node rendition")
        return results(ask, {"data": await self._shown(version, rendition)})

    async def add(self, ask: Ask) -> Json:
        """To the newest version. A missing right is a 401 here, and here alone (CONFIRMED, contract 11)."""
        node = self._node(ask)
        if not self._server.rights.may(ask.who, node, "modify"):
            raise Refusal(401, INSUFFICIENT)
        file, kind = ask.files.get("file"), ask.text("rendition_type")
        if file is None:
            raise Refusal(400, 'Argument "file" is required')
        if not kind:
            raise Refusal(400, 'Argument "rendition_type" is required')
        version = node.latest
        if version is None:
            raise Refusal(400, _NONE)
        if kind in version.renditions:
            raise Refusal(400, f"Could not add Rendition '{kind}' to version '{version.number}'")
        rendition = self._keep(version, kind, Content.of(file.content), file.file_name, file.media_type)
        return results(ask, {"data": await self._shown(version, rendition)})

    def _keep(self, version: Version, kind: str, content: Content, file_name: str, media_type: str) -> Rendition:
        version.renditions[kind] = Rendition(
            id=self._server.tree.new_id(),
            type=kind,
            content=content,
            file_name=file_name,
            media_type=media_type,
            created_at=self._server.now(),
        )
        return version.renditions[kind]

    async def drop(self, ask: Ask) -> Json:
        """Take one away."""
        node, version = self._version(ask)
        self._server.demand(ask.who, node, "modify")
        if version.renditions.pop(ask.text("rendition_type"), None) is None:
            raise Refusal(500, "Error deleting the specified rendition.")
        return results(ask, {})

    async def content(self, ask: Ask) -> Response:
        """The bytes."""
        _, version = self._version(ask)
        kind = ask.text("rendition_type")
        if not kind:
            raise Refusal(400, "Argument 'rendition_type' is required.")
        rendition = version.renditions.get(kind)
        if rendition is None:
            raise Refusal(500, "Unable to get node rendition")
        named = f"inline; filename*=UTF-8''{quote(rendition.file_name)}"
        return Response(
            await rendition.content.read(),
            headers={"Content-Disposition": named, "Content-Type": rendition.media_type},
        )

    async def thumbnail(self, ask: Ask) -> Response:
        """A small picture of an image; other kinds of documents have none here (404, CONFIRMED status)."""
        node, size = self._node(ask, status=404), SIZES_PX.get(ask.path_text("size"))
        if node.latest is None or size is None or not node.latest.media_type.startswith("image/"):
            raise unreachable(404)
        picture = thumbnail(await node.latest.content.read(), size)
        if picture is None:
            raise unreachable(404)
        return Response(picture, media_type="image/png")

    # The viewing module

    async def convert(self, ask: Ask) -> Json:
        """Begin a conversion to PDF; it ends in the sandbox's own time, and the rendition is there then."""
        node = self._node(ask)
        if node.latest is None:
            raise Refusal(400, _NONE)
        takes_s = self._server.world.habits.job_s
        due = self._server.now() + timedelta(seconds=PACE_S if takes_s is None else takes_s)
        self._running.append((due, node, node.latest))
        return {"last_manual_run": bare(self._server.now()), "message": ""}

    async def state(self, ask: Ask) -> Json:
        """Whether anything has ended since ``current_state`` was told (keys CONFIRMED by source A)."""
        self._finish()
        said = ask.text("current_state")
        changed = said != str(self._finished)
        return results(
            ask,
            {
                "changed": changed,
                "new_state": str(self._finished),
                "state_id": self._finished,
                "state_message": "idle" if not self._running else "running",
                "user_message": "",
            },
        )

    def _finish(self) -> None:
        due, self._running = _parted(self._running, self._server.now())
        for _, node, version in due:
            stem = version.file_name.rpartition(".")[0] or version.file_name
            self._keep(version, PDF_TYPE, as_pdf(node, version), f"{stem}.pdf", "application/pdf")
            self._finished += 1


Job = tuple[datetime, Node, Version]


def _parted(jobs: Sequence[Job], now: datetime) -> tuple[list[Job], list[Job]]:
    return [job for job in jobs if job[0] <= now], [job for job in jobs if job[0] > now]


def _wrong_number(said: str) -> str:
    return f"Unable to get node rendition, Invalid version number '{said}'."
