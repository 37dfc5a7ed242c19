"""Operations: systems go down and come back, passwords are wrong, disks refuse; nothing is lost, and it is said."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from app.connections import ReadConnection
from app.errors import UserError
from app.profile import Profile
from app.records import (
    Ability,
    AssetState,
    ConnectionState,
    DeliveryState,
    EntryState,
    InboxState,
    Silence,
    System,
    SystemStatus,
    Trust,
)
from app.rules.event_filter import EventFilter
from app.rules.verdicts import Verdict
from app.store import audit
from app.use_cases.connect_system import ConnectionForm
from connectors.errors import ConnectorError, RateLimitError, ShapeError, UnreachableError, VendorFaultError
from tests.stories.conftest import OpenDesk
from tests.stories.desks import ACTOR, PROFILE, StoryDesk
from tests.stories.sandbox import Control, Json, SandboxProcess

SECRET = b64encode(b"what the gateway signs with").decode()
LIBRARIES = (System.CORE_DAM, System.ICONIK, System.CLOUDINARY)


def elsewhere(read: ReadConnection, base_url: str) -> ReadConnection:
    """The same connection at another address."""
    return replace(read, connection=replace(read.connection, base_url=base_url))


def with_other_secrets(read: ReadConnection) -> ReadConnection:
    """The same connection with secrets that somebody mistyped."""
    return replace(read, secrets=dict.fromkeys(read.secrets, "mistyped"))


async def until_status(desk: StoryDesk, system: System, *states: ConnectionState) -> SystemStatus:
    """The system's status once it is one of ``states``."""

    async def look() -> SystemStatus | None:
        status = desk.desk.statuses.all().get(system)
        return status if status and status.state in states else None

    return await desk.until(look)


OFFERED = {
    System.EXSTREAM: {Ability.COMPOSE, Ability.FOLLOW_DELIVERIES, Ability.RESEND},
    System.EXTENDED_ECM: {Ability.READ_CUSTOMERS},
    System.CORE_DAM: {Ability.FIND_ASSETS},
    System.ICONIK: {Ability.FIND_ASSETS, Ability.JUDGE_ASSETS},
    System.CLOUDINARY: {Ability.FIND_ASSETS},
}
"""What each system tells without being written to; the rest only a write can tell."""


@pytest.mark.parametrize("system", list(System))
async def test_what_a_system_offers_is_known_after_the_first_round(desk: StoryDesk, system: System) -> None:
    """The card would say what this account may do only after somebody pressed Test."""
    await desk.synchronise(system)

    facts = desk.desk.statuses.all()[system].facts

    assert facts is not None
    assert {Ability(right) for right in facts.rights} == OFFERED[system]
    assert facts.lacking == ()


@pytest.mark.parametrize("system", list(System))
async def test_a_right_connection_tests_fine(desk: StoryDesk, system: System) -> None:
    """Nobody would dare to save it."""
    tested = await desk.desk.use.test_connection(system)

    assert tested.is_fine
    assert tested.facts is not None
    assert tested.facts.account
    assert desk.desk.systems.facts[system] == tested.facts


@pytest.mark.parametrize("system", list(System))
async def test_a_wrong_password_is_said_beside_the_sign_in(desk: StoryDesk, system: System) -> None:
    """A mistyped password would look like a broken system."""
    right = desk.connection(system)
    typed = {**right.connection.settings, "base_url": right.connection.base_url}
    wrong = {**typed, **dict.fromkeys(right.secrets, "mistyped")}

    tested = await desk.desk.use.test_connection(ConnectionForm(system=system, values=wrong))

    assert not tested.is_fine
    assert "refused the sign-in" in tested.rows[0].answer
    assert tested.rows[0].hint
    assert "mistyped" not in repr(tested)


