"""The role that this profile is used in: kept in the ledger, asked by every use-case that changes or reveals.

A use-case says beside its ``__call__`` which action it is (:func:`needs`); the desk hands it the role
(:meth:`Access.guard`). Without one, as where a use-case is tested by itself, everything may be done.
"""

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import msgspec
from sqlite_utils import Database

from app.clock import Clock
from app.errors import UserError
from app.rules.roles import Action, Role, objection_to
from app.store import Store, audit, settings_values

P = ParamSpec("P")
R = TypeVar("R")
G = TypeVar("G", bound="Guarded")

ROLE_KEY: Final = "role"


class Access:
    """The present role. Read once at the start; asking costs nothing."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._role = Role.ADMINISTRATOR

    @property
    def role(self) -> Role:
        """Whoever opens a profile for the first time is its administrator."""
        return self._role

    async def load(self) -> None:
        """Read the role. What cannot be understood, written by another version perhaps, may do the least."""
        kept = (await self._store.ledger.read(settings_values.every)).get(ROLE_KEY)
        if kept is not None:
            try:
                self._role = msgspec.json.decode(kept, type=Role)
            except msgspec.DecodeError:
                self._role = Role.AGENT

    def require(self, action: Action) -> None:
        """Raises: UserError when the present role may not do ``action``."""
        if objection := objection_to(self._role, action):
            raise UserError(objection, hint="Settings says which role this profile is used in.")

    async def change(self, role: Role, *, actor: str) -> None:
        """Use the profile in ``role`` from now on; the audit has it. Raises: UserError."""
        self.require(Action.CHANGE_ROLE)
        await self._store.ledger.write(_change, role, before=self._role, actor=actor, now=self._clock.now())
        self._role = role

    async def give(self, role: Role, *, actor: str, reason: str) -> None:
        """Use the profile in ``role``, whatever the present one may: the way back, outside the window.

        ``reason`` is what somebody typed: it lies beside the audit's chain. Raises: UserError.
        """
        before = self._role
        await self._store.ledger.write(_give, role, before=before, actor=actor, reason=reason, now=self._clock.now())
        self._role = role

    def guard(self, use_case: object) -> None:
        """Let ``use_case`` ask for this role from now on."""
        if isinstance(use_case, Guarded):
            use_case.access = self


class Guarded:
    """A use-case that changes or reveals something."""

    access: "Access | None" = None


def needs(
    action: Action,
) -> Callable[
    [Callable[Concatenate[G, P], Coroutine[Any, Any, R]]], Callable[Concatenate[G, P], Coroutine[Any, Any, R]]
]:
    """Refuse the call when the role may not do ``action``, before anything of it is done."""

    def guarded(
        call: Callable[Concatenate[G, P], Coroutine[Any, Any, R]],
    ) -> Callable[Concatenate[G, P], Coroutine[Any, Any, R]]:
        @wraps(call)
        async def checked(self: G, /, *wish: P.args, **named: P.kwargs) -> R:
            if self.access is not None:
                self.access.require(action)
            return await call(self, *wish, **named)

        checked.__dict__["action"] = action
        return checked

    return guarded


def _change(db: Database, role: Role, *, before: Role, actor: str, now: datetime) -> None:
    _note(db, role, before=before, action="role.changed", actor=actor, now=now)


def _give(db: Database, role: Role, *, before: Role, actor: str, reason: str, now: datetime) -> None:
    _note(db, role, before=before, action="role.given", actor=actor, now=now, words={"reason": reason})


def _note(
    db: Database,
    role: Role,
    *,
    before: Role,
    action: str,
    actor: str,
    now: datetime,
    words: Mapping[str, str] | None = None,
) -> None:
    settings_values.put(db, ROLE_KEY, msgspec.json.encode(role).decode())
    audit.add(
        db,
        at=now,
        actor=actor,
        action=action,
        reference="profile",
        detail={"from": before.value, "to": role.value},
        words=words,
    )
