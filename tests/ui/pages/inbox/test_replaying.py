"""Reading many events again, and exporting them: what is asked, what is said, and how it is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.inbox.replaying import Replayed
from app.notices import Level
from app.records import Changes, Channel, DeliveryEvent, DeliveryState
from app.use_cases.dismiss_silence import DismissWish
from app.use_cases.events import EventEffect
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.inbox.driver import NOW, InboxDesk, InboxDriver, event, refused
from tests.ui.pages.inbox.test_controller import SILENCE
from ui.pages.inbox.dismissing import DismissDialog
from ui.pages.inbox.exporting import ExportDialog
from ui.pages.inbox.picking import Scope
from ui.pages.inbox.replaying import ReplayDialog, outlook_words
from ui.theme import Theme
from ui.widgets import unnamed_widgets

D = TypeVar("D", bound=QWidget)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, notices: RecordingNotices) -> InboxDriver:
    desk = InboxDesk(*(event(f"e{number}", about=f"HM-{number % 3}") for number in range(7)), refused("r"))
    driver = InboxDriver(desk, notices)
    qtbot.addWidget(driver.view)
    driver.arrive()
    return driver


def story(work: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(work())


async def asked(page: InboxDriver, kind: type[D], wants: Callable[[], None]) -> D:
    """The dialog that ``wants`` opens, once it knows what it asks about."""
    wants()
    for _ in range(100):
        await asyncio.sleep(0)
    found = page.view.window().findChild(kind)
    assert isinstance(found, kind)
    return found


def test_what_would_change_is_said_before_anything_does(page: InboxDriver, notices: RecordingNotices) -> None:
    """One would have to press the button to learn what it does."""

    async def work() -> None:
        dialog = await asked(page, ReplayDialog, page.view.replay_many_wanted.emit)
        dialog.scopes.set_current(Scope.FILTERED)
        dialog.scopes.chosen.emit(Scope.FILTERED)
        for _ in range(100):
            await asyncio.sleep(0)
        assert dialog.outlook.text() == "8 events, 4 timelines change."
        assert page.desk.replay.replayed == []
        dialog.accept()
        await page.tasks.idle()

    story(work)

    assert page.desk.replay.replayed == [*(f"e{number}" for number in range(7)), "r"]
    assert notices.only().sentence == "Read again: 8 events, 4 timelines change. Nothing was sent."


def test_the_filter_says_what_is_read_again(page: InboxDriver) -> None:
    """More would be read than is seen."""

    async def work() -> None:
        page.view.shelf_chosen.emit("refused")
        dialog = await asked(page, ReplayDialog, page.view.replay_many_wanted.emit)
        dialog.scopes.set_current(Scope.FILTERED)
        dialog.accept()
        await page.tasks.idle()

    story(work)

    assert page.desk.replay.replayed == ["r"]


def test_a_long_replay_can_be_stopped_and_says_how_far_it_came(page: InboxDriver, notices: RecordingNotices) -> None:
    """A mistaken click on a million events would have to be waited for."""

    async def work() -> None:
        page.desk.replay.before_step = lambda: (
            page.view.progress.action_wanted.emit() if len(page.desk.replay.replayed) >= 4 else None
        )
        dialog = await asked(page, ReplayDialog, page.view.replay_many_wanted.emit)
        dialog.scopes.set_current(Scope.FILTERED)
        dialog.accept()
        await page.tasks.idle()

    story(work)

    assert page.desk.replay.replayed == ["e0", "e1", "e2", "e3"]
    assert notices.only().level is Level.WARNING
    assert notices.only().sentence == "Stopped after: 4 events, 3 timelines change. Nothing was sent."
    assert not page.view.progress.isVisibleTo(page.view)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Replayed(), "no event answers"),
        (Replayed(events=1), "1 event, no timeline changes"),
        (
            Replayed(events=9, timelines=frozenset("a"), not_understood=1, without_bytes=2, refused=1),
            "9 events, 1 timeline changes, 1 is not understood, 2 have no bytes any more, 1 stays refused",
        ),
    ],
)
def test_the_outlook_in_words(found: Replayed, said: str) -> None:
    """Counts without words are read wrongly."""
    assert outlook_words(found) == said


def test_an_export_is_masked_unless_a_reason_is_given(
    page: InboxDriver, notices: RecordingNotices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses would lie in the downloads of whoever wanted to count bounces."""
    path = tmp_path / "events.jsonl"

    async def chosen(_view: QWidget, _name: str) -> Path:
        return path

    monkeypatch.setattr(page.controller._exporting, "_ask_path", chosen)

    async def work() -> None:
        dialog = await asked(page, ExportDialog, page.view.export_wanted.emit)
        assert dialog.is_masked
        dialog.values.set_current("readable")
        dialog.values.chosen.emit("readable")
        assert not dialog.confirm.isEnabled()
        dialog.reason.setText("Court order 12/26")
        assert dialog.confirm.isEnabled()
        dialog.accept()
        await page.tasks.idle()

    story(work)

    (wish,) = page.desk.exported
    assert (wish.path, wish.is_masked, wish.reason, wish.actor) == (path, False, "Court order 12/26", "mira")
    assert notices.only().sentence == "8 events were written to events.jsonl."


