"""The metadata model of the sandbox's site: which fields and tables an asset has. Ids are site-specific by nature.

The product and business-unit tables carry the ids that OpenText's own client asks for.
"""

from dataclasses import dataclass
from typing import Final

from connectors.sandbox.core_dam import vocabulary as words

MODEL_ID: Final = "PD.MARKETING.MODEL"
MODEL_NAME: Final = "Marketing"
LEGACY_MODEL_ID: Final = 104


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDef:
    """A field or a table's column. ``domain`` is empty for free text."""

    id: str
    name: str
    domain: str = ""
    cascading: bool = False
    data_type: str = "CHAR"
    is_multilingual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDef:
    """A table; row *n* is the *n*-th value of every column."""

    id: str
    name: str
    columns: tuple[FieldDef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDef:
    """A group of fields and tables, the level below the model."""

    id: str
    name: str
    elements: tuple[FieldDef | TableDef, ...]


TITLE: Final = FieldDef(id="PD.FIELD.TITLE", name="Title", is_multilingual=True)
DESCRIPTION: Final = FieldDef(id="PD.FIELD.DESCRIPTION", name="Description", is_multilingual=True)
ALT_TEXT: Final = FieldDef(id="PD.FIELD.ALT TEXT", name="Alternative text", is_multilingual=True)
STATUS: Final = FieldDef(id="PD.FIELD.STATUS", name="Status", domain=words.STATUS)
LANGUAGE: Final = FieldDef(id="PD.FIELD.LANGUAGE", name="Language", domain=words.LANGUAGE)
AREA: Final = FieldDef(id="PD.FIELD.AREA", name="Area", domain=words.AREA, cascading=True)
OWNER: Final = FieldDef(id="PD.FIELD.OWNER", name="Owner")
COMMENT: Final = FieldDef(id="PD.FIELD.REVIEW COMMENT", name="Review comment")
EMBARGO: Final = FieldDef(id="PD.FIELD.EMBARGO UNTIL", name="Embargo until", data_type="DATE")
EXPIRATION: Final = FieldDef(id="ARTESIA.FIELD.EXPIRATION DATE", name="Expiration Date", data_type="DATE")

MARKETS: Final = TableDef(
    id="PD.TABLE.MARKETS",
    name="Markets",
    columns=(FieldDef(id="PD.COLUMN.MARKET", name="Market", domain=words.MARKET),),
)
CHANNELS: Final = TableDef(
    id="PD.TABLE.CHANNELS",
    name="Channels",
    columns=(FieldDef(id="PD.COLUMN.CHANNEL", name="Channel", domain=words.CHANNEL),),
)
TAGS: Final = TableDef(id="PD.TABLE.TAGS", name="Tags", columns=(FieldDef(id="ARTESIA.FIELD.TAG", name="Tag"),))
PRODUCTS: Final = TableDef(
    id="OTM.TABLE.PRODUCT_TABLE_FIELD",
    name="Products",
    columns=(FieldDef(id="PRODUCT_CHAR_ID", name="Product", domain=words.PRODUCT),),
)
NEW_PRODUCTS: Final = TableDef(
    id="OTMM.FIELD.PRODUCT_NEW.TAB",
    name="Products (new names)",
    columns=(FieldDef(id="OTMM.COLUMN.PRODUCT_NEW.TAB", name="Product", domain=words.NEW_PRODUCT),),
)
BUSINESS_UNITS: Final = TableDef(
    id="OTMM.FIELD.BUSINESS_UNIT.TAB",
    name="Business units",
    columns=(FieldDef(id="OTMM.COLUMN.BUSINESS_UNIT.TAB", name="Business unit", domain=words.BUSINESS_UNIT),),
)
USAGE: Final = TableDef(
    id="PD.TABLE.USAGE",
    name="Used in",
    columns=(
        FieldDef(id="PD.COLUMN.USED_IN", name="Used in"),
        FieldDef(id="PD.COLUMN.USED_LABEL", name="Label"),
        FieldDef(id="PD.COLUMN.USED_AT", name="At"),
    ),
)

CATEGORIES: Final = (
    # OpenText's own client reads the first category alone, so everything that a person fills in is there.
    CategoryDef(
        id="PD.CATEGORY.MAIN",
        name="Marketing",
        elements=(
            TITLE,
            DESCRIPTION,
            ALT_TEXT,
            STATUS,
            COMMENT,
            LANGUAGE,
            AREA,
            OWNER,
            MARKETS,
            CHANNELS,
            TAGS,
            PRODUCTS,
            NEW_PRODUCTS,
            BUSINESS_UNITS,
            USAGE,
        ),
    ),
    CategoryDef(id="PD.CATEGORY.RIGHTS", name="Rights", elements=(EMBARGO, EXPIRATION)),
)

FIELDS: Final = {
    element.id: element for category in CATEGORIES for element in category.elements if isinstance(element, FieldDef)
}
TABLES: Final = {
    element.id: element for category in CATEGORIES for element in category.elements if isinstance(element, TableDef)
}
COLUMNS: Final = {column.id: (table, column) for table in TABLES.values() for column in table.columns}
