"""Dismiss a silence: nobody has to look at it any more, for a reason that the audit keeps."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.access import Guarded, needs
from app.clock import Clock
from app.errors import UserError
from app.records import Changes, Silence
from app.rules.roles import Action
from app.store import Store, audit, silences

_ID_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissWish:
    """The wish: this silence, for this reason."""

    silence: Silence
    reason: str
    actor: str


class DismissSilence(Guarded):
    """It comes back when something is told of the communication and it falls silent again, and never before."""

    def __init__(self, *, store: Store, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    @needs(Action.DISMISS_SILENCE)
    async def __call__(self, wish: DismissWish) -> None:
        """Raises: UserError without a reason, or when something was told of it meanwhile."""
        if not wish.reason.strip():
            raise UserError("Dismissing a silence needs a reason.", field="reason")
        silence, now = wish.silence, self._clock.now()
        if not await self._store.read(silences.is_one, silence):
            raise _over()
        # Noted first: what cannot be noted does not happen, and what was noted and broke off can be asked for again.
        await self._store.ledger.write(
            audit.add,
            at=now,
            actor=wish.actor,
            action="silence.dismissed",
            reference=f"silence:{_told_id(silence)}",
            detail={"channel": silence.channel, "state": silence.state},
            subject=f"customer:{silence.customer}" if silence.customer else "",
            words={"reason": wish.reason.strip()},
        )
        if not await self._store.write(silences.dismiss, silence, now=now):
            raise _over()
        self._publish(Changes(silences=True))


def _over() -> UserError:
    return UserError("This is no silence any more: something was told of it, or somebody dismissed it.")


def _told_id(silence: Silence) -> str:
    """What tells it from others, without a word that a sender made of anything."""
    return hashlib.sha256(f"{silence.key} {silence.since.isoformat()}".encode()).hexdigest()[:_ID_DIGITS]
