"""All standings are looked at for silences, a stretch at a time."""

from datetime import timedelta

import pytest
from sqlite_utils import Database

from app.records import Channel, DeliveryState
from app.rules.expectations import Expected
from app.store import deliveries, silences
from app.store.silences import Noted, longest_of
from tests.app.store.assets_made import NOW
from tests.app.use_cases.people import claim

WAITED_FOR = Expected(channel=Channel.EMAIL, states=(DeliveryState.ACCEPTED,), before=NOW + timedelta(hours=1))


def looked_through(db: Database) -> tuple[list[str], frozenset[Channel], int]:
    """Who is silent, where arrivals are told, and how many stretches that took."""
    found, told, stretches = frozenset[Noted](), frozenset[Channel](), 0
    behind: tuple[str, str] | None = None
    while True:
        stretch = silences.look_on(db, [WAITED_FOR], after=NOW - timedelta(days=1), behind=behind)
        found, told, stretches = longest_of(found | stretch.silent), told | stretch.told, stretches + 1
        behind = stretch.behind
        if behind is None:
            return sorted(each[0] for each in found), told, stretches


@pytest.mark.parametrize(("at_once", "stretches"), [(1, 5), (2, 3), (4, 2), (10, 1)])
def test_stretches_leave_nothing_out(
    db: Database, monkeypatch: pytest.MonkeyPatch, at_once: int, stretches: int
) -> None:
    """A letter that stands where one stretch ends would be silent for ever, and nobody would ask for it."""
    monkeypatch.setattr(silences, "LOOKED_AT_ONCE", at_once)
    words = {"a": DeliveryState.ACCEPTED, "b": DeliveryState.ACCEPTED, "c": DeliveryState.DELIVERED}
    for communication, state in {**words, "d": DeliveryState.ACCEPTED}.items():
        deliveries.fold(db, [claim(state, communication=communication)])

    silent, told, many = looked_through(db)

    assert silent == ["a", "b", "d"]
    assert told == {Channel.EMAIL}
    assert many == stretches


def test_of_too_many_the_longest_are_kept(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who wait longest would be told last, or never."""
    monkeypatch.setattr(silences, "MOST", 2)
    monkeypatch.setattr(silences, "LOOKED_AT_ONCE", 1)
    for hours, communication in enumerate("cab"):
        at = NOW - timedelta(hours=hours)
        deliveries.fold(db, [claim(DeliveryState.ACCEPTED, communication=communication, at=at)])

    silent, _, _ = looked_through(db)

    assert silent == ["a", "b"]
