"""Versions and content of documents (contract 4)."""

from urllib.parse import quote

from starlette.responses import Response

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, results
from connectors.sandbox.extended_ecm.api.uploads import find_uploaded, release_uploaded
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import Node, NodeType, Version
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event

OCTETS = "application/octet-stream"


class DocumentsApi:
    """``…/versions`` and ``…/content``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="GET", path="/v1/nodes/{id}/content", handler=self.content),
            Endpoint(method="GET", path="/v2/nodes/{id}/content", handler=self.content),
            Endpoint(method="GET", path="/v2/nodes/{id}/versions", handler=self.versions),
            Endpoint(method="POST", path="/v2/nodes/{id}/versions", handler=self.add),
            Endpoint(method="DELETE", path="/v2/nodes/{id}/versions", handler=self.purge),
            Endpoint(method="GET", path="/v1/nodes/{id}/versions/latest", handler=self.latest),
            Endpoint(method="GET", path="/v1/nodes/{id}/versions", handler=self.versions_v1),
            Endpoint(method="GET", path="/v1/nodes/{id}/versions/{number}", handler=self.version_v1),
            Endpoint(method="GET", path="/v2/nodes/{id}/versions/{number}", handler=self.version),
            Endpoint(method="PUT", path="/v2/nodes/{id}/versions/{number}", handler=self.describe),
            Endpoint(method="DELETE", path="/v2/nodes/{id}/versions/{number}", handler=self.delete),
            Endpoint(method="GET", path="/v1/nodes/{id}/versions/{number}/content", handler=self.version_content),
            Endpoint(method="GET", path="/v2/nodes/{id}/versions/{number}/content", handler=self.version_content),
            Endpoint(method="POST", path="/v2/nodes/{id}/versions/{number}/promote", handler=self.promote),
            Endpoint(method="POST", path="/v2/nodes/{id}/versions/{number}/lock", handler=self.lock),
            Endpoint(method="POST", path="/v2/nodes/{id}/versions/{number}/unlock", handler=self.unlock),
        )

    def _node(self, ask: Ask, *, status: int = 400, right: str = "see") -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable(status)
        self._server.demand(ask.who, node, right)
        return node

    def _version(self, ask: Ask, *, status: int = 400, right: str = "see") -> tuple[Node, Version]:
        node = self._node(ask, status=status, right=right)
        version = node.version(ask.path_id("number"))
        if version is None:
            raise Refusal(status, f"Could not get version {ask.path_id('number')} for node {node.id}")
        return node, version

    # Content

    async def content(self, ask: Ask) -> Response:
        """The newest version's bytes."""
        node = self._node(ask, status=500, right="see_contents")
        if node.latest is None:
            raise Refusal(500, f"Could not locate node: {node.id}")
        return await self._bytes(ask, node, node.latest)

    async def version_content(self, ask: Ask) -> Response:
        """One version's bytes."""
        return await self._bytes(ask, *self._version(ask, status=500, right="see_contents"))

    async def _bytes(self, ask: Ask, node: Node, version: Version) -> Response:
        body = await version.content.read()
        self._server.trail.add(node.id, Event.FETCHED, at=self._server.now(), user_id=ask.who.id)
        download = ask.text("action") == "download"
        disposition = "attachment" if download else "inline"
        plain = version.file_name.encode("ascii", "replace").decode().replace('"', "'")
        named = f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(version.file_name)}"
        media_type = OCTETS if download else version.media_type
        return Response(body, headers={"Content-Disposition": named, "Content-Type": media_type})

    # Versions

    async def versions(self, ask: Ask) -> Json:
        """A list of ``{data: {versions}}``; an object with an empty list when there are none (contract 13)."""
        node = self._node(ask)
        if not node.versions:
            return results(ask, {"data": {"versions": []}})
        ordered = node.versions[::-1] if ask.text("order") == "desc" else node.versions
        page = cut(ask, ordered, default=100)
        shown = [{"data": {"versions": await self._views.version(node, version)}} for version in page.items]
        return {"collection": collection(ask, page), **results(ask, shown)}

    async def versions_v1(self, ask: Ask) -> Json:
        """v1: flat ``data``."""
        node = self._node(ask)
        return {"data": [await self._views.version(node, version) for version in node.versions]}

    async def version(self, ask: Ask) -> Json:
        """``results`` is an object."""
        node, version = self._version(ask)
        return results(ask, {"data": {"versions": await self._views.version(node, version)}})

    async def version_v1(self, ask: Ask) -> Json:
        """v1: flat ``data``."""
        node, version = self._version(ask)
        return {"data": await self._views.version(node, version)}

    async def latest(self, ask: Ask) -> Json:
        """v1 only (CONFIRMED, contract 4)."""
        node = self._node(ask)
        if node.latest is None:
            raise Refusal(400, "Error getting version for node")
        return {"data": await self._views.version(node, node.latest)}

    async def add(self, ask: Ask) -> Json:
        """A new newest version."""
        node = self._node(ask, right="modify")
        if node.type != NodeType.DOCUMENT:
            raise Refusal(400, "Node must be a document node.")
        upload = find_uploaded(ask, self._server.large_files)
        if upload is None:
            raise missing("File")
        version = self._server.add_version(
            node,
            upload.content,
            file_name=upload.file_name,
            media_type=upload.media_type,
            by=ask.who.id,
            description=ask.text("description"),
        )
        release_uploaded(ask, self._server.large_files)
        self._server.touch(node, Event.VERSION_ADDED, by=ask.who.id)
        return results(
            ask,
            {
                "data": {
                    "properties": await self._views.properties(node),
                    "versions": await self._views.version(node, version),
                }
            },
        )

    async def describe(self, ask: Ask) -> Json:
        """Change a version's description."""
        node, version = self._version(ask, right="modify")
        if version.locked_by is not None:
            raise Refusal(400, f"Version {version.number} is locked.")
        version.description = ask.text("description")
        return results(ask, {"data": {"versions": await self._views.version(node, version)}})

    async def delete(self, ask: Ask) -> Json:
        """Drop one version; a locked or held one stays."""
        node, version = self._version(ask, status=500, right="delete_versions")
        self._refuse_frozen(node, version)
        node.versions.remove(version)
        self._server.touch(node, Event.VERSION_DELETED, by=ask.who.id)
        return results(ask, {})

    async def purge(self, ask: Ask) -> Json:
        """Keep only the newest; ``number_to_keep`` comes in the query or as a form field (contract 4)."""
        node = self._node(ask, status=500, right="delete_versions")
        keep = ask.integer("number_to_keep")
        if keep is None:
            raise missing("Number to Keep", 500)
        if keep < 1:
            raise Refusal(500, "Invalid value for NumberToKeep")
        dropped = node.versions[:-keep]
        for version in dropped:
            self._refuse_frozen(node, version)
        del node.versions[:-keep]
        if dropped:
            self._server.touch(node, Event.VERSION_DELETED, by=ask.who.id)
        return results(ask, {})

    def _refuse_frozen(self, node: Node, version: Version) -> None:
        if version.locked_by is not None:
            raise Refusal(500, f"Version {version.number} is locked.")
        if self._server.records.frozen_below(node):
            raise Refusal(500, "Could not delete the version: the item is on hold.")

    async def promote(self, ask: Ask) -> Json:
        """The next major version; only under advanced versioning (CONFIRMED, source A)."""
        node, version = self._version(ask, status=500, right="add_major_version")
        if not node.advanced_versioning:
            raise Refusal(500, f"You cannot promote a version for {node.name} which is using standard versioning")
        version.major = max(each.major for each in node.versions) + 1
        version.description = ask.text("description", version.description)
        self._server.touch(node, Event.VALUE_CHANGED, by=ask.who.id)
        return results(ask, {"data": {"versions": await self._views.version(node, version)}})

    async def lock(self, ask: Ask) -> Json:
        """The version is fixed; the document stays editable."""
        node, version = self._version(ask, status=500, right="modify")
        version.locked_by = ask.who.id
        return results(ask, {"data": {"versions": await self._views.version(node, version)}})

    async def unlock(self, ask: Ask) -> Json:
        """Undo the lock."""
        node, version = self._version(ask, status=500, right="modify")
        version.locked_by = None
        return results(ask, {"data": {"versions": await self._views.version(node, version)}})
