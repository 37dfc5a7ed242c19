"""The sandboxes of the short forms: each form gets a part that it shares with nobody."""

from collections.abc import Iterator

import pytest

from tests.soak.town import Town, town

PARTS = 10
"""As many as there are tests that ask for one, and some."""
CUSTOMERS = 5 * PARTS
"""Up to five desks, each with a customer of its own, are at work in a part."""


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Town]]:
    """The parts of the town, each given out once."""
    with town(tmp_path_factory.mktemp("town"), assets=1_000, customers=CUSTOMERS) as place:
        yield (place.parted(number, of=PARTS) for number in range(PARTS))


@pytest.fixture
def place(parts: Iterator[Town]) -> Town:
    """A part that nobody had yet, of vendors whose budgets are full whichever tests came before."""
    part = next(parts)
    part.received.let_an_hour_pass()
    return part


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Another town, of customers with letters; what is done about them is done to copies of a profile."""
    with town(tmp_path_factory.mktemp("people"), assets=100, customers=24) as place:
        yield place
