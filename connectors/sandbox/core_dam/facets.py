"""Facets: what the hits of a search divide into, counted, and the restrictions that a person ticks (core-dam 4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.bodies import JSON
from connectors.sandbox.core_dam.conditions import knows_field, texts
from connectors.sandbox.core_dam.originals import OWN_FIELDS
from connectors.sandbox.core_dam.state import AssetRecord
from connectors.sandbox.core_dam.vocabulary import Vocabulary

FACETS: Final = {
    "ARTESIA.FIELD.MIME TYPE": "Mime Type",
    "ARTESIA.FIELD.CONTENT TYPE": "Content Type",
    "PD.FIELD.STATUS": "Status",
    "PD.FIELD.LANGUAGE": "Language",
    "PD.COLUMN.MARKET": "Market",
    "PD.COLUMN.CHANNEL": "Channel",
    "PRODUCT_CHAR_ID": "Product",
}
"""Field id → the name people read; the one facet configuration of this site (CHOSEN)."""
Counted: TypeAlias = tuple[AssetRecord, int]
"""A record and how many times it is there."""
_SIMPLE: Final = "FacetSimpleFieldRestriction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A ticked facet: any of ``values``; None stands for *the field is empty* (CONFIRMED)."""

    field_id: str
    values: frozenset[str | None]
    counts_as_if_absent: bool
    """``EXCLUDE``: its own facet is counted without it, so that a second value can be ticked (INFERRED)."""


class Facets:
    """Reads restrictions, applies them and counts. ``is_older``: inner names begin with an underscore, as some do."""

    def __init__(self, vocabulary: Vocabulary, *, is_older: bool = False) -> None:
        self._domains = vocabulary.domains
        self._is_older = is_older

    def restrictions(self, listed: Iterable[JSON]) -> tuple[list[Restriction], bool]:
        """The readable ones, and whether some were not."""
        read: list[Restriction] = []
        invalid = False
        for each in listed:
            field_id, values = str(each.get("field_id", "")), each.get("value_list")
            kind = str(each.get("type", "")).rpartition(".")[2]
            is_facet = (
                knows_field(field_id) and field_id not in OWN_FIELDS
            )  # nothing is divided by what is everyone's own
            if kind != _SIMPLE or not is_facet or not isinstance(values, list):
                invalid = True
                continue
            read.append(
                Restriction(
                    field_id=field_id,
                    values=frozenset(None if value is None else str(value).strip().lower() for value in values),
                    counts_as_if_absent=str(each.get("facet_generation_behavior", "")).upper() == "EXCLUDE",
                )
            )
        return read, invalid

    def passes(self, record: AssetRecord, restrictions: Sequence[Restriction]) -> bool:
        """Whether ``record`` meets all of them, by code or by label."""
        return all(self._meets(record, restriction) for restriction in restrictions)

    def count(self, found: Sequence[Counted], restrictions: Sequence[Restriction]) -> list[dict[str, object]]:
        """One entry per facet. ``found`` are the hits before any restriction."""
        hits = [counted for counted in found if self.passes(counted[0], restrictions)]
        return [self._entry(field_id, name, found, hits, restrictions) for field_id, name in FACETS.items()]

    def _entry(
        self,
        field_id: str,
        name: str,
        found: Sequence[Counted],
        hits: Sequence[Counted],
        restrictions: Sequence[Restriction],
    ) -> dict[str, object]:
        others = [each for each in restrictions if not (each.counts_as_if_absent and each.field_id == field_id)]
        counted = hits
        if len(others) < len(restrictions):
            counted = [each for each in found if self.passes(each[0], others)]
        buckets: Counter[str] = Counter()
        empty = 0
        for record, times in counted:
            shown = {self._shown(field_id, text) for text in texts(record, field_id)}
            for value in shown:
                buckets[value] += times
            empty += 0 if shown else times
        values: list[dict[str, object]] = [
            {"value": value, "asset_count": count}
            for value, count in sorted(buckets.items(), key=lambda bucket: (-bucket[1], bucket[0]))
        ]
        if empty:
            values.append({"asset_count": empty})  # a bucket without a value counts the empty fields (CONFIRMED)
        before = "_" if self._is_older else ""
        return {
            "field_name": name,
            f"{before}facet_field_request": {"field_id": field_id},
            f"{before}facet_value_list": values,
        }

    def _meets(self, record: AssetRecord, restriction: Restriction) -> bool:
        stored = texts(record, restriction.field_id)
        if not stored:
            return None in restriction.values
        said = {text.lower() for text in stored} | {self._shown(restriction.field_id, text).lower() for text in stored}
        return not said.isdisjoint(restriction.values)

    def _shown(self, field_id: str, text: str) -> str:
        """Facets carry labels even where their name ends in ``_ID`` (CONFIRMED)."""
        described = schema.COLUMNS[field_id][1] if field_id in schema.COLUMNS else schema.FIELDS.get(field_id)
        return self._domains[described.domain].label(text).strip() if described and described.domain else text
