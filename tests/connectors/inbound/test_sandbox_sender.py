"""The sandbox's sender and the receiver: every form, both kinds of key, and what goes wrong on the way."""

import asyncio
import base64
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.inbound import Arrival, Form, MutualTls, Receiver, Source, networks, standard_webhooks
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.event_forms import EventForm
from connectors.sandbox.events import EventPusher, Posted, Push, SandboxEvent
from tests.connectors.inbound.posts import NOW, SECRET

SEED = b"a private key for the tests only"
PRIVATE = "whsk_" + base64.b64encode(SEED).decode()
PUBLIC = (
    "whpk_"
    + base64.b64encode(
        Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    ).decode()
)
URL = "http://127.0.0.1/inbound/sender"
BEHIND_PROXY = Source(
    verifier=MutualTls(proxies=networks("127.0.0.1"), header="X-Client", subjects=frozenset({"CN=gateway"})),
    form=Form.CLOUDEVENTS,
)


def told(name: str) -> SandboxEvent:
    """One event of the sandbox's."""
    return SandboxEvent(
        id=name, type="message.bounced", source="/gateway/eu", subject="Inès €", timestamp=NOW, data={"code": "5.1.1"}
    )


def push(source: Source, wish: Push) -> tuple[list[Posted], list[Arrival]]:
    """Let the sandbox push to a receiver."""
    arrivals: list[Arrival] = []

    async def on_arrival(arrival: Arrival) -> None:
        arrivals.append(arrival)

    async def story() -> list[Posted]:
        clock = SandboxClock(NOW + timedelta(days=400))
        sender = EventPusher(clock, wire=httpx.ASGITransport(Receiver({"sender": source}, on_arrival).app))
        try:
            return list(await sender.push(wish))
        finally:
            await sender.close()

    return asyncio.run(story()), arrivals


@pytest.mark.parametrize(("secret", "keys"), [(SECRET, (SECRET,)), (PRIVATE, (SECRET, PUBLIC))])
@pytest.mark.parametrize("form", [EventForm.PLAIN, EventForm.CE_STRUCTURED, EventForm.CE_BATCH])
def test_signed_events_are_believed(secret: str, keys: tuple[str, ...], form: EventForm) -> None:
    """The two ends were made to meet."""
    source = standard_webhooks(*keys, form=Form.AS_IT_IS if form is EventForm.PLAIN else Form.CLOUDEVENTS)

    posted, arrivals = push(source, Push(url=URL, secret=secret, form=form, events=[told("e1"), told("e2")]))

    assert {each.status for each in posted} == {204}
    if form is not EventForm.PLAIN:
        events = [event for arrival in arrivals for event in arrival.events]
        assert [(event.id, event.subject, event.time) for event in events] == [
            ("e1", "Inès €", NOW),
            ("e2", "Inès €", NOW),
        ]


def test_binary_events_come_through_a_proxy() -> None:
    """Their attributes are headers, which Standard Webhooks does not sign."""
    wish = Push(
        url=URL,
        secret=SECRET,
        form=EventForm.CE_BINARY,
        headers={"X-Client": "CN=gateway"},
        events=[told("e1")],
        copies=2,
    )

    posted, arrivals = push(BEHIND_PROXY, wish)
    refused, _ = push(standard_webhooks(SECRET, form=Form.CLOUDEVENTS), wish)

    assert [each.status for each in (*posted, *refused)] == [204, 204, 401, 401]
    assert [(event.identity, event.subject) for arrival in arrivals for event in arrival.events] == [
        ("/gateway/eu e1", "Inès €")
    ] * 2


@pytest.mark.parametrize("secret", [SECRET, PRIVATE])
def test_a_false_signature_is_refused(secret: str) -> None:
    """The sandbox lets this go wrong on purpose."""
    posted, _ = push(
        standard_webhooks(SECRET, PUBLIC), Push(url=URL, secret=secret, events=[told("e1")], bad_signature=True)
    )

    assert [each.status for each in posted] == [401]
