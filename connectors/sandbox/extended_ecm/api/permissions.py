"""Who may do what (contract 8): reading and setting the rights that every other call asks for."""

from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, results
from connectors.sandbox.extended_ecm.api.views import member_properties, permission_entries
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, no_node, wrong_type
from connectors.sandbox.extended_ecm.rights import WORDS, Rights
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event

_BUILT_IN: Final = ("owner", "group", "public")
_SUB_ITEMS, _ITEM_AND_SUB_ITEMS, _ITEM_AND_CHILDREN = 1, 2, 3


class PermissionsApi:
    """``…/permissions``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_node = "/v2/nodes/{id}/permissions"
        return (
            Endpoint(method="GET", path=on_node, handler=self.all),
            Endpoint(method="GET", path=f"{on_node}/effective/{{member}}", handler=self.effective),
            Endpoint(method="POST", path=f"{on_node}/custom", handler=self.set_custom),
            Endpoint(method="POST", path=f"{on_node}/custom/bulk", handler=self.set_many),
            Endpoint(method="PUT", path=f"{on_node}/custom/{{member}}", handler=self.set_custom),
            Endpoint(method="DELETE", path=f"{on_node}/custom/{{member}}", handler=self.drop_custom),
            Endpoint(method="PUT", path=f"{on_node}/{{kind}}", handler=self.set_built_in),
            Endpoint(method="DELETE", path=f"{on_node}/{{kind}}", handler=self.drop_built_in),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise no_node(ask.path_id())
        if ask.request.method != "GET":
            self._server.demand(ask.who, node, "edit_permissions")
        return node

    def _words(self, ask: Ask) -> list[str]:
        given = ask.many("permissions")
        if not set(given) <= set(WORDS):
            raise wrong_type("permissions")
        return given

    async def all(self, ask: Ask) -> Json:
        """One element per entry."""
        rights = self._server.rights.of(self._node(ask))
        entries = permission_entries(rights)
        if "member" in ask.text("expand"):
            for entry in entries:
                member = self._server.members.find(entry["right_id"]) if isinstance(entry["right_id"], int) else None
                if member is not None:
                    entry["right_id_expand"] = member_properties(member)
        page = cut(ask, entries, default=25)
        shown = [{"data": {"permissions": entry}} for entry in page.items]
        return {"collection": collection(ask, page), **results(ask, shown)}

    async def effective(self, ask: Ask) -> Json:
        """What a member may do, whatever it comes from."""
        node, member_id = self._node(ask), ask.path_id("member")
        if self._server.members.find(member_id) is None:
            raise Refusal(400, f"Could not get a member for {member_id}")
        allowed = self._server.rights.allowed(node, member_id)
        shown = [word for word in WORDS if word in allowed]
        return results(
            ask, {"data": {"permissions": {"permissions": shown, "right_id": member_id, "type": "effective"}}}
        )

    def _reached(self, ask: Ask, node: Node) -> list[Node]:
        """``apply_to``: 0 item, 1 children, 2 both, 3 item and direct children; a document takes 0 only."""
        apply_to = ask.integer("apply_to", 0) or 0
        if apply_to and not node.is_container:
            raise Refusal(400, "Invalid value for argument 'apply_to'")
        match apply_to:
            case 0:
                return [node]
            case 1:
                return list(self._server.tree.below(node.id))
            case 2:
                return [node, *self._server.tree.below(node.id)]
            case 3:
                return [node, *self._server.tree.children(node.id)]
            case _:
                raise Refusal(400, "Invalid value for argument 'apply_to'")

    async def set_built_in(self, ask: Ask) -> Json:
        """Owner, group or public."""
        node, kind, words = self._node(ask), ask.path_text("kind"), self._words(ask)
        if kind not in _BUILT_IN:
            raise Refusal(400, "Could not process object, invalid request")
        right_id = ask.integer("right_id")
        for each in self._reached(ask, node):
            rights = self._server.rights.of(each)
            if kind == "public":
                rights.public = words
            elif kind == "owner":
                rights.owner = (right_id or rights.owner[0], words)
            else:
                rights.group = (right_id or rights.group[0], words)
            self._keep(ask, each, rights)
        return results(ask, {})

    async def set_custom(self, ask: Ask) -> Json:
        """A member's own entry."""
        node, words = self._node(ask), self._words(ask)
        on_path = "member" in ask.request.path_params
        member_id = ask.path_id("member") if on_path else ask.needed_integer("right_id")
        if self._server.members.find(member_id) is None:
            raise Refusal(400, f"Could not get a member for {member_id}")
        for each in self._reached(ask, node):
            rights = self._server.rights.of(each)
            rights.custom[member_id] = words
            self._keep(ask, each, rights)
        return results(ask, {})

    async def set_many(self, ask: Ask) -> Json:
        """Several members' entries at once; those already there are replaced (CONFIRMED, contract 8)."""
        node = self._node(ask)
        wanted: dict[int, list[str]] = {}
        for entry in ask.objects("permissions_array"):
            member_id, words = entry.get("right_id"), entry.get("permissions")
            known = isinstance(member_id, int) and self._server.members.find(member_id) is not None
            if not known or not isinstance(words, list) or not set(map(str, words)) <= set(WORDS):
                raise wrong_type("permissions_array")
            wanted[int(str(member_id))] = [str(word) for word in words]
        if not wanted:
            raise missing("permissions_array")
        for each in self._reached(ask, node):
            rights = self._server.rights.of(each)
            rights.custom |= wanted
            self._keep(ask, each, rights)
        return results(ask, {})

    async def drop_built_in(self, ask: Ask) -> Json:
        """The owner, the group or the public is left with nothing."""
        node, kind = self._node(ask), ask.path_text("kind")
        if kind not in _BUILT_IN:
            raise Refusal(400, "Could not process object, invalid request")
        rights = self._server.rights.of(node)
        if kind == "public":
            rights.public = []
        elif kind == "owner":
            rights.owner = (rights.owner[0], [])
        else:
            rights.group = (rights.group[0], [])
        self._keep(ask, node, rights)
        return results(ask, {})

    async def drop_custom(self, ask: Ask) -> Json:
        """Take the entry away."""
        node, member_id = self._node(ask), ask.path_id("member")
        if member_id not in self._server.rights.of(node).custom:
            raise Refusal(400, f"Could not get a member for {member_id}")
        for each in self._reached(ask, node):
            rights = self._server.rights.of(each)
            if rights.custom.pop(member_id, None) is not None:
                self._keep(ask, each, rights)
        return results(ask, {})

    def _keep(self, ask: Ask, node: Node, rights: Rights) -> None:
        self._server.rights.keep(node, rights)
        self._server.trail.add(node.id, Event.PERMISSION_CHANGED, at=self._server.now(), user_id=ask.who.id)
