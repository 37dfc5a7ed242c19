"""Users and groups (contract 8)."""

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, results
from connectors.sandbox.extended_ecm.api.views import member_properties
from connectors.sandbox.extended_ecm.members import GROUP, Member
from connectors.sandbox.extended_ecm.refusal import Refusal
from connectors.sandbox.extended_ecm.server import ContentServer


class MembersApi:
    """``/v2/members`` and its v1 twins."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="GET", path="/v2/members", handler=self.members),
            Endpoint(method="GET", path="/v2/members/memberof", handler=self.member_of),
            Endpoint(method="GET", path="/v2/members/{id}", handler=self.member),
            Endpoint(method="GET", path="/v1/members/{id}", handler=self.member_v1),
            Endpoint(method="GET", path="/v2/members/{id}/members", handler=self.group_members),
            Endpoint(method="GET", path="/v2/members/{id}/memberof", handler=self.member_of),
            Endpoint(method="GET", path="/v1/members/{id}/memberof", handler=self.member_of_v1),
        )

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
