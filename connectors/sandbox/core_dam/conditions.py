"""Search conditions: keyword text, fields, tables, full text (core-dam 4)."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.bodies import JSON, objects
from connectors.sandbox.core_dam.errors import malformed
from connectors.sandbox.core_dam.expression import Predicate, Sign, Subject, read_expression
from connectors.sandbox.core_dam.originals import HEAD_LENGTH
from connectors.sandbox.core_dam.schema import FieldDef
from connectors.sandbox.core_dam.state import AssetRecord, Row, stamp
from connectors.sandbox.core_dam.vocabulary import Vocabulary

Match = Callable[[str, str], bool]
"""Stored text and wanted value, both lower-case."""


def _as_number(match: Callable[[float, float], bool]) -> Match:
    def compare(stored: str, wanted: str) -> bool:
        try:
            return match(float(stored), float(wanted))
        except ValueError:
            return False

    return compare


OPERATORS: Final[Mapping[str, Match]] = {
    "ARTESIA.OPERATOR.CHAR.CONTAINS": lambda stored, wanted: wanted in stored,
    "ARTESIA.OPERATOR.NUMBER.IS": _as_number(lambda stored, wanted: stored == wanted),
    # CHOSEN: the ids of all other operators were never seen.
    "ARTESIA.OPERATOR.CHAR.IS": lambda stored, wanted: stored == wanted,
    "ARTESIA.OPERATOR.CHAR.IS NOT": lambda stored, wanted: stored != wanted,
    "ARTESIA.OPERATOR.NUMBER.IS GREATER THAN": _as_number(lambda stored, wanted: stored > wanted),
    "ARTESIA.OPERATOR.NUMBER.IS LESS THAN": _as_number(lambda stored, wanted: stored < wanted),
    "ARTESIA.OPERATOR.DATE.IS AFTER": lambda stored, wanted: stored > wanted,
    "ARTESIA.OPERATOR.DATE.IS BEFORE": lambda stored, wanted: stored < wanted,
}


def content_type(record: AssetRecord) -> str:
    """The vendor's word for what a file is."""
    main, _, sub = record.master.media_type.partition("/")
    if main == "image" and sub != "svg+xml":
        return "BITMAP"
    return {"video": "VIDEO", "application": "ACROBAT" if sub == "pdf" else "MSOFFICE"}.get(main, "LAYOUT")


_SYSTEM_FIELDS: Final[Mapping[str, Callable[[AssetRecord], str]]] = {
    "NAME": lambda record: record.name,
    "ARTESIA.FIELD.ASSET NAME": lambda record: record.name,
    "ARTESIA.FIELD.ASSET ID": lambda record: record.asset_id,
    "ARTESIA.FIELD.ORIGINAL ASSET ID": lambda record: record.original_asset_id,
    "ARTESIA.FIELD.IS LATEST VERSION": lambda record: "Y" if record.is_latest else "N",
    "ARTESIA.FIELD.ASSET VERSION": lambda record: str(record.number),
    "ARTESIA.FIELD.MIME TYPE": lambda record: record.master.media_type,
    "ARTESIA.FIELD.CONTENT TYPE": content_type,
    "ARTESIA.FIELD.CONTENT SIZE": lambda record: str(record.master.size_bytes),
    "ARTESIA.FIELD.DATE IMPORTED": lambda record: stamp(record.imported_at),
    "ARTESIA.FIELD.DATE LAST UPDATED": lambda record: stamp(record.updated_at),
    "ARTESIA.FIELD.CREATED BY": lambda record: record.creator,
}
"""Fields that every OTMM has. Only the ids of NAME, ASSET ID, ORIGINAL ASSET ID, IS LATEST VERSION and MIME TYPE are
CONFIRMED."""

MAX_BRACKETS: Final = 60
"""Far more than a person writes, far less than what would exhaust the reader's stack."""
_WORDS: Final = re.compile(r'"[^"]*"|[()]|[^\s()"]+')


def knows_field(field_id: str) -> bool:
    """Whether the model has it."""
    return field_id in _SYSTEM_FIELDS or field_id in schema.FIELDS or field_id in schema.COLUMNS


def texts(record: AssetRecord, field_id: str) -> list[str]:
    """Every stored text of any field, system ones included."""
    if field_id in _SYSTEM_FIELDS:
        return [_SYSTEM_FIELDS[field_id](record)]
    return record.texts(field_id)


