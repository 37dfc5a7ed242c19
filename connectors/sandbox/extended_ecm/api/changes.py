"""Nodes: create, copy, rename, move, reserve, delete, and back from the recycle bin (contract 3)."""

from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.api.uploads import find_uploaded, release_uploaded
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import CREATABLE, VOLUMES, Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, no_node, stale, unreachable, wrong_type
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event

_EXTERNAL: Final = (
    "external_create_date",
    "external_modify_date",
    "external_identity",
    "external_identity_type",
    "external_source",
)


class ChangesApi:
    """Every call that changes what hangs in the tree."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="POST", path="/v2/nodes", handler=self.create),
            Endpoint(method="PUT", path="/v2/nodes/{id}", handler=self.update),
            Endpoint(method="DELETE", path="/v2/nodes/{id}", handler=self.delete),
            Endpoint(method="POST", path="/v2/volumes/recyclebin/nodes/purge", handler=self.purge),
            Endpoint(method="POST", path="/v2/volumes/recyclebin/nodes/restore", handler=self.restore),
        )

    def _node(self, ask: Ask, *, status: int = 400) -> Node:
        node = self._server.tree.find(ask.path_id())
        if node is None:
            raise no_node(ask.path_id(), status)
        return node

    def _parent(self, ask: Ask) -> Node:
        parent = self._server.tree.find(ask.needed_integer("parent_id"))
        if parent is None or not parent.is_container:
            raise unreachable()
        return parent

    async def create(self, ask: Ask) -> Json:
        """A folder, document, shortcut … or a copy. Nothing is left behind when a value is refused."""
        if ask.has("original_id") and not ask.has("type"):
            return await self._copy(ask)
        kind = ask.integer("type")
        if kind is None:
            raise missing("type")
        if kind not in set(CREATABLE):
            raise Refusal(400, f"Subtype {kind} not registered")
        parent = self._parent(ask)
        name = ask.needed("name")
        upload = find_uploaded(ask, self._server.large_files) if kind == NodeType.DOCUMENT else None
        if kind == NodeType.DOCUMENT and upload is None:
            raise missing("File")
        node = self._server.make(
            parent=parent, kind=NodeType(kind), name=name, by=ask.who.id, description=ask.text("description")
        )
        try:
            self._fill_roles(ask, node)
        except Refusal:
            self._server.tree.delete(node)
            self._server.tree.purge(node)
            raise
        node.external = {key: ask.values[key] for key in _EXTERNAL if ask.has(key)}
        node.url = ask.text("url")
        node.original_id = ask.integer("original_id", 0) or 0
        if upload is not None:
            self._server.add_version(
                node,
                upload.content,
                file_name=upload.file_name,
                media_type=upload.media_type,
                by=ask.who.id,
            )
            release_uploaded(ask, self._server.large_files)
        return results(ask, {"data": {"properties": await self._views.properties(node)}})

    def _fill_roles(self, ask: Ask, node: Node) -> None:
        """Categories come flat under ``roles.categories`` (CONFIRMED, contract 5)."""
        roles = ask.mapping("roles")
        given = roles.get("categories")
        by_category: dict[int, dict[str, object]] = {}
        for key, value in given.items() if isinstance(given, dict) else ():
            if isinstance(value, dict) and "_" not in key:  # some v1 examples nest for nodes too
                by_category.setdefault(_category_in(key), {}).update(value)
            else:
                by_category.setdefault(_category_in(key), {})[key] = value
        for category_id, values in by_category.items():
            node.categories.pop(category_id, None)  # what the folder hands down gives way to what was sent
            self._server.apply_category(node, category_id, values)
        classes = roles.get("classifications")
        if isinstance(classes, dict) and isinstance(classes.get("id"), list):
            if not all(str(each).isdecimal() for each in classes["id"]):
                raise wrong_type("id")
            node.classification_ids = [int(str(each)) for each in classes["id"]]

    async def _copy(self, ask: Ask) -> Json:
        original = self._server.tree.find(ask.needed_integer("original_id"))
        if original is None:
            raise unreachable()
        parent = self._parent(ask)
        for each in (original, *self._server.tree.below(original.id)):
            for category_id in each.categories:
                await self._server.values(each, category_id)
        made = self._server.tree.copy(
            original, parent.id, name=ask.text("name") or original.name, at=self._server.now(), by=ask.who.id
        )
        self._server.trail.add(made.id, Event.COPIED, at=made.created_at, user_id=ask.who.id)
        return results(ask, {"data": {"properties": await self._views.properties(made)}})

    async def update(self, ask: Ask) -> Json:
        """Rename, describe, move, reserve: whatever was sent."""
        node = self._node(ask)
        if not ask.sent:
            raise Refusal(400, "Parameters are required for PUT, POST, and PATCH methods")
        token = ask.text("metadata_token")
        if token and token != self._views.token(node):
            raise stale()
        who = ask.who.id
        moved_to = ask.integer("parent_id")
        if moved_to is not None and moved_to != node.parent_id:
            parent = self._parent(ask)
            self._server.tree.move(node, parent.id, name=ask.text("name") or None)
            self._server.touch(node, Event.MOVED, by=who)
        elif ask.has("name") and ask.text("name") != node.name:
            self._server.tree.rename(node, ask.text("name"))
            self._server.touch(node, Event.RENAMED, by=who)
        names = ask.mapping("name_multilingual")
        if names:
            node.names = {language: str(words) for language, words in names.items()}
        if ask.has("description") and ask.text("description") != node.description:
            node.description = ask.text("description")
            self._server.touch(node, Event.VALUE_CHANGED, by=who)
        if ask.has("reserved_user_id"):
            self._reserve(ask, node)
        if ask.has("hidden"):
            node.hidden = ask.flag("hidden")
        if ask.has("url"):
            node.url = ask.text("url")
        node.external |= {key: ask.values[key] for key in _EXTERNAL if ask.has(key)}
        answer: Json = {}
        if token:
            answer["state"] = {"properties": {"metadata_token": self._views.token(node)}}
        return results(ask, answer)

    def _reserve(self, ask: Ask, node: Node) -> None:
        user = ask.integer("reserved_user_id")
        if user and node.reserved_by not in (None, user):
            raise Refusal(400, "The item is reserved by another user.")
        node.reserved_by = user or None
        node.reserved_at = self._server.now() if user else None
        self._server.trail.add(
            node.id, Event.RESERVED if user else Event.UNRESERVED, at=self._server.now(), user_id=ask.who.id
        )

    async def delete(self, ask: Ask) -> Json:
        """Into the recycle bin. What a held node answers is not documented (CHOSEN)."""
        node = self._node(ask, status=500)
        if node.type in VOLUMES:
            raise Refusal(400, "Could not process object, invalid action 'delete'")
        if self._server.records.frozen_below(node):
            raise Refusal(500, "Could not delete the item: it is on hold.")
        if node.reserved_by not in (None, ask.who.id):
            raise Refusal(500, "Could not delete the item: it is reserved by another user.")
        self._server.trail.add(node.id, Event.DELETED, at=self._server.now(), user_id=ask.who.id)
        self._server.tree.delete(node)
        return results(ask, {})

    def _binned(self, ask: Ask) -> list[Node]:
        found = [self._server.tree.binned(node_id) for node_id in ask.ids()]
        if not found or None in found:
            raise unreachable(403)
        return [node for node in found if node is not None]

    async def purge(self, ask: Ask) -> Json:
        """Out of the bin for ever."""
        for node in self._binned(ask):
            if self._server.tree.binned(node.id) is not None:
                self._server.tree.purge(node)
        return results(ask, {})

    async def restore(self, ask: Ask) -> Json:
        """Back from the bin."""
        for node in self._binned(ask):
            if self._server.tree.binned(node.id) is not None:
                self._server.tree.restore(node)
        return results(ask, {})


def _category_in(key: str) -> int:
    head = key.partition("_")[0]
    if not head.isdecimal():
        raise Refusal(400, "Invalid attribute entry found")
    return int(head)
