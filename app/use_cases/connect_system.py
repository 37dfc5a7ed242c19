"""Set up, test and remove the connection to a system. Secrets go to the keyring, or to memory, and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from sqlite_utils import Database

from app.clock import Clock
from app.connections import FORMS, Connection, ReadConnection, read_form
from app.credentials import Credentials
from app.errors import UserError, hint_of, sentence_of
from app.outbox import Relay
from app.outgoing import OutgoingFiles
from app.pictures import Pictures
from app.records import AccountFacts, Changes, Offer, Standing, System
from app.store import Store, audit, connections, entry_lists, forgetting
from app.sync import Synchroniser
from app.systems.opening import OnExchange, open_system, put_in_place
from app.systems.ports import Systems
from connectors.errors import (
    ConnectorError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionForm:
    """What a person typed into the form of a system, by the keys of :data:`app.connections.FORMS`."""

    system: System
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One thing that was tried, what came of it, and what to do when it went wrong."""

    what: str
    is_fine: bool
    is_untold: bool = False
    """It could not be found out without writing: neither fine nor wrong."""
    answer: str = ""
    hint: str = ""
    took_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTest:
    """What a test found. Nothing was written at the vendor."""

    system: System
    rows: tuple[CheckRow, ...]
    facts: AccountFacts | None

    @property
    def is_fine(self) -> bool:
        """Whether the connection may be used."""
        return self.facts is not None


class ListConnections:
    """The connections of this profile, without secrets."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self) -> Sequence[Connection]:
        """In the order of :class:`System`."""
        return await self._store.ledger.read(connections.every)


class TestConnection:
    """Try a connection before it is kept, or one that is."""

    __test__ = False  # a verb of the desk, not a test class

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        systems: Systems,
        outgoing: OutgoingFiles,
        synchroniser: Synchroniser,
        on_exchange: OnExchange,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._systems = systems
        self._synchroniser = synchroniser
        self._outgoing = outgoing
        self._on_exchange = on_exchange

    async def __call__(self, wish: ConnectionForm | System) -> ConnectionTest:
        """What was tried and what came of it. Raises: UserError beside a field that cannot be right."""
        if isinstance(wish, System):
            read = await load_connection(self._store, self._credentials, wish)
        else:
            read = await _read_with_kept_secrets(self._credentials, wish)
        tested = await try_connection(read, outgoing=self._outgoing, on_exchange=self._on_exchange)
        if tested.facts and isinstance(wish, System) and self._systems.find(wish) is not None:
            # The same connection that is in use: what it may now counts at once.
            self._synchroniser.learn(wish, tested.facts)
        return tested


async def try_connection(read: ReadConnection, *, outgoing: OutgoingFiles, on_exchange: OnExchange) -> ConnectionTest:
    """Sign in and look around. Nothing is written, neither here nor at the vendor."""
    system = read.connection.system
    opened = open_system(read.connection, read.secrets, outgoing=outgoing, on_exchange=on_exchange)
    began = perf_counter()
    try:
        facts = await opened.probe()
    except ConnectorError as error:
        row = CheckRow(
            what=f"Sign in to {system.label}",
            is_fine=False,
            answer=sentence_of(error),
            hint=_remedy(system, error),
            took_ms=_ms_since(began),
        )
        return ConnectionTest(system=system, rows=(row,), facts=None)
    finally:
        await opened.close()
    return ConnectionTest(system=system, rows=_fine_rows(system, facts, _ms_since(began)), facts=facts)


class SaveConnection:
    """Keep a connection, use it from now on, and begin to synchronise."""

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        systems: Systems,
        outgoing: OutgoingFiles,
        synchroniser: Synchroniser,
        relay: Relay,
        on_exchange: OnExchange,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._systems = systems
        self._outgoing = outgoing
        self._synchroniser = synchroniser
        self._relay = relay
        self._on_exchange = on_exchange

    async def __call__(self, wish: ConnectionForm) -> str:
        """Where the secret is kept, in a sentence. Raises: UserError beside a field that cannot be right."""
        read = await _read_with_kept_secrets(self._credentials, wish)
        return await self.use(read)

    async def use(self, read: ReadConnection) -> str:
        """The same for a connection that was read already, such as one of the sandbox's."""
        keeping = await self._credentials.save(read.connection.system.value, read.secrets)
        await self._store.ledger.write(connections.save, read.connection)
        await self.open(read)
        return keeping.sentence

    async def open(self, read: ReadConnection) -> None:
        """Speak to the system from now on: begin with what waits for it."""
        opened = open_system(read.connection, read.secrets, outgoing=self._outgoing, on_exchange=self._on_exchange)
        await put_in_place(self._systems, opened)
        self._synchroniser.wake(read.connection.system)
        self._relay.resume(read.connection.system)

    async def open_kept(self) -> Mapping[System, UserError]:
        """Open every connection of the profile whose secrets are there; why the others are signed out.

        None is tried without them: an account may be locked after a few sign-ins with an empty password.
        """
        signed_out: dict[System, UserError] = {}
        for connection in await self._store.ledger.read(connections.every):
            system = connection.system
            read = await load_connection(self._store, self._credentials, system)
            if read.missing_secrets:
                signed_out[system] = UserError(
                    f"{system.label} is signed out: its secrets cannot be had from the keyring.",
                    hint="Unlock the keyring and start again, or type them again under Connections.",
                )
                self._synchroniser.sign_out(system, signed_out[system])
            else:
                await self.open(read)
        return signed_out


