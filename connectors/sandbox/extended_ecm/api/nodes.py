"""Nodes: reading, listing and finding them, what may be done with them, and their history (contract 3 and 11)."""

from collections.abc import Sequence
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, link, links, results, zulu
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import CREATABLE, TYPE_NAMES, VOLUMES, Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, no_node, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import EVENT_NAMES

MOST_IDS: Final = 250
DEFAULT_FOLDER_PAGE: Final = 25
"""Undocumented for folders (contract 1); CHOSEN small, so that a client that forgets ``limit`` finds out."""
_CONTAINERS, _SEARCHABLE, _NON_CONTAINERS = -1, -2, -3

_RIGHT_BY_ACTION: Final = {
    "open": "see_contents",
    "download": "see_contents",
    "rename": "modify",
    "move": "modify",
    "addversion": "modify",
    "delete": "delete",
    "reserve": "reserve",
    "unreserve": "reserve",
    "permissions": "edit_permissions",
    "addcategory": "edit_attributes",
}


class NodesApi:
    """``GET /v2/nodes``, ``/v2/volumes``, ``/v2/nicknames``, audit."""

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
            Endpoint(method="GET", path="/v2/nodes/{id}", handler=self.read),
            Endpoint(method="GET", path="/v1/nodes/{id}", handler=self.read_v1),
            Endpoint(method="GET", path="/v2/nodes/{id}/nodes", handler=self.children),
            Endpoint(method="GET", path="/v3/app/container/{id}", handler=self.browse),
            Endpoint(method="GET", path="/v1/nodes/{id}/ancestors", handler=self.ancestors),
            Endpoint(method="GET", path="/v2/nodes/{id}/audit", handler=self.audit),
            Endpoint(method="GET", path="/v2/nodes/{id}/copylink", handler=self.copy_link),
            Endpoint(method="GET", path="/v2/nicknames/{nickname}/nodes", handler=self.by_nickname),
            Endpoint(method="GET", path="/v2/members/reserved", handler=self.reserved),
            Endpoint(method="GET", path="/v2/volumes", handler=self.volumes),
            Endpoint(method="GET", path="/v2/volumes/{type}", handler=self.volume),
        )

    def _node(self, ask: Ask, *, status: int = 400) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise no_node(ask.path_id(), status)
        return node

    # Reading

    async def read(self, ask: Ask) -> Json:
        """One node; ``results`` is an object."""
        entry = await self._views.entry(ask, self._node(ask), groups=("properties", "versions", "categories"))
        if ask.has("actions"):
            entry["actions"] = self._actions(ask, self._node(ask), ask.many("actions"))
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
        found = [node for node_id in ids if (node := self._server.visible(node_id, ask.who)) is not None]
        return {
            "collection": {"paging": {"limit": MOST_IDS, "page": 1, "page_total": 1, "total_count": len(found)}},
            **results(ask, await self._views.entries(ask, found)),
        }

    async def children(self, ask: Ask) -> Json:
        """One page of a folder."""
        parent = self._node(ask, status=500)
        if not parent.is_container:
            raise Refusal(500, "Could not process object, invalid action 'browse'")
        self._server.demand(ask.who, parent, "see_contents")
        may = self._server.rights.may
        shown = [*self._server.tree.children(parent.id), *self._server.tree.collected(parent)]
        seen = [child for child in shown if may(ask.who, child, "see")]
        found = self._filtered(ask, seen)
        page = cut(ask, found, default=DEFAULT_FOLDER_PAGE)
        return {
            "collection": collection(ask, page, sort=ask.text("sort", "asc_name")),
            **results(ask, await self._views.entries(ask, page.items)),
        }

    async def browse(self, ask: Ask) -> Json:
        """The same for the vendor's own pages: flat rows under ``results.contents`` (P 3.7; v3 is outside the contract
        but for its existence, section 1)."""
        parent = self._node(ask)
        self._server.demand(ask.who, parent, "see_contents")
        seen = [
            child for child in self._server.tree.children(parent.id) if self._server.rights.may(ask.who, child, "see")
        ]
        page = cut(ask, self._filtered(ask, seen), default=ask.integer("page_size", DEFAULT_FOLDER_PAGE) or 1)
        rows = [await self._views.properties(node) for node in page.items]
        return {"paging": page.paging(ask), **results(ask, {"contents": rows, "container": {"id": parent.id}})}

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
        if node is None or self._server.visible(node.id, ask.who) is None:
            raise unreachable(404)
        return results(ask, await self._views.entry(ask, node))

    async def reserved(self, ask: Ask) -> Json:
        """What whoever asks has checked out."""
        found = [node for node in self._server.tree.everything() if node.reserved_by == ask.who.id]
        page = cut(ask, self._filtered(ask, found), default=DEFAULT_FOLDER_PAGE)
        return {
            "collection": collection(ask, page, sort=ask.text("sort", "asc_name")),
            **results(ask, await self._views.entries(ask, page.items)),
        }

    async def volumes(self, ask: Ask) -> Json:
        """All volumes."""
        found = [node for node in self._server.tree.everything() if node.type in VOLUMES]
        return results(ask, await self._views.entries(ask, found))

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

    def _actions(self, ask: Ask, node: Node, wanted: Sequence[str]) -> Json:
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
        may = self._server.rights.may
        shown = {
            name: link(href, method)
            for name, (method, href) in allowed.items()
            if (not wanted or name in wanted) and may(ask.who, node, _RIGHT_BY_ACTION.get(name, "see"))
        }
        return {"data": shown, "map": {"default_action": "open"}, "order": list(shown)}

    async def actions(self, ask: Ask) -> Json:
        """Keyed by the id as a string; an absent action is not allowed."""
        wanted = ask.many("actions")
        found = [node for node_id in ask.ids() if (node := self._server.visible(node_id, ask.who)) is not None]
        return results(ask, {str(node.id): self._actions(ask, node, wanted) for node in found})
