"""A long migration says how far it is, and what it says is near the truth."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.store import Store, opening, preparing
from app.store.preparing import Preparation
from app.sync.command import Progress
from tests.bench.migrate import oldest
from tests.bench.scale import personal_key

ROWS = 3_000


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Preparation]:
    """What was told while a profile of the oldest schema was opened."""
    monkeypatch.setattr(preparing, "WORTH_TELLING", 0)
    monkeypatch.setattr(preparing, "TOLD_EVERY", 1_000)
    oldest(tmp_path, ROWS, ROWS)
    heard = list[Preparation]()
    Store.open(tmp_path, personal=personal_key(), on_preparing=heard.append).close()
    return heard


def shares(told: list[Preparation], what: str) -> list[float]:
    """How far one file was, word by word."""
    return [each.share for each in told if each.what == what]


@pytest.mark.parametrize("what", ["your cache", "the record of what was sent"])
def test_it_goes_from_nothing_to_all_and_never_back(told: list[Preparation], what: str) -> None:
    """A bar that jumps back is taken for a fault, and one that stops for a crash."""
    heard = shares(told, what)

    assert heard[0] == 0
    assert heard[-1] == 1
    assert heard == sorted(heard)


@pytest.mark.parametrize("what", ["your cache", "the record of what was sent"])
def test_what_it_says_is_near_the_truth(told: list[Preparation], what: str) -> None:
    """“99 %” for a minute, or “30 %” at the end: a step takes other effort than is noted for it."""
    heard = shares(told, what)

    # As many words as there were stretches of instructions; the noted effort says how many there should be.
    step = heard[1]
    assert 0.6 < step * (len(heard) - 2) < 1.6


def test_a_small_profile_says_nothing(tmp_path: Path) -> None:
    """A word that flashes by at each start after an update."""
    heard = list[Preparation]()

    Store.open(tmp_path, on_preparing=heard.append).close()

    assert heard == []


def test_a_large_cache_is_not_copied_and_the_ledger_always_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three copies of gigabytes that can be fetched again fill a laptop's disk; the outbox exists only here."""
    monkeypatch.setattr(opening, "CACHE_BACKED_UP_BYTES", 10_000)
    oldest(tmp_path, 100, 1)

    Store.open(tmp_path, personal=personal_key(), now=lambda: datetime(2026, 5, 12, tzinfo=UTC)).close()

    assert [copy.name.split("-")[0] for copy in (tmp_path / "backups").iterdir()] == ["ledger"]


def test_a_terminal_hears_each_tenth() -> None:
    """A log of “proofdesk sync” with ten thousand lines."""
    said = list[str]()
    progress = Progress(said.append)

    for hundredth in range(100):
        progress.prepare(Preparation(what="your cache", share=hundredth / 100))

    assert said[:2] == ["Preparing your cache… 0 %", "Preparing your cache… 10 %"]
    assert len(said) == 10
