"""Who may do what with a node: kept, inherited by what is made below, and asked before every call (contract 8).

Where nobody has set anything, the department that everybody is in may do everything (CHOSEN: people at work find their
archive open). A node that one may not see answers as if it were not there, by the vendor's design.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from connectors.sandbox.extended_ecm.members import EVERYONE, Member, Members
from connectors.sandbox.extended_ecm.nodes import Node

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
"""CONFIRMED (contract 8)."""


@dataclass(slots=True, kw_only=True)
class Rights:
    """Who may do what with one node; pairs of a member's id and the vendor's words."""

    owner: tuple[int, list[str]]
    group: tuple[int, list[str]]
    public: list[str]
    custom: dict[int, list[str]] = field(default_factory=dict)

    def entries(self) -> Iterable[tuple[int, list[str]]]:
        """Everything but the public's part."""
        return (self.owner, self.group, *self.custom.items())


class RightsBook:
    """The rights of every node on which somebody has set them; of the others, the open default."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._everyone = next(member for member in members.all() if member.name == EVERYONE)
        self._set: dict[int, Rights] = {}

    def of(self, node: Node) -> Rights:
        """What is set on ``node``, or the default. Change it only through :meth:`keep`."""
        return self._set.get(node.id) or Rights(
            owner=(node.created_by, list(WORDS)),
            group=(self._everyone.id, list(WORDS)),
            public=["see", "see_contents"],
        )

    def keep(self, node: Node, rights: Rights) -> None:
        """Set ``rights`` on ``node``."""
        self._set[node.id] = rights

    def inherit(self, node: Node, parent: Node) -> None:
        """What is made in a container gets its rights, and belongs to whoever made it."""
        above = self._set.get(parent.id)
        if above is not None:
            self._set[node.id] = replace(
                above, owner=(node.created_by, list(above.owner[1])), custom=dict(above.custom)
            )

    def allowed(self, node: Node, member_id: int) -> frozenset[str]:
        """What a member may do with ``node``, whatever it comes from: their own entry, their groups', the public's."""
        rights = self.of(node)
        bearers = {member_id, *(group.id for group in self._members.groups_of(member_id))}
        words = set(rights.public)
        for right_id, given in rights.entries():
            if right_id in bearers:
                words |= set(given)
        return frozenset(words)

    def may(self, who: Member, node: Node, word: str) -> bool:
        """Whether ``who`` may; every user is in the department that an untouched node is open to."""
        return node.id not in self._set or word in self.allowed(node, who.id)
