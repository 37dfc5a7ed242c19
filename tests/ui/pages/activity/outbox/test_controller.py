"""What the outbox does with entries: shows, filters, and carries out what a person decides."""

import asyncio
from datetime import timedelta

import pytest

from app.errors import UserError
from app.records import Changes, EntryId, EntryState, EntryStep, OutboxPause, Predecessor, Receipt, System
from app.use_cases.edit_entry import EntryEdit
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.activity.outbox.driver import NOW, OutboxDesk, OutboxDriver, entry, leaving
from ui.pages.activity.outbox.asking import Edited
from ui.pages.activity.outbox.controller import PAGE
from ui.pages.activity.outbox.model import EntryColumn
from ui.pages.activity.outbox.words import Shelf
from ui.theme import Theme
from ui.widgets import ElidedLabel, Empty, Failed, Fresh, Stale


def page_with(notices: RecordingNotices, *entries: object) -> OutboxDriver:
    """The part on ``entries``, just come to."""
    driver = OutboxDriver(OutboxDesk(*entries), notices)  # type: ignore[arg-type]  # entries, as the callers make them
    driver.arrive()
    return driver


@pytest.fixture
def _themed(theme: Theme) -> None:
    """Widgets need one."""


pytestmark = pytest.mark.usefixtures("_themed")


def test_an_empty_outbox_says_what_would_stand_here(notices: RecordingNotices) -> None:
    """Nothing is not the same as broken."""
    page = page_with(notices)

    assert isinstance(page.view.faces.face, Empty)


def test_an_outbox_that_cannot_be_read_says_why(notices: RecordingNotices) -> None:
    """An empty list would look as if nothing had been wished."""
    page = OutboxDriver(OutboxDesk(), notices)
    page.desk.trouble = UserError("The disk is full.", hint="Make room.")

    page.arrive()

    face = page.view.faces.face
    assert isinstance(face, Failed)
    assert face.sentence == "The disk is full. Make room."


def test_a_failed_reread_keeps_the_entries(notices: RecordingNotices) -> None:
    """What waits is still worth seeing."""
    page = page_with(notices, entry(1))
    page.desk.trouble = UserError("The disk is full.")

    page.do(page.view.refresh_wanted.emit)

    assert isinstance(page.view.faces.face, Stale)
    assert page.listed == [1]


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        (leaving(1, in_s=7.4), "leaves in 8 s"),
        (entry(1, attempts=2), "tried 2×, waits"),
        (entry(1), "waits"),
        (entry(1, EntryState.SENDING), "sending"),
        (entry(1, EntryState.DONE), "sent"),
        (entry(1, EntryState.UNKNOWN), "in doubt"),
        (entry(1, EntryState.PARKED), "needs you"),
        (entry(1, EntryState.DROPPED), "dropped"),
        (entry(1, needs=Predecessor(id=EntryId(9), title="Make room", state=EntryState.PARKED)), "needs another"),
    ],
)
def test_an_entry_says_how_far_it_is(shown: object, state: str, notices: RecordingNotices) -> None:
    """“Queued” does not say whether there is still time to undo."""
    page = page_with(notices, shown)

    if state == "waits":
        page.select(1)

    assert page.cell(1, EntryColumn.STATE) == state


def test_what_needs_another_says_which_and_how_that_stands(notices: RecordingNotices) -> None:
    """It would look forgotten."""
    needed = Predecessor(id=EntryId(9), title="Make the workspace", state=EntryState.PARKED)
    page = page_with(notices, entry(1, needs=needed))

    assert page.cell(1, EntryColumn.SENTENCE) == "It needs “Make the workspace”, which waits for you."


def test_only_what_may_be_done_is_offered(notices: RecordingNotices) -> None:
    """A button that always fails teaches people not to press any."""
    page = page_with(notices, leaving(1, in_s=8), entry(2, EntryState.PARKED, attempts=1), entry(3, EntryState.DONE))

    page.select(1)
    leaving_offers = [page.button(each) for each in ("Undo, 8 s left", "Retry", "Look it up", "Edit", "Drop")]
    page.select(2)
    parked_offers = [page.button(each) for each in ("Undo", "Retry", "Look it up", "Edit", "Drop")]
    page.select(3)
    done_offers = [page.button(each) for each in ("Undo", "Retry", "Look it up", "Edit", "Drop")]

    assert leaving_offers == [True, False, False, False, False]
    assert parked_offers == [False, True, False, True, True]
    assert done_offers == [False] * 5


