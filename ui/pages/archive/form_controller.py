"""What happens in the form: the document is read, the workspace found, its categories asked for, the filing queued."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.outbox import new_request_key
from app.records import Customer, CustomerNumber, OutboxEntry, RecordSeries
from app.rules.filing import CATEGORY_FIELD, NAME_FIELD, WORKSPACE_FIELD
from app.use_cases.file_document import KeptFiling
from ui.pages.archive.document import ChosenDocument, read_document, take_draft
from ui.pages.archive.form import FILE_FIELD, FilingForm, another_name
from ui.pages.archive.form_view import FilingFormView
from ui.pages.archive.trouble import TroubleError, plainly
from ui.pages.archive.workspace_field import WorkspaceMatch
from ui.pages.context import PageContext
from ui.pages.filing_draft import FilingDraft
from ui.tasks import Tasks

_SERIES = "archive/series"
_OWN_FIELDS = frozenset({FILE_FIELD, WORKSPACE_FIELD, CATEGORY_FIELD, NAME_FIELD})


class FormController:
    """One form after another. ``on_filed`` is told of each entry, with the form that it came from."""

    def __init__(
        self,
        view: FilingFormView,
        *,
        context: PageContext,
        tasks: Tasks,
        now: Callable[[], datetime],
        on_filed: Callable[[OutboxEntry, FilingForm], None],
    ) -> None:
        self._view = view
        self._context = context
        self._tasks = tasks
        self._now = now
        self._on_filed = on_filed
        self._customers: dict[str, Customer] = {}
        self._search: asyncio.Task[None] | None = None
        self._asked: asyncio.Task[None] | None = None
        self._is_filing = False
        self.form = self._new_form()
        self._series: tuple[RecordSeries, ...] | None = None
        """The file plan; None until it was asked for."""
        self.field_names: dict[str, str] = {}
        """The names of the categories' fields by key, as far as the archive has told them."""
        view.words_typed.connect(self._on_words_typed)
        view.search_wanted.connect(self._on_search_wanted)
        view.customer_chosen.connect(self._on_customer_chosen)
        view.category_chosen.connect(self._on_category_chosen)
        view.value_typed.connect(self._on_value_typed)
        view.name_typed.connect(self._on_name_typed)
        view.series_chosen.connect(self._on_series_chosen)
        view.again_wanted.connect(self._on_again_wanted)

    def show(self) -> None:
        """Show the form as it stands."""
        self._view.show_form(self.form, is_asking=self._is_asking, is_filing=self._is_filing)

    def clear(self) -> None:
        """Begin anew."""
        self.put(self._new_form())

    def put(self, form: FilingForm, *, source: str = "") -> None:
        """Go on with ``form``, such as one that was undone. It becomes a wish of its own."""
        form.request_key = new_request_key()
        self.form = form
        self._view.show_trouble("")
        self._view.show_source(source)
        self._view.show_matches(())
        self.show()

    async def read(self, path: Path) -> None:
        """Take the file at ``path`` into the form; what is wrong with it is said there."""
        form = self.form
        try:
            document = await plainly(self._context.run(read_document, path))
        except TroubleError as trouble:
            form.refusals[FILE_FIELD] = trouble.words
            self.show()
            return
        form.choose_document(document)
        self.show()

    async def take(self, draft: FilingDraft) -> None:
        """Begin a form with what another page hands over."""
        self.clear()
        form = self.form
        document = await self._context.run(take_draft, draft)
        form.choose_document(document, document_type=draft.document_type, channel=draft.channel or "")
        self.show()
        if draft.customer is not None:
            await self._choose_known(form, draft.customer)
        self._view.begin()

    async def reopen(self, kept: KeptFiling) -> None:
        """Begin a form with a filing that was refused, under another name."""
        order = kept.order
        self.put(self._new_form(), source=f"instead of {order.name}")
        form = self.form
        document = await asyncio.to_thread(
            ChosenDocument.of, name=order.name, media_type=order.media_type, content=kept.content
        )
        form.choose_document(document)
        form.put(name=order.name, values=order.values)
        await self._choose_known(form, order.customer)
        form.put(name=another_name(order.name, form.names_there), values={})
        form.prefer_category(order.category)
        form.choose_series(order.series.name if order.series else "")
        self.show()

    async def file(self) -> OutboxEntry | None:
        """Queue the filing. None when something stands in the way, which is then said where it belongs."""
        form = self.form
        wish = form.wish(actor=self._context.actor)
        if wish is None or form.objections or self._is_filing:
            return None
        self._is_filing = True
        self.show()
        try:
            entry = await plainly(self._context.run(self._context.use.file_document, wish))
        except TroubleError as trouble:
            self._place(trouble, form)
            return None
        finally:
            self._is_filing = False
            self.show()
        self._context.memory.set(_SERIES, form.series.name if form.series else "")
        self._on_filed(entry, form)
        return entry

    async def _choose_known(self, form: FilingForm, number: CustomerNumber) -> None:
        try:
            held = await plainly(self._context.run(self._context.use.open_customer, number))
        except TroubleError as trouble:
            form.workspace_words = str(number)
            form.refusals[WORKSPACE_FIELD] = trouble.sentence
            self.show()
            return
        form.choose_customer(held.customer, names_there=frozenset(each.name for each in held.documents))
        self.show()
        await self._ask(form, held.customer)

    async def _find(self, words: str) -> None:
        matches = await self._context.run(self._context.use.find_customers, words)
        self.form.found_nobody = not matches
        self._customers = {str(match.customer.number): match.customer for match in matches}
        self._view.show_matches(
            [
                WorkspaceMatch(
                    key=str(match.customer.number), name=match.customer.name, detail=str(match.customer.number)
                )
                for match in matches
            ]
        )
        self.show()

    async def _ask(self, form: FilingForm, customer: Customer) -> None:
        """Ask the archive what the workspace takes, and then what it holds: the second may fail and only helps."""
        self._view.show_trouble("")
        try:
            categories = await plainly(self._context.run(self._context.use.list_categories, customer.workspace))
        except TroubleError as trouble:
            if self._is_about(form, customer):
                self._view.show_trouble(trouble.words, action="Ask again")
            return
        self.field_names |= {field.key: field.name for category in categories for field in category.fields}
        if not self._is_about(form, customer):
            return
        form.offer_categories(categories)
        self.show()
        self._view.move_on()
        await self._offer_series(form)
        # What is there already only helps to choose a name, so it may be out of reach.
        with suppress(TroubleError):
            await plainly(self._context.run(self._context.use.refresh_customer, customer))
        with suppress(TroubleError):
            held = await plainly(self._context.run(self._context.use.open_customer, customer.number))
            form.learn_names(frozenset(document.name for document in held.documents))
            self.show()

    async def _offer_series(self, form: FilingForm) -> None:
        """Offer the file plan. An archive without one, or an account that may not see it, files without."""
        if self._series is None:
            with suppress(TroubleError):
                self._series = tuple(await plainly(self._context.run(self._context.use.list_record_series)))
        usual = self._context.memory.get(_SERIES)
        form.offer_series(self._series or (), usual=usual if isinstance(usual, str) else "")
        self.show()

    def _is_about(self, form: FilingForm, customer: Customer) -> bool:
        """Whether that form is still the one that is shown, and still for that customer: both may change meanwhile."""
        return form is self.form and form.customer == customer

    def _place(self, trouble: TroubleError, form: FilingForm) -> None:
        category = form.category
        keys = _OWN_FIELDS | {field.key for field in category.fields} if category else _OWN_FIELDS
        if trouble.field in keys:
            form.refusals[trouble.field] = trouble.sentence
        else:
            self._view.show_trouble(trouble.words)

    @property
    def _is_asking(self) -> bool:
        return self._asked is not None and not self._asked.done()

    def _new_form(self) -> FilingForm:
        return FilingForm(today=self._now().astimezone().date())

    def _on_words_typed(self, words: str) -> None:
        self.form.type_workspace(words)
        self.show()

    def _on_search_wanted(self, words: str) -> None:
        if self._search is not None:
            self._search.cancel()
        if not words.strip() or self.form.customer is not None:
            self._view.show_matches(())
            return
        self._search = self._tasks.start(self._find(words), name="find the workspace")

    def _on_customer_chosen(self, number: str) -> None:
        customer = self._customers.get(number)
        if customer is not None:
            self.form.choose_customer(customer)
            self._start_asking(customer)

    def _on_again_wanted(self) -> None:
        if self.form.customer is not None:
            self._start_asking(self.form.customer)

    def _start_asking(self, customer: Customer) -> None:
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._tasks.start(self._ask(self.form, customer), name="ask for the categories")
        self._asked.add_done_callback(lambda _: self.show())
        self.show()

    def _on_category_chosen(self, category: int) -> None:
        self.form.choose_category(category)
        self.show()

    def _on_value_typed(self, key: str, value: str) -> None:
        self.form.type_value(key, value)
        self.show()

    def _on_series_chosen(self, name: str) -> None:
        self.form.choose_series(name)
        self.show()

    def _on_name_typed(self, name: str) -> None:
        self.form.type_name(name)
        self.show()
