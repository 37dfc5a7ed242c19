"""Forgetting one customer: gone from both files, and the audit still tells that it was done."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.outbox import Outbox, Wish, new_request_key
from app.records import (
    Changes,
    CustomerNumber,
    DeliveryState,
    InboxEvent,
    InboxState,
    OutboxEntry,
    System,
    Trust,
    Verb,
)
from app.rules.chain import check
from app.store import Store, audit, customers, deliveries, documents, inbox_events
from app.store.personal import PersonalKey
from app.suppressions import Suppressions
from app.systems.filing import FilingOrder
from app.use_cases.find_customer import note_seen
from app.use_cases.forget_customer import ForgetCustomer, ForgetReason, ForgetWish
from tests.app.outbox.fakes import NOW, FakeClock
from tests.app.use_cases.people import INES, RENEWAL, claim

WISH = ForgetWish(customer=INES.number, reason=ForgetReason.ASKED, actor="ada")
AGNES = replace(INES, number=CustomerNumber("HM-331407"), name="Agnes Martin")
TYPED = "Ines Caron moved to Quimper"
"""What a person wrote, and must not be read any more."""


def filing(number: CustomerNumber) -> Wish:
    """A letter of a customer's for the archive."""
    return Wish(
        system=System.EXTENDED_ECM,
        verb=Verb.FILE_DOCUMENT,
        subject="workspace:7",
        title=TYPED,
        payload=FilingOrder(
            customer=number,
            workspace=INES.workspace,
            name=TYPED,
            media_type="application/pdf",
            sha256="0" * 64,
            category=9,
            values={"9_2": TYPED},
        ).payload(),
        actor="ada",
        request_key=new_request_key(),
    )


def told(event: str, about: str) -> InboxEvent:
    """An event about somebody."""
    return InboxEvent(
        id=event,
        source="gateway",
        type="message.bounced",
        about=about,
        received_at=NOW,
        occurred_at=None,
        trust=Trust.VERIFIED,
        state=InboxState.DONE,
        sentence="",
        raw=b"ines@lamer.example",
        media_type="application/json",
    )


async def fill(store: Store, outbox: Outbox) -> OutboxEntry:
    """Two customers; one with everything that can be held about her, and a filing that was dropped."""
    await store.write(customers.upsert, [INES, AGNES], now=NOW)
    await store.write(documents.replace_of_customer, INES.number, [RENEWAL])
    await store.write(deliveries.fold, [claim(DeliveryState.BOUNCED)])
    for event in (told("gateway/1", INES.number), told("gateway/2", "S-1"), told("gateway/3", AGNES.number)):
        await store.write(inbox_events.record, [event])
    await note_seen(store, RENEWAL, "document.opened", actor="ada", now=NOW)
    entry = await outbox.queue(filing(INES.number))
    return await outbox.drop(entry.id, reason=TYPED, actor="ada")


def test_nothing_of_a_forgotten_customer_is_left(tmp_path: Path, clock: FakeClock) -> None:
    """Somebody who asked to be forgotten would be found again, by support or by a thief."""
    heard: list[Changes] = []
    with Store.open(tmp_path, personal=PersonalKey.generate()) as store:
        outbox = Outbox(store.ledger, clock=clock, publish=heard.append, undo_for=timedelta(hours=1))
        dropped = asyncio.run(fill(store, outbox))
        (tmp_path / "backups").mkdir(exist_ok=True)
        (tmp_path / "backups" / "ledger-20260101T000000Z-before-m0002.sqlite").write_text(TYPED)

        asyncio.run(
            ForgetCustomer(
                store=store, suppressions=Suppressions(store, clock=clock), clock=clock, publish=heard.append
            )(WISH)
        )

        left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        raws = [event.raw for event in asyncio.run(store.read(inbox_events.newest))]
        others = asyncio.run(store.read(customers.search, ""))
        entry = asyncio.run(outbox.entry(dropped.id))
    assert [word for word in (TYPED, "HM-204881", "204881") if word.encode() in left] == []
    assert sorted(raws) == [b"", b"", b"ines@lamer.example"]
    assert others == (AGNES,)
    assert (entry.state, entry.request_key) == (dropped.state, dropped.request_key)
    assert FilingOrder.from_payload(entry.payload).name == "Forgotten"
    assert heard[-1].customers == {INES.number}


def test_the_audit_stays_whole_and_tells_that_it_was_done(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """Erasing would look like forging, or happen without a trace."""
    asyncio.run(fill(store, outbox))

    asyncio.run(
        ForgetCustomer(
            store=store, suppressions=Suppressions(store, clock=clock), clock=clock, publish=lambda _changes: None
        )(WISH)
    )

    rows = asyncio.run(store.ledger.read(audit.newest))
    verdict = asyncio.run(store.ledger.read(lambda db: check(audit.every(db), [])))
    assert (rows[0].action, rows[0].actor, rows[0].detail) == ("customer.forgotten", "ada", {"reason": "asked"})
    assert verdict.breaks == ()
    assert asyncio.run(store.ledger.read(audit.about, "customer:HM-204881")) == ()


def test_what_is_on_its_way_comes_first(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """A letter would be filed under a name that nobody can say any more, or never."""
    asyncio.run(store.write(customers.upsert, [INES], now=NOW))
    asyncio.run(outbox.queue(filing(INES.number)))

    with pytest.raises(UserError, match="has not left yet"):
        asyncio.run(
            ForgetCustomer(
                store=store, suppressions=Suppressions(store, clock=clock), clock=clock, publish=lambda _changes: None
            )(WISH)
        )

    assert asyncio.run(store.read(customers.find, INES.number)) == INES
