"""Forgetting one customer: gone from both files, and the audit still tells that it was done."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from app.errors import UserError
from app.files import SMALL
from app.notary import Notary
from app.outbox import Outbox, Wish, new_request_key
from app.outgoing import OutgoingFiles
from app.records import (
    Changes,
    Channel,
    Customer,
    CustomerNumber,
    CustomerWord,
    DeliveryState,
    EntryId,
    InboxEvent,
    InboxState,
    ObstacleKind,
    OutboxEntry,
    RequestKey,
    SendingWish,
    System,
    Trust,
    Verb,
)
from app.rules.chain import check
from app.rules.retention import Hold, KeptDocument, RetentionSchedule
from app.rules.suppression_list import Listed
from app.store import (
    Store,
    audit,
    customer_words,
    customers,
    deliveries,
    documents,
    erasures,
    forgetting,
    inbox_events,
    memory,
    restrictions,
)
from app.store.personal import PersonalKey
from app.suppressions import Suppressions
from app.systems.filing import FilingOrder
from app.systems.ports import ArchiveOfRecord, Picture, Systems
from app.use_cases.find_customer import FindCustomers, OpenCustomer, note_seen
from app.use_cases.forget_customer import ForgetCustomer, ForgetReason, ForgetWish
from app.use_cases.resend import OfferResend
from connectors.errors import ConnectorError, ForbiddenError, InvalidError, NotFoundError, UnreachableError
from tests.app.files_made import kept_files
from tests.app.outbox.fakes import NOW, FakeClock
from tests.app.use_cases.people import INES, RENEWAL, claim, plans_on

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


NOWHERE = Path("/nonexistent/kept")
"""Nothing is kept in these tests."""


class Archive:
    """Says what keeps a workspace and one document in it."""

    def __init__(self, kept: Sequence[KeptDocument | None], failure: ConnectorError | None) -> None:
        self._kept, self._failure = kept, failure

    async def keepings(self, _customer: Customer) -> Sequence[KeptDocument | None]:
        """Of anybody's."""
        if self._failure:
            raise self._failure
        return self._kept


def letter(*holds: str, schedule: RetentionSchedule | None = None) -> KeptDocument:
    """A document, filed today."""
    return KeptDocument(
        filed_on=NOW.date(),
        schedule=schedule,
        holds=tuple(Hold(id=name, name=name, placed_at=NOW) for name in holds),
        read_at=NOW,
    )


def archive_with(
    *holds: str, others: Sequence[KeptDocument | None] = (), failure: ConnectorError | None = None
) -> Systems:
    """Systems whose archive has these holds on the workspace, and ``others`` in it."""
    systems = Systems()
    systems.archive = cast("ArchiveOfRecord", Archive([letter(*holds), *others], failure))
    return systems


