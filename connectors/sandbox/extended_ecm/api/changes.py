"""Nodes: create, copy, rename, move, reserve, delete (contract 3)."""

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
_TASK: Final = ("assigned_member_id", "due_date", "priority", "instructions", "attachment_id", "status")


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
        )

    def _node(self, ask: Ask, *, status: int = 400, right: str = "see") -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise no_node(ask.path_id(), status)
        self._server.demand(ask.who, node, right)
        return node

    def _parent(self, ask: Ask) -> Node:
        parent = self._server.visible(ask.needed_integer("parent_id"), ask.who)
        if parent is None or not parent.is_container:
            raise unreachable()
        self._server.demand(ask.who, parent, "add_items")
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
        if (kind == NodeType.TASK) != (parent.type == NodeType.TASK_LIST):
            raise Refusal(400, "Could not process object, invalid request")
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
            self._server.tree.discard(node)
            raise
        self._set_task(ask, node)
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

    def _set_task(self, ask: Ask, node: Node) -> None:
        """A plain task keeps what it asks in its own properties (CONFIRMED, contract 10)."""
        if node.type != NodeType.TASK:
            return
        if not node.task:
            node.task = {"assigned_member_id": ask.who.id, "due_date": None, "priority": 50, "status": 0}
        node.task |= {key: ask.values[key] for key in _TASK if ask.has(key)}

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
        original = self._server.visible(ask.needed_integer("original_id"), ask.who)
        if original is None:
            raise unreachable()
        parent = self._parent(ask)
        for each in (original, *self._server.tree.below(original.id)):
            for category_id in each.categories:
                await self._server.values(each, category_id)
        made = self._server.tree.copy(
            original, parent.id, name=ask.text("name") or original.name, at=self._server.now(), by=ask.who.id
        )
        for each in (made, *self._server.tree.below(made.id)):
            self._server.rights.inherit(each, parent)
        self._server.trail.add(made.id, Event.COPIED, at=made.created_at, user_id=ask.who.id)
        return results(ask, {"data": {"properties": await self._views.properties(made)}})

    async def update(self, ask: Ask) -> Json:
        """Rename, describe, move, reserve: whatever was sent."""
        node = self._node(ask, right="reserve" if set(ask.sent) == {"reserved_user_id"} else "modify")
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
        if ask.has("versions_control_advanced"):
            node.advanced_versioning = ask.flag("versions_control_advanced")
        if ask.has("hidden"):
            node.hidden = ask.flag("hidden")
        if ask.has("url"):
            node.url = ask.text("url")
        self._set_task(ask, node)
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
        node = self._node(ask, status=500, right="delete")
        if node.type in VOLUMES:
            raise Refusal(400, "Could not process object, invalid action 'delete'")
        if self._server.records.frozen_below(node):
            raise Refusal(500, "Could not delete the item: it is on hold.")
        if node.reserved_by not in (None, ask.who.id):
            raise Refusal(500, "Could not delete the item: it is reserved by another user.")
        self._server.trail.add(node.id, Event.DELETED, at=self._server.now(), user_id=ask.who.id)
        self._server.tree.delete(node, at=self._server.now(), by=ask.who.id)
        return results(ask, {})


def _category_in(key: str) -> int:
    head = key.partition("_")[0]
    if not head.isdecimal():
        raise Refusal(400, "Invalid attribute entry found")
    return int(head)
