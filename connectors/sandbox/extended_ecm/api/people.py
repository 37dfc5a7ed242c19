"""Making people and groups, what each prefers, who stands in for whom.

Beyond the contract: paths and keys are those that OpenText's own client sends.
"""

from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.api.views import member_properties
from connectors.sandbox.extended_ecm.members import GROUP, USER, Member
from connectors.sandbox.extended_ecm.refusal import Refusal, wrong_type
from connectors.sandbox.extended_ecm.server import ContentServer

_CHANGEABLE: Final = {
    "first_name": "first_name",
    "last_name": "last_name",
    "business_email": "email",
    "title": "title",
}
"""Key → attribute."""


class PeopleApi:
    """``POST`` and ``PUT /v2/members``, preferences, proxies."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._preferences: dict[int, Json] = {}
        self._proxies: dict[int, dict[int, Json]] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="POST", path="/v2/members", handler=self.add),
            Endpoint(method="GET", path="/v2/members/preferences", handler=self.preferences),
            Endpoint(method="PUT", path="/v2/members/preferences", handler=self.prefer),
            Endpoint(method="GET", path="/v2/members/proxies", handler=self.proxies),
            Endpoint(method="POST", path="/v2/members/proxies", handler=self.add_proxy),
            Endpoint(method="PUT", path="/v2/members/{id}", handler=self.change),
            Endpoint(method="POST", path="/v2/members/{id}/members", handler=self.join),
        )

    def _member(self, member_id: int) -> Member:
        member = self._server.members.find(member_id)
        if member is None:
            raise Refusal(400, f"Could not get a member for {member_id}")
        return member

    def _shown(self, ask: Ask, member: Member) -> Json:
        return results(ask, {"data": {"properties": member_properties(member)}})

    async def add(self, ask: Ask) -> Json:
        """A user (0), who may sign in at once, or a group (1)."""
        kind, name = ask.needed_integer("type"), ask.needed("name")
        if kind not in (USER, GROUP):
            raise wrong_type("type")
        member = self._server.members.add(kind, name)
        if member is None:
            raise Refusal(500, f"A member with the name '{name}' already exists.")
        self._fill(ask, member)
        if kind == USER:
            self._server.authority.add_account(name)
            if ask.text("password"):
                self._server.authority.set_password(name, ask.text("password"))
        return self._shown(ask, member)

    def _fill(self, ask: Ask, member: Member) -> None:
        for key, attribute in _CHANGEABLE.items():
            if ask.has(key):
                setattr(member, attribute, ask.text(key))

    async def change(self, ask: Ask) -> Json:
        """Some facts of a user."""
        member = self._member(ask.path_id())
        self._fill(ask, member)
        return self._shown(ask, member)

    async def join(self, ask: Ask) -> Json:
        """Members for a group; twice is once."""
        group = self._member(ask.path_id())
        if group.type != GROUP:
            raise Refusal(400, "Could not process object, invalid request")
        joining = [self._member(member_id) for member_id in ask.ids("member_id")]
        group.member_ids = list(dict.fromkeys((*group.member_ids, *(each.id for each in joining))))
        return results(ask, {})

    async def preferences(self, ask: Ask) -> Json:
        """What one has set, by section."""
        return results(ask, self._preferences.get(ask.who.id, {}))

    async def prefer(self, ask: Ask) -> Json:
        """Section → field → value, laid over what was set."""
        mine = self._preferences.setdefault(ask.who.id, {})
        for section in ask.sent:
            before = mine.get(section)
            mine[section] = {**(before if isinstance(before, dict) else {}), **ask.mapping(section)}
        return results(ask, mine)

    async def proxies(self, ask: Ask) -> Json:
        """Who stands in for whoever asks."""
        return results(ask, {"data": list(self._proxies.get(ask.who.id, {}).values())})

    async def add_proxy(self, ask: Ask) -> Json:
        """Somebody stands in, for ever or between two days."""
        member = self._member(ask.needed_integer("id"))
        self._proxies.setdefault(ask.who.id, {})[member.id] = {
            "id": member.id,
            "name": member.name,
            "from_date": ask.text("from_date") or None,
            "to_date": ask.text("to_date") or None,
        }
        return results(ask, {})