def test_what_may_have_arrived_can_be_looked_up(notices: RecordingNotices) -> None:
    """The one question that a person has about a letter in doubt."""
    page = page_with(notices, entry(1, EntryState.PARKED, attempts=6, is_doubtful=True))
    page.select(1)

    page.do(page.view.look_up_wanted.emit)

    assert page.desk.done == [("look up", 1)]


def test_undo_and_retry_reach_the_entry_that_is_current(notices: RecordingNotices) -> None:
    """The wrong one would be taken back."""
    page = page_with(notices, leaving(1, in_s=8), entry(2, EntryState.PARKED, attempts=1))

    page.select(1)
    page.do(page.view.undo_wanted.emit)
    page.select(2)
    page.do(page.view.retry_wanted.emit)

    assert page.desk.done == [("undo", 1), ("retry", 2)]


def test_dropping_says_what_goes_with_it_and_asks_why(notices: RecordingNotices) -> None:
    """The audit has to say why a customer never got it, and nobody drops three by dropping one unknowingly."""
    page = page_with(notices, entry(1, EntryState.PARKED, attempts=1), entry(2), entry(3))
    page.desk.dependents[EntryId(1)] = (page.desk.entries[1], page.desk.entries[2])
    page.select(1)
    page.do(page.view.refresh_wanted.emit)
    page.reason = "withdrawn"

    page.do(page.view.drop_wanted.emit)

    assert "2 other entries need it and are dropped with it." in str(page.asked[0]["sentence"]).replace("\u2009", " ")
    assert page.desk.done == [("withdrawn", 1)]


def test_thinking_better_of_it_drops_nothing(notices: RecordingNotices) -> None:
    """Esc means no."""
    page = page_with(notices, entry(1, EntryState.PARKED, attempts=1))
    page.select(1)

    page.do(page.view.drop_wanted.emit)

    assert page.desk.done == []


def test_a_parked_verdict_can_leave_with_other_words(notices: RecordingNotices) -> None:
    """A reason that the library refused would have to be given anew, for an asset somebody has to find again."""
    page = page_with(notices, entry(1, EntryState.PARKED, attempts=1))
    page.select(1)
    page.edited = Edited(values={"note": "Shorter."}, reason="")

    page.do(page.view.edit_wanted.emit)

    assert page.asked[0]["is_doubtful"] is False
    assert page.desk.done == [
        ("edit", EntryEdit(entry=EntryId(1), values={"note": "Shorter."}, actor="mira", reason=""))
    ]


def test_a_system_is_paused_with_a_reason_and_resumed(notices: RecordingNotices) -> None:
    """Whoever comes tomorrow must know why nothing leaves."""
    page = page_with(notices, entry(1))
    page.select(1)
    page.reason = "maintenance tonight"

    page.do(page.view.pause_wanted.emit)
    paused = (page.cell(1, EntryColumn.STATE), page.cell(1, EntryColumn.SENTENCE), page.view.pause_action.text())
    page.do(page.view.pause_wanted.emit)

    assert paused == ("paused", "Paused by mira: maintenance tonight", "Resume iconik")
    assert page.desk.pauses == {}
    assert page.view.pause_action.text() == "Pause iconik…"


def test_the_system_that_is_filtered_by_is_the_one_that_is_paused(notices: RecordingNotices) -> None:
    """The entry that happens to be current belongs to another."""
    page = page_with(notices, entry(1), entry(2, system=System.EXSTREAM))
    page.reason = "they asked us"

    page.do(lambda: page.view.system_chosen.emit("exstream"), page.view.pause_wanted.emit)

    assert page.listed == [2]
    assert set(page.desk.pauses) == {System.EXSTREAM}


def test_each_system_says_how_deep_and_how_old(notices: RecordingNotices) -> None:
    """A queue that grows for an hour must be seen before somebody calls."""
    page = page_with(notices, entry(1, created_at=NOW - timedelta(minutes=4)), entry(2))

    assert page.view.systems[System.ICONIK].text() == "iconik 2 · 4 min"
    assert page.view.systems[System.ICONIK].toolTip() == "iconik: 2 open, oldest 4 min."
    assert page.view.systems[System.EXSTREAM].text() == "Exstream"


@pytest.mark.parametrize(
    ("shelf", "left"), [(Shelf.ALL, [1, 2, 3]), (Shelf.NEEDS_YOU, [1]), (Shelf.WAITING, [2]), (Shelf.SENT, [3])]
)
def test_chips_narrow_the_list(shelf: Shelf, left: list[int], notices: RecordingNotices) -> None:
    """Two that are stuck are lost among ten thousand that are not."""
    page = page_with(notices, entry(1, EntryState.PARKED), entry(2), entry(3, EntryState.DONE))

    page.do(lambda: page.view.shelf_chosen.emit(shelf.value))

    assert page.listed == left


