"""Users and groups. Who they are comes from the world; whether a password is right is the authority's business."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from connectors.sandbox.otds.authority import CLIENT_PARTITION, TicketAuthority
from connectors.sandbox.world import World

USER: Final = 0
GROUP: Final = 1
FIRST_MEMBER_ID: Final = 1000
EVERYONE: Final = "DefaultGroup"
"""The department that every user is in (CHOSEN: the product's own default name)."""


@dataclass(slots=True, kw_only=True)
class Member:
    """A user or a group."""

    id: int
    type: int
    name: str
    """The login, or the group's name."""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    title: str = ""
    group_id: int | None = None
    """A user's department."""
    member_ids: list[int] = field(default_factory=list)
    """A group's members."""


class Members:
    """Everybody who may be named in a permission, a role or an audit line."""

    def __init__(self, world: World, authority: TicketAuthority) -> None:
        self._by_id: dict[int, Member] = {}
        self._by_name: dict[str, Member] = {}
        everyone = self._add(Member(id=FIRST_MEMBER_ID + 1, type=GROUP, name=EVERYONE))
        people = {person.login.lower(): person for person in world.people}
        services = [f"{client}@{CLIENT_PARTITION}" for client in authority.client_ids]
        for offset, login in enumerate((*authority.logins, *services), start=10):
            person = people.get(login)
            first, _, last = (person.full_name if person else login).partition(" ")
            member = self._add(
                Member(
                    id=FIRST_MEMBER_ID + offset,
                    type=USER,
                    name=login,
                    first_name=first,
                    last_name=last,
                    email=person.email if person else "",
                    title=person.role if person else "",
                    group_id=everyone.id,
                )
            )
            everyone.member_ids.append(member.id)
        for offset, role in enumerate(sorted({person.role for person in world.people}), start=800):
            holders = [self._by_name[person.login.lower()].id for person in world.people if person.role == role]
            self._add(Member(id=FIRST_MEMBER_ID + offset, type=GROUP, name=role, member_ids=holders))

    def _add(self, member: Member) -> Member:
        self._by_id[member.id] = member
        self._by_name[member.name.lower()] = member
        return member

    def add(self, kind: int, name: str) -> Member | None:
        """Somebody new, or a new group; None when the name is taken. Users join the department of all."""
        if name.lower() in self._by_name:
            return None
        member = self._add(Member(id=max(self._by_id) + 1, type=kind, name=name))
        if kind == USER:
            everyone = self._by_name[EVERYONE.lower()]
            everyone.member_ids.append(member.id)
            member.group_id = everyone.id
        return member

    def find(self, member_id: int) -> Member | None:
        """The member with that id."""
        return self._by_id.get(member_id)

    def of_login(self, login: str) -> Member | None:
        """The user behind a login that the authority has vouched for."""
        found = self._by_name.get(login.lower())
        return found if found is not None and found.type == USER else None

    def all(self) -> Iterable[Member]:
        """In order of id."""
        return sorted(self._by_id.values(), key=lambda member: member.id)

    def groups_of(self, member_id: int) -> list[Member]:
        """The groups that the member is in."""
        return [member for member in self.all() if member_id in member.member_ids]

    @property
    def first_user(self) -> Member:
        """Whoever stands for the system in what was there before anybody signed in."""
        return next(member for member in self.all() if member.type == USER)
