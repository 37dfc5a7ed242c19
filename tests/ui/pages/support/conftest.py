"""A support page on a desk that the test owns."""

import pytest
import qasync
from pytestqt.qtbot import QtBot

from tests.ui.conftest import RecordingNotices
from tests.ui.pages.support.desk import SupportDesk
from tests.ui.pages.support.driver import SupportDriver
from ui.theme import Theme


@pytest.fixture
def desk() -> SupportDesk:
    """What stands behind the page."""
    return SupportDesk()


@pytest.fixture
def page(
    theme: Theme, qloop: qasync.QEventLoop, desk: SupportDesk, notices: RecordingNotices, qtbot: QtBot
) -> SupportDriver:
    """The page, shown; nobody has come to it yet."""
    return SupportDriver(desk, notices, qtbot)
