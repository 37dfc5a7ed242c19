"""Nodes: read, list, create, rename, move, copy, delete, and finding them (contract 3)."""

from collections.abc import Sequence
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, link, links, results, zulu
from connectors.sandbox.extended_ecm.api.uploads import take_uploaded
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import CREATABLE, TYPE_NAMES, VOLUMES, Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, no_node, stale, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import EVENT_NAMES, Event

MOST_IDS: Final = 250
DEFAULT_FOLDER_PAGE: Final = 25
"""Undocumented for folders (contract 1); CHOSEN small, so that a client that forgets ``limit`` finds out."""
_CONTAINERS, _SEARCHABLE, _NON_CONTAINERS = -1, -2, -3
_EXTERNAL: Final = (
    "external_create_date",
    "external_modify_date",
    "external_identity",
    "external_identity_type",
    "external_source",
)


class NodesApi:
    """``/v2/nodes``, ``/v2/volumes``, ``/v2/nicknames``, name validation, audit."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="POST", path="/v2/nodes/list", handler=self.read_many),
            Endpoint(method="POST", path="/v2/nodes/actions", handler=self.actions),
            Endpoint(method="GET", path="/v2/nodes/actions", handler=self.actions),
            Endpoint(method="POST", path="/v2/nodes", handler=self.create),
            Endpoint(method="GET", path="/v2/nodes/{id}", handler=self.read),
            Endpoint(method="GET", path="/v1/nodes/{id}", handler=self.read_v1),
            Endpoint(method="PUT", path="/v2/nodes/{id}", handler=self.update),
            Endpoint(method="DELETE", path="/v2/nodes/{id}", handler=self.delete),
            Endpoint(method="GET", path="/v2/nodes/{id}/nodes", handler=self.children),
            Endpoint(method="GET", path="/v1/nodes/{id}/ancestors", handler=self.ancestors),
            Endpoint(method="PUT", path="/v2/nodes/{id}/nicknames", handler=self.set_nickname),
            Endpoint(method="GET", path="/v2/nodes/{id}/audit", handler=self.audit),
            Endpoint(method="GET", path="/v2/nodes/{id}/copylink", handler=self.copy_link),
            Endpoint(method="GET", path="/v2/nicknames/{nickname}/nodes", handler=self.by_nickname),
            Endpoint(method="GET", path="/v2/volumes", handler=self.volumes),
            Endpoint(method="GET", path="/v2/volumes/{type}", handler=self.volume),
            Endpoint(method="POST", path="/v2/volumes/recyclebin/nodes/purge", handler=self.purge),
            Endpoint(method="POST", path="/v2/volumes/recyclebin/nodes/restore", handler=self.restore),
            Endpoint(method="POST", path="/v1/validation/nodes", handler=self.taken_nodes),
            Endpoint(method="POST", path="/v1/validation/nodes/names", handler=self.taken_names),
            Endpoint(method="GET", path="/v2/uniquenames", handler=self.unique_names),
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

    # Reading

    async def read(self, ask: Ask) -> Json:
        """One node; ``results`` is an object."""
        entry = await self._views.entry(ask, self._node(ask), groups=("properties", "versions", "categories"))
        if ask.has("actions"):
            entry["actions"] = self._actions(self._node(ask), ask.many("actions"))
        return results(ask, entry)

    async def read_v1(self, ask: Ask) -> Json:
        """v1: flat ``data`` beside the type's own words."""
        node = self._node(ask)
        return {
            "data": await self._views.properties(node),
            "type": int(node.type),
            "type_name": TYPE_NAMES[node.type],
            "type_info": {},
            "addable_types": [int(kind) for kind in sorted(CREATABLE)] if node.is_container else [],
            "ancestors": self._line(node),
        }

    async def read_many(self, ask: Ask) -> Json:
        """Silently without what is not there."""
        ids = ask.ids()
        if not ids:
            raise missing("ids")
        if len(ids) > MOST_IDS:
            raise Refusal(400, f"The number of IDs must not exceed {MOST_IDS}.")
        found = [node for node_id in ids if (node := self._server.tree.find(node_id)) is not None]
        return {
            "collection": {"paging": {"limit": MOST_IDS, "page": 1, "page_total": 1, "total_count": len(found)}},
            **results(ask, [await self._views.entry(ask, node) for node in found]),
        }

    async def children(self, ask: Ask) -> Json:
        """One page of a folder."""
        parent = self._node(ask, status=500)
        if not parent.is_container:
            raise Refusal(500, "Could not process object, invalid action 'browse'")
        found = self._filtered(ask, self._server.tree.children(parent.id))
        page = cut(ask, found, default=DEFAULT_FOLDER_PAGE)
        return {
            "collection": collection(ask, page, sort=ask.text("sort", "asc_name")),
            **results(ask, [await self._views.entry(ask, node) for node in page.items]),
        }

    def _filtered(self, ask: Ask, nodes: Sequence[Node]) -> list[Node]:
        """``where_name`` matches parts of names (INFERRED, contract 3)."""
        kinds = {int(kind) for kind in ask.many("where_type") if kind.lstrip("-").isdecimal()}
        part = ask.text("where_name").strip().casefold()
        if part.startswith("contains_"):
            part = part.removeprefix("contains_")
        hidden = ask.flag("show_hidden")
        kept = [
            node
            for node in nodes
            if part in node.name.casefold()
            and (hidden or not node.hidden)
            and (
                not kinds
                or _SEARCHABLE in kinds
                or int(node.type) in kinds
                or (_CONTAINERS in kinds and node.is_container)
                or (_NON_CONTAINERS in kinds and not node.is_container)
            )
        ]
        direction, _, key = ask.text("sort", "asc_name").partition("_")
        order = {
            "name": lambda node: node.name.casefold(),
            "type": lambda node: (int(node.type), node.name.casefold()),
            "modify_date": lambda node: node.modified_at,
            "create_date": lambda node: node.created_at,
            "id": lambda node: node.id,
        }.get(key, lambda node: node.name.casefold())
        return sorted(kept, key=order, reverse=direction == "desc")

    def _line(self, node: Node) -> list[Json]:
        return [
            {
                "id": above.id,
                "name": above.name,
                "parent_id": -1 if above.type in VOLUMES else above.parent_id,
                "type": int(above.type),
                "type_name": TYPE_NAMES[above.type],
                "volume_id": -self._server.tree.volume_of(above).id,
            }
            for above in self._server.tree.ancestors(node)
        ]

    async def ancestors(self, ask: Ask) -> Json:
        """Root first, the node itself last."""
        return {"ancestors": self._line(self._node(ask))}

    async def by_nickname(self, ask: Ask) -> Json:
        """The only node call that says 404."""
        node = self._server.tree.by_nickname(ask.path_text("nickname"))
        if node is None:
            raise unreachable(404)
        return results(ask, await self._views.entry(ask, node))

    async def volumes(self, ask: Ask) -> Json:
        """All volumes."""
        found = [node for node in self._server.tree.everything() if node.type in VOLUMES]
        return results(ask, [await self._views.entry(ask, node) for node in found])

    async def volume(self, ask: Ask) -> Json:
        """One volume by its type, or by its negative id."""
        kind = ask.path_id("type")
        node = self._server.tree.find(kind) if kind < 0 else self._server.tree.volume(kind)
        if node is None:
            raise Refusal(500, f"Subtype {kind} is not a root subtype, Subtype {kind} not registered")
        return results(ask, await self._views.entry(ask, node))

    async def audit(self, ask: Ask) -> Json:
        """The trail; ``results`` is an object (contract 13)."""
        node = self._node(ask)
        start, end = ask.text("where_audit_date_start")[:10], ask.text("where_audit_date_end")[:10]
        kind, user = ask.integer("where_type"), ask.integer("where_user_id")
        entries = [
            entry
            for entry in self._server.trail.of(node.id)
            if (kind is None or entry.event == kind)
            and (user is None or entry.user_id == user)
            and (not start or entry.at.date().isoformat() >= start)
            and (not end or entry.at.date().isoformat() <= end)
        ]
        if ask.text("sort", "desc_audit_date").startswith("desc"):
            entries.reverse()
        page = cut(ask, entries, default=25)
        lines: list[Json] = [
            {
                "id": entry.node_id,
                "event_type": int(entry.event),
                "audit_date": zulu(entry.at),
                "user_id": entry.user_id,
                "agent_id": None,
                "audit_language_code": None,
                "target_user_id": entry.target_user_id,
                "audit_name": EVENT_NAMES[entry.event],
            }
            for entry in page.items
        ]
        kinds = sorted({entry.event for entry in self._server.trail.of(node.id)})
        return {
            "collection": collection(ask, page, sort=ask.text("sort", "desc_audit_date")),
            **results(
                ask,
                {
                    "data": {
                        "audit": lines,
                        "audit_event_types": [{"id": int(kind), "name": EVENT_NAMES[kind]} for kind in kinds],
                    }
                },
            ),
        }

    async def copy_link(self, ask: Ask) -> Json:
        """A link for people who are signed in."""
        node = self._node(ask, status=404)
        base = str(ask.request.url).partition("/api")[0]
        return {"links": links(ask), "results": {"link": f"{base}/link/{node.id}"}}

    def _actions(self, node: Node, wanted: Sequence[str]) -> Json:
        allowed = {
            "open": ("GET", f"/api/v1/nodes/{node.id}/content" if node.latest else f"/api/v2/nodes/{node.id}/nodes"),
            "properties": ("GET", f"/api/v2/nodes/{node.id}"),
            "rename": ("PUT", f"/api/v2/nodes/{node.id}"),
            "move": ("PUT", f"/api/v2/nodes/{node.id}"),
            "copy": ("POST", "/api/v2/nodes"),
            "delete": ("DELETE", f"/api/v2/nodes/{node.id}"),
            "permissions": ("GET", f"/api/v2/nodes/{node.id}/permissions"),
            "addcategory": ("POST", f"/api/v2/nodes/{node.id}/categories"),
        }
        if node.type in VOLUMES or self._server.records.frozen_below(node):
            del allowed["delete"]
        if node.type == NodeType.DOCUMENT:
            allowed["addversion"] = ("POST", f"/api/v2/nodes/{node.id}/versions")
            allowed["download"] = ("GET", f"/api/v1/nodes/{node.id}/content")
            allowed["unreserve" if node.reserved_by else "reserve"] = ("PUT", f"/api/v2/nodes/{node.id}")
        shown = {name: link(href, method) for name, (method, href) in allowed.items() if not wanted or name in wanted}
        return {"data": shown, "map": {"default_action": "open"}, "order": list(shown)}

    async def actions(self, ask: Ask) -> Json:
        """Keyed by the id as a string; an absent action is not allowed."""
        wanted = ask.many("actions")
        found = [node for node_id in ask.ids() if (node := self._server.tree.find(node_id)) is not None]
        return results(ask, {str(node.id): self._actions(node, wanted) for node in found})

    # Names

    def _collisions(self, ask: Ask) -> list[Node]:
        if not ask.has("parent_id"):
            raise Refusal(400, "Body Parameter 'parent_id' is missing")
        if not ask.has("names"):
            raise Refusal(400, "Body Parameter 'names' is missing")
        parent = self._parent(ask)
        names = ask.values["names"]
        given = names if isinstance(names, list) else [names]
        found = (self._server.tree.child_named(parent.id, str(name)) for name in given)
        return [node for node in found if node is not None]

    async def taken_nodes(self, ask: Ask) -> Json:
        """Only the collisions."""
        return {
            "results": [
                {
                    "id": node.id,
                    "name": node.name,
                    "type": int(node.type),
                    "mime_type": node.latest.media_type if node.latest else None,
                    "versioned": node.type == NodeType.DOCUMENT,
                }
                for node in self._collisions(ask)
            ]
        }

    async def taken_names(self, ask: Ask) -> Json:
        """The same, shorter."""
        return {"results": [{"id": node.id, "name": node.name} for node in self._collisions(ask)]}

    async def unique_names(self, ask: Ask) -> Json:
        """Which of the given nicknames exist."""
        found = [node for name in ask.many("where_names") if (node := self._server.tree.by_nickname(name)) is not None]
        return results(ask, [{"NodeId": node.id, "NodeName": node.nickname} for node in found])

    async def set_nickname(self, ask: Ask) -> Json:
        """Raises: Refusal (500) for one that is taken or cannot be one."""
        node = self._node(ask)
        nickname = ask.text("nickname")
        if nickname.isdecimal() or not nickname.replace("_", "").isalnum():
            raise Refusal(500, f"The nickname '{nickname}' is not valid.")
        taken = self._server.tree.by_nickname(nickname)
        if taken is not None and taken.id != node.id:
            raise Refusal(500, f"The nickname '{nickname}' is not unique.")
        node.nickname = nickname
        return results(ask, {})

    # Writing

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
        upload = take_uploaded(ask) if kind == NodeType.DOCUMENT else None
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
            node.classification_ids = [int(each) for each in classes["id"]]

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
