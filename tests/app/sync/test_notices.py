"""A channel is emptied into the inbox: stored first, acknowledged then, and never twice counted."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import UserError
from app.inbox import Inbox
from app.records import Changes, InboxEvent, InboxState, System, Trust
from app.store import Store
from app.sync.notices import MOST_DRAINS, NoticeReader
from app.systems.ports import Drained, Notifying
from tests.app.inbox.arrivals_made import NOW

BODY = (
    b'{"notification_type": "moderation", "public_id": "brand/storm", "request_id": "r1",'
    b' "timestamp": "2026-05-12T07:00:00Z", "moderation_status": "approved"}'
)


def noticed(number: int = 1) -> InboxEvent:
    """One notification as it was drained."""
    return InboxEvent(
        id=f"cloudinary/r{number}",
        source="cloudinary",
        type="",
        about="",
        received_at=NOW,
        occurred_at=None,
        trust=Trust.POLLED,
        state=InboxState.RECEIVED,
        raw=BODY,
    )


class Channel:
    """Hands out what was not acknowledged, again and again."""

    system = System.CLOUDINARY

    def __init__(self, *waiting: InboxEvent) -> None:
        self.waiting = list(waiting)
        self.acknowledged: list[str] = []

    async def drain(self) -> Drained:
        """The first of it."""
        some = self.waiting[:1]
        return Drained(events=tuple(some), handles=tuple(each.id for each in some))

    async def acknowledge(self, drained: Drained) -> None:
        """It is gone."""
        self.acknowledged += drained.handles
        self.waiting = [each for each in self.waiting if each.id not in drained.handles]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


def drain(store: Store, channel: Notifying) -> list[Changes]:
    """One turn."""
    told: list[Changes] = []
    asyncio.run(NoticeReader(inbox=Inbox(store), publish=told.append).read(channel))
    return told


def test_what_waits_is_kept_and_understood(store: Store) -> None:
    """Who approved what at the vendor would be seen nowhere."""
    channel = Channel(noticed(1), noticed(2))

    drain(store, channel)

    kept = asyncio.run(Inbox(store).newest())
    assert channel.acknowledged == ["cloudinary/r1", "cloudinary/r2"]
    assert {(each.type, each.about, each.state) for each in kept} == {
        ("asset.moderation", "brand/storm", InboxState.DONE)
    }


def test_nothing_is_acknowledged_that_is_not_stored(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor forgets what we acknowledge; a full disk would lose it for ever."""
    channel = Channel(noticed())

    async def full(_self: Inbox, _events: object) -> Changes:
        raise UserError("The disk is full.")

    monkeypatch.setattr(Inbox, "take_drained", full)
    with pytest.raises(UserError):
        drain(store, channel)

    assert channel.acknowledged == []


def test_what_comes_again_is_known(store: Store) -> None:
    """A crash before the acknowledgement would count everything twice."""
    drain(store, Channel(noticed()))
    drain(store, Channel(noticed()))

    (kept,) = asyncio.run(Inbox(store).newest())
    assert kept.times_seen == 1


def test_a_channel_that_never_empties_leaves_a_turn_to_the_others(store: Store) -> None:
    """The library itself would never be read again."""
    channel = Channel(*(noticed(number) for number in range(MOST_DRAINS + 5)))

    drain(store, channel)

    assert len(channel.waiting) == 5
