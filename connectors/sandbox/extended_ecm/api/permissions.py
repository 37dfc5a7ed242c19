"""Who may do what (contract 8), and the members that it is said of. Rights are kept and shown; everybody who can sign
in to the sandbox works for the same insurer and is let in everywhere (CHOSEN)."""

from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, results
from connectors.sandbox.extended_ecm.api.views import member_properties
from connectors.sandbox.extended_ecm.members import EVERYONE, GROUP, Member
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.refusal import Refusal, no_node, wrong_type
from connectors.sandbox.extended_ecm.server import ContentServer, Rights
from connectors.sandbox.extended_ecm.trail import Event

WORDS: Final = (
    "see",
    "see_contents",
    "modify",
    "edit_attributes",
    "add_items",
    "reserve",
    "add_major_version",
    "delete_versions",
    "delete",
    "edit_permissions",
)
_BUILT_IN: Final = ("owner", "group", "public")
_SUB_ITEMS, _ITEM_AND_SUB_ITEMS, _ITEM_AND_CHILDREN = 1, 2, 3


class PermissionsApi:
    """``…/permissions`` and ``/v2/members``."""

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
            Endpoint(method="PUT", path=f"{on_node}/custom/{{member}}", handler=self.set_custom),
            Endpoint(method="DELETE", path=f"{on_node}/custom/{{member}}", handler=self.drop_custom),
            Endpoint(method="PUT", path=f"{on_node}/{{kind}}", handler=self.set_built_in),
            Endpoint(method="GET", path="/v2/members", handler=self.members),
            Endpoint(method="GET", path="/v2/members/memberof", handler=self.member_of),
            Endpoint(method="GET", path="/v2/members/{id}", handler=self.member),
            Endpoint(method="GET", path="/v1/members/{id}", handler=self.member_v1),
            Endpoint(method="GET", path="/v2/members/{id}/members", handler=self.group_members),
            Endpoint(method="GET", path="/v2/members/{id}/memberof", handler=self.member_of),
            Endpoint(method="GET", path="/v1/members/{id}/memberof", handler=self.member_of_v1),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.tree.find(ask.path_id())
        if node is None:
            raise no_node(ask.path_id())
        return node

    def _rights(self, node: Node) -> Rights:
        everyone = next(member for member in self._server.members.all() if member.name == EVERYONE)
        return self._server.rights.get(node.id) or Rights(
            owner=(node.created_by, list(WORDS)), group=(everyone.id, list(WORDS)), public=["see", "see_contents"]
        )

    def _words(self, ask: Ask) -> list[str]:
        given = ask.many("permissions")
        if not set(given) <= set(WORDS):
            raise wrong_type("permissions")
        return given

    async def all(self, ask: Ask) -> Json:
        """One element per entry."""
        rights = self._rights(self._node(ask))
        entries: list[Json] = [
            {"type": "owner", "right_id": rights.owner[0], "permissions": rights.owner[1]},
            {"type": "group", "right_id": rights.group[0], "permissions": rights.group[1]},
            {"type": "public", "right_id": None, "permissions": rights.public},
            *(
                {"type": "custom", "right_id": member_id, "permissions": words}
                for member_id, words in rights.custom.items()
            ),
        ]
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
        rights, member_id = self._rights(self._node(ask)), ask.path_id("member")
        if self._server.members.find(member_id) is None:
            raise Refusal(400, f"Could not get a member for {member_id}")
        groups = {member_id, *(group.id for group in self._server.members.groups_of(member_id))}
        allowed = set(rights.public)
        for right_id, words in (rights.owner, rights.group, *rights.custom.items()):
            if right_id in groups:
                allowed |= set(words)
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
            rights = self._rights(each)
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
            rights = self._rights(each)
            rights.custom[member_id] = words
            self._keep(ask, each, rights)
        return results(ask, {})

    async def drop_custom(self, ask: Ask) -> Json:
        """Take the entry away."""
        node, member_id = self._node(ask), ask.path_id("member")
        rights = self._rights(node)
        if member_id not in rights.custom:
            raise Refusal(400, f"Could not get a member for {member_id}")
        del rights.custom[member_id]
        self._keep(ask, node, rights)
        return results(ask, {})

    def _keep(self, ask: Ask, node: Node, rights: Rights) -> None:
        self._server.rights[node.id] = rights
        self._server.trail.add(node.id, Event.PERMISSION_CHANGED, at=self._server.now(), user_id=ask.who.id)

    # Members

    def _filtered(self, ask: Ask, members: list[Member]) -> list[Member]:
        """An unknown ``where_…`` is silently ignored (CONFIRMED, contract 8)."""
        kind = ask.integer("where_type")
        wanted = {
            "name": ask.text("where_name"),
            "first_name": ask.text("where_first_name"),
            "last_name": ask.text("where_last_name"),
            "email": ask.text("where_business_email"),
        }
        anything = ask.text("query").casefold()
        return [
            member
            for member in members
            if (kind is None or member.type == kind)
            and all(getattr(member, key).casefold().startswith(value.casefold()) for key, value in wanted.items())
            and any(part.casefold().startswith(anything) for part in (member.name, member.first_name, member.last_name))
        ]

    def _listed(self, ask: Ask, members: list[Member]) -> Json:
        page = cut(ask, self._filtered(ask, members), default=10)
        shown = [{"data": {"properties": member_properties(member)}} for member in page.items]
        return {"collection": collection(ask, page, sort=ask.text("sort", "asc_id")), **results(ask, shown)}

    def _member(self, ask: Ask) -> Member:
        member = self._server.members.find(ask.path_id())
        if member is None:
            raise Refusal(400, f"Could not get a member for {ask.path_id()}")
        return member

    async def members(self, ask: Ask) -> Json:
        """Users (0) or groups (1)."""
        return self._listed(ask, list(self._server.members.all()))

    async def member(self, ask: Ask) -> Json:
        """``results`` is an object."""
        return results(ask, {"data": {"properties": member_properties(self._member(ask))}})

    async def member_v1(self, ask: Ask) -> Json:
        """v1: flat ``data``."""
        return {"data": member_properties(self._member(ask))}

    async def group_members(self, ask: Ask) -> Json:
        """Who is in a group."""
        group = self._member(ask)
        if group.type != GROUP:
            raise Refusal(400, "Could not process object, invalid request")
        found = [self._server.members.find(member_id) for member_id in group.member_ids]
        return self._listed(ask, [member for member in found if member is not None])

    async def member_of(self, ask: Ask) -> Json:
        """The groups of a member, or of whoever asks."""
        member = self._member(ask) if "id" in ask.request.path_params else ask.who
        return self._listed(ask, self._server.members.groups_of(member.id))

    async def member_of_v1(self, ask: Ask) -> Json:
        """v1: flat ``data``."""
        return {"data": [member_properties(group) for group in self._server.members.groups_of(self._member(ask).id)]}
