"""How every connection is doing, told to whoever shows it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from app.clock import Clock
from app.errors import UserError
from app.records import AccountFacts, Changes, ConnectionState, System, SystemStatus
from connectors.errors import ConnectorError, ReservedError, SignInError, UnreachableError


class Statuses:
    """One status per connected system. Changed on the engine's loop; a status itself is frozen and may go anywhere."""

    def __init__(self, *, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._clock = clock
        self._publish = publish
        self._known: dict[System, SystemStatus] = {}
        self._troubles: dict[System, SystemStatus] = {}
        """The last trouble of each system that has not synchronised since."""
        self._paused: set[System] = set()

    def all(self) -> Mapping[System, SystemStatus]:
        """The present statuses."""
        return dict(self._known)

    def begin(self, system: System) -> None:
        """A synchronisation of ``system`` starts."""
        before = self._known.get(system)
        self._set(
            SystemStatus(
                system=system,
                state=ConnectionState.SYNCING,
                since=self._clock.now(),
                last_sync=before.last_sync if before else None,
                facts=before.facts if before else None,
                is_paused=system in self._paused,
            )
        )

    def progress(self, system: System, *, fetched: int, expected: int | None, doing: str = "reading") -> None:
        """So much of it is done. A total that was passed was none: vendors estimate (Cloudinary §3.4)."""
        told = expected if expected is not None and expected >= fetched else None
        self._set(replace(self._known[system], fetched=fetched, expected=told, doing=doing))

    def stop(self, system: System) -> None:
        """It was stopped, and nothing is wrong with the connection as far as is known."""
        known = self._known[system]
        state = ConnectionState.CONNECTED if known.facts else ConnectionState.UNKNOWN
        self._set(replace(known, state=state, since=self._clock.now(), sentence="", doing=""))

    def pause(self, system: System, *, is_paused: bool) -> None:
        """A person does not want it read by itself, or does again."""
        (self._paused.add if is_paused else self._paused.discard)(system)
        known = self._known.get(system)
        if known is None and is_paused:
            known = SystemStatus(system=system, state=ConnectionState.UNKNOWN, since=self._clock.now())
        if known is not None:
            self._set(replace(known, is_paused=is_paused, next_sync=None))

    def rest(self, system: System, rest: timedelta | None) -> None:
        """The next round begins after ``rest``; None: when a person wants it."""
        if known := self._known.get(system):
            next_sync = None if rest is None else self._clock.now() + rest
            self._set(replace(known, next_sync=next_sync))

    def learn(self, system: System, facts: AccountFacts) -> None:
        """It told who we are there and what it offers; nothing is said of it before its first round."""
        if known := self._known.get(system):
            self._set(replace(known, facts=facts))

    def end(self, system: System) -> None:
        """It went through."""
        now = self._clock.now()
        self._troubles.pop(system, None)
        self._set(
            replace(
                self._known[system],
                state=ConnectionState.CONNECTED,
                since=now,
                sentence="",
                last_sync=now,
                doing="",
            )
        )

    def fail(self, system: System, error: ConnectorError | UserError, *, state: ConnectionState | None = None) -> None:
        """It broke off with ``error``. ``since`` is when the trouble began, not when it was last met.

        ``state`` is what the error means for the connection, where its kind does not say.
        """
        before, trouble = self._known.get(system), self._troubles.get(system)
        self._troubles[system] = SystemStatus(
            system=system,
            state=state or _state_of(error),
            since=trouble.since if trouble and trouble.sentence == error.sentence else self._clock.now(),
            sentence=error.sentence,
            last_sync=before.last_sync if before else None,
            fetched=before.fetched if before else 0,
            expected=before.expected if before else None,
            facts=before.facts if before else None,
            is_paused=system in self._paused,
        )
        self._set(self._troubles[system])

    def forget(self, system: System) -> None:
        """The connection was removed."""
        self._troubles.pop(system, None)
        self._paused.discard(system)
        if self._known.pop(system, None):
            self._publish(Changes(systems=frozenset({system})))

    def _set(self, status: SystemStatus) -> None:
        self._known[status.system] = status
        self._publish(Changes(systems=frozenset({status.system})))


def _state_of(error: ConnectorError | UserError) -> ConnectionState:
    match error:
        case UnreachableError():
            return ConnectionState.UNREACHABLE
        case ReservedError():
            return ConnectionState.RESTING
        case SignInError():
            return ConnectionState.SIGNED_OUT
        case _:
            return ConnectionState.TROUBLED
