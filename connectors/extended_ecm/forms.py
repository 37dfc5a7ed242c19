"""The form of a category: what its attributes are called, which keys they have, and what they allow.

Attribute ids differ between installations, so the desk stores names and asks the form for keys (CHOSEN, contract 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from connectors.errors import InvalidError

STATE_NUMBER: Final = "1"
"""The category's own state has this number; user attributes start at 2 (CONFIRMED)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One attribute as a form shows it."""

    key: str
    title: str
    kind: str
    """JSON schema's word: ``string``, ``integer``, ``boolean``, ``array`` or ``object``."""
    control: str = ""
    """What the form draws: ``date``, ``select``, ``text`` …; a date is a string to the schema."""
    required: bool
    read_only: bool
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    most_values: int | None = None
    """How many values, or rows of a set, it takes; None for one, or for as many as one likes."""
    members: "tuple[FormField, ...]" = ()
    """The attributes of a set; each has the key of a first or of any row."""

    @property
    def is_set(self) -> bool:
        """Whether it is a group of attributes that can repeat."""
        return bool(self.members)

    def complaint(self, value: object) -> str | None:
        """Why ``value`` will be refused, or None."""
        if value in (None, "", []):
            return "is required" if self.required else None
        given = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        if self.most_values is not None and len(given) > self.most_values:
            return f"takes at most {self.most_values} {'rows' if self.is_set else 'values'}"
        if self.is_set:
            return self._complaint_of_rows(given)
        if self.choices and not {str(each) for each in given if each not in (None, "")} <= set(self.choices):
            return "must be one of: " + ", ".join(self.choices)
        if self.max_length is not None and any(isinstance(e, str) and len(e) > self.max_length for e in given):
            return f"takes at most {self.max_length} characters"
        return None

    def _complaint_of_rows(self, rows: Sequence[object]) -> str | None:
        names = {member.title for member in self.members}
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, Mapping):
                return "takes rows of named values"
            if strangers := sorted(set(row) - names):
                return f"has no {', '.join(strangers)} in row {number}"
            for member in self.members:
                if complaint := member.complaint(row.get(member.title)):
                    return f"{member.title} in row {number} {complaint}"
        return None

    def keyed(self, value: object) -> dict[str, object]:
        """``value`` under the vendor's key; the rows of a set under one key for each of their values (CONFIRMED)."""
        if not self.is_set:
            return {self.key: as_sent(value)}
        rows = value if isinstance(value, Sequence) else [value]
        return {
            f"{self.key}_{number}_{member.key.rpartition('_')[2]}": as_sent(row[member.title])
            for number, row in enumerate(rows, start=1)
            if isinstance(row, Mapping)
            for member in self.members
            if member.title in row
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryForm:
    """A category's fields in their order, with the present values and the edit token when it is on a node."""

    category_id: int
    fields: tuple[FormField, ...]
    values: Mapping[str, object] = field(repr=False)
    token: str = field(repr=False, default="")

    def keyed(self, named: Mapping[str, object], *, system: str) -> dict[str, object]:
        """``named`` values under the vendor's keys, checked as the server will check them; a set takes a list of rows.

        Raises: InvalidError with a complaint per name: unknown, ambiguous, required, too long, not allowed.
        """
        complaints: dict[str, str] = {}
        keyed: dict[str, object] = {}
        for name in named:
            bearers = [each for each in self.fields if each.title == name]
            if len(bearers) != 1:
                # Two attributes may share a name (CONFIRMED): then only a person can say which is meant.
                complaints[name] = "is the name of several attributes" if bearers else "is not in this category"
        for each in self.fields:
            if each.title in complaints or each.read_only:
                continue
            value = named.get(each.title)
            if complaint := each.complaint(value):
                complaints[each.title] = complaint
            elif each.title in named:
                keyed |= each.keyed(value)
        if complaints:
            raise InvalidError(
                system=system, call="check category values", detail="; ".join(complaints), fields=complaints
            )
        return keyed


def as_sent(value: object) -> object:
    """Dates in the vendor's form, all else as it is."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00"
    if isinstance(value, list | tuple):
        return ["" if each is None else as_sent(each) for each in value]  # a gap is an empty text (CONFIRMED)
    return value
