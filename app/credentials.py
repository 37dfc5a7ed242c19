"""Passwords, tokens and keys: in the desktop's keyring, or in this process's memory, and nowhere else.

They are never written to a file, never logged, and no object here shows them. A keyring that is missing, locked or
merely a file in disguise is replaced by memory, and the person is told so in one sentence; when it can be had again,
:meth:`Credentials.try_again` puts into it what memory held. Entries of a keyring are short: :mod:`app.long_secrets`.
"""

import asyncio
import secrets as entropy
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import ClassVar, Final, TypeVar

from app import long_secrets
from app.errors import UserError
from app.long_secrets import Keyring
from app.store.personal import PersonalKey

T = TypeVar("T")

SERVICE: Final = "proofdesk"
_STORE: Final = "store"
_PERSONAL_KEY: Final = "personal_key"
PROBE_LENGTH: Final = 8192
"""Characters that a keyring must hold, one of them beyond ASCII: a client certificate with its chain is the longest
secret that a connection has, and tokens of single sign-on are not much shorter."""

PATIENCE_S: Final = 15.0
"""How long a keyring may take: long enough to type the password that unlocks it, and no start waits for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where secrets are kept just now."""

    is_lasting: bool
    """Whether they are still there after a restart."""
    sentence: str


IN_KEYRING: Final = Keeping(is_lasting=True, sentence="Passwords are kept in this desktop's keyring.")
_NO_KEYRING: Final = Keeping(
    is_lasting=False,
    sentence="This desktop has no keyring, so passwords are kept in memory and asked for again at the next start.",
)
LOCKED: Final = Keeping(
    is_lasting=False,
    sentence="The desktop's keyring is locked or does not answer, so passwords are kept in memory until it does.",
)
_SESSION_ONLY: Final = Keeping(
    is_lasting=False, sentence="This is a demonstration: passwords are kept in memory and forgotten at the end."
)