async def test_a_wrong_password_pauses_what_waits_and_the_right_one_sends_it(desk: StoryDesk) -> None:
    """A verdict would be lost, or parked one by one, because a password changed over night."""
    await desk.desk.use.save_connection.use(with_other_secrets(desk.connection(System.ICONIK)))
    asset = await desk.asset(System.ICONIK, AssetState.DRAFT, name="Spring banner, Polish")
    entry = await desk.judge(asset, Verdict.REJECT, note="The colours are last year's.")

    waiting = await desk.until_told(entry)
    await desk.connect(System.ICONIK)
    done = await desk.settled(entry)

    assert waiting.state.is_open
    assert "refused the sign-in" in waiting.sentence
    assert done.state is EntryState.DONE


async def test_what_waited_when_the_desk_ended_leaves_after_the_next_start(open_desk: OpenDesk) -> None:
    """A wish of Friday evening would wait for somebody to press a button on Monday."""
    evening = await open_desk()
    asset = await evening.asset(System.CLOUDINARY, AssetState.IN_REVIEW, name="Move-in banner, Arabic")
    entry = await evening.judge(asset, Verdict.APPROVE)
    await evening.close()

    morning = await open_desk()
    morning.send()
    await morning.connect()
    done = await morning.settled(entry)

    assert done.state is EntryState.DONE


@pytest.mark.parametrize("system", list(System))
async def test_a_ticket_that_expires_in_the_middle_is_renewed_unseen(
    desk: StoryDesk, control: Control, system: System
) -> None:
    """Everybody would be asked for the password several times a day."""
    before = await greet(desk, system)
    await control.advance(86_400)
    try:
        after = await greet(desk, system)
    finally:
        await control.advance(-86_400)

    assert after == before


async def greet(desk: StoryDesk, system: System) -> str:
    """The account as the connection that is open tells it."""
    connected = desk.desk.systems.find(system)
    assert connected is not None
    return (await connected.probe()).account


async def test_a_ticket_that_expires_between_two_pages_loses_no_page(desk: StoryDesk, control: Control) -> None:
    """Half a library would be missing, and nobody would know."""
    keys = {asset.key for asset in await desk.assets(System.CORE_DAM)}
    await desk.forget(keys)
    await control.trouble("core_dam", "401", count=1, method="POST", path="*/search/text")

    await desk.desk.use.ask_library(System.CORE_DAM, "")

    assert {asset.key for asset in await desk.assets(System.CORE_DAM)} == keys


async def test_a_system_that_is_down_at_the_start_does_not_keep_the_others_waiting(open_desk: OpenDesk) -> None:
    """One library in maintenance would empty the whole desk."""
    desk = await open_desk()
    await desk.connect(System.CLOUDINARY, System.CORE_DAM, System.EXSTREAM)
    down = elsewhere(desk.connection(System.ICONIK), "http://127.0.0.1:9")
    await desk.desk.use.save_connection.use(down)

    desk.desk.start()
    trouble = await until_status(desk, System.ICONIK, ConnectionState.UNREACHABLE)
    fine = [
        await until_status(desk, system, ConnectionState.CONNECTED)
        for system in (System.CLOUDINARY, System.CORE_DAM, System.EXSTREAM)
    ]

    assert trouble.sentence.startswith("iconik cannot be reached")
    assert all(status.sentence == "" for status in fine)
    assert await desk.assets(System.ICONIK)


async def test_a_system_that_goes_down_later_is_said_to_be_and_comes_back(desk: StoryDesk, control: Control) -> None:
    """The list would grow old without a word, or stay red for ever."""
    desk.desk.start()
    await until_status(desk, System.ICONIK, ConnectionState.CONNECTED)

    await control.trouble("iconik", "cut_before")
    desk.desk.synchroniser.wake(System.ICONIK)
    trouble = await until_status(desk, System.ICONIK, ConnectionState.TROUBLED, ConnectionState.UNREACHABLE)
    kept = await desk.assets(System.ICONIK)
    await control.calm()
    desk.desk.synchroniser.wake(System.ICONIK)
    again = await until_status(desk, System.ICONIK, ConnectionState.CONNECTED)

    assert trouble.sentence
    assert trouble.last_sync is not None
    assert kept
    assert again.sentence == ""


