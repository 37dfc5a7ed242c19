"""What the page does with events and exchanges."""

from datetime import timedelta

import pytest

from app.errors import UserError
from app.records import Changes, Channel, DeliveryState, InboxState, Silence, Trust
from app.rules.roles import RevealReason
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.inbox.driver import NOW, InboxDesk, InboxDriver, call, event, refused
from ui.pages.inbox.controller import EVENTS
from ui.pages.inbox.model import EventColumn
from ui.pages.inbox.words import Shelf
from ui.theme import Theme
from ui.widgets import ElidedLabel, Empty, Failed, Fresh, Stale


@pytest.fixture
def desk() -> InboxDesk:
    return InboxDesk(
        event("e1"),
        event("e2", type="asset.approved", source="iconik", about="green tile", trust=Trust.POLLED, times_seen=3),
        refused("e3"),
        event("e4", type="", about="", state=InboxState.FAILED, sentence="It is not a JSON object."),
    )


@pytest.fixture
def page(desk: InboxDesk, theme: Theme, notices: RecordingNotices) -> InboxDriver:
    return InboxDriver(desk, notices)


def test_an_empty_inbox_says_where_events_come_from(theme: Theme, notices: RecordingNotices) -> None:
    """Nothing is not the same as broken."""
    page = InboxDriver(InboxDesk(), notices)

    page.arrive()

    face = page.view.faces.face
    assert isinstance(face, Empty)
    assert face.action is page.view.connections_action


def test_an_inbox_that_cannot_be_read_says_why(page: InboxDriver) -> None:
    """An empty table would look as if nothing had come."""
    page.desk.trouble = UserError("The disk is full.", hint="Make room.")

    page.arrive()

    face = page.view.faces.face
    assert isinstance(face, Failed)
    assert face.sentence == "The disk is full. Make room."


def test_a_failed_reread_keeps_the_events(page: InboxDriver) -> None:
    """What came is still worth seeing."""
    page.arrive()
    page.desk.trouble = UserError("The disk is full.")

    page.do(page.view.refresh_wanted.emit)

    assert isinstance(page.view.faces.face, Stale)
    assert len(page.listed) == 4


def test_an_event_that_arrives_is_shown(page: InboxDriver) -> None:
    """The page is left open; nobody presses F5 all day."""
    page.arrive()
    page.desk.events.insert(0, event("e0"))

    page.do(lambda: page.view.changes_heard.emit(Changes(inbox=True)))

    assert page.listed[0] == "e0"
    assert isinstance(page.view.faces.face, Fresh)


def test_a_storm_of_events_is_read_in_a_few_goes(page: InboxDriver) -> None:
    """A thousand pushes must not be a thousand readings of five hundred rows."""
    page.arrive()
    page.desk.reads = 0

    def arrive_at_once(many: int) -> None:
        for _ in range(many):
            page.view.changes_heard.emit(Changes(inbox=True))

    page.do(lambda: arrive_at_once(100))

    assert page.desk.reads <= 2


@pytest.mark.parametrize(
    ("shelf", "left"),
    [("all", ["e1", "e2", "e3", "e4"]), ("not done", ["e4"]), ("refused", ["e3"]), ("folded", ["e2"])],
)
def test_chips_narrow_the_list(page: InboxDriver, shelf: str, left: list[str]) -> None:
    """Two that failed are lost among five hundred that did not."""
    page.arrive()

    page.do(lambda: page.view.shelf_chosen.emit(shelf))

    assert page.listed == left


@pytest.mark.parametrize(("typed", "left"), [("bounced gateway", ["e1"]), ("GREEN", ["e2"]), ("poll", ["e2"])])
def test_words_narrow_the_list(page: InboxDriver, typed: str, left: list[str]) -> None:
    """People know a word of it, not its column."""
    page.arrive()

    page.do(lambda: page.view.filter_typed.emit(typed))

    assert page.listed == left


def test_a_filter_without_an_answer_offers_the_way_back(page: InboxDriver) -> None:
    """An empty list with a forgotten filter looks like a loss."""
    page.arrive()

    page.do(lambda: page.view.filter_typed.emit("nothing like it"))

    face = page.view.faces.face
    assert isinstance(face, Empty)
    assert face.action is page.view.clear_action


def test_the_filter_survives_a_restart(page: InboxDriver, notices: RecordingNotices) -> None:
    """The layout is kept per profile, and the filter is a part of it."""
    page.arrive()
    page.do(lambda: page.view.shelf_chosen.emit("refused"))

    again = InboxDriver(page.desk, notices, page.memory)
    again.arrive()

    assert again.listed == ["e3"]


def test_a_refused_event_is_visible_and_cannot_be_replayed(page: InboxDriver) -> None:
    """Who forges events must be seen, and must change nothing."""
    page.arrive()
    page.select("e3")

    page.do(page.view.replay_wanted.emit)

    assert page.cell("e3", EventColumn.STATE) == "refused"
    assert not page.view.replay_action.isEnabled()
    assert page.desk.replay.replayed == []


def test_replay_reads_one_event_again_and_says_that_nothing_was_sent(
    page: InboxDriver, notices: RecordingNotices
) -> None:
    """People hesitate to press it for fear of a second letter."""
    page.arrive()
    page.select("e1")

    page.do(page.view.replay_wanted.emit)

    assert page.desk.replay.replayed == ["e1"]
    assert notices.only().sentence == "Read again: 1 event, 1 timeline changes. Nothing was sent."


def test_personal_values_are_masked_until_they_are_revealed(page: InboxDriver) -> None:
    """The Inbox is open on a screen all day."""
    page.arrive()
    page.select("e1")
    assert "ines.caron" not in page.payload

    page.do(page.view.reveal_wanted.emit)

    assert "ines.caron@lamer.example" in page.payload
    assert page.desk.revealed == [("e1", RevealReason.COMPLAINT)]


