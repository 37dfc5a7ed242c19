"""OTCS tickets: who is signed in, and until when.

Every successful answer carries a fresh ticket; older ones stay good until their own end (INFERRED, contract 13).
Tickets are signed rather than remembered, so that a busy day costs no memory.
"""

import base64
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from connectors.sandbox.world import World

TICKET_LIFE: Final = timedelta(minutes=30)
"""From the last request; the product's default (CONFIRMED as usual, contract 2.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it goes out. ``expires_at`` is aware UTC."""

    value: str = field(repr=False)
    login: str
    session: int
    expires_at: datetime


class Sessions:
    """Issues tickets, reads them back, and ends the sessions behind them."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock
        self._key = sha256(f"content server {world.seed}".encode()).digest()
        self._opened = 0
        self._issued = 0
        self._ended: set[int] = set()

    def open(self, login: str) -> Ticket:
        """A first ticket of a new session."""
        self._opened += 1
        return self._issue(login, self._opened)

    def roll(self, ticket: Ticket) -> Ticket:
        """A fresh ticket of the same session."""
        return self._issue(ticket.login, ticket.session)

    def read(self, value: str) -> Ticket | None:
        """The living ticket that ``value`` is; None for an invented, expired or signed-out one."""
        payload, _, signature = value.partition(".")
        if not hmac.compare_digest(self._sign(payload).encode(), signature.encode()):
            return None
        login, session, _, expires = json.loads(base64.urlsafe_b64decode(payload))
        expires_at = datetime.fromtimestamp(expires, UTC)
        if session in self._ended or expires_at <= self._clock.now():
            return None
        return Ticket(value=value, login=login, session=session, expires_at=expires_at)

    def end(self, ticket: Ticket) -> None:
        """Sign out: no ticket of that session is good any more."""
        self._ended.add(ticket.session)

    def _issue(self, login: str, session: int) -> Ticket:
        self._issued += 1
        expires_at = (self._clock.now() + TICKET_LIFE).replace(microsecond=0)
        facts = json.dumps([login, session, self._issued, int(expires_at.timestamp())])
        payload = base64.urlsafe_b64encode(facts.encode()).decode()
        return Ticket(value=f"{payload}.{self._sign(payload)}", login=login, session=session, expires_at=expires_at)

    def _sign(self, payload: str) -> str:
        return hmac.new(self._key, payload.encode(), sha256).hexdigest()