async def test_a_connection_that_is_changed_in_the_middle_of_a_round_stops_nobody(
    desk: StoryDesk, control: Control
) -> None:
    """Whoever corrects an address would end all synchronisation until the next start."""
    desk.desk.start()
    await until_status(desk, System.ICONIK, ConnectionState.CONNECTED)
    await control.trouble("iconik", "slow", delay_ms=300)
    desk.desk.synchroniser.wake(System.ICONIK)
    await until_status(desk, System.ICONIK, ConnectionState.SYNCING)

    await desk.connect(System.ICONIK)
    await control.calm()
    desk.desk.synchroniser.wake()

    for system in (System.ICONIK, System.CLOUDINARY):
        assert await until_status(desk, system, ConnectionState.CONNECTED)


@pytest.mark.parametrize("system", list(System))
async def test_a_page_of_somebody_elses_is_no_answer_and_empties_nothing(
    desk: StoryDesk, control: Control, system: System
) -> None:
    """The sign-in page of a hotel's network would be taken for an empty library."""
    before = {asset.key for asset in await desk.assets(system)} if system.is_library else None
    await control.trouble(f"{system}*", "html")

    with pytest.raises(ConnectorError) as odd:
        await desk.synchronise(system)

    status = desk.desk.statuses.all()[system]
    # Content Server shows web pages itself while it starts, so there it is a fault and not an odd shape.
    assert isinstance(odd.value, VendorFaultError if system is System.EXTENDED_ECM else ShapeError)
    assert (status.state, status.sentence) == (ConnectionState.TROUBLED, odd.value.sentence)
    assert before is None or {asset.key for asset in await desk.assets(system)} == before


async def test_a_call_budget_that_is_used_up_is_waited_out(desk: StoryDesk, control: Control) -> None:
    """Asking on would get the whole company locked out."""
    await control.trouble("cloudinary", "429", retry_after_s=3600)

    with pytest.raises(RateLimitError) as refused:
        await desk.synchronise(System.CLOUDINARY)

    status = desk.desk.statuses.all()[System.CLOUDINARY]
    assert refused.value.retry_after is not None
    assert refused.value.retry_after.total_seconds() == 3600
    assert "asks for fewer calls" in status.sentence
    assert await desk.assets(System.CLOUDINARY)


async def test_a_verdict_waits_as_long_as_the_vendor_asks(desk: StoryDesk, control: Control) -> None:
    """The verdict would be parked, or hammered at a vendor that asked for patience."""
    asset = await desk.asset(System.CLOUDINARY, AssetState.IN_REVIEW, name="Service regions, Spanish")
    await control.trouble("cloudinary", "429", count=1, method="PUT", retry_after_s=60)

    done = await desk.settled(await desk.judge(asset, Verdict.APPROVE))

    assert done.state is EntryState.DONE
    assert (done.changed_at - done.created_at).total_seconds() >= 60
    assert len(await control.writes("cloudinary", method="PUT")) == 1