class RemoveConnection:
    """Sign out of a system for good: its connection, its secrets and everything that it told are forgotten."""

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        systems: Systems,
        synchroniser: Synchroniser,
        pictures: Pictures,
        clock: Clock,
        publish: Callable[[Changes], None],
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._systems = systems
        self._synchroniser = synchroniser
        self._pictures = pictures
        self._clock = clock
        self._publish = publish

    async def __call__(self, system: System, actor: str) -> None:
        """Remove it. What was sent, and the audit, stay.

        Raises: UserError while something waits to be sent there; or when something of it could not be deleted, which
        is tried again by the next call or by :meth:`resume`.
        """
        await self._store.ledger.write(_begin_to_leave, system, actor=actor, now=self._clock.now())
        await self._finish(system)

    async def resume(self) -> tuple[UserError, ...]:
        """Finish what broke off, as when the desk opens; what still stands in the way."""
        troubles: list[UserError] = []
        for system in await self._store.ledger.read(connections.leaving):
            try:
                await self._finish(system)
            except UserError as error:
                troubles.append(error)
        return tuple(troubles)

    async def _finish(self, system: System) -> None:
        """The connection itself goes last: while it is there, the rest can be tried again."""
        try:
            await self._systems.take_out(system)
            async with self._synchroniser.turn(system):
                await self._store.purge(forgetting.forget_system, system)
                await self._pictures.drop(system)
                await self._credentials.delete(system.value, FORMS[system].secret_keys)
                await self._store.ledger.write(connections.drop, system)
        finally:
            self._synchroniser.forget(system)
            self._publish(
                Changes(
                    systems=frozenset({system}),
                    libraries=frozenset({system} if system.is_library else ()),
                    templates=system is System.EXSTREAM,
                    inbox=True,
                )
            )


def _begin_to_leave(db: Database, system: System, *, actor: str, now: datetime) -> None:
    """From now on nothing can be queued for it. Raises: UserError while something waits."""
    depth = entry_lists.depth(db).get(system)
    if depth is not None and depth.open:
        many = "1 change has" if depth.open == 1 else f"{depth.open} changes have"
        raise UserError(
            f"{many} not left for {system.label} yet.", hint="Send, undo or drop what waits, then remove it."
        )
    if connections.begin_to_leave(db, system):
        audit.add(db, at=now, actor=actor, action="connection.removed", reference=f"system:{system}")


async def load_connection(store: Store, credentials: Credentials, system: System) -> ReadConnection:
    """The kept connection to ``system`` with its secrets. Raises: UserError when there is none."""
    kept = {each.system: each for each in await store.ledger.read(connections.every)}
    if system not in kept:
        raise UserError(f"{system.label} is not connected.", hint="Add it first.")
    secrets = await credentials.load(system.value, FORMS[system].secret_keys)
    return ReadConnection(connection=kept[system], secrets=secrets)


async def _read_with_kept_secrets(credentials: Credentials, wish: ConnectionForm) -> ReadConnection:
    """An empty secret field of a connection that is edited means: as before."""
    kept = await credentials.load(wish.system.value, FORMS[wish.system].secret_keys)
    read = read_form(wish.system, wish.values, kept=kept)
    return ReadConnection(connection=read.connection, secrets={**kept, **read.secrets})


def _remedy(system: System, error: ConnectorError) -> str:
    """What to do about a connection that does not work, and who can when we cannot."""
    match error:
        case UnreachableError():
            return f"Check the address. If it is right, whoever runs {system.label} can say whether it is up."
        case SignInError():
            return (
                "Type the name and the secret again. If they are right, whoever administers"
                f" {system.label} can say whether the account is locked."
            )
        case ShapeError():
            return (
                "Something else may answer there, such as a proxy or a sign-in page: check the address, "
                f"or ask whoever runs {system.label}."
            )
        case UnansweredError() | VendorFaultError():
            return f"Test again in a minute. If it stays so, tell whoever runs {system.label}."
        case _:
            return hint_of(error)


def _fine_rows(system: System, facts: AccountFacts, took_ms: int) -> tuple[CheckRow, ...]:
    rows = [
        CheckRow(what=f"{system.label} answers", is_fine=True, answer=facts.version, took_ms=took_ms),
        CheckRow(what="The sign-in is accepted", is_fine=True, answer=facts.account),
    ]
    return (*rows, *map(_row_of, facts.offers))


def _row_of(offer: Offer) -> CheckRow:
    return CheckRow(
        what=f"May {offer.ability}",
        is_fine=offer.standing is Standing.OFFERED,
        is_untold=offer.standing is Standing.UNTOLD,
        answer=offer.because,
        hint=offer.remedy,
    )


def _ms_since(began: float) -> int:
    return round((perf_counter() - began) * 1000)