class Credentials:
    """The secrets of one profile, by owner (a system's name, ``inbound``) and field. Used on the engine's loop."""

    PERSONAL: ClassVar = (_STORE, (_PERSONAL_KEY,))
    """Owner and field of the key that seals personal content."""

    def __init__(
        self,
        profile: str,
        *,
        keyring: Keyring | None = None,
        session_only: bool = False,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """``keyring`` replaces the desktop's own, for tests; ``session_only`` never asks for one."""
        self._service = f"{SERVICE}/{profile}"
        self._keyring = keyring
        self._keeping = _SESSION_ONLY if session_only else IN_KEYRING
        self._session_only = session_only
        self._memory: dict[str, dict[str, str]] = {}
        self._passing: set[str] = set()
        """Owners of what is never to be kept, such as a sign-in that nobody has saved."""
        self._patience_s = patience_s
        # Keyrings of desktops do not like to be asked by two threads at once.
        self._turn = asyncio.Lock()
        self._is_free: Callable[[], bool] = lambda: True
        self.keeps_new = True
        """Whether the keyring is given what is saved; False while everything of the profile is being forgotten."""

    @property
    def keeping(self) -> Keeping:
        """Where secrets are kept, as far as was found out."""
        return self._keeping

    async def probe(self) -> Keeping:
        """Find out by really keeping, reading and deleting something as long as a token."""
        if not self._session_only:
            await self._with_keyring(self._try_out)
        return self._keeping

    async def begin(self) -> None:
        """Take away what a cut left in the keyring. Only who holds the profile may: it would disturb who writes."""
        if not self._session_only:
            await self._with_keyring(lambda keyring: long_secrets.finish(keyring, self._service))

    async def try_again(self) -> Keeping:
        """Ask the keyring once more, as after unlocking it, and let it keep what memory had to hold meanwhile.

        As for :meth:`begin`, whoever calls holds the profile.
        """
        if (await self.probe()).is_lasting:
            await self.begin()
            for owner, values in list(self._memory.items()):
                if owner not in self._passing:
                    await self.save(owner, values)
        return self._keeping

    async def load(self, owner: str, fields: Collection[str]) -> Mapping[str, str]:
        """The secrets of ``owner``; fields of which none is kept are left out."""
        held = self._memory.get(owner, {})
        found = {name: held[name] for name in fields if name in held}
        missing = [name for name in fields if name not in held]
        if missing and not self._session_only:
            found |= await self._with_keyring(lambda keyring: self._read(keyring, owner, missing)) or {}
        return found

    async def save(self, owner: str, values: Mapping[str, str]) -> Keeping:
        """Keep ``values``; where, is the answer. What memory had to hold of ``owner`` so far goes with them."""
        whole = {**self._memory.get(owner, {}), **values}
        if not self._session_only and await self._with_keyring(lambda keyring: self._write(keyring, owner, whole)):
            self._let_go(owner, whole)
        else:
            self.hold(owner, values)
        return self._keeping

    def _let_go(self, owner: str, kept: Mapping[str, str]) -> None:
        """Memory need not hold any more what is ``kept``; what it came to hold meanwhile stays."""
        held = self._memory.pop(owner, {})
        if left := {name: value for name, value in held.items() if kept.get(name) != value}:
            self._memory[owner] = left

    async def personal_key(self) -> PersonalKey:
        """The key that seals personal content in this profile's cache; made when there is none yet.

        Where no keyring keeps it, it says that it does not last: what it seals is gone when the desk closes.
        """
        kept = await self.load(_STORE, [_PERSONAL_KEY])
        with suppress(KeyError, ValueError):
            return PersonalKey.from_text(kept[_PERSONAL_KEY])
        key = PersonalKey.generate()
        # A keyring that is only locked just now holds the right one: it is not written over.
        if self._keeping.is_lasting and (await self.save(_STORE, {_PERSONAL_KEY: key.as_text()})).is_lasting:
            return PersonalKey.from_text(key.as_text())
        return key

    def hold(self, owner: str, values: Mapping[str, str], *, is_passing: bool = False) -> None:
        """Keep ``values`` in memory alone; ``is_passing``: also when the keyring can be had again."""
        if is_passing:
            self._passing.add(owner)
        self._memory[owner] = {**self._memory.get(owner, {}), **values}

    def held(self, owner: str) -> Mapping[str, str]:
        """What memory alone keeps of ``owner``."""
        return dict(self._memory.get(owner, {}))

    def drop(self, owner: str) -> None:
        """Forget what memory alone keeps of ``owner``."""
        self._memory.pop(owner, None)

    async def delete(self, owner: str, fields: Collection[str]) -> None:
        """Forget the secrets of ``owner`` everywhere. Raises: UserError when the keyring may still hold them."""
        self._memory.pop(owner, None)
        if not self._session_only:
            await self._with_keyring(lambda keyring: self._erase(keyring, owner, fields))
            if self._keeping is LOCKED:
                raise UserError(
                    "The desktop's keyring is locked or does not answer, so the secrets may still be in it.",
                    hint="Unlock the keyring. They are deleted when Proofdesk starts next.",
                )

    async def _with_keyring(self, work: Callable[[Keyring], T]) -> T | None:
        """What ``work`` answers; None when there is no keyring, it is locked, or it does not answer in time."""
        async with self._turn:
            if not self._is_free():
                self._keeping = LOCKED
                return None
            asked = _ask_aside(lambda: self._guarded(work))
            self._is_free = asked.done
            told = asyncio.wrap_future(asked)
            await asyncio.wait([told], timeout=self._patience_s)
            if not told.done():
                told.cancel()
                self._keeping = LOCKED
                return None
            self._keeping, result = told.result()
            return result

    def _guarded(self, work: Callable[[Keyring], T]) -> tuple[Keeping, T | None]:
        try:
            keyring = self._keyring or _desktops_own()
            return (IN_KEYRING, work(keyring)) if keyring else (_NO_KEYRING, None)
        except Exception:  # noqa: BLE001 - each backend raises what its platform does; the answer is always memory
            return LOCKED, None

    def _read(self, keyring: Keyring, owner: str, fields: Collection[str]) -> dict[str, str]:
        read = {name: long_secrets.read(keyring, self._service, f"{owner}.{name}") for name in fields}
        return {name: value for name, value in read.items() if value is not None}

    def _write(self, keyring: Keyring, owner: str, values: Mapping[str, str]) -> bool:
        if not self.keeps_new:
            return False
        for name, value in values.items():
            long_secrets.write(keyring, self._service, f"{owner}.{name}", value)
        return True

    def _erase(self, keyring: Keyring, owner: str, fields: Collection[str]) -> None:
        long_secrets.finish(keyring, self._service)  # what a lock cut off in this session is nobody's name any more
        for name in fields:
            long_secrets.erase(keyring, self._service, f"{owner}.{name}")

    def _try_out(self, keyring: Keyring) -> None:
        # In a service of its own: a desk that is open on the profile may be writing there.
        service = f"{self._service}/probe"
        try:
            long_secrets.write(keyring, service, "value", "é" + entropy.token_urlsafe(PROBE_LENGTH)[1:PROBE_LENGTH])
        finally:
            long_secrets.erase(keyring, service, "value")


def _ask_aside(ask: Callable[[], T]) -> Future[T]:
    """The answer of ``ask`` in a thread that nobody waits for when the program ends."""
    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()

    def tell() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            answer.set_exception(error)

    Thread(target=tell, name="keyring", daemon=True).start()
    return answer


def _desktops_own() -> Keyring | None:
    """The best backend that is a real keyring; None where there is none."""
    import keyring  # noqa: PLC0415 - looking for backends costs 50 ms: when first needed, not at start

    chosen = keyring.get_keyring()
    candidates = getattr(chosen, "backends", None) or [chosen]
    return next((each for each in candidates if not type(each).__module__.startswith(_NO_REAL_KEYRINGS)), None)


_NO_REAL_KEYRINGS: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
"""Backends that keep nothing, or keep it in a file."""
