"""A desk with four assets in three libraries, and the page on it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import qasync

from app.records import AssetState, System
from tests.ui.pages.assets.driver import AssetsDriver
from tests.ui.pages.assets.fakes import NOW, FakeDesk, asset, status
from ui.theme import Theme


@pytest.fixture
def desk(tmp_path: Path) -> FakeDesk:
    """Three libraries that answered three minutes ago."""
    return FakeDesk(
        folder=tmp_path,
        assets=[
            asset("spring-banner", state=AssetState.IN_REVIEW),
            asset("heat-pump-hero", system=System.CORE_DAM, locale="", changed_at=NOW - timedelta(hours=1)),
            asset("motor-tile", system=System.CLOUDINARY, version="v1787991960", changed_at=NOW - timedelta(hours=2)),
            asset("autumn-draft", state=AssetState.DRAFT, locale="de", changed_at=NOW - timedelta(hours=3)),
        ],
        statuses={system: status(system) for system in System if system.is_library},
    )


@pytest.fixture
def page(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> Iterator[AssetsDriver]:
    """The page, opened and showing its first answer."""

    async def build() -> AssetsDriver:
        return await AssetsDriver(desk).opened()

    driver = qloop.run_until_complete(build())
    yield driver
    driver.close()
    qloop.run_until_complete(_turn())


async def _turn() -> None:
    """Let cancelled tasks end."""
