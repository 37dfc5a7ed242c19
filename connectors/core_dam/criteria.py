"""What a search asks for, and how OTMM writes it down: JSON inside form fields (core-dam 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from connectors.core_dam.models import FolderId, OriginalId

PAGE_SIZE: Final = 200
"""The most that the vendor's own pages and client ask for (CONFIRMED)."""
DEFAULT_SEARCH_CONFIG: Final = "3"
"""The value of every public sample; a site may differ."""


class Operator(StrEnum):
    """Relational operators. Other ids are site settings: none was published."""

    CONTAINS = "ARTESIA.OPERATOR.CHAR.CONTAINS"
    NUMBER_IS = "ARTESIA.OPERATOR.NUMBER.IS"


class SystemField(StrEnum):
    """Fields that every OTMM has (CONFIRMED ids)."""

    NAME = "NAME"
    ASSET_ID = "ARTESIA.FIELD.ASSET ID"
    ORIGINAL_ASSET_ID = "ARTESIA.FIELD.ORIGINAL ASSET ID"
    IS_LATEST_VERSION = "ARTESIA.FIELD.IS LATEST VERSION"
    MIME_TYPE = "ARTESIA.FIELD.MIME TYPE"
    EXPIRATION_DATE = "ARTESIA.FIELD.EXPIRATION DATE"


class Joint(StrEnum):
    """How a condition is joined to the one before it."""

    AND = "and"
    OR = "or"


class KeywordScope(StrEnum):
    """Where keywords are looked for."""

    METADATA = "1"
    CONTENT = "2"
    BOTH = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCondition:
    """A field, or a column inside a :class:`TableCondition`, compared with a stored text."""

    field_id: str
    value: str
    operator: str = Operator.CONTAINS
    joint: Joint = Joint.AND
    opens: bool = False
    """A bracket before it."""
    closes: bool = False

    def as_json(self, *, tabular: bool = False) -> dict[str, str]:
        """The wire form."""
        kind = "SearchTabularFieldCondition" if tabular else "SearchScalarCondition"
        return {
            "type": f"com.artesia.search.{kind}",
            "metadata_field_id": self.field_id,
            "relational_operator_id": self.operator,
            "value": self.value,
            **_joined(self.joint, opens=self.opens, closes=self.closes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCondition:
    """One row of a table that meets all ``columns``."""

    table_id: str
    columns: tuple[FieldCondition, ...]
    joint: Joint = Joint.AND
    opens: bool = False
    closes: bool = False

    def as_json(self) -> dict[str, object]:
        """The wire form."""
        return {
            "type": "com.artesia.search.SearchTabularCondition",
            "metadata_table_id": self.table_id,
            "tabular_field_list": [column.as_json(tabular=True) for column in self.columns],
            **_joined(self.joint, opens=self.opens, closes=self.closes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCondition:
    """Words anywhere in ``scope``, as one condition among others."""

    words: str
    scope: KeywordScope = KeywordScope.BOTH
    joint: Joint = Joint.AND
    opens: bool = False
    closes: bool = False

    def as_json(self) -> dict[str, object]:
        """The wire form (keys CONFIRMED)."""
        return {
            "type": "com.artesia.search.SearchFulltextCondition",
            "keyword": self.words,
            "scope_id": self.scope.value,
            **_joined(self.joint, opens=self.opens, closes=self.closes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRestriction:
    """A ticked facet; None among the values means *the field is empty*."""

    field_id: str
    values: tuple[str | None, ...]
    field_name: str = ""

    def as_json(self) -> dict[str, object]:
        """The wire form."""
        return {
            "type": "com.artesia.search.facet.FacetSimpleFieldRestriction",
            "facet_generation_behavior": "EXCLUDE",
            "field_id": self.field_id,
            "field_name": self.field_name,
            "value_list": list(self.values),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """Everything one search may say; the defaults ask for the newest version of every asset."""

    keywords: str = "*"
    scope: KeywordScope | None = None
    conditions: Sequence[FieldCondition | TableCondition | TextCondition] = ()
    newest_only: bool = True
    facets: Sequence[FacetRestriction] = ()
    sort: str = ""
    """``asc_NAME``, ``desc_<field id>``."""
    limit: int = PAGE_SIZE
    load_type: str = "metadata"
    metadata_to_return: Sequence[str] = ()
    """Field ids; empty for all."""
    folder_id: FolderId | None = None
    with_descendants: bool = True
    facet_config_id: str = ""
    search_config_id: str = DEFAULT_SEARCH_CONFIG
    ids_only: bool = False
    preference_id: str = ""
    """A display-field preference of the site, such as ``ARTESIA.PREFERENCE.GALLERYVIEW.DISPLAYED_FIELDS``."""
    language: str = ""
    """``de_DE``: ask for the texts of every language, this one first; empty for the server's own alone."""

    def form_fields(self, *, after: int) -> tuple[tuple[str, str], ...]:
        """The form of the page that begins at ``after`` (0-based)."""
        fields = {
            "keyword_query": self.keywords,
            "keyword_scope_id": self.scope or "",
            "search_config_id": self.search_config_id,
            "after": str(after),
            "limit": str(self.limit),
            "sort": self.sort,
            "load_type": self.load_type,
            "level_of_detail": "full",
            "metadata_to_return": ",".join(self.metadata_to_return),
            "folder_filter": self.folder_id or "",
            "folder_filter_type": ("all" if self.with_descendants else "direct") if self.folder_id else "",
            "preference_id": self.preference_id,
            "load_multilingual_values": "true" if self.language else "",
            "multilingual_language_code": self.language,
            "facet_config_id": self.facet_config_id,
            "return_type": "ids" if self.ids_only else "",
            "search_condition_list": self._conditions(),
            "facet_restriction_list": self._facets(),
        }
        return tuple((name, said) for name, said in fields.items() if said)

    def _conditions(self) -> str:
        conditions = [condition.as_json() for condition in self.conditions]
        if self.newest_only:
            newest = FieldCondition(field_id=SystemField.IS_LATEST_VERSION, value="Y")
            conditions.append(newest.as_json())
        return _wrapped("search_condition_list", "search_condition", conditions)

    def _facets(self) -> str:
        restrictions = [restriction.as_json() for restriction in self.facets]
        return _wrapped("facet_restriction_list", "facet_field_restriction", restrictions)


def versions_of(original_id: OriginalId) -> SearchQuery:
    """Every version of one asset, newest not alone (INFERRED, core-dam 8.6)."""
    condition = FieldCondition(field_id=SystemField.ORIGINAL_ASSET_ID, value=original_id)
    return SearchQuery(conditions=(condition,), newest_only=False)


def _joined(joint: Joint, *, opens: bool, closes: bool) -> dict[str, str]:
    joined = {"relational_operator": joint.value}
    if opens:
        joined["left_paren"] = "("
    if closes:
        joined["right_paren"] = ")"
    return joined


def _wrapped(outer: str, inner: str, items: Sequence[object]) -> str:
    return msgspec.json.encode({outer: {inner: items}}).decode() if items else ""
