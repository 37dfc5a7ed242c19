"""From the sender's post to the customer's timeline, over the sandbox's own sender."""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.inbox import Inbox
from app.records import CustomerNumber, InboxState
from app.store import Store, deliveries
from connectors.inbound import Arrival, Receiver, standard_webhooks
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.events import EventPusher, Posted, Push, SandboxEvent
from tests.app.inbox.arrivals_made import NOW

SECRET = base64.b64encode(b"a secret for tests").decode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


def bounced() -> SandboxEvent:
    """The gateway's word that a mailbox does not exist."""
    facts = {"communication": "c1", "customer": "HM-204881", "channel": "email", "code": "5.1.1"}
    return SandboxEvent(type="message.bounced", id="msg_1", timestamp=NOW, data=dict(facts))


def send(store: Store, push: Push) -> list[Posted]:
    """Let the sandbox post ``push`` to a receiver that stands before the inbox."""
    inbox = Inbox(store)

    async def on_arrival(arrival: Arrival) -> None:
        await inbox.take([arrival])

    async def story() -> list[Posted]:
        receiver = Receiver({"gateway": standard_webhooks(SECRET)}, on_arrival)
        pusher = EventPusher(SandboxClock(), wire=httpx.ASGITransport(receiver.app))
        try:
            return list(await pusher.push(push))
        finally:
            await pusher.close()

    return asyncio.run(story())


def test_an_event_that_is_posted_three_times_is_one_event(store: Store) -> None:
    """Senders repeat what was not acknowledged in time."""
    posted = send(store, Push(url="http://127.0.0.1/inbound/gateway", secret=SECRET, events=[bounced()], copies=3))

    (event,) = asyncio.run(store.read(deliveries.timeline, CustomerNumber("HM-204881")))
    assert [each.status for each in posted] == [204, 204, 204]
    assert (event.times_seen, event.at) == (3, NOW)


def test_a_forged_event_is_refused_and_kept_to_be_seen(store: Store) -> None:
    """Nobody would learn that the secret is wrong, or that somebody tries."""
    url = "http://127.0.0.1/inbound/gateway"
    posted = send(store, Push(url=url, secret=SECRET, events=[bounced()], bad_signature=True))

    assert [each.status for each in posted] == [401]
    assert asyncio.run(Inbox(store).counts()) == {InboxState.REFUSED: 1}
    assert asyncio.run(store.read(deliveries.timeline, CustomerNumber("HM-204881"))) == ()
