"""What happens on the Connections page: reads what is connected, tests it, takes a form to a kept connection."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from app.activity import CallRow, Health
from app.connections import FORMS, Connection, check
from app.errors import UserError
from app.records import Changes, System, SystemStatus
from app.use_cases.connect_system import CheckRow, ConnectionForm, ConnectionTest
from app.wording import age
from ui.pages.connections.model import HealthModel, HealthRow
from ui.pages.connections.view import ConnectionsView
from ui.pages.connections.words import CardFacts, LastTest, Steer, card_of, new_card, working_words
from ui.pages.context import Run
from ui.tasks import Tasks
from ui.theme import Icon
from ui.widgets import Empty, Failed, Fresh, Loading, Stale

DEMO_HINT = "“proofdesk --demo” shows everything on a sandbox, without any system of yours."


class Calls(Protocol):
    """What is read of :class:`app.activity.Activity`."""

    def newest(self, limit: int = ..., *, only_errors: bool = ...) -> Sequence[CallRow]:
        """The newest first."""

    def health(self) -> Sequence[Health]:
        """One line per system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionUses:
    """The verbs of this page."""

    list_connections: Callable[[], Awaitable[Sequence[Connection]]]
    test_connection: Callable[[ConnectionForm | System], Awaitable[ConnectionTest]]
    save_connection: Callable[[ConnectionForm], Awaitable[str]]
    remove_connection: Callable[[System, str], Awaitable[None]]
    steer: Mapping[Steer, Callable[[System], Awaitable[None]]]
    """What a person may say about the reading of a system."""
    is_browser_needed: Callable[[ConnectionForm], Awaitable[bool]]
    sign_in_with_browser: Callable[[ConnectionForm, Callable[[str], None]], Awaitable[None]]