def forgetting_with(
    store: Store, clock: FakeClock, systems: Systems, *, outgoing: OutgoingFiles | None = None
) -> ForgetCustomer:
    """The use-case on such systems."""
    return ForgetCustomer(
        store=store,
        suppressions=Suppressions(store, clock=clock),
        systems=systems,
        files=kept_files(NOWHERE, store),
        outgoing=outgoing or OutgoingFiles(NOWHERE),
        clock=clock,
        publish=lambda _changes: None,
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
        files = kept_files(tmp_path / "kept", store)
        for size_bytes in (100, SMALL + 1):
            letter = Picture(content=(TYPED * size_bytes).encode()[:size_bytes], media_type="text/plain")
            keeping = files.keep_sealed(
                f"document {size_bytes}", letter, system=System.EXTENDED_ECM, customer=INES.number
            )
            asyncio.run(keeping)
        (tmp_path / "backups").mkdir(exist_ok=True)
        (tmp_path / "backups" / "ledger-20260101T000000Z-before-m0002.sqlite").write_text(TYPED)
        (tmp_path / "backups" / "ledger-20260101T000000Z-daily.part").write_text(TYPED)
        (tmp_path / "backups" / "ledger-20260101T000000Z-daily.part-journal").write_text(TYPED)
        (tmp_path / "ledger.part").write_text(TYPED)
        outgoing = OutgoingFiles(tmp_path / "outgoing")
        asyncio.run(outgoing.keep(dropped.request_key, TYPED.encode()))
        asyncio.run(Notary(store=store, clock=clock).note("proof.composed", "template:1", subject="record:HM-204881"))
        asyncio.run(store.write(memory.remember, "activity/outbox", ["inès caron", "all", ""]))
        asyncio.run(store.write(memory.remember, "window", "Carola 204"))

        asyncio.run(
            ForgetCustomer(
                store=store,
                suppressions=Suppressions(store, clock=clock),
                systems=archive_with(),
                files=files,
                outgoing=outgoing,
                clock=clock,
                publish=heard.append,
            )(WISH)
        )

        left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        raws = [event.raw for event in asyncio.run(store.read(inbox_events.newest))]
        others = asyncio.run(store.read(customers.search, ""))
        entry = asyncio.run(outbox.entry(dropped.id))
        remembered = asyncio.run(store.read(memory.everything))
    assert remembered == {"window": "Carola 204"}
    assert list((tmp_path / "kept").rglob("*.sealed")) == []
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
            store=store,
            outgoing=OutgoingFiles(NOWHERE),
            suppressions=Suppressions(store, clock=clock),
            systems=archive_with(),
            files=kept_files(NOWHERE, store),
            clock=clock,
            publish=lambda _changes: None,
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
                store=store,
                outgoing=OutgoingFiles(NOWHERE),
                suppressions=Suppressions(store, clock=clock),
                systems=archive_with(),
                files=kept_files(NOWHERE, store),
                clock=clock,
                publish=lambda _changes: None,
            )(WISH)
        )

    assert asyncio.run(store.read(customers.find, INES.number)) == INES


def test_what_was_set_aside_is_looked_through_first(
    store: Store, outbox: Outbox, clock: FakeClock, tmp_path: Path
) -> None:
    """A letter of theirs would stay in a folder that nobody thinks of."""

    async def go() -> None:
        await fill(store, outbox)
        outgoing = OutgoingFiles(tmp_path / "outgoing")
        await outgoing.keep(new_request_key(), TYPED.encode())
        await outgoing.tidy(waiting=[], over=[])
        await ForgetCustomer(
            store=store,
            outgoing=outgoing,
            suppressions=Suppressions(store, clock=clock),
            systems=archive_with(),
            files=kept_files(NOWHERE, store),
            clock=clock,
            publish=lambda _changes: None,
        )(WISH)

    with pytest.raises(UserError, match="set aside may be about this customer"):
        asyncio.run(go())

    assert asyncio.run(store.read(customers.find, INES.number)) == INES


