"""Whatever comes, by whichever way: kept byte for byte, said what became of it, and the desk goes on."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inbox import Inbox
from app.inbox.exporting import cloud_event
from app.records import InboxState
from app.rules.event_filter import EventFilter
from app.store import Store, deliveries
from tests.app.inbox.arrivals_made import arrival, event_json, message, polled

ODD = st.sampled_from(
    [
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b'{"type": "message.opened", "data": {"communication": "' + b"c" * 900_000 + b'", "channel": "sms"}}',
        '{"type": "message.opened", "data": {"communication": "é", "channel": "sms"}}'.encode("utf-16"),
        '{"type": "message.opened", "data": {"communication": "é", "channel": "sms"}}'.encode("latin-1"),
        b"\x1f\x8b\x08\x00\x00\x00",
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"type": "message.bounced", "data": {"communication": "\\u0000", "channel": "email", "detail": "\\u0000"}}',
        b'{"type": "message.bounced", "timestamp": "9999-12-31T23:59:59-23:59", "data": {"communication": "c",'
        b' "channel": "email"}}',
        b'{"type": "message.bounced", "timestamp": "0001-01-01T00:00:00+23:59", "data": {"communication": "c",'
        b' "channel": "email"}}',
        b'{"notification_type": "upload", "resources": [[1]]}',
        b'{"notification_type": "move", "resources": {}}',
        b'{"expctr": {"schemaType": []}, "exstreamJob": {"communicationId": {}}}',
    ]
)
WORDS = st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["communication", "customer", "channel", "title", "code", "verdict", "detail", "run", "x"])
ALMOST = st.builds(
    lambda kind, at, data: json.dumps({"type": kind, "timestamp": at, "data": data}).encode(),
    st.sampled_from(["message.bounced", "message.opened", "message.", "asset.approved", ""]) | WORDS,
    VALUES,
    st.fixed_dictionaries(
        {"communication": VALUES | st.just("c1"), "channel": VALUES | st.sampled_from(["email", "SMS"])}
    ).flatmap(lambda known: st.dictionaries(KEYS, VALUES).map(lambda more: {**more, **known})),
)
TORN = st.builds(
    lambda raw, at, byte: raw[:at] + bytes([byte]) + raw[at + 1 :],
    st.sampled_from([message(), event_json("Exstream-Email-OPEN"), event_json("Exstream-Generated")]),
    st.integers(0, 300),
    st.integers(0, 255),
)
BODIES = st.binary(max_size=200) | ODD | ALMOST | TORN


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """One for all bodies: what one leaves behind must not harm the next."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as opened:
        yield opened


@settings(max_examples=150, deadline=None)
@given(st.lists(BODIES, min_size=1, max_size=4), st.booleans())
def test_everything_that_comes_is_kept_and_said(store: Store, bodies: list[bytes], is_polled: bool) -> None:
    """One body that cannot be stored would be sent again for ever, and bar all that come with it."""
    inbox = Inbox(store)
    ids = [f"{abs(hash(body))}-{number}" for number, body in enumerate(bodies)]

    if is_polled:
        asyncio.run(inbox.take_polled([polled(raw, id_=f"x/{id_}") for id_, raw in zip(ids, bodies, strict=True)]))
    else:
        asyncio.run(inbox.take([arrival(raw, id_=id_) for id_, raw in zip(ids, bodies, strict=True)]))

    for id_, raw in zip(ids, bodies, strict=True):
        kept = asyncio.run(inbox.find(f"{'x' if is_polled else 'email-gateway'}/{id_}"))
        assert kept is not None
        assert kept.raw == raw
        assert kept.state is InboxState.DONE or (kept.state is InboxState.FAILED and kept.sentence.endswith("."))
        for is_masked in (True, False):
            json.loads(cloud_event(kept, is_masked=is_masked).structured())


def test_and_can_be_read_again(store: Store) -> None:
    """A replay over a year would stop at the first odd one."""
    inbox = Inbox(store)

    async def whole() -> int:
        until, after, events = await inbox.last_row(), 0, 0
        while True:
            page = await inbox.replay(EventFilter(), after=after, until=until)
            events, after = events + page.found.events, page.after
            assert page.found.changed == 0
            if page.is_last:
                return events

    assert asyncio.run(whole()) > 0


def test_what_stands_is_what_the_claims_say(store: Store) -> None:
    """One odd claim would leave a communication where nothing puts it."""

    def without_claims(db: object) -> int:
        found = db.execute(  # type: ignore[attr-defined]  # a database of sqlite_utils
            """SELECT count(*) FROM deliveries AS d WHERE NOT EXISTS (SELECT 1 FROM delivery_events AS e
               WHERE e.communication = d.communication AND e.channel = d.channel)"""
        )
        return int(found.fetchone()[0])

    assert asyncio.run(store.read(without_claims)) == 0
    assert asyncio.run(store.read(deliveries.most_troubled, limit=3)) is not None