def test_a_filter_without_an_answer_offers_the_way_back(notices: RecordingNotices) -> None:
    """An empty list with a forgotten filter looks like a loss."""
    page = page_with(notices, entry(1))

    page.do(lambda: page.view.filter_typed.emit("nothing like it"))

    face = page.view.faces.face
    assert isinstance(face, Empty)
    assert face.action is page.view.clear_action


def test_the_filter_survives_a_restart(notices: RecordingNotices) -> None:
    """The layout is kept per profile, and the filter is a part of it."""
    page = page_with(notices, entry(1, EntryState.PARKED), entry(2))
    page.do(lambda: page.view.shelf_chosen.emit(Shelf.NEEDS_YOU.value))

    again = OutboxDriver(page.desk, notices, page.memory)
    again.arrive()

    assert again.listed == [1]


def test_more_are_read_when_the_end_comes_near(notices: RecordingNotices) -> None:
    """Ten thousand at once would freeze the window; a hundred alone would hide the rest."""
    page = page_with(notices, *[entry(number, EntryState.DONE) for number in range(1, 3 * PAGE)])
    assert len(page.listed) == PAGE

    page.do(page.view.more_wanted.emit, page.view.more_wanted.emit, page.view.more_wanted.emit)

    assert page.listed == list(range(1, 3 * PAGE))


def test_a_storm_of_changes_is_read_in_a_few_goes(notices: RecordingNotices) -> None:
    """A thousand receipts must not be a thousand readings."""
    page = page_with(notices, entry(1))
    page.desk.pages.clear()

    def change_at_once(many: int) -> None:
        for _ in range(many):
            page.view.changes_heard.emit(Changes(outbox=True))

    page.do(lambda: change_at_once(100))

    assert len(page.desk.pages) <= 2
    assert isinstance(page.view.faces.face, Fresh)


def test_the_pane_tells_the_receipt_and_the_history(notices: RecordingNotices) -> None:
    """Somebody will ask in three months."""
    receipt = Receipt(sentence="iconik shows it as rejected.", reference="v9")
    page = page_with(notices, entry(1, EntryState.DONE, receipt=receipt))
    page.desk.steps[EntryId(1)] = (
        EntryStep(at=NOW, actor="mira", action="queued"),
        EntryStep(at=NOW, actor="relay", action="done"),
    )

    page.select(1)
    page.do(page.view.refresh_wanted.emit)

    assert {"v9", "asked for by mira", "done"} <= set(_facts(page))
    assert page.cell(1, EntryColumn.SENTENCE) == "iconik shows it as rejected."


def test_a_history_that_comes_late_hides_none_that_is_there(notices: RecordingNotices) -> None:
    """Whoever goes from one entry to the next would find the second without its history."""
    page = page_with(notices, entry(1), entry(2), entry(3))
    page.select(1)
    page.desk.steps[EntryId(3)] = (EntryStep(at=NOW, actor="mira", action="queued"),)
    page.desk.slow = EntryId(2)

    async def go_on_at_once() -> None:
        page.view.table.select_key("2")
        await asyncio.sleep(0)
        page.view.table.select_key("3")
        await page.tasks.idle()

    asyncio.run(go_on_at_once())

    assert "asked for by mira" in _facts(page)


def _facts(page: OutboxDriver) -> list[str]:
    labels = page.view.pane.findChildren(ElidedLabel)
    return [each.text() for each in labels if each.isVisibleTo(page.view.pane)]


def test_a_subject_is_shown_even_when_the_filter_hides_it(notices: RecordingNotices) -> None:
    """A notice that leads to an entry must not lead to an empty list."""
    page = page_with(notices, entry(1, EntryState.PARKED), entry(2))
    page.do(lambda: page.view.shelf_chosen.emit(Shelf.NEEDS_YOU.value))

    page.do(lambda: page.view.show_subject(2))

    assert page.view.table.current_key == "2"


def test_a_pause_is_told_over_what_the_entry_says_itself(notices: RecordingNotices) -> None:
    """“Exstream cannot be reached” is not why it waits any more."""
    page = page_with(notices, entry(1, attempts=1, sentence="iconik cannot be reached."))
    page.desk.pauses[System.ICONIK] = OutboxPause(system=System.ICONIK, actor="ada", reason="audit", at=NOW)

    page.do(page.view.refresh_wanted.emit)

    assert page.cell(1, EntryColumn.SENTENCE) == "Paused by ada: audit"