def test_personal_values_are_masked_again_when_the_page_is_left(page: InboxDriver) -> None:
    """Whoever comes back, in another role perhaps, would read them without a word of why."""
    page.arrive()
    page.select("e1")
    page.view.show()
    page.do(page.view.reveal_wanted.emit)
    was_readable = "ines.caron@lamer.example" in page.payload

    page.view.hide()

    assert (was_readable, "ines.caron" in page.payload) == (True, False)


def test_what_is_revealed_too_late_stays_masked(page: InboxDriver) -> None:
    """The page was left while the look was being noted: nobody is looking any more."""
    page.arrive()
    page.select("e1")

    async def leave() -> None:
        page.view.left_page.emit()

    page.desk.amid_reveal = leave
    page.do(page.view.reveal_wanted.emit)

    assert "ines.caron" not in page.payload


def test_whoever_says_no_reason_sees_nothing(page: InboxDriver) -> None:
    """A look would be possible without a word of why."""
    page.arrive()
    page.select("e1")
    page.desk.reason = None

    page.do(page.view.reveal_wanted.emit)

    assert "ines.caron" not in page.payload
    assert page.desk.revealed == []


def test_what_cannot_be_noted_is_not_revealed(page: InboxDriver, notices: RecordingNotices) -> None:
    """A look at a customer that nobody can ever be asked about."""
    page.arrive()
    page.select("e1")
    page.desk.reveal_error = UserError("There is no space left on the disk.")

    page.do(page.view.reveal_wanted.emit)

    assert "ines.caron" not in page.payload
    assert notices.only().sentence == "There is no space left on the disk."


def test_what_was_revealed_is_masked_again_on_the_next_event(page: InboxDriver) -> None:
    """One look at one person is no licence for all."""
    page.arrive()
    page.select("e1")
    page.do(page.view.reveal_wanted.emit)

    page.select("e2")
    page.select("e1")

    assert "ines.caron" not in page.payload


def test_the_timeline_opens_for_a_customer_who_is_known(page: InboxDriver) -> None:
    """From “it bounced” to “what did she get” in one key."""
    page.desk.customers = ["HM-204881"]
    page.arrive()
    page.select("e1")

    page.view.timeline_wanted.emit()

    assert page.went_to == [("support", "HM-204881")]


def test_the_timeline_is_not_offered_for_anything_else(page: InboxDriver) -> None:
    """A page that opens on nothing is a dead end."""
    page.desk.customers = ["HM-204881"]
    page.arrive()

    page.select("e2")

    assert not page.view.timeline_action.isEnabled()


def test_only_errors_are_shown_when_wanted(page: InboxDriver) -> None:
    """The one exchange that failed stands among hundreds."""
    page.desk.calls = [call(1), call(2, outcome="VendorFaultError", status=503), call(3)]
    page.arrive()

    page.view.errors_only.setChecked(True)

    assert page.models.calls.rowCount() == 1


def test_the_page_opens_on_an_event_even_when_the_filter_hides_it(page: InboxDriver) -> None:
    """A notice that leads to an event must not lead to an empty list."""
    page.arrive()
    page.do(lambda: page.view.shelf_chosen.emit("refused"))

    page.do(lambda: page.view.show_subject("e1"))

    assert page.view.events.current_key == "e1"


def test_what_is_not_done_is_shown_however_old(page: InboxDriver) -> None:
    """Five hundred newer events would hide the one that somebody has to see to."""
    page.desk.events[3:3] = [event(f"later-{number}") for number in range(EVENTS)]

    page.arrive()

    assert "e4" in page.listed


def test_a_shelf_holds_what_its_chip_counts(page: InboxDriver) -> None:
    """Forged events would be said to be few, because newer ones came since."""
    page.desk.events[2:2] = [event(f"later-{number}") for number in range(EVENTS)]
    page.arrive()

    page.do(lambda: page.view.shelf_chosen.emit("refused"))

    assert (page.view.chips[Shelf.REFUSED].text(), page.listed) == ("refused 1", ["e3"])


def test_the_header_says_how_many_the_list_shows(page: InboxDriver) -> None:
    """A filter that leaves one would stand beside a header that says four."""
    page.arrive()

    page.do(lambda: page.view.shelf_chosen.emit("refused"))

    said = [label.text() for label in page.view.header.findChildren(ElidedLabel)]
    assert said == ["Inbox", "4 events, 1 not done, 1 shown"]


SILENCE = Silence(
    communication="c1",
    channel=Channel.EMAIL,
    customer="HM-204881",
    title="Renewal notice",
    state=DeliveryState.HANDED_OVER,
    since=NOW - timedelta(hours=26),
    run="4711",
    noticed_at=NOW,
    asked_at=NOW,
    answer="Its run is complete.",
)


def test_what_nothing_is_told_of_stands_on_a_shelf_of_its_own(page: InboxDriver) -> None:
    """An exception that is seen on no list is seen by nobody."""
    silence = SILENCE
    page.desk.silences = [silence]
    page.desk.customers = ["HM-204881"]
    page.arrive()

    page.do(lambda: page.view.show_subject("no word"), lambda: page.view.events.select_key(silence.key))

    assert page.view.chips[Shelf.NO_WORD].text() == "no word 1"
    assert page.listed == [silence.key]
    assert page.cell(silence.key, EventColumn.STATE) == "no word, 26 h"
    assert page.view.event_pane._meaning.text() == "Its run is complete."
    page.do(page.view.timeline_wanted.emit)
    assert page.went_to == [("support", "HM-204881")]
