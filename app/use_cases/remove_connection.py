"""Remove a connection, so that nothing of it is left, or what is left is said and goes later."""

from collections.abc import Callable
from datetime import datetime

from sqlite_utils import Database

from app.access import Guarded, needs
from app.clock import Clock
from app.connections import FORMS, PLACES, owner_of
from app.credentials import Credentials
from app.errors import UserError
from app.pictures import Pictures
from app.records import Changes, System
from app.rules.roles import Action
from app.store import Store, audit, connections, customer_words, entry_lists, forgetting
from app.suppressions import Suppressions
from app.sync import Synchroniser
from app.systems.browser_tokens import BrowserTokens
from app.systems.ports import Systems


class RemoveConnection(Guarded):
    """Sign out of a system for good: its connection, its secrets and everything that it told are forgotten."""

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        systems: Systems,
        tokens: BrowserTokens,
        synchroniser: Synchroniser,
        pictures: Pictures,
        clock: Clock,
        publish: Callable[[Changes], None],
        suppressions: Suppressions,
    ) -> None:
        self._suppressions = suppressions
        self._store = store
        self._credentials = credentials
        self._systems = systems
        self._tokens = tokens
        self._synchroniser = synchroniser
        self._pictures = pictures
        self._clock = clock
        self._publish = publish

    @needs(Action.CONNECT)
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
                # Who complained has not changed their mind because their gateway is not asked any more.
                told = await self._store.read(customer_words.closed_by, system.label)
                await self._suppressions.learn(told)
                await self._store.purge(forgetting.forget_system, system)
                await self._pictures.drop(system)
                self._tokens.end(system)
                for place in PLACES:
                    await self._credentials.delete(owner_of(system, place), FORMS[system].secret_keys)
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
