"""Categories: numbered attributes, the keys built from their ids, and the rules that values must keep.

Keys (CONFIRMED, contract 5): ``{cat}_{attr}``, inside a set ``{cat}_{set}_{row}_{attr}`` with rows from 1, in a schema
``{cat}_{set}_x_{attr}``. Number 1 is the category's own state, so attributes start at 2. The sentences about values
that break a rule are INFERRED: no public source shows them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import md5
from typing import Final

from connectors.sandbox.extended_ecm.refusal import Refusal, stale

LONGEST_STRING: Final = 254
STATE_NUMBER: Final = 1
OWN_LANGUAGE: Final = "en"

Values = dict[str, object]


class Kind(StrEnum):
    """What an attribute holds; the value is the vendor's ``type_name``."""

    STRING = "String"
    INTEGER = "Integer"
    DATE = "Date"
    BOOLEAN = "Boolean"


TYPE_NUMBERS: Final = {Kind.STRING: -1, Kind.INTEGER: 2, Kind.DATE: -7, Kind.BOOLEAN: 5}
FORM_TYPES: Final = {
    Kind.STRING: ("string", "text"),
    Kind.INTEGER: ("integer", "integer"),
    Kind.DATE: ("string", "date"),
    Kind.BOOLEAN: ("boolean", "checkbox"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One field of a category."""

    number: int
    name: str
    kind: Kind = Kind.STRING
    required: bool = False
    max_length: int = LONGEST_STRING
    choices: tuple[str, ...] = ()
    """The only values allowed; empty when free."""
    most_values: int = 1
    """More than 1 makes it a multi-value attribute."""
    read_only: bool = False

    def accepted(self, value: object) -> object:
        """``value`` as it is kept. Raises: Refusal when it breaks the attribute's rule."""
        return _accepted(self, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeSet:
    """A group of fields that repeats in rows."""

    number: int
    name: str
    most_rows: int
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category's definition. REST cannot change it (CONFIRMED, contract 5)."""

    id: int
    name: str
    fields: tuple[Attribute | AttributeSet, ...] = ()

    def slots(self, rows: Mapping[int, int]) -> Iterator[tuple[str, Attribute]]:
        """Every value key with its attribute; ``rows``: how many rows each set has."""
        for each in self.fields:
            if isinstance(each, Attribute):
                yield f"{self.id}_{each.number}", each
                continue
            for row in range(1, rows.get(each.number, 1) + 1):
                for member in each.attributes:
                    yield f"{self.id}_{each.number}_{row}_{member.number}", member

    def attribute_set(self, number: int) -> AttributeSet | None:
        """The set with that number."""
        return next((each for each in self.fields if isinstance(each, AttributeSet) and each.number == number), None)

    def pick_list(self, key: str) -> tuple[str, ...] | None:
        """What the attribute behind ``key`` allows, in whatever row; None when no attribute has that key."""
        rows = {each.number: each.most_rows for each in self.fields if isinstance(each, AttributeSet)}
        return next((attribute.choices for known, attribute in self.slots(rows) if known == key), None)

    def key_of(self, name: str) -> str:
        """The key of the attribute called ``name``, outside any set."""
        return next(
            f"{self.id}_{each.number}" for each in self.fields if isinstance(each, Attribute) and each.name == name
        )

    def rows_in(self, values: Mapping[str, object]) -> dict[int, int]:
        """How many rows each set has in ``values``; a set always shows at least one."""
        counts = {each.number: 1 for each in self.fields if isinstance(each, AttributeSet)}
        for key in values:
            parts = key.split("_")
            if len(parts) == 4 and parts[1].isdecimal() and parts[2].isdecimal():  # noqa: PLR2004 - cat_set_row_attr
                number, row = int(parts[1]), int(parts[2])
                if number in counts:
                    counts[number] = max(counts[number], row)
        return counts

    def blank(self) -> Values:
        """All values empty, one row in each set."""
        return {key: [] if each.most_values > 1 else None for key, each in self.slots({})}

    def changed(self, current: Mapping[str, object], given: Mapping[str, object]) -> Values:
        """``current`` with ``given`` laid over it, checked as a whole.

        Raises: Refusal for a foreign key, a value that breaks its attribute's rule, or a required one left empty.
        """
        values = dict(current)
        for key, value in given.items():
            self._lay(values, key, value)
        rows = self.rows_in(values)
        for key, attribute in self.slots(rows):
            values.setdefault(key, [] if attribute.most_values > 1 else None)
            if attribute.required and values[key] in (None, "", []):
                raise Refusal(400, f"Attribute '{attribute.name}' of category '{self.name}' is required.")
        return {key: values[key] for key, _ in self.slots(rows)}

    def _lay(self, values: Values, key: str, value: object) -> None:
        parts = key.split("_")
        if not parts[0].isdecimal() or int(parts[0]) != self.id:
            raise self._foreign(key)
        if parts[1:] == [str(STATE_NUMBER)]:
            return
        if key.endswith("_multilingual") and isinstance(value, Mapping):
            # Attributes here have one language: the server's own counts (CHOSEN).
            self._lay(values, key.removesuffix("_multilingual"), value.get(OWN_LANGUAGE))
            return
        match [int(part) if part.isdecimal() else part for part in parts[1:]]:
            case [int(number), int(row)] if (group := self.attribute_set(number)) and row <= group.most_rows:
                self._drop_row(values, group, row, value)
            case [int(number)] if attribute := _numbered(self.fields, number):
                values[key] = _accepted(attribute, value)
            case [int(number), int(row), int(member)] if group := self.attribute_set(number):
                inner = _numbered(group.attributes, member)
                if inner is None or not 1 <= row <= group.most_rows:
                    raise self._foreign(key)
                values[key] = _accepted(inner, value)
            case _:
                raise self._foreign(key)

    def _drop_row(self, values: Values, group: AttributeSet, row: int, value: object) -> None:
        """An empty value under ``{cat}_{set}_{row}`` removes that row; later rows move up."""
        if value not in ("", None):
            raise self._foreign(f"{self.id}_{group.number}_{row}")
        last = self.rows_in(values)[group.number]
        for at in range(row, last + 1):
            for member in group.attributes:
                here = f"{self.id}_{group.number}_{at}_{member.number}"
                after = f"{self.id}_{group.number}_{at + 1}_{member.number}"
                if after in values:
                    values[here] = values.pop(after)
                else:
                    values.pop(here, None)

    def _foreign(self, key: str) -> Refusal:
        return Refusal(
            400,
            f"Category ID '{self.id}' was specified for Categories Update, but a non-matching attribute "
            f"('{key}') was found",
        )


def _numbered(fields: Sequence[Attribute | AttributeSet], number: int) -> Attribute | None:
    return next((each for each in fields if isinstance(each, Attribute) and each.number == number), None)


def _accepted(attribute: Attribute, value: object) -> object:
    """``value`` as it is kept. Raises: Refusal when it breaks the attribute's rule."""
    if attribute.most_values > 1:
        given = list(value) if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
        if len(given) > attribute.most_values:
            raise _wrong(attribute, f"takes at most {attribute.most_values} values")
        return [_single(attribute, each) for each in given]
    if isinstance(value, list | tuple):
        if len(value) > 1:
            raise _wrong(attribute, "takes one value")
        value = value[0] if value else None
    return _single(attribute, value)


def _single(attribute: Attribute, value: object) -> object:
    if value is None or value == "":
        return None
    if attribute.choices and str(value) not in attribute.choices:
        raise _wrong(attribute, "allows only its valid values")
    match attribute.kind:
        case Kind.STRING:
            words = str(value)
            if len(words) > attribute.max_length:
                raise _wrong(attribute, f"takes at most {attribute.max_length} characters")
            return words
        case Kind.INTEGER:
            if isinstance(value, bool) or not str(value).lstrip("-").isdecimal():
                raise _wrong(attribute, "takes a whole number")
            return int(str(value))
        case Kind.BOOLEAN:
            if str(value).lower() not in ("true", "false", "1", "0"):
                raise _wrong(attribute, "takes true or false")
            return str(value).lower() in ("true", "1")
        case Kind.DATE:
            try:
                moment = datetime.fromisoformat(str(value))
            except ValueError:
                raise _wrong(attribute, "takes a date") from None
            return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _wrong(attribute: Attribute, why: str) -> Refusal:
    return Refusal(400, f"Invalid value for attribute '{attribute.name}': it {why}.")


def as_stored(value: object) -> object:
    """A Python value in the form in which categories keep it; for seeding."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{value.isoformat()}T00:00:00" if isinstance(value, date) else value


# Edit tokens


def token_of(values: Mapping[str, object]) -> str:
    """The edit token of a state of values: another state has another token."""
    return md5(repr(sorted(values.items())).encode(), usedforsecurity=False).hexdigest()


def check_token(given: object, values: Mapping[str, object]) -> None:
    """Raises: Refusal (409) when ``given``, the value of ``{cat}_1``, is a token of an older state."""
    token = given.get("metadata_token") if isinstance(given, Mapping) else None
    if token and token != token_of(values):
        raise stale()