def test_a_hold_restricts_and_deletes_nothing(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """What a court asked for would be gone, or the customer would believe to be forgotten."""

    async def go() -> tuple[tuple[str, ...], Sequence[str], Sequence[str], EntryId]:
        entry = await fill(store, outbox)
        answer = await forgetting_with(store, clock, archive_with("Marchetti v. Harbour", "Audit 26"))(WISH)
        find = FindCustomers(store=store)
        by_name = [str(match.customer.number) for match in await find("ines")]
        by_number = [str(match.customer.number) for match in await find("hm-204881")]
        held = await OpenCustomer(store=store, notary=Notary(store=store, clock=FakeClock()))(INES.number)
        assert held.restriction is not None
        assert held.restriction.obstacles == answer.obstacles
        assert len(held.documents) == 1
        return tuple(each.name for each in answer.obstacles), by_name, by_number, entry.id

    holds, by_name, by_number, entry = asyncio.run(go())

    assert holds == ("Audit 26", "Marchetti v. Harbour")
    assert INES.number not in by_name
    assert by_number == [INES.number]
    assert asyncio.run(outbox.entry(entry)).title == TYPED


def test_nothing_is_sent_to_who_is_restricted(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """Somebody who asked to be forgotten would get another letter."""

    async def go() -> None:
        await fill(store, outbox)
        await forgetting_with(store, clock, archive_with("Audit 26"))(WISH)
        await OfferResend(store=store, plans=plans_on(store, clock), systems=Systems())(
            replace(RENEWAL, channel=Channel.EMAIL)
        )

    with pytest.raises(UserError, match="asked to be forgotten"):
        asyncio.run(go())


def test_once_every_hold_is_gone_they_are_forgotten(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """A restriction would last for ever."""

    async def go() -> bool:
        await fill(store, outbox)
        await forgetting_with(store, clock, archive_with("Audit 26"))(WISH)
        return (await forgetting_with(store, clock, archive_with())(WISH)).is_forgotten

    assert asyncio.run(go())
    assert asyncio.run(store.read(customers.find, INES.number)) is None
    assert asyncio.run(store.ledger.read(lambda db: db.execute("SELECT count(*) FROM restrictions").fetchone())) == (0,)


TEN_YEARS = RetentionSchedule(name="CLM-10", years=10)


def test_a_running_retention_restricts_and_says_until_when(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """What the law wants kept would be gone here, and the customer told that nothing of them is left."""
    asyncio.run(fill(store, outbox))

    answer = asyncio.run(
        forgetting_with(store, clock, archive_with(others=[letter(schedule=TEN_YEARS), letter()]))(WISH)
    )

    (why,) = answer.obstacles
    assert (why.kind, why.name, why.documents) == (ObstacleKind.RETENTION, "CLM-10", 1)
    assert why.until == NOW.date().replace(year=NOW.year + 10)
    assert asyncio.run(store.read(customers.find, INES.number)) == INES


def test_what_the_archive_does_not_show_restricts(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """A document that is not this account's to see would count as one that nothing holds."""
    asyncio.run(fill(store, outbox))

    answer = asyncio.run(forgetting_with(store, clock, archive_with(others=[None, letter()]))(WISH))

    assert [(each.kind, each.documents) for each in answer.obstacles] == [(ObstacleKind.UNKNOWN, 1)]


@pytest.mark.parametrize("failure", [NotFoundError, ForbiddenError, InvalidError])
def test_a_workspace_that_is_not_shown_restricts_until_somebody_vouches(
    store: Store, outbox: Outbox, clock: FakeClock, failure: type[ConnectorError]
) -> None:
    """Evidence would be destroyed because a right is missing; or who is gone there could never be forgotten here."""

    async def go() -> tuple[bool, bool, dict[str, str]]:
        await fill(store, outbox)
        gone = archive_with(failure=failure(system="Extended ECM", call="children"))
        first = await forgetting_with(store, clock, gone)(WISH)
        second = await forgetting_with(store, clock, gone)(replace(WISH, is_vouched=True))
        return first.is_forgotten, second.is_forgotten, dict((await store.ledger.read(audit.newest))[0].detail)

    first, second, noted = asyncio.run(go())

    assert (first, second) == (False, True)
    assert noted == {"reason": "asked", "vouched": "yes"}


def test_nobody_can_vouch_against_a_hold_that_is_known(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """One tick would lift what only a court may."""
    asyncio.run(fill(store, outbox))

    answer = asyncio.run(
        forgetting_with(store, clock, archive_with("Audit 26", others=[None]))(replace(WISH, is_vouched=True))
    )

    assert [each.name for each in answer.obstacles] == ["Audit 26"]


def test_a_restriction_of_an_earlier_version_is_read(store: Store) -> None:
    """Whoever was restricted before the update could be written to, or not be opened."""
    asyncio.run(store.ledger.write(restrictions.put, INES.number, obstacles=[], reason="asked", actor="ada", now=NOW))
    asyncio.run(store.ledger.write(lambda db: db.execute("UPDATE restrictions SET holds = '[\"Audit 26\"]'")))

    kept = asyncio.run(store.ledger.read(restrictions.of, [INES.number]))[INES.number]

    assert [(each.kind, each.name) for each in kept.obstacles] == [(ObstacleKind.HOLD, "Audit 26")]


def test_who_is_held_and_not_known_here_any_more_stays_restricted(
    store: Store, outbox: Outbox, clock: FakeClock
) -> None:
    """A cache that was lost would lift a hold: the next sending would go to who asked to be forgotten."""

    async def go() -> int:
        await fill(store, outbox)
        await forgetting_with(store, clock, archive_with("Matter 12"))(WISH)
        await store.purge(forgetting.forget_customers, [INES.number])
        with pytest.raises(UserError, match="nobody can say"):
            await forgetting_with(store, clock, archive_with("Matter 12"))(WISH)
        return len(await store.ledger.read(restrictions.of, [INES.number]))

    assert asyncio.run(go()) == 1


@pytest.mark.parametrize("is_connected", [True, False])
def test_without_the_archive_s_word_nothing_is_deleted(
    store: Store, outbox: Outbox, clock: FakeClock, *, is_connected: bool
) -> None:
    """A hold that was placed an hour ago would be overlooked."""
    asyncio.run(fill(store, outbox))
    down = archive_with(failure=UnreachableError(system="Extended ECM", call="children"))

    with pytest.raises((UserError, UnreachableError)):
        asyncio.run(forgetting_with(store, clock, down if is_connected else Systems())(WISH))

    assert asyncio.run(store.read(customers.find, INES.number)) == INES


STOP = CustomerWord(
    id="gateway/stop",
    customer=INES.number,
    channel=Channel.EMAIL,
    wish=SendingWish.STOP,
    at=NOW,
    source="Gateway",
    scope="all",
)


class Interrupted(OutgoingFiles):
    """While it drops the first file, the customer says STOP."""

    def __init__(self, store: Store) -> None:
        super().__init__(NOWHERE)
        self._store = store

    async def drop(self, key: RequestKey) -> None:
        """A moment after the list was written, and before what the cache has is forgotten."""
        await self._store.write(customer_words.keep, [STOP])
        await super().drop(key)


def test_a_stop_that_comes_while_they_are_forgotten_is_kept(store: Store, outbox: Outbox, clock: FakeClock) -> None:
    """Whoever forbade it, and asked to be forgotten, is written to once the archive tells of them again."""
    forget = forgetting_with(store, clock, archive_with(), outgoing=Interrupted(store))

    async def go() -> tuple[Listed, ...]:
        await fill(store, outbox)
        assert (await forget(WISH)).is_forgotten
        return await Suppressions(store, clock=clock).every(INES.number)

    assert STOP.id in [each.event for each in asyncio.run(go())]
    assert asyncio.run(store.read(customer_words.of_customer, INES.number)) == ()


class Killed(OutgoingFiles):
    """The desk ends before it drops a file."""

    async def drop(self, key: RequestKey) -> None:
        """Between the two files."""
        raise asyncio.CancelledError


def test_what_a_kill_left_of_them_is_forgotten_when_the_desk_opens(
    store: Store, outbox: Outbox, clock: FakeClock
) -> None:
    """The audit says that a customer was forgotten, and support finds them the next morning."""
    forget = forgetting_with(store, clock, archive_with(), outgoing=Killed(NOWHERE))

    async def go() -> tuple[Sequence[CustomerNumber], tuple[UserError, ...], tuple[UserError, ...]]:
        await fill(store, outbox)
        with pytest.raises(asyncio.CancelledError):
            await forget(WISH)
        assert await store.read(deliveries.timeline, INES.number)
        return await store.read(forgetting.known_customers), await forget.resume(), await forget.resume()

    before, *troubles = asyncio.run(go())

    assert INES.number in before
    assert troubles == [(), ()]
    assert asyncio.run(store.read(forgetting.known_customers)) == (AGNES.number,)
    assert asyncio.run(store.read(deliveries.timeline, INES.number)) == ()
    assert not asyncio.run(store.ledger.read(erasures.are_unfinished))
