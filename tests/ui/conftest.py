"""What tests of windows share: the theme, recorded notices, and no window that outlives its test."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.notices import Fault, Level
from ui.tasks import Tasks
from ui.theme import Theme, ThemeChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice as a test reads it."""

    sentence: str
    level: Level
    hint: str
    place: str
    fault: Fault | None


class RecordingNotices:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def tell(
        self,
        sentence: str,
        *,
        level: Level = Level.INFO,
        hint: str = "",
        place: str = "",
        fault: Fault | None = None,
        replaces: int | None = None,
    ) -> int:
        """Record, and return the number of the notice."""
        self.told.append(Told(sentence=sentence, level=level, hint=hint, place=place, fault=fault))
        return replaces if replaces is not None else len(self.told)

    def only(self) -> Told:
        """Return the one notice that there is; fail when there is another number of them."""
        assert len(self.told) == 1, self.told
        return self.told[0]


_themes: list[Theme] = []


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The application's theme, light. There is one for all tests: a style cannot be taken off again."""
    if not _themes:
        _themes.append(Theme(qapp, ThemeChoice.LIGHT))
    _themes[0].choose(ThemeChoice.LIGHT)
    return _themes[0]


@pytest.fixture
def notices() -> RecordingNotices:
    """A door for notices that remembers."""
    return RecordingNotices()


@pytest.fixture
def tasks(notices: RecordingNotices) -> Tasks:
    """An owner of tasks whose failures are recorded."""
    return Tasks(notices)


@pytest.fixture(autouse=True)
def _no_window_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a top-level widget in sight: it would take the focus from the next."""
    before = set(QApplication.topLevelWidgets())
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before and widget.isVisible()]
    assert not left, f"left open: {left}"
