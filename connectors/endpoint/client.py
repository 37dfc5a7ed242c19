"""A described system as something to ask: every call by its name, every reply as records.

Errors: any :class:`~connectors.errors.ConnectorError`, and nothing else. Lists are fetched page by page while they
are consumed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from connectors.calls import Reply
from connectors.endpoint.addresses import check_base_url
from connectors.endpoint.description import DescribedCall, Description
from connectors.endpoint.paging import Seen, Turn, first_turn, next_turn
from connectors.endpoint.signing import SIGN_IN_CALL, Signer, sign_in_of, slots_needed
from connectors.endpoint.values import Value
from connectors.endpoint.wire import (
    Asked,
    Record,
    ask,
    build,
    failure_reader,
    read_document,
    read_items,
    read_one,
    read_record,
)
from connectors.errors import ConnectorError, SignInError
from connectors.http import Exchange, Pace, Transport, Wire

MOST_RESTARTS: Final = 3
"""How often one list is read again because its cursor ended."""


class EndpointClient:
    """One connection to a described system. Build it, use it and close it on one event loop."""

    def __init__(
        self,
        description: Description,
        transport: Transport,
        signer: Signer,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.description = description
        self._transport = transport
        self._signer = signer
        self._now = now

    def __repr__(self) -> str:
        return f"EndpointClient({self.description.title!r})"

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    async def probe(self) -> None:
        """Ask what the description names for that, and forget the answer; without one nothing is asked."""
        if self.description.probe:
            call = self.description.calls[self.description.probe]
            await self._send(self._ask(call, {}), _first(call))

    async def one(self, name: str, given: Mapping[str, object], *, request_key: str | None = None) -> Record | None:
        """Ask the call ``name`` and read its one record; None when the system says that there is none.

        ``request_key`` is the caller's key for this one wish; a call with an idempotency header needs it, and is then
        safe to send again. A name that is not described is a mistake of the program's and a KeyError.
        """
        call = self.description.calls[name]
        reply, _ = await self._send(self._ask(call, given, request_key=request_key), Turn())
        return read_one(call, reply)

    async def all(self, name: str, given: Mapping[str, object]) -> AsyncIterator[Record]:
        """Every record of the list ``name``, each once where the description has a key for them.

        When the cursor ends on the way, the list is read again from its beginning and what was told stays untold.
        """
        call = self.description.calls[name]
        asked = self._ask(call, given)
        told: set[Value] = set()
        questions: set[object] = set()
        restarts = 0
        before = b""
        turn: Turn | None = _first(call)
        while turn is not None:
            questions.add(turn.question)
            try:
                reply, target = await self._send(asked, turn)
            except ConnectorError as error:
                if error.status not in call.expired or turn.number == 0 or restarts == MOST_RESTARTS:
                    raise
                restarts += 1
                questions.clear()
                before = b""
                turn = _first(call)
                continue
            if reply.status in call.answer.absent:
                return
            document = read_document(reply)
            items = read_items(call, reply, document)
            if items and reply.body == before:
                # It does not know the parameter that asks for a page, and would go on for ever.
                raise reply.odd("the same page came twice")
            before = reply.body
            for place, item in enumerate(items, 1):
                record = read_record(call, reply, item, place=f"item {place} of page {turn.number + 1}")
                if call.answer.key:
                    identity = record[call.answer.key]
                    if identity in told:
                        continue
                    told.add(identity)
                yield record
            turn = self._after(call, Seen(turn=turn, reply=reply, document=document, count=len(items), target=target))
            if turn is not None and turn.question in questions:
                raise reply.odd("the pages run in a circle")

    def _ask(self, call: DescribedCall, given: Mapping[str, object], *, request_key: str | None = None) -> Asked:
        return ask(self.description.title, call, given, request_key=request_key)

    async def _send(self, asked: Asked, turn: Turn) -> tuple[Reply, str]:
        call, target = build(
            self.description.title,
            asked,
            turn,
            signer=self._signer,
            base_url=self._transport.base_url,
            now=self._now(),
        )
        return await self._transport.send(call), target

    def _after(self, call: DescribedCall, seen: Seen) -> Turn | None:
        return next_turn(call.pages, seen, base_url=self._transport.base_url) if call.pages else None


def open_endpoint(
    description: Description,
    *,
    credentials: Mapping[str, str],
    base_url: str = "",
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> EndpointClient:
    """A client of the described system; ``credentials`` by slot, ``base_url`` instead of the description's own.

    Raises: SignInError when a slot is empty; ValueError for an address that is none.
    """
    way = description.sign_in
    missing = sorted(slot for slot in slots_needed(way) if not credentials.get(slot))
    if missing:
        labels = ", ".join(description.slots[slot].label for slot in missing)
        raise SignInError(system=description.title, call=SIGN_IN_CALL, detail=f"nothing is known here for: {labels}")
    pacing = description.pacing
    transport = Transport(
        system=description.title,
        base_url=check_base_url(base_url or description.base_url),
        sign_in=sign_in_of(way, credentials),
        read_failure=failure_reader(description.failures),
        pace=Pace(calls=pacing.calls, per_s=pacing.per_s, at_once=pacing.at_once),
        on_exchange=on_exchange,
        wire=wire,
    )
    return EndpointClient(description, transport, Signer(way, credentials), now=now)


def _first(call: DescribedCall) -> Turn:
    return first_turn(call.pages) if call.pages else Turn()
