"""Keep a connection and speak to its system from then on, also while entries wait for it and it is being read.

What is changed in a connection that works is proven before it takes the place of what worked: the new secrets are put
beside the old ones, and one write to the ledger says which of them count. Where the system cannot be reached just now,
both are kept until the new ones have signed in once.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from app.access import Guarded, needs
from app.clock import Clock
from app.connections import FORMS, REFRESH_TOKEN, Connection, ReadConnection, owner_of
from app.credentials import Credentials
from app.errors import UserError, sentence_of
from app.notary import Notary
from app.outbox import Relay
from app.outgoing import OutgoingFiles
from app.records import System
from app.rules.roles import Action
from app.store import Store, connections, entry_lists, outbox_pauses
from app.sync import Synchroniser
from app.systems.browser_tokens import BrowserTokens
from app.systems.opening import OnExchange, open_system, put_in_place
from app.systems.ports import Connected, Systems
from app.use_cases.connect_system import ConnectionForm
from app.use_cases.load_connection import find_connection, read_with_kept_secrets, with_secrets
from connectors.errors import ConnectorError, SignInError

LEADS_ELSEWHERE: Final = "the connection leads elsewhere now, and what waits was wished for the place before"


class SaveConnection(Guarded):
    """Keep a connection, use it from now on, and begin to synchronise."""

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        systems: Systems,
        tokens: BrowserTokens,
        outgoing: OutgoingFiles,
        synchroniser: Synchroniser,
        relay: Relay,
        on_exchange: OnExchange,
        notary: Notary,
        clock: Clock,
    ) -> None:
        self._notary = notary
        self._clock = clock
        self._store = store
        self._credentials = credentials
        self._systems = systems
        self._tokens = tokens
        self._outgoing = outgoing
        self._synchroniser = synchroniser
        self._relay = relay
        self._on_exchange = on_exchange
        self._proving: set[asyncio.Task[None]] = set()
        self._turns: Mapping[System, asyncio.Lock] = {system: asyncio.Lock() for system in System}
        """Which secrets lie in which place is changed by one at a time: a keyring may take its time."""

    @needs(Action.CONNECT)
    async def __call__(self, wish: ConnectionForm) -> str:
        """Where the secret is kept, in a sentence.

        Raises: UserError beside a field that cannot be right, and when the system refuses what is to replace
        something that works; then that goes on working.
        """
        read = await read_with_kept_secrets(self._store, self._credentials, wish.system, wish.values)
        async with self._turns[wish.system]:
            before = await find_connection(self._store, wish.system)
            return await self._use(read) if before is None else await self._change(before, read)

    async def use(self, read: ReadConnection) -> str:
        """The same for a connection that was read already, such as one of the sandbox's; it is taken as it is."""
        async with self._turns[read.connection.system]:
            return await self._use(read)

    async def _use(self, read: ReadConnection) -> str:
        before = await find_connection(self._store, read.connection.system)
        connection = replace(read.connection, place=before.place if before else "")
        return await self._keep(replace(read, connection=connection), is_changed=False)

    async def open(self, read: ReadConnection, *, has_moved: bool = False) -> None:
        """Speak to the system from now on: begin with what waits for it.

        ``has_moved``: another address is no other place, as of a sandbox that listens at another port every day.
        """
        opened = self._opened(read)
        await put_in_place(self._systems, opened)
        await self._synchroniser.read_from(read.connection.system, read.connection.where, has_moved=has_moved)
        self._synchroniser.wake(read.connection.system)
        self._relay.resume(read.connection.system)

    async def open_kept(
        self, *, unless: Callable[[System], bool] = lambda _system: False
    ) -> Mapping[System, UserError]:
        """Open every connection of the profile whose secrets are there; why the others are signed out.

        Those of which ``unless`` is true are left alone.

        None is tried without them: an account may be locked after a few sign-ins with an empty password.
        """
        signed_out: dict[System, UserError] = {}
        for connection in await self._store.ledger.read(connections.every):
            system = connection.system
            if unless(system):
                continue
            if connection.is_changing:
                await self._drop_half_change(connection)
            read = await with_secrets(self._credentials, connection)
            if read.missing_secrets and await self.put_back(system):
                continue
            if read.missing_secrets:
                signed_out[system] = UserError(
                    f"{system.label} is signed out: its secrets cannot be had from the keyring.",
                    hint="Unlock the keyring and try it again under Settings, or type them again under Connections.",
                )
                self._synchroniser.sign_out(system, signed_out[system])
            else:
                try:
                    await self.open(read)
                except UserError as error:
                    signed_out[system] = error
                    self._synchroniser.sign_out(system, error)
        for connection in await self._store.ledger.read(connections.every):
            if connection.before is not None and connection.system not in signed_out and not unless(connection.system):
                self._prove_soon(connection)
        return signed_out

    async def proven(self) -> None:
        """Wait until all that was opened unproven has been tried."""
        await asyncio.gather(*self._proving, return_exceptions=True)

    async def close(self) -> None:
        """Try nothing any more; the next start does."""
        for task in self._proving:
            task.cancel()
        await self.proven()

    def _prove_soon(self, connection: Connection) -> None:
        """A system that does not answer takes its time, for which no start waits."""
        task = asyncio.create_task(self._prove(connection), name=f"prove {connection.system}")
        self._proving.add(task)
        task.add_done_callback(self._proving.discard)

    async def _prove(self, connection: Connection) -> None:
        try:
            is_proven = await self._is_proven(await with_secrets(self._credentials, connection))
            async with self._turns[connection.system]:
                # Somebody may have changed it once more meanwhile, and that is another question.
                if is_proven and await find_connection(self._store, connection.system) == connection:
                    await self._settle(connection.system)
        except SignInError:
            await self.put_back(connection.system)

    async def settle(self, system: System) -> None:
        """The connection to ``system`` has signed in: what was before it is not needed any more."""
        async with self._turns[system]:
            await self._settle(system)

    async def _settle(self, system: System) -> None:
        connection = await find_connection(self._store, system)
        if connection is not None and connection.before is not None:
            with suppress(UserError):  # a keyring that is locked just now; it is settled after the next sign-in
                await self._erase(connection.before)
                await self._store.ledger.write(connections.save, replace(connection, before=None))

    async def put_back(self, system: System) -> bool:
        """Use what was before again, since ``system`` refuses what has not signed in yet; False when there is none."""
        async with self._turns[system]:
            return await self._put_back(system)

    async def _put_back(self, system: System) -> bool:
        connection = await find_connection(self._store, system)
        if connection is None or connection.before is None:
            return False
        read = await with_secrets(self._credentials, connection.before)
        try:
            if read.missing_secrets or not await self._is_proven(read):
                return False
        except SignInError:
            return False
        await self._store.ledger.write(connections.save, read.connection)
        with suppress(UserError):  # what lies in the other place is written over by the next change
            await self._erase(connection)
        await self.open(read)
        return True

    async def _change(self, before: Connection, read: ReadConnection) -> str:
        try:
            is_proven = await self._is_proven(read)
        except SignInError as error:
            label = before.system.label
            raise UserError(
                f"{label} refuses what was typed, so what was kept before stays in use. {sentence_of(error)}",
                hint=f"Type it again, or ask whoever administers {label} whether the account is locked.",
            ) from error
        # What never signed in is not worth keeping beside what did.
        proven = before if before.before is None else before.before
        await self._store.ledger.write(connections.save, replace(before, is_changing=True))
        changed = replace(read.connection, place=proven.other_place, before=replace(proven, before=None))
        sentence = await self._keep(replace(read, connection=changed), is_changed=True)
        if is_proven:
            await self._settle(before.system)
        return sentence

    async def _keep(self, read: ReadConnection, *, is_changed: bool) -> str:
        """``is_changed``: by a person, and not because a sandbox listens at another port every day."""
        owner, secrets = read.connection.owner, dict(read.secrets)
        if read.signs_in_with_browser:
            secrets[REFRESH_TOKEN] = self._tokens.hand_over(read, to=owner)
        system = read.connection.system
        await self._notary.note("connection.saved", f"system:{system}")
        keeping = await self._credentials.save(owner, secrets)
        if is_changed:
            await self._store.ledger.write(
                _change_to, read.connection, actor=self._notary.person, now=self._clock.now()
            )
        else:
            await self._store.ledger.write(connections.save, read.connection)
        await self.open(ReadConnection(connection=read.connection, secrets=secrets), has_moved=not is_changed)
        return keeping.sentence

    def _opened(self, read: ReadConnection) -> Connected:
        return open_system(read, outgoing=self._outgoing, tokens=self._tokens, on_exchange=self._on_exchange)

    async def _is_proven(self, read: ReadConnection) -> bool:
        """Whether it signs in; False when that cannot be found out just now. Raises: SignInError."""
        opened = self._opened(read)
        try:
            await opened.probe()
        except SignInError:
            raise
        except ConnectorError:
            return False
        finally:
            await opened.close()
        return True

    async def _drop_half_change(self, connection: Connection) -> None:
        """The desk ended while secrets were put into the other place: unless they are an older connection's, they go.

        Raises nothing: what the keyring does not give up now is tried again at the next start.
        """
        system = connection.system
        with suppress(UserError):
            if connection.before is None:
                await self._credentials.delete(owner_of(system, connection.other_place), FORMS[system].secret_keys)
            await self._store.ledger.write(connections.save, replace(connection, is_changing=False))

    async def _erase(self, connection: Connection) -> None:
        await self._credentials.delete(connection.owner, FORMS[connection.system].secret_keys)


def _change_to(db: Database, connection: Connection, *, actor: str, now: datetime) -> None:
    """Keep ``connection``; where it leads elsewhere than before, what waits for its system waits for a person first.

    It was wished for the place before: a letter for the test system must not leave from the real one, and what is in
    doubt cannot be looked up where it never was.
    """
    before = next((each for each in connections.every(db) if each.system is connection.system), None)
    connections.save(db, connection)
    depth = entry_lists.depth(db).get(connection.system)
    if before is not None and before.where != connection.where and depth is not None and depth.open:
        outbox_pauses.pause(db, connection.system, reason=LEADS_ELSEWHERE, actor=actor, now=now)