def test_a_data_folder_that_cannot_be_written_is_said_to_be(tmp_path: Path) -> None:
    """The window would close without a word."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(UserError) as refused:
        Profile.open(PROFILE, tmp_path / "file")

    assert "cannot be written" in refused.value.sentence
    assert refused.value.hint


async def test_a_file_that_cannot_be_opened_is_said_to_be(open_desk: OpenDesk, root: Path) -> None:
    """A desk that opened yesterday would fail with a stack of lines, and keep the profile locked."""
    for file in (root / "profiles" / PROFILE).glob("store.sqlite*"):
        file.unlink()
    (root / "profiles" / PROFILE / "store.sqlite").mkdir()

    with pytest.raises(UserError) as refused:
        await open_desk()

    assert refused.value.hint
    Profile.open(PROFILE, root).close()


async def test_a_push_with_a_bad_signature_is_seen_and_changes_nothing(desk: StoryDesk, control: Control) -> None:
    """Anybody could tell the desk that a letter arrived."""
    address = desk.desk.receive({"gateway": SECRET})
    before = (await desk.file("HM-204881")).events

    posted = await control.push(
        address + "gateway", SECRET, [bounce("forged-1", "S-caron-5", state="delivered")], bad_signature=True
    )

    inbox = [event for event in await desk.desk.use.list_events() if event.source == "gateway"]
    assert [each["status"] for each in posted] == [401]
    assert [(event.trust, event.state) for event in inbox] == [(Trust.BAD_SIGNATURE, InboxState.REFUSED)]
    assert "signature" in inbox[0].sentence
    assert (await desk.file("HM-204881")).events == before


async def test_a_push_that_was_signed_long_ago_is_refused(desk: StoryDesk, control: Control) -> None:
    """Who once listened could repeat an old event for ever."""
    address = desk.desk.receive({"gateway": SECRET})

    posted = await control.push(
        address + "gateway", SECRET, [bounce("stale-1", "S-stale")], sent_at="2026-01-01T00:00:00Z"
    )

    inbox = [event for event in await desk.desk.use.list_events() if event.source == "gateway"]
    assert [each["status"] for each in posted] == [401]
    assert [event.trust for event in inbox] == [Trust.STALE]


async def test_events_out_of_order_come_to_the_same_standing(desk: StoryDesk, control: Control) -> None:
    """What happened last would depend on the network's mood."""
    address = desk.desk.receive({"gateway": SECRET})
    events = [
        bounce("order-1", "S-order", state="handed_over", at="2026-11-01T08:00:00Z"),
        bounce("order-2", "S-order", state="delivered", at="2026-11-01T08:01:00Z"),
        bounce("order-3", "S-order", state="opened", at="2026-11-01T09:00:00Z"),
    ]

    await control.push(address + "gateway", SECRET, events, out_of_order=True, copies=2)

    told = [event for event in (await desk.file("HM-204881")).events if event.communication == "S-order"]
    assert [(event.state, event.times_seen) for event in told] == [
        (DeliveryState.OPENED, 2),
        (DeliveryState.DELIVERED, 2),
        (DeliveryState.HANDED_OVER, 2),
    ]


async def test_the_inbox_survives_a_restart(open_desk: OpenDesk, control: Control) -> None:
    """What a sender was told to be kept would be gone."""
    evening = await open_desk()
    address = evening.desk.receive({"gateway": SECRET})
    await control.push(address + "gateway", SECRET, [bounce("kept-1", "S-kept")])
    await evening.close()

    morning = await open_desk()

    inbox = [event for event in await morning.desk.use.list_events() if event.source == "gateway"]
    told = [event for event in (await morning.file("HM-204881")).events if event.communication == "S-kept"]
    assert [event.state for event in inbox] == [InboxState.DONE]
    assert [event.state for event in told] == [DeliveryState.BOUNCED]


async def test_a_replay_of_the_inbox_changes_nothing_that_was_understood(desk: StoryDesk, control: Control) -> None:
    """A person who tries again would double every count."""
    address = desk.desk.receive({"gateway": SECRET})
    await control.push(address + "gateway", SECRET, [bounce("replayed-1", "S-replayed")])
    before = (await desk.file("HM-204881")).events
    replay = desk.desk.use.replay_events

    await replay(EventFilter(), 0, await replay.begin())

    assert (await desk.file("HM-204881")).events == before


async def test_everything_seen_once_is_there_without_a_network(open_desk: OpenDesk) -> None:
    """A morning without network would be a morning without the desk."""
    offline = await open_desk()

    held = await offline.file("HM-204881")

    assert all([await offline.assets(system) for system in LIBRARIES])
    assert await offline.desk.use.list_templates()
    assert held.documents
    assert held.events
    with pytest.raises(UserError, match="No archive of record is connected"):
        await offline.desk.use.open_document(held.documents[0], ACTOR)


