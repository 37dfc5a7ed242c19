"""What the vendor's own pages ask of a node beside its content: columns, facets, collections, templates, visibility.

Beyond the contract: paths and keys are those that OpenText's own client knows.
"""

from collections import Counter
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.nodes import TYPE_NAMES, Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer

TYPE_FACET: Final = 2100
OWNER_FACET: Final = 2101


class BrowsingApi:
    """``…/columns``, ``/v2/facets``, ``…/collection``, ``…/doctemplates``, ``…/permissions/check``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="GET", path="/v2/nodes/{id}/columns", handler=self.columns),
            Endpoint(method="GET", path="/v2/facets/{id}", handler=self.facets),
            Endpoint(method="PUT", path="/v2/nodes/{id}/collection", handler=self.collect),
            Endpoint(method="GET", path="/v2/nodes/{id}/doctemplates", handler=self.templates),
            Endpoint(method="POST", path="/v2/nodes/permissions/check", handler=self.visible),
            Endpoint(method="POST", path="/v2/ai/nodes/permissions/check", handler=self.visible),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable()
        return node

    async def columns(self, ask: Ask) -> Json:
        """The columns of a list; none are set here beyond those that every list has."""
        self._node(ask)
        shown = {"global_columns": ["Type", "Name", "Size", "Modified"], "inherited_columns": [], "local_columns": []}
        return results(ask, {"columns_to_display": shown, "available_columns": []})

    async def facets(self, ask: Ask) -> Json:
        """By type and by owner, with how many children each value has."""
        children = [
            child
            for child in self._server.tree.children(self._node(ask).id)
            if self._server.rights.may(ask.who, child, "see")
        ]
        types = Counter(int(child.type) for child in children)
        owners = Counter(child.created_by for child in children)
        names = {each.id: each.name for each in self._server.members.all()}
        values = {
            TYPE_FACET: ("Content Type", {each: TYPE_NAMES[NodeType(each)] for each in types}, types),
            OWNER_FACET: ("Owner", {each: names.get(each, "") for each in owners}, owners),
        }
        described: Json = {}
        counted: Json = {}
        for number, (name, shown, counts) in values.items():
            described[str(number)] = {
                "display_count": True,
                "id": number,
                "name": name,
                "show_text_in_more": True,
                "total_displayable": len(counts),
            }
            counted[str(number)] = [
                {"count": count, "name": shown[value], "value": str(value)} for value, count in counts.most_common()
            ]
        return results(ask, {"data": {"facets": described, "values": {"available": counted, "selected": []}}})

    async def collect(self, ask: Ask) -> Json:
        """Add items to a collection, or remove them; they stay where they are."""
        node = self._node(ask)
        if node.type != NodeType.COLLECTION:
            raise Refusal(400, "Could not process object, invalid request")
        self._server.demand(ask.who, node, "modify")
        items = [self._server.visible(each, ask.who) for each in ask.ids()]
        if not items or None in items:
            raise unreachable()
        wanted = [item.id for item in items if item is not None]
        match ask.text("operation", "add"):
            case "add":
                node.collected = list(dict.fromkeys((*node.collected, *wanted)))
            case "remove":
                node.collected = [each for each in node.collected if each not in wanted]
            case _:
                raise Refusal(400, "Could not process object, invalid action")
        return results(ask, {})

    async def templates(self, ask: Ask) -> Json:
        """Documents of the templates volume that one may begin with; there are none on the first day."""
        self._node(ask)
        volume = self._server.tree.volume(NodeType.TEMPLATES_VOLUME)
        found = [
            {
                "id": each.id,
                "name": each.name,
                "type": int(each.type),
                "mime_type": each.latest.media_type if each.latest else None,
            }
            for each in (self._server.tree.children(volume.id) if volume else ())
            if each.type == NodeType.DOCUMENT
        ]
        kind = {"container": False, "hasTemplates": bool(found), "name": "Document", "subtype": 144, "templates": found}
        return {"results": [kind]}

    async def visible(self, ask: Ask) -> Json:
        """Which of these nodes a member, or whoever asks, may see."""
        member_id = ask.integer("right_id", ask.who.id) or ask.who.id
        if self._server.members.find(member_id) is None:
            raise Refusal(400, f"Could not get a member for {member_id}")
        found = [self._server.visible(each, ask.who) for each in ask.ids()]
        seen = [each.id for each in found if each and "see" in self._server.rights.allowed(each, member_id)]
        return results(ask, {"ids": seen})