def test_a_long_export_says_how_far_it_is_and_can_be_stopped(
    page: InboxDriver, notices: RecordingNotices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever took the wrong filter would have to wait for a million events, without a word."""
    shown: list[tuple[bool, str]] = []

    async def chosen(_view: QWidget, _name: str) -> Path:
        return tmp_path / "events.jsonl"

    def look_and_stop() -> None:
        line = page.view.exporting
        shown.append((line.isVisibleTo(page.view), line.number))
        line.action_wanted.emit()

    monkeypatch.setattr(page.controller._exporting, "_ask_path", chosen)
    page.desk.amid_export = look_and_stop

    async def work() -> None:
        (await asked(page, ExportDialog, page.view.export_wanted.emit)).accept()
        await page.tasks.idle()

    story(work)

    assert shown == [(True, "2 events, 50%")]
    assert notices.only().sentence == "The export was stopped. Nothing of events.jsonl is left."
    assert not page.view.exporting.isVisibleTo(page.view)


def test_a_silence_is_dismissed_with_a_reason(page: InboxDriver, notices: RecordingNotices) -> None:
    """What was settled on the telephone would stand on the list for a month."""
    page.desk.silences = [SILENCE]
    page.arrive()
    page.do(lambda: page.view.show_subject("no word"), lambda: page.view.events.select_key(SILENCE.key))

    async def work() -> None:
        dialog = await asked(page, DismissDialog, page.view.dismiss_wanted.emit)
        assert not dialog.confirm.isEnabled()
        assert unnamed_widgets(dialog) == []
        dialog.reason.control.setText("She has it in her hand.")
        dialog.accept()
        await page.tasks.idle()

    story(work)

    assert page.desk.dismissed == [
        DismissWish(silence=SILENCE, reason="She has it in her hand.", actor="mira"),
    ]


def test_only_a_silence_can_be_dismissed(page: InboxDriver) -> None:
    """An event would seem to be undone."""
    page.select("e1")
    with_event = page.view.dismiss_action.isEnabled()
    page.desk.silences = [SILENCE]
    page.arrive()
    page.do(lambda: page.view.show_subject("no word"), lambda: page.view.events.select_key(SILENCE.key))

    assert (with_event, page.view.dismiss_action.isEnabled()) == (False, True)


def _bounce(code: str) -> DeliveryEvent:
    return DeliveryEvent(
        id="e1",
        communication="c1",
        customer="HM-1",
        channel=Channel.EMAIL,
        state=DeliveryState.BOUNCED,
        title="Renewal notice",
        at=NOW,
        received_at=NOW,
        source="Email gateway",
        code=code,
    )


def test_what_an_event_did_is_said_in_words(page: InboxDriver) -> None:
    """A code and “done” tell support nothing that they can tell the customer."""
    page.desk.effects["e1"] = EventEffect(claim=_bounce("5.1.1"), moved=False, reason="It was bounced already.")

    page.select("e1")

    shown = page.view.event_pane
    assert shown._meaning.text() == "The mailbox does not exist."
    assert shown._advice.text() == "Ask the customer for the right address, or send another way."
    assert shown._trouble.isVisibleTo(shown)


def test_what_an_event_did_before_something_changed_is_not_shown_after_it(page: InboxDriver) -> None:
    """The slower answer of two is the older one: “it was bounced already” would stand beside what was put right."""
    soft = EventEffect(claim=_bounce("4.2.2"), moved=True, reason="")
    hard = EventEffect(claim=_bounce("5.1.1"), moved=True, reason="")
    answers: list[asyncio.Future[EventEffect]] = []
    asked_again = asyncio.Event()

    async def explain(_event: str) -> EventEffect:
        answers.append(asyncio.get_running_loop().create_future())
        if len(answers) > 1:
            asked_again.set()
        return await answers[-1]

    async def story() -> None:
        page.view.events.select_key("e1")
        await asyncio.sleep(0)
        page.view.changes_heard.emit(Changes(inbox=True))
        await asked_again.wait()
        answers[1].set_result(hard)
        await asyncio.sleep(0)
        answers[0].set_result(soft)
        await page.tasks.idle()

    page.desk.explain = explain
    page.arrive()
    asyncio.run(asyncio.wait_for(story(), 5))

    assert page.view.event_pane._meaning.text() == "The mailbox does not exist."