async def test_a_sandbox_that_dies_in_the_middle_leaves_a_desk_that_works(open_desk: OpenDesk, tmp_path: Path) -> None:
    """All systems at once may go: a VPN drops, a laptop leaves the office."""
    sandbox = await asyncio.to_thread(SandboxProcess.start, tmp_path / "ready.json")
    desk = await open_desk()
    desk.ready = sandbox.ready
    await desk.connect()
    desk.send()

    await asyncio.to_thread(sandbox.end)
    with pytest.raises(UnreachableError):
        await desk.synchronise(System.CORE_DAM)
    asset = await desk.asset(System.ICONIK, AssetState.IN_REVIEW, name="Smoke alarm")
    entry = await desk.judge(asset, Verdict.APPROVE)
    waiting = await desk.until_told(entry)

    assert waiting.state.is_open
    assert waiting.sentence.startswith("iconik cannot be reached")
    assert await desk.desk.use.find_customers("caron")


async def test_secrets_never_reach_the_disk_or_the_activity(desk: StoryDesk, root: Path, ready: Json) -> None:
    """A backup of the profile would be a bunch of keys."""
    await asyncio.gather(*(greet(desk, system) for system in System))
    rows = "\n".join(map(repr, desk.desk.activity.newest(2_000)))

    secrets = [value for system in System for value in desk.connection(system).secrets.values()]
    written = await asyncio.to_thread(everything_below, root)

    assert rows
    assert not [secret for secret in secrets if secret in rows]
    assert not [secret for secret in secrets if secret.encode() in written]


def everything_below(root: Path) -> bytes:
    """The bytes of all files."""
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def bounce(identity: str, communication: str, *, state: str = "bounced", at: str = "2026-11-01T08:00:00Z") -> Json:
    """An event of the gateway's about Inès Caron."""
    data = {"communication": communication, "customer": "HM-204881", "channel": "email", "title": "A notice"}
    return {"id": identity, "type": f"message.{state}", "timestamp": at, "data": data}


async def test_a_removed_connection_leaves_nothing_of_its_system(open_desk: OpenDesk) -> None:
    """Somebody who left the team would keep every customer on the laptop."""
    desk = await open_desk()
    await desk.connect()
    known = await desk.file("HM-204881")

    await desk.desk.use.remove_connection(System.EXTENDED_ECM, ACTOR)

    with pytest.raises(UserError, match="not known here"):
        await desk.file("HM-204881")
    with pytest.raises(UserError, match="No archive of record is connected"):
        await desk.desk.use.open_document(known.documents[0], ACTOR)
    assert System.EXTENDED_ECM not in {each.system for each in await desk.desk.use.list_connections()}
    assert await desk.desk.credentials.load("extended_ecm", ["password"]) == {}
    assert System.EXTENDED_ECM not in desk.desk.statuses.all()
    rows = await desk.desk.store.ledger.read(audit.of, "system:extended_ecm")
    assert [row.actor for row in rows if row.action == "connection.removed"] == [ACTOR]


async def test_a_connection_with_something_on_its_way_stays(open_desk: OpenDesk) -> None:
    """What was promised would never leave, and nobody would know."""
    desk = await open_desk()
    await desk.judge(
        await desk.asset(System.CLOUDINARY, AssetState.IN_REVIEW, name="Move-in banner, Arabic"), Verdict.APPROVE
    )

    with pytest.raises(UserError, match="1 change has not left for Cloudinary yet"):
        await desk.desk.use.remove_connection(System.CLOUDINARY, ACTOR)


async def test_a_message_that_nothing_is_told_of_is_looked_up_by_its_run(desk: StoryDesk) -> None:
    """A person would have to go to the vendor's own pages to learn that the run ended."""
    composer = desk.desk.systems.composer
    assert composer is not None
    told = next(event for event in (await desk.file("HM-204881")).events if event.run)
    silent = Silence(
        communication=told.communication,
        channel=told.channel,
        customer=told.customer,
        title=told.title,
        state=DeliveryState.HANDED_OVER,
        since=told.at,
        run=told.run,
        noticed_at=told.received_at,
    )

    answer, follows = await composer.run_word([silent])
    unknown, _ = await composer.run_word([replace(silent, run="00000000-0000-4000-8000-000000000000")])

    assert (answer[:31], list(follows)) == ("Exstream says that its run " + told.run[:4], [])
    assert unknown == "Exstream does not know its run 00000000 any more."
