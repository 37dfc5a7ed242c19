"""Events pushed to a receiver, signed as Standard Webhooks asks, with the mishaps that receivers must bear."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import uuid4

import httpx
import msgspec

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.event_forms import EventForm, Letter, NamedEvent, Signer, signer, write

DEADLINE_S: Final = 10.0
_FALSE_SECRET: Final = base64.b64encode(b"somebody else's secret").decode()
_FALSE_KEY: Final = "whsk_" + base64.b64encode(b"somebody else's private key here".ljust(32)[:32]).decode()


class SandboxEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event as its maker tells it."""

    type: str
    data: dict[str, object]
    id: str | None = None
    """Stays the same over copies; made up when absent."""
    timestamp: datetime | None = None
    """When it happened; the sandbox's present when absent."""
    source: str = "/sandbox"
    """Who tells it, as CloudEvents says it: a URI reference."""
    subject: str | None = None
    """Whom it is about, as CloudEvents says it."""


class Push(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events for one receiver, and what goes wrong on the way."""

    url: str
    secret: str
    """Base64, with or without ``whsec_``; or a private Ed25519 key, ``whsk_…``."""
    form: EventForm = EventForm.PLAIN
    headers: dict[str, str] = {}
    """What a proxy on the way would add."""
    events: Annotated[list[SandboxEvent], msgspec.Meta(min_length=1)]
    copies: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    """How often each is posted, with the same id."""
    bad_signature: bool = False
    out_of_order: bool = False
    """The last event is posted first."""
    withhold: bool = False
    """Nothing is posted until the withheld ones are released."""
    delay_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0
    sent_at: datetime | None = None
    """What the signature claims as its time; the real present when absent, for receivers compare it with theirs."""


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one post: the receiver's status, or why there was none."""

    id: str
    status: int | None
    error: str = ""


class EventPusher:
    """Posts events, once each: a sender's repetition is asked for with ``copies``."""

    def __init__(self, clock: SandboxClock, *, wire: httpx.AsyncBaseTransport | None = None) -> None:
        self._clock = clock
        self._http = httpx.AsyncClient(transport=wire, timeout=DEADLINE_S, trust_env=False)
        self._withheld: list[Push] = []

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @property
    def withheld(self) -> Sequence[Push]:
        """What waits for :meth:`release`, in order."""
        return tuple(self._withheld)

    def forget(self) -> None:
        """Drop what is withheld: it was never sent."""
        self._withheld.clear()

    async def push(self, push: Push) -> Sequence[Posted]:
        """Post the events, or keep them back. Raises: ValueError for a secret that is none."""
        sign = signer(push.secret)
        if push.bad_signature:
            sign = signer(_FALSE_KEY if push.secret.startswith("whsk_") else _FALSE_SECRET)
        if push.withhold:
            self._withheld.append(push)
            return ()
        await asyncio.sleep(push.delay_s)
        letters = write(push.form, [self._named(event) for event in push.events])
        order = reversed(letters) if push.out_of_order else letters
        return [await self._post(push, sign, letter) for letter in order for _ in range(push.copies)]

    async def release(self) -> Sequence[Posted]:
        """Post everything that was withheld, in order."""
        waiting, self._withheld = self._withheld, []
        return [posted for push in waiting for posted in await self.push(msgspec.structs.replace(push, withhold=False))]

    async def _post(self, push: Push, sign: Signer, letter: Letter) -> Posted:
        sent_at = push.sent_at or datetime.now(UTC)
        headers = {
            **letter.headers,
            **push.headers,
            "webhook-id": letter.id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": sign(letter.id, sent_at, letter.body),
        }
        try:
            reply = await self._http.post(push.url, content=letter.body, headers=headers)
        except httpx.HTTPError as error:
            return Posted(id=letter.id, status=None, error=type(error).__name__)
        return Posted(id=letter.id, status=reply.status_code)

    def _named(self, event: SandboxEvent) -> NamedEvent:
        return NamedEvent(
            id=event.id or f"msg_{uuid4().hex}",
            source=event.source,
            type=event.type,
            subject=event.subject,
            time=event.timestamp or self._clock.now(),
            data=event.data,
        )
