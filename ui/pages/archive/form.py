"""The form's state without a window: what is known fills itself in, what a person typed stays, what is wrong is named.

Field names are the archive's own. Those that the desk can answer are matched by name, whatever their case.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath

from app.outbox import new_request_key
from app.records import Category, CategoryField, Customer, RecordSeries
from app.rules.filing import CATEGORY_FIELD, NAME_FIELD, WORKSPACE_FIELD, objections_to_filing
from app.rules.retention import RetentionSchedule, free_on
from app.use_cases.file_document import FilingWish
from ui.pages.archive.document import ChosenDocument

FILE_FIELD = "file"
"""The objection of a form without a document; the other keys are those of :mod:`app.rules.filing`."""

ACCOUNT, DOCUMENT_DATE, DOCUMENT_TYPE, CHANNEL, HASH = "account", "document date", "document type", "channel", "hash"


class FilingForm:
    """One filing in the making. Its request key is made with it, so that a second click is the same wish."""

    def __init__(self, *, today: date) -> None:
        self.request_key = new_request_key()
        self.document: ChosenDocument | None = None
        self.customer: Customer | None = None
        self.workspace_words = ""
        """What stands in the field of the workspace, chosen or half typed."""
        self.found_nobody = False
        """Whether the words in the field of the workspace were looked up in vain."""
        self.names_there: frozenset[str] = frozenset()
        """The names that the workspace holds already, as far as is known."""
        self.categories: tuple[Category, ...] = ()
        self.category: Category | None = None
        self.values: dict[str, str] = {}
        self.name = ""
        self.every_series: tuple[RecordSeries, ...] = ()
        """The archive's file plan; empty where it has none, or has not told it."""
        self.series: RecordSeries | None = None
        """What the document becomes a record of; None when it becomes none."""
        self.refusals: dict[str, str] = {}
        """Field → what the desk said when it was filed all the same; gone as soon as that field is changed."""
        self._today = today
        self._document_type = ""
        self._channel = ""
        self._touched: set[str] = set()

    @property
    def is_pristine(self) -> bool:
        """Whether nothing has been put into it yet."""
        return self.document is None and self.customer is None and not self._touched

    def choose_document(self, document: ChosenDocument, *, document_type: str = "", channel: str = "") -> None:
        """Take the document; its hash and the suggested name follow. What is known of its kind fills its fields."""
        self.document = document
        self._document_type = document_type or self._document_type
        self._channel = channel or self._channel
        self.refusals.pop(FILE_FIELD, None)
        self._fill_in()

    def type_workspace(self, words: str) -> None:
        """Note what a person types into the workspace's field: nobody is chosen until a match is."""
        self._touched.add(WORKSPACE_FIELD)
        self.workspace_words = words
        self.found_nobody = False
        self._forget_customer()

    def choose_customer(self, customer: Customer, *, names_there: frozenset[str] = frozenset()) -> None:
        """File to this customer. The category and its fields are asked anew for another workspace."""
        if self.customer is None or self.customer.workspace != customer.workspace:
            self._forget_customer()
        self.customer = customer
        self.workspace_words = f"{customer.name} · {customer.number}"
        self.names_there = names_there
        self.refusals.pop(WORKSPACE_FIELD, None)
        self._fill_in()

    def learn_names(self, names: frozenset[str]) -> None:
        """Know what the workspace holds; a suggested name gives way to it."""
        self.names_there = names
        self._fill_in()

    def offer_categories(self, categories: Sequence[Category]) -> None:
        """Take the categories of the workspace; the usual one, which comes first, is chosen."""
        kept = self.category.id if self.category else None
        self.categories = tuple(categories)
        self.category = next((each for each in categories if each.id == kept), None) or next(iter(categories), None)
        self._fill_in()

    def prefer_category(self, category_id: int) -> None:
        """Choose the category that a document had before, where it is still offered."""
        if any(each.id == category_id for each in self.categories):
            self.choose_category(category_id)

    def choose_category(self, category_id: int) -> None:
        """Another kind of document; what was typed stays where the new one has a field of the same name."""
        typed = {
            field.name.casefold(): self.values.get(field.key, "") for field in self._fields if self._is_typed(field)
        }
        self.category = next((each for each in self.categories if each.id == category_id), None)
        for field in self._fields:
            if field.name.casefold() in typed:
                self.values[field.key] = typed[field.name.casefold()]
                self._touched.add(field.key)
        self._touched.add(CATEGORY_FIELD)
        self._fill_in()

    def type_value(self, key: str, value: str) -> None:
        """A person filled a field of the category; it is not filled in by itself any more."""
        self._touched.add(key)
        self.refusals.pop(key, None)
        self.values[key] = value
        self._fill_in()

    def type_name(self, name: str) -> None:
        """A person named the file; an emptied name is suggested again when something else changes."""
        self._touched.add(NAME_FIELD)
        self.refusals.pop(NAME_FIELD, None)
        self.name = name

    def offer_series(self, every: Sequence[RecordSeries], *, usual: str = "") -> None:
        """Take the archive's file plan; the ``usual`` one is chosen where nobody has chosen another."""
        self.every_series = tuple(every)
        if self.series is None:
            self.choose_series(usual)

    def choose_series(self, name: str) -> None:
        """Keep the document as a record of this; an unknown name is none."""
        self.series = next((each for each in self.every_series if each.name == name), None)

    @property
    def series_note(self) -> str:
        """Until when it would be kept. Never more than an expectation: the archive's own word comes after filing."""
        if self.series is None:
            return "How long it is kept, the archive alone decides."
        if self.series.years is None:
            return "The archive says after filing when it ends."
        schedule = RetentionSchedule(name=self.series.name, years=self.series.years)
        end = free_on(schedule, starts_on=self._today)
        if end is None:
            return "It is kept for good. Read back after filing."
        return f"Ends {end.day} {end:%B %Y} if it starts today. Read back after filing."

    def put(self, *, name: str, values: Mapping[str, str]) -> None:
        """Restore what was once filled in, as if it had been typed."""
        self._touched |= {NAME_FIELD, *values}
        self.name = name
        self.values |= values

    @property
    def objections(self) -> Mapping[str, str]:
        """Field → sentence, for all that stands in the way."""
        missing = {}
        if self.document is None:
            missing[FILE_FIELD] = "Choose a file."
        if self.customer is None:
            missing[WORKSPACE_FIELD] = self._missing_workspace()
        ruled = objections_to_filing(name=self.name, category=self.category, values=self.values)
        return missing | ruled | self.refusals

    @property
    def shown_objections(self) -> Mapping[str, str]:
        """The objections that a person should see in red by now.

        A field that nobody has come to yet is not scolded; with the document and the workspace there, the rest is due.
        """
        is_due = self.document is not None and self.customer is not None and self.category is not None
        return {
            key: sentence
            for key, sentence in self.objections.items()
            if is_due or key in self._touched or key in self.refusals
        }

    @property
    def name_note(self) -> str:
        """What to know about the name although it may be right: one workspace, one name once."""
        taken = {name.casefold() for name in self.names_there}
        if self.name.strip().casefold() in taken:
            return "A document of this name is there already."
        return ""

    def wish(self, *, actor: str) -> FilingWish | None:
        """The wish, once there is a document and a customer; whether the rest is right says the use-case."""
        if self.document is None or self.customer is None:
            return None
        keys = {field.key for field in self._fields}
        return FilingWish(
            customer=self.customer,
            content=self.document.content,
            media_type=self.document.media_type,
            name=self.name,
            category=self.category,
            values={key: value for key, value in self.values.items() if key in keys},
            request_key=self.request_key,
            actor=actor,
            series=self.series,
        )

    @property
    def _fields(self) -> tuple[CategoryField, ...]:
        return self.category.fields if self.category else ()

    def _missing_workspace(self) -> str:
        if not self.workspace_words.strip():
            return "Choose whose workspace it goes to."
        return "No customer has that name or number." if self.found_nobody else "Choose one of the matches."

    def _is_typed(self, field: CategoryField) -> bool:
        return field.key in self._touched

    def _forget_customer(self) -> None:
        self.customer = None
        self.names_there = frozenset()
        self._fill_in()

    def _fill_in(self) -> None:
        known = {
            ACCOUNT: str(self.customer.number) if self.customer else "",
            DOCUMENT_DATE: self._today.isoformat(),
            DOCUMENT_TYPE: self._document_type,
            CHANNEL: self._channel,
            HASH: self.document.sha256 if self.document else "",
        }
        for field in self._fields:
            # The hash is the document's, whatever stood there: of a filing that is made anew, the old one's.
            is_ours = not self._is_typed(field) or field.name.casefold() == HASH
            if is_ours and (said := known.get(field.name.casefold())) is not None:
                self.values[field.key] = _accepted(field, said)
        if NAME_FIELD not in self._touched or not self.name.strip():
            self.name = self._suggested_name()

    def _suggested_name(self) -> str:
        if self.document is None or self.customer is None:
            return ""
        said = {field.name.casefold(): self.values.get(field.key, "") for field in self._fields}
        day = said.get(DOCUMENT_DATE) or self._today.isoformat()
        words = (day, said.get(DOCUMENT_TYPE, ""), str(self.customer.number))
        stem = " ".join(word for word in words if word).replace(":", "-")
        return _free_name(stem, self.document.suffix, self.names_there)


def _accepted(field: CategoryField, value: str) -> str:
    """``value`` as the field's choices write it; empty when it is none of them."""
    if not field.choices:
        return value
    return next((choice for choice in field.choices if choice.casefold() == value.casefold()), "")


def _free_name(stem: str, suffix: str, taken: frozenset[str]) -> str:
    folded = {name.casefold() for name in taken}
    name, number = f"{stem}{suffix}", 2
    while name.casefold() in folded:
        name, number = f"{stem} ({number}){suffix}", number + 1
    return name


def another_name(name: str, taken: frozenset[str]) -> str:
    """``name`` with a number before its ending, different from all of ``taken`` and from itself."""
    path = PurePath(name)
    return _free_name(name.removesuffix(path.suffix), path.suffix, taken | {name})
