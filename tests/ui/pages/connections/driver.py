"""The Connections page as a person uses it, on use-cases that a test owns."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from app.activity import Budget, CallRow, Health
from app.connections import Connection
from app.errors import UserError
from app.records import Ability, AccountFacts, Changes, ConnectionState, System, SystemStatus
from app.systems.abilities import offered
from app.use_cases.connect_system import CheckRow, ConnectionForm, ConnectionTest
from tests.ui.conftest import RecordingNotices
from ui.pages.connections.controller import ConnectionsController, ConnectionUses
from ui.pages.connections.model import HealthModel
from ui.pages.connections.view import ConnectionsView
from ui.pages.connections.words import Steer
from ui.shell import SessionMemory
from ui.tasks import Tasks
from ui.widgets import Button, ElidedLabel

T = TypeVar("T")
NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)


async def run(work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
    """The engine's stand-in: here and now."""
    return await work(*wishes)


def connection(system: System) -> Connection:
    """A kept connection."""
    return Connection(
        system=system,
        base_url=f"https://{system.value.replace('_', '')}.harbour.example",
        settings={"username": "m.kovac", "cs_path": "/cs/cs"},
        account="m.kovac",
    )


def fine(system: System) -> ConnectionTest:
    """A test that found all well."""
    return ConnectionTest(
        system=system,
        rows=(
            CheckRow(what=f"{system.label} answers", is_fine=True, took_ms=62),
            CheckRow(what="The sign-in is accepted", is_fine=True, answer="Mira Kovač"),
            CheckRow(what="May read", is_fine=True),
        ),
        facts=AccountFacts(account="Mira Kovač", offers=(offered(Ability.FIND_ASSETS), offered(Ability.JUDGE_ASSETS))),
    )


def broken(system: System, answer: str, hint: str = "Check the address.") -> ConnectionTest:
    """A test that met one trouble."""
    row = CheckRow(what=f"Sign in to {system.label}", is_fine=False, answer=answer, hint=hint, took_ms=7)
    return ConnectionTest(system=system, rows=(row,), facts=None)


class RecordedCalls:
    """An hour of calls that a test says."""

    def __init__(self) -> None:
        self.rows: list[CallRow] = []
        self.hours: dict[System, tuple[int, int]] = {}
        self.budgets: dict[System, Budget] = {}

    def newest(self, limit: int = 200, *, only_errors: bool = False) -> Sequence[CallRow]:
        """The newest first."""
        return [row for row in reversed(self.rows) if not (only_errors and row.is_fine)][:limit]

    def health(self) -> Sequence[Health]:
        """One line per system."""
        return [
            Health(
                system=system,
                calls=self.hours.get(system, (0, 0))[0],
                errors=self.hours.get(system, (0, 0))[1],
                slowest=timedelta(seconds=0.8),
                budget=self.budgets.get(system),
            )
            for system in System
        ]


class ConnectionsDesk:
    """What stands behind the page: connections that can be tested and kept."""

    def __init__(self, *systems: System) -> None:
        self.kept = {system: connection(system) for system in systems}
        self.answers: dict[System, ConnectionTest | UserError] = {}
        self.trouble: UserError | None = None
        self.tested: list[ConnectionForm | System] = []
        self.saved: list[ConnectionForm] = []
        self.steered: list[tuple[System, Steer]] = []
        self.is_removal_meant = True
        self.opened: list[str] = []
        """What the person's browser was asked to show."""
        self.browser: Callable[[], Awaitable[None]] | None = None
        """What the person does there; None when nobody has to go there."""
        self.statuses: dict[System, SystemStatus] = {}
        self.calls = RecordedCalls()

    async def list_connections(self) -> Sequence[Connection]:
        """What is kept."""
        if self.trouble is not None:
            raise self.trouble
        return [self.kept[system] for system in System if system in self.kept]

    async def test_connection(self, wish: ConnectionForm | System) -> ConnectionTest:
        """The answer that the test has laid out."""
        self.tested.append(wish)
        return await self.answer(wish)

    async def is_browser_needed(self, _wish: ConnectionForm) -> bool:
        """Whether the person has to go to the browser."""
        return self.browser is not None

    async def sign_in_with_browser(self, _wish: ConnectionForm, open_browser: Callable[[str], None]) -> None:
        """Wait for the person."""
        open_browser("https://otds.harbour.example/otdsws/oauth2/auth")
        assert self.browser is not None
        await self.browser()
        self.browser = None

    async def answer(self, wish: ConnectionForm | System) -> ConnectionTest:
        """What the system says to a test."""
        system = wish if isinstance(wish, System) else wish.system
        answer = self.answers.get(system, fine(system))
        if isinstance(answer, UserError):
            raise answer
        return answer

    async def ask_removal(self, _system: System) -> bool:
        """What the person answers."""
        return self.is_removal_meant

    def steering(self, steer: Steer) -> Callable[[System], Awaitable[None]]:
        """Notes what is wanted of a system's reading."""

        async def steered(system: System) -> None:
            self.steered.append((system, steer))

        return steered

    async def remove_connection(self, system: System, _actor: str) -> None:
        """Forget it, unless there is trouble."""
        if self.trouble is not None:
            raise self.trouble
        del self.kept[system]

    async def save_connection(self, wish: ConnectionForm) -> str:
        """Keep it."""
        self.saved.append(wish)
        self.kept[wish.system] = connection(wish.system)
        return "Passwords are kept in this desktop's keyring."


