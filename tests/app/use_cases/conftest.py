"""A store, an outbox on it, and a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.outbox import Outbox
from app.store import Store
from tests.app.outbox.fakes import FakeClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    """It stands still."""
    return FakeClock()


@pytest.fixture
def outbox(store: Store, clock: FakeClock) -> Outbox:
    """An outbox that nobody carries anything out of."""
    return Outbox(store.ledger, clock=clock, publish=lambda _changes: None)
