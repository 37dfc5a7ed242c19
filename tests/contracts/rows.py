"""The rows of the five wire contracts, by id, in our own words.

A row is one statement about a vendor's wire: an operation, with the calls that carry it out, or a fact. The files
beside this module hold one contract each; a row's id is its section and its place within the section's tables.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

FOLDER: Final = Path(__file__).parent


class Side(StrEnum):
    """Who can hold a row."""

    CLIENT = "client"
    """The desk's own client."""
    SANDBOX = "sandbox"
    JUDGE = "judge"
    """A client that its vendor, or somebody else, wrote."""


class Mark(StrEnum):
    """How sure the contract is of a row."""

    CONFIRMED = "CONFIRMED"
    INFERRED = "INFERRED"
    CHOSEN = "CHOSEN"


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statement of a contract."""

    id: str
    says: str
    mark: Mark
    calls: tuple[str, ...] = ()
    """``GET /v1_1/{cloud}/resources/{type}``: ``{x}`` is one segment of the path, ``{x...}`` the rest of it."""
    beyond: dict[Side, str] = {}
    """Why a side cannot, or need not, hold it."""


class Contract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One system's rows, and why a side holds none of them where that is so."""

    row: tuple[Row, ...]
    beyond: dict[Side, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of exchange that was seen and answered."""

    side: Side
    method: str
    path: str


class Contracts:
    """All rows, by their full id: ``cloudinary 3.1.4``."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        self._contracts = dict(contracts)

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Contracts":
        """Every contract in ``folder``. Raises: ValueError naming the file, when one is malformed."""
        contracts = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                contracts[path.stem] = msgspec.convert(tomllib.loads(path.read_text("utf-8")), type=Contract)
            except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
                raise ValueError(f"{path.name}: {error}") from error
            ids = [row.id for row in contracts[path.stem].row]
            if twice := {each for each in ids if ids.count(each) > 1}:
                raise ValueError(f"{path.name}: {', '.join(sorted(twice))} is there twice")
        return cls(contracts)

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Full id → row, in the contracts' order."""
        return {f"{system} {row.id}": row for system, contract in self._contracts.items() for row in contract.row}

    def beyond(self, key: str, side: Side) -> str:
        """Why ``side`` does not hold the row; empty when nothing is said."""
        return self.rows[key].beyond.get(side) or self._contracts[key.partition(" ")[0]].beyond.get(side, "")

    def carried_out(self, asked: Iterable[Asked]) -> dict[str, set[Side]]:
        """Full id → the sides that were seen to carry out one of its calls."""
        by_method: dict[str, list[Asked]] = {}
        for exchange in asked:
            by_method.setdefault(exchange.method, []).append(exchange)
        return {
            key: sides
            for key, row in self.rows.items()
            if (sides := {each.side for call in row.calls for each in _matching(call, by_method)})
        }


def _matching(call: str, by_method: Mapping[str, Sequence[Asked]]) -> list[Asked]:
    method, _, path = call.partition(" ")
    wanted = pattern_of(path)
    return [each for each in by_method.get(method, ()) if wanted.fullmatch(each.path)]


def pattern_of(path: str) -> re.Pattern[str]:
    """A path with placeholders as an expression; a slash at the end is of no account, nor is a query."""
    literal, *_ = path.partition("?")
    parts = re.split(r"(\{[^}]+\})", literal.rstrip("/"))
    return re.compile(
        "".join(
            (".+" if part.endswith("...}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
        )
        + "/?"
    )