class ConnectionsController:
    """Answers every intent of :class:`ConnectionsView`."""

    def __init__(
        self,
        view: ConnectionsView,
        model: HealthModel,
        *,
        run: Run,
        use: ConnectionUses,
        activity: Calls,
        statuses: Callable[[], Mapping[System, SystemStatus]],
        tasks: Tasks,
        actor: str,
        open_browser: Callable[[str], None],
        ask_removal: Callable[[System], Awaitable[bool]] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._view, self._model = view, model
        self._run, self._use = run, use
        self._open_browser = open_browser
        self._activity, self._statuses = activity, statuses
        self._tasks, self._now, self._actor = tasks, now, actor
        self._ask_removal = ask_removal or view.ask_removal
        self._connections: dict[System, Connection] = {}
        self._read_at: datetime | None = None
        self._tests: dict[System, LastTest] = {}
        self._busy: set[System] = set()
        self._adding: System | None = None
        self._drafts: dict[System, Mapping[str, str]] = {}
        """What was typed for systems that the person turned away from while adding; gone with the pane."""
        self._trying: asyncio.Task[None] | None = None
        self._is_gone = False
        self._listen()

    def _listen(self) -> None:
        view, wizard = self._view, self._view.wizard
        view.changes_heard.connect(self._on_changes)
        view.refresh_wanted.connect(self.start)
        view.reword_wanted.connect(self.reword)
        view.test_wanted.connect(self._on_test)
        view.test_all_wanted.connect(self._on_test_all)
        view.add_wanted.connect(self.add)
        view.edit_wanted.connect(self._on_edit)
        view.steer_wanted.connect(self._on_steer)
        view.subject_shown.connect(self._on_subject)
        wizard.system_chosen.connect(self._on_system_chosen)
        wizard.field_left.connect(self._on_field_left)
        wizard.try_wanted.connect(self._on_try)
        wizard.save_wanted.connect(self._on_save)
        wizard.edit_wanted.connect(self._on_edit)
        wizard.remove_wanted.connect(self._on_remove)
        wizard.close_wanted.connect(self.close_wizard)
        wizard.stop_wanted.connect(self._on_stop)

    def start(self) -> None:
        """Read what is connected."""
        self._tasks.start(self.refresh(), name="read the connections")

    def leave(self) -> None:
        """The page is gone: nothing is done for it any more."""
        self._is_gone = True
        self._trying = None
        self._tasks.abandon()

    async def refresh(self) -> None:
        """Read what is connected; a failure keeps what was shown, with its age."""
        if self._read_at is None:
            self._view.show_face(Loading(what="Reading the connections"))
        try:
            found = await self._run(self._use.list_connections)
        except UserError as error:
            self._show_failure(error)
            return
        self._connections = {each.system: each for each in found}
        self._read_at = self._now()
        self._show_content()

    def reword(self) -> None:
        """Show the same with the ages and the counts of now."""
        if self._read_at is not None:
            self._show_cards()

    def add(self) -> None:
        """Open the form of the first system that is not connected yet; an open one is returned to."""
        missing = self._missing()
        if self._adding is not None:
            self._view.wizard.back_to_form()
        elif missing:
            self._open_new(missing[0])

    def edit(self, system: System) -> None:
        """Open the form of a connection; its secrets stay empty, which means: as before."""
        if system not in self._connections:
            self._open_new(system)
            return
        self._stop_trying()
        kept = self._connections[system]
        self._adding = None
        self._view.wizard.open_form(
            system, choices=(), values={**kept.settings, "base_url": kept.base_url}, has_kept_secrets=True
        )
        self._open_wizard()

    def close_wizard(self) -> None:
        """Close the pane; a test that runs for its form ends."""
        self._stop_trying()
        self._adding = None
        self._drafts.clear()
        self._view.show_wizard(False)
        self._view.wizard.system = None
        self._show_content()

    async def test(self, system: System) -> None:
        """Try one kept connection and show on its card what came of it."""
        self._busy.add(system)
        self._show_cards()
        try:
            found = await self._tested(system, system)
            self._tests[system] = LastTest(test=found, at=self._now())
        finally:
            self._busy.discard(system)
            if not self._is_gone:
                self._show_cards()

    async def try_form(self) -> None:
        """Try what stands in the form. Whatever comes of it, the form keeps what was typed."""
        wizard = self._view.wizard
        system, form = wizard.system, wizard.form
        if system is None:
            return
        if form is None:
            wizard.show_testing(system)
            await self.test(system)
            if system in self._tests:
                wizard.show_test(self._tests[system].test, at=self._tests[system].at)
            return
        if not self._is_plausible():
            return
        wish = ConnectionForm(system=system, values=wizard.values)
        wizard.show_testing(system)
        wizard.set_busy(True)
        found: ConnectionTest | None = None
        refusal: UserError | None = None
        try:
            found = await self._tested(system, wish)
        except UserError as error:
            refusal = error
        finally:
            # One that was called off has left the pane to something else.
            if self._trying is asyncio.current_task():
                wizard.set_busy(False)
                self._show_tried(system, found, refusal)

    def _show_tried(self, system: System, found: ConnectionTest | None, refusal: UserError | None) -> None:
        if found is None:
            self._complain(refusal)
            return
        at = self._now()
        if found.is_fine or system not in self._connections:
            self._tests[system] = LastTest(test=found, at=at)
        self._view.wizard.show_test(found, at=at)

    async def save(self) -> None:
        """Keep what stands in the form, and say where the secret is."""
        wizard = self._view.wizard
        if wizard.system is None or wizard.form is None or not self._is_plausible():
            return
        system = wizard.system
        wizard.set_busy(True)
        try:
            sentence = await self._run(self._use.save_connection, ConnectionForm(system=system, values=wizard.values))
        except UserError as error:
            if not error.field:
                raise
            self._complain(error)
            return
        finally:
            if not self._is_gone:
                wizard.set_busy(False)
        self._adding = None
        wizard.show_saved(system, sentence)
        await self.refresh()

    async def remove(self, system: System) -> None:
        """Ask, then forget the connection and everything that the system told."""
        if not await self._ask_removal(system):
            return
        self._view.wizard.set_busy(True)
        try:
            await self._run(self._use.remove_connection, system, self._actor)
        finally:
            if not self._is_gone:
                self._view.wizard.set_busy(False)
        self._tests.pop(system, None)
        self.close_wizard()
        await self.refresh()

    async def _tested(self, system: System, wish: ConnectionForm | System) -> ConnectionTest:
        """What a test found; an error that no field can answer is a row of it."""
        try:
            if isinstance(wish, ConnectionForm) and await self._run(self._use.is_browser_needed, wish):
                self._view.wizard.show_waiting(system)
                await self._run(self._use.sign_in_with_browser, wish, self._open_browser)
                self._view.wizard.show_testing(system)
            return await self._run(self._use.test_connection, wish)
        except UserError as error:
            if error.field:
                raise
            row = CheckRow(what=f"Open {system.label}", is_fine=False, answer=error.sentence, hint=error.hint)
            return ConnectionTest(system=system, rows=(row,), facts=None)

    def _missing(self) -> list[System]:
        return [system for system in System if system not in self._connections]

    def _open_new(self, system: System) -> None:
        self._stop_trying()
        self._adding = system
        self._view.wizard.open_form(
            system, choices=self._missing(), values=self._drafts.get(system, {}), has_kept_secrets=False
        )
        self._open_wizard()

    def _open_wizard(self) -> None:
        self._view.wizard.set_busy(False)
        self._view.show_wizard(True)
        self._show_content()

    def _is_plausible(self) -> bool:
        form = self._view.wizard.form
        if form is None:
            return False
        complaints = check(form.system, form.values, kept=self._kept_secrets(form.system))
        form.complain(complaints)
        if complaints:
            self._view.wizard.back_to_form()
            form.go_to(next(iter(complaints)))
        return not complaints

    def _kept_secrets(self, system: System) -> Sequence[str]:
        if system not in self._connections:
            return ()
        return [each.key for each in FORMS[system].fields if each.is_secret or each.is_file]

    def _complain(self, error: UserError | None) -> None:
        wizard = self._view.wizard
        wizard.back_to_form()
        if wizard.form is not None and error is not None and error.field:
            wizard.form.complain({error.field: error.sentence})
            wizard.form.go_to(error.field)

    def _stop_trying(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            self._trying = None

    def _show_failure(self, error: UserError) -> None:
        if self._read_at is None:
            self._view.show_face(
                Failed(
                    title="The connections could not be read",
                    sentence=f"{error.sentence} {error.hint}".strip(),
                    actions=(self._view.again_action,),
                )
            )
        else:
            self._view.show_face(
                Stale(
                    word=f"{age(self._read_at, now=self._now())} old",
                    sentence=f"Shown from **{age(self._read_at, now=self._now())} ago**. {error.sentence}",
                    action=self._view.again_action,
                )
            )

    def _show_content(self) -> None:
        if self._read_at is None:
            return
        if not self._connections and self._adding is None:
            self._view.show_face(
                Empty(
                    title="Nothing is connected yet",
                    sentence=f"Proofdesk joins five systems, each with an account of yours. {DEMO_HINT}",
                    action=self._view.add_action,
                    icon=Icon.CONNECTIONS,
                    word="",
                )
            )
        else:
            self._view.show_face(Fresh(word=""))
        self._show_cards()

    def _show_cards(self) -> None:
        statuses, health = self._statuses(), {each.system: each for each in self._activity.health()}
        cards = [self._card(system, statuses, health) for system in System if system in self._shown()]
        self._view.show_cards(cards, current=self._view.wizard.system, busy=self._busy)
        self._view.header.set_aside(working_words([card for card in cards if not card.is_new]))
        self._view.allow(test_all=bool(self._connections), add=bool(self._missing()) or self._adding is not None)
        newest: dict[str, CallRow] = {}
        for row in self._activity.newest():
            newest.setdefault(row.system, row)
        self._model.set_rows(
            [HealthRow.of(health[system], newest.get(system.label)) for system in System if system in self._connections]
        )

    def _shown(self) -> set[System]:
        return self._connections.keys() | ({self._adding} if self._adding is not None else set())

    def _card(
        self, system: System, statuses: Mapping[System, SystemStatus], health: Mapping[System, Health]
    ) -> CardFacts:
        if system not in self._connections:
            return new_card(system)
        told = health[system].budget if system in health else None
        return card_of(self._connections[system], statuses.get(system), self._tests.get(system), told)

    def _on_changes(self, changes: object) -> None:
        if isinstance(changes, Changes) and changes.systems:
            if changes.systems <= self._connections.keys():
                # Twenty times a second while systems are read: out of sight it is worded when it comes into sight.
                if self._view.isVisible():
                    self.reword()
            else:
                self.start()

    def _on_test(self, key: str) -> None:
        system = System(key)
        if system in self._busy:
            return
        self._stop_trying()
        self._adding = None
        self._view.wizard.open_test(system)
        self._open_wizard()
        self._on_try()

    def _on_steer(self, key: str, wish: str) -> None:
        work = self._run(self._use.steer[Steer(wish)], System(key))
        self._tasks.start(work, name="steer the reading of a system")

    def _on_test_all(self) -> None:
        for system in self._connections.keys() - self._busy:
            self._tasks.start(self.test(system), name=f"test {system}")

    def _on_edit(self, key: str) -> None:
        system = System(key)
        if system is self._adding:
            self._view.wizard.back_to_form()
        else:
            self.edit(system)

    def _on_subject(self, subject: object) -> None:
        if isinstance(subject, str) and subject in set(System):
            self._tasks.start(self._show_system(System(subject)), name="show a system")

    async def _show_system(self, system: System) -> None:
        if self._read_at is None:
            await self.refresh()
        self.edit(system)

    def _on_system_chosen(self, key: str) -> None:
        wizard = self._view.wizard
        if wizard.system is not None and wizard.system is not System(key):
            self._drafts[wizard.system] = wizard.values
            self._open_new(System(key))

    def _on_field_left(self, key: str) -> None:
        form = self._view.wizard.form
        if form is not None:
            complaints = check(form.system, form.values, kept=self._kept_secrets(form.system))
            form.complain_about(key, complaints.get(key, ""))

    def _on_try(self) -> None:
        if self._trying is None or self._trying.done():
            self._trying = self._tasks.start(self.try_form(), name="try a connection")

    def _on_stop(self) -> None:
        self._stop_trying()
        self._view.wizard.set_busy(False)

    def _on_remove(self, key: str) -> None:
        self._tasks.start(self.remove(System(key)), name="remove a connection")

    def _on_save(self) -> None:
        self._tasks.start(self.save(), name="save a connection")
