"""Say what is connected, and try a connection: before it is kept, or one that is. Nothing is written at the vendor."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Final

from app.access import Guarded
from app.connections import Connection, ReadConnection
from app.credentials import Credentials
from app.errors import hint_of, sentence_of
from app.outgoing import OutgoingFiles
from app.records import AccountFacts, Offer, Standing, System
from app.rules.roles import Action
from app.store import Store, connections
from app.sync import Synchroniser
from app.systems.browser_tokens import BrowserTokens
from app.systems.opening import OnExchange, open_system
from app.systems.ports import Systems
from app.use_cases.load_connection import load_connection, read_with_kept_secrets
from connectors.errors import (
    ConnectorError,
    LineFault,
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
    is_refused: bool = False
    """Whether the system answered, and does not accept who we say we are."""

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


class TestConnection(Guarded):
    """Try a connection before it is kept, or one that is."""

    __test__ = False  # a verb of the desk, not a test class

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        systems: Systems,
        tokens: BrowserTokens,
        outgoing: OutgoingFiles,
        synchroniser: Synchroniser,
        on_exchange: OnExchange,
        settle: Callable[[System], Awaitable[None]],
        put_back: Callable[[System], Awaitable[bool]],
    ) -> None:
        """``settle`` and ``put_back`` are :class:`~app.use_cases.save_connection.SaveConnection`'s."""
        self._settle = settle
        self._put_back = put_back
        self._store = store
        self._credentials = credentials
        self._systems = systems
        self._tokens = tokens
        self._synchroniser = synchroniser
        self._outgoing = outgoing
        self._on_exchange = on_exchange

    async def __call__(self, wish: ConnectionForm | System) -> ConnectionTest:
        """What was tried and what came of it. Whoever may not connect may try what is kept.

        Raises: UserError beside a field that cannot be right, and when this role may not.
        """
        if isinstance(wish, System):
            return await self._try_kept(wish)
        if self.access is not None:
            # What is typed may lead anywhere, and what is kept would be sent there.
            self.access.require(Action.CONNECT)
        read = await read_with_kept_secrets(self._store, self._credentials, wish.system, wish.values)
        return await self._try(read)

    async def _try(self, read: ReadConnection) -> ConnectionTest:
        return await try_connection(read, outgoing=self._outgoing, tokens=self._tokens, on_exchange=self._on_exchange)

    async def _try_kept(self, system: System) -> ConnectionTest:
        read = await load_connection(self._store, self._credentials, system)
        tested = await self._try(read)
        if tested.facts is None:
            if not tested.is_refused or not await self._put_back(system):
                return tested
            row = CheckRow(
                what="What was kept before is in use again",
                is_fine=True,
                answer="what was typed last never signed in",
            )
            again = await self._try(await load_connection(self._store, self._credentials, system))
            return replace(again, rows=(row, *again.rows))
        await self._settle(system)
        if self._systems.find(system) is not None:
            # The same connection that is in use: what it may now counts at once.
            self._synchroniser.learn(system, tested.facts)
        return tested


async def try_connection(
    read: ReadConnection, *, outgoing: OutgoingFiles, tokens: BrowserTokens, on_exchange: OnExchange
) -> ConnectionTest:
    """Sign in and look around. Nothing is written, neither here nor at the vendor."""
    system = read.connection.system
    opened = open_system(read, outgoing=outgoing, tokens=tokens, on_exchange=on_exchange)
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
        refused = isinstance(error, SignInError)
        return ConnectionTest(system=system, rows=(row,), facts=None, is_refused=refused)
    finally:
        await opened.close()
    return ConnectionTest(system=system, rows=_fine_rows(system, facts, _ms_since(began)), facts=facts)


_LINE_REMEDIES: Final[Mapping[LineFault, str]] = {
    LineFault.PROXY_DOWN: "The proxy is at fault, not {system}: check its address under Advanced, or ask whoever runs"
    " your network.",
    LineFault.PROXY_SIGN_IN: "The proxy is at fault, not {system}: type its user and password under Advanced. Whoever"
    " runs your network knows them.",
    LineFault.PROXY_REFUSED: "The proxy is at fault, not {system}: whoever runs your network can let this computer go"
    " there, or name another proxy.",
    LineFault.UNTRUSTED: "If {system} is your own, ask whoever runs your network for the file of its authority and"
    " choose it under Advanced. If it is not, do not go on: something else may answer in its place.",
    LineFault.EXPIRED: "Check this computer's clock. If it is right, whoever administers {system} has to renew the"
    " certificate.",
    LineFault.NAME_MISMATCH: "Use the host name that is in the certificate; whoever administers {system} knows it.",
    LineFault.CERTIFICATE_WANTED: "Ask whoever administers {system} for a client certificate and choose its file under"
    " Advanced.",
    LineFault.CERTIFICATE_REFUSED: "Ask whoever administers {system} for a new client certificate and choose its file"
    " under Advanced.",
}


def _remedy(system: System, error: ConnectorError) -> str:
    """What to do about a connection that does not work, and who can when we cannot."""
    match error:
        case UnreachableError() if error.fault in _LINE_REMEDIES:
            return _LINE_REMEDIES[error.fault].replace("{system}", system.label)
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
