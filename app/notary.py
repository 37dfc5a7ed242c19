"""Notes in the audit what the person at this desk does or sees, where no wish carries their name already.

It is noted before it is done or shown: what cannot be noted does not happen.
"""

from collections.abc import Callable, Mapping
from functools import partial

from sqlite_utils import Database

from app.clock import Clock
from app.store import Store, audit


class Notary:
    """The audit of one open profile, and who is sitting at it."""

    def __init__(self, *, store: Store, clock: Clock, person: str = audit.DESK) -> None:
        """``person``: their account name; the desk itself where nobody sits, as in a nightly round."""
        self._store = store
        self._clock = clock
        self.person = person

    async def note(
        self,
        action: str,
        reference: str,
        *,
        subject: str = "",
        words: Mapping[str, str] | None = None,
        **detail: str,
    ) -> None:
        """Add one row. ``reference`` and ``detail`` are codes and keys, never a person's words or a customer.

        ``subject`` is whom it is about, ``words`` what somebody typed: both lie beside the chain and can be erased.
        Raises: UserError when the disk takes no more.
        """
        await self._store.ledger.write(self.row(action, reference, subject=subject, words=words, **detail))

    def row(
        self,
        action: str,
        reference: str,
        *,
        subject: str = "",
        words: Mapping[str, str] | None = None,
        **detail: str,
    ) -> Callable[[Database], None]:
        """As :meth:`note`, to be done within the transaction of what it tells of."""
        return partial(
            audit.add,
            at=self._clock.now(),
            actor=self.person,
            action=action,
            reference=reference,
            detail=detail,
            subject=subject,
            words=words,
        )