class ConnectionsDriver:
    """Speaks as a person would."""

    def __init__(self, desk: ConnectionsDesk, notices: RecordingNotices) -> None:
        self.desk = desk
        self.tasks = Tasks(notices, place="connections")
        self.model = HealthModel()
        self.view = ConnectionsView(self.model, SessionMemory())
        self.controller = ConnectionsController(
            self.view,
            self.model,
            run=run,
            use=ConnectionUses(
                list_connections=desk.list_connections,
                test_connection=desk.test_connection,
                save_connection=desk.save_connection,
                remove_connection=desk.remove_connection,
                steer={steer: desk.steering(steer) for steer in Steer},
                is_browser_needed=desk.is_browser_needed,
                sign_in_with_browser=desk.sign_in_with_browser,
            ),
            open_browser=desk.opened.append,
            activity=desk.calls,
            statuses=lambda: desk.statuses,
            tasks=self.tasks,
            actor="ada",
            ask_removal=desk.ask_removal,
            now=lambda: NOW,
        )
        self.view.resize(1224, 756)

    def do(self, *steps: Callable[[], object]) -> None:
        """Do these one after the other, each to its end."""

        async def work() -> None:
            for step in steps:
                step()
                await self.tasks.idle()

        asyncio.run(work())

    @property
    def offers(self) -> list[str]:
        """What the buttons of the pane say."""
        return [each.text() for each in self.view.wizard.findChildren(Button) if not each.isHidden()]

    def arrive(self) -> None:
        """Come to the page."""
        self.do(self.controller.start)

    def status(self, system: System, state: ConnectionState, sentence: str = "") -> None:
        """A synchronisation says how a system does."""
        self.desk.statuses[system] = SystemStatus(
            system=system, state=state, since=NOW, sentence=sentence, last_sync=NOW - timedelta(minutes=3)
        )
        self.do(lambda: self.view.changes_heard.emit(Changes(systems=frozenset({system}))))

    def type(self, values: Mapping[str, str]) -> None:
        """Type into the form."""
        form = self.view.wizard.form
        assert form is not None
        form.fill(values)

    def leave(self, key: str) -> None:
        """Leave a field."""
        self.view.wizard.field_left.emit(key)

    def complaint(self, key: str) -> str:
        """What stands beside a field."""
        form = self.view.wizard.form
        assert form is not None
        return form.field(key).error

    def typed(self, key: str) -> str:
        """What stands in a field."""
        return self.view.wizard.values[key]

    def card(self, system: System) -> str:
        """A card, as it is read aloud."""
        return next(card.accessibleName() for card in self.view.grid.cards if card.system is system)

    @property
    def aside(self) -> str:
        """What stands beside the page's name."""
        return self.view.header.findChildren(ElidedLabel)[-1].text()

    @property
    def checks(self) -> list[str]:
        """What the test found, as it is read aloud."""
        return [check.accessibleName() for check in self.view.wizard.checks]
