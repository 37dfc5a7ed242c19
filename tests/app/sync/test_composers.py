"""Reading the composer: templates as they are, and events however the clock goes."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.records import InboxEvent, InboxState, System, Template, TemplateId, TemplateState, Trust
from app.store import templates
from app.sync.composers import EVENTS_REACH_BACK
from app.sync.libraries import OVERLAP
from tests.app.outbox.fakes import NOW
from tests.app.sync.fakes import FakeComposer
from tests.app.sync.rounds import Round, rounds


def polled(at: datetime) -> InboxEvent:
    """A mail that was handed over then."""
    body = {
        "expctr": {"eventId": f"e{at}", "schemaType": "Exstream-Email-POST", "eventDate": at.isoformat()},
        "exstreamEmailStatistics": {"communicationId": "c1"},
    }
    return InboxEvent(
        id=f"exstream/e{at}",
        source="Exstream",
        type="",
        about="",
        received_at=NOW,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=msgspec.json.encode(body),
    )


async def once(told: Round, *, after: timedelta = timedelta(0)) -> None:
    """One round, some time later."""
    told.clock.advance(after)
    await told.synchroniser.once(System.EXSTREAM)


def test_templates_come_and_go_and_events_reach_back(tmp_path: Path) -> None:
    """The timeline would begin on the day of the installation, and a deleted template stay for ever."""
    template = Template(id=TemplateId("t1"), name="Renewal", version=3, state=TemplateState.APPROVED)
    composer = FakeComposer(offered=[template])
    with rounds(tmp_path, composer) as told:
        asyncio.run(once(told))
        first = [each.name for each in asyncio.run(told.store.read(templates.every))]
        composer.offered = []
        asyncio.run(once(told))

        assert (first, asyncio.run(told.store.read(templates.every))) == (["Renewal"], ())
    assert composer.asked[0] == NOW - EVENTS_REACH_BACK


def test_events_are_asked_for_from_the_newest_on_and_a_little_before(tmp_path: Path) -> None:
    """Sixty days of events would come with every poll."""
    newest = NOW - timedelta(hours=2)
    composer = FakeComposer(events=[polled(newest - timedelta(days=3)), polled(newest)])
    with rounds(tmp_path, composer) as told:
        for _ in range(2):
            asyncio.run(once(told))

    assert composer.asked[1] == newest - OVERLAP


def test_a_quiet_composer_is_asked_for_less_and_less(tmp_path: Path) -> None:
    """The burst of the night would be read again every fifteen seconds, all day."""
    newest = NOW - timedelta(hours=2)
    composer = FakeComposer(events=[polled(newest)])
    with rounds(tmp_path, composer) as told:
        asyncio.run(once(told))
        composer.events = []
        for _ in range(2):
            asyncio.run(once(told, after=timedelta(minutes=30)))

    assert composer.asked[2] == newest + timedelta(minutes=30) - OVERLAP


def test_events_that_are_here_already_are_no_news(tmp_path: Path) -> None:
    """The inbox would be drawn again every fifteen seconds."""
    composer = FakeComposer(events=[polled(NOW)])
    with rounds(tmp_path, composer) as told:
        asyncio.run(once(told))
        told.published.clear()
        asyncio.run(once(told))

        assert not [changes for changes in told.published if changes.inbox]


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_no_event_is_missed_while_the_clock_is_a_day_off(tmp_path: Path, jump: timedelta) -> None:
    """A bounce of that afternoon would never be seen."""
    composer = FakeComposer(events=[polled(NOW - timedelta(minutes=5))])
    with rounds(tmp_path, composer) as told:
        asyncio.run(once(told))
        composer.events = []
        told.clock.jump(jump)
        for _ in range(4):
            asyncio.run(once(told, after=timedelta(minutes=30)))
        told.clock.jump(-jump)
        asyncio.run(once(told))

    # Two hours went by: whatever was reported in the last moments of them is still asked for.
    assert all(moment <= NOW + timedelta(hours=2) - OVERLAP for moment in composer.asked)


def test_an_event_dated_in_the_future_hides_nothing(tmp_path: Path) -> None:
    """One gateway with a wrong year would end the timeline."""
    composer = FakeComposer(events=[polled(NOW + timedelta(days=400))])
    with rounds(tmp_path, composer) as told:
        for _ in range(2):
            asyncio.run(once(told))

    assert composer.asked[1] == NOW - OVERLAP
