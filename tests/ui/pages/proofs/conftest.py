"""A desk with three templates and three records, and the page on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import qasync

from tests.ui.pages.proofs.driver import ProofsDriver
from tests.ui.pages.proofs.fakes import FakeDesk
from ui.__main__ import prepare_chromium
from ui.theme import Theme


@pytest.fixture(autouse=True)
def _chromium() -> None:
    """Chromium as the program starts it."""
    prepare_chromium()


@pytest.fixture
def desk(tmp_path: Path) -> FakeDesk:
    """All well."""
    return FakeDesk(tmp_path)


@pytest.fixture
def page(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> Iterator[ProofsDriver]:
    """The page, opened, nothing composed."""

    async def build() -> ProofsDriver:
        return await ProofsDriver(desk).opened()

    driver = qloop.run_until_complete(build())
    yield driver
    driver.close()