class Conditions:
    """Turns what a search asks into one predicate over records."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._domains = vocabulary.domains
        self._remembered: dict[str, str] = {}
        """What is said of each untouched original, by what its ids begin with."""

    def keywords(self, query: str, *, scope: str) -> Predicate[AssetRecord]:
        """``*`` and nothing at all let everything pass; words joined by ``and``, ``or``, ``not`` and brackets."""
        tokens: list[Sign | Predicate[AssetRecord]] = []
        for word in _WORDS.findall(query):
            if word.lower() in set(Sign):
                tokens.append(Sign(word.lower()))
            else:
                tokens.append(self._word(word.strip('"').lower(), scope))
        return _read(tokens)

    def chain(self, conditions: Sequence[JSON]) -> tuple[Predicate[AssetRecord], bool]:
        """One predicate, and whether some condition could not be understood and was left out."""
        tokens: list[Sign | Predicate[AssetRecord]] = []
        invalid = False
        for condition in conditions:
            predicate = self._condition(condition)
            if predicate is None:
                invalid = True
                continue
            tokens += _joined(condition, predicate, first=not tokens)
        return _read(tokens), invalid

    def _condition(self, condition: JSON) -> Predicate[AssetRecord] | None:
        match str(condition.get("type", "")).rpartition(".")[2]:
            case "SearchScalarCondition":
                return self._scalar(condition)
            case "SearchTabularCondition":
                return self._tabular(condition)
            case "SearchFulltextCondition":
                return self.keywords(str(condition.get("keyword", "")), scope=str(condition.get("scope_id", "3")))
            case _:
                return None

    def _scalar(self, condition: JSON) -> Predicate[AssetRecord] | None:
        field_id = str(condition.get("metadata_field_id", ""))
        match = self._match(condition, field_id)
        if match is None:
            return None
        return lambda record: any(match(text) for text in texts(record, field_id))

    def _tabular(self, condition: JSON) -> Predicate[AssetRecord] | None:
        """The conditions on columns must be met by one and the same row."""
        table = schema.TABLES.get(str(condition.get("metadata_table_id", "")))
        if table is None:
            return None
        tokens: list[Sign | Predicate[Row]] = []
        for each in objects(condition.get("tabular_field_list", [])):
            column_id = str(each.get("metadata_field_id", ""))
            match = self._match(each, column_id)
            if match is None or all(column.id != column_id for column in table.columns):
                return None
            tokens += _joined(each, _cell(column_id, match), first=not tokens)
        met = _read(tokens)
        return lambda record: any(met(row) for row in record.tables.get(table.id, []))

    def _match(self, condition: JSON, field_id: str) -> Callable[[str], bool] | None:
        operator_id = str(condition.get("relational_operator_id", ""))
        operator = OPERATORS.get(operator_id)
        wanted = str(condition.get("value", "")).lower()
        if operator is None or not knows_field(field_id):
            return None
        if operator_id.endswith("CHAR.CONTAINS") and _has_domain(field_id):
            # A code is one word: product 21 is not found by asking for 213, nor the other way round (CHOSEN).
            return lambda stored: wanted in stored.lower().split("^")
        return lambda stored: operator(stored.lower(), wanted)

    def _word(self, word: str, scope: str) -> Predicate[AssetRecord]:
        if word == "*":
            return lambda _record: True
        wanted = word.strip("* ")
        in_metadata, in_content = scope in {"1", "3", ""}, scope in {"2", "3"}
        return lambda record: (
            (in_metadata and self._has_word(record, wanted)) or (in_content and _content_has(record, wanted))
        )

    def _has_word(self, record: AssetRecord, wanted: str) -> bool:
        if wanted in record.fields.get(schema.TITLE.id, "").lower():
            return True
        if not record.is_untouched:
            return wanted in self._spoken(record)
        head = record.asset_id[:HEAD_LENGTH]
        if head not in self._remembered:
            self._remembered[head] = self._spoken(record)
        return wanted in self._remembered[head]

    def _spoken(self, record: AssetRecord) -> str:
        """Everything but the title that people read about it, in lower case; labels in place of codes."""
        shown = [record.name]
        for field_id, described in schema.FIELDS.items():
            if field_id != schema.TITLE.id:
                shown += self._shown(record, field_id, described)
        for column_id, (_, column) in schema.COLUMNS.items():
            shown += self._shown(record, column_id, column)
        for texts_by_language in record.languages.values():
            shown += texts_by_language.values()
        return "\n".join(shown).lower()

    def _shown(self, record: AssetRecord, field_id: str, described: FieldDef) -> list[str]:
        stored = record.texts(field_id)
        return [self._domains[described.domain].label(text) for text in stored] if described.domain else stored


def _read(tokens: Sequence[Sign | Predicate[Subject]]) -> Predicate[Subject]:
    """Raises: OtmmError when brackets are nested beyond any sense."""
    if sum(token in {Sign.OPEN, Sign.NOT} for token in tokens) > MAX_BRACKETS:
        raise malformed("The search expression")
    return read_expression(tokens)


def _joined(condition: JSON, predicate: Predicate[Subject], *, first: bool) -> list[Sign | Predicate[Subject]]:
    """The predicate with its brackets and the word that joins it to the one before."""
    joint = Sign.OR if str(condition.get("relational_operator", "and")).lower() == Sign.OR else Sign.AND
    opened, closed = str(condition.get("left_paren") or ""), str(condition.get("right_paren") or "")
    return [
        *([] if first else [joint]),
        *([Sign.OPEN] * opened.count("(")),
        predicate,
        *([Sign.CLOSE] * closed.count(")")),
    ]


def _cell(column_id: str, match: Callable[[str], bool]) -> Predicate[Row]:
    return lambda row: match(row.get(column_id, ""))


def _has_domain(field_id: str) -> bool:
    described = schema.COLUMNS[field_id][1] if field_id in schema.COLUMNS else schema.FIELDS.get(field_id)
    return bool(described and described.domain)


def _content_has(record: AssetRecord, wanted: str) -> bool:
    """Full text of text-like files alone; pictures have none."""
    if record.master.media_type != "image/svg+xml" and not record.master.media_type.startswith("text/"):
        return False
    return wanted in record.master.read().decode(errors="ignore").lower()
