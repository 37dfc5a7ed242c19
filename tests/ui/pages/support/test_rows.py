"""What the timeline says, in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.records import BounceKind, Channel, DeliveryState, EntryState, Receipt, Silence
from app.use_cases.find_customer import CustomerFile
from tests.ui.pages.support.desk import BOUNCE, COMPOSED, HANDED_OVER, NOW, customer, document, entry, event, held
from ui.pages.support.rows import by_day, day_words, timeline_rows
from ui.pages.support.timeline_row import TimelineFilter, TimelineRow
from ui.pages.support.titles import template_titles
from ui.widgets import StateMark


def only(shown: CustomerFile) -> TimelineRow:
    rows = timeline_rows(shown)
    assert len(rows) == 1, rows
    return rows[0]


def about(**words: object) -> TimelineRow:
    """The row of one event that went wrong."""
    told = replace(BOUNCE, **{"code": "", "detail": "", **words})  # type: ignore[arg-type]  # fields of the record
    return only(CustomerFile(customer=customer(), documents=(), events=(told,)))


def test_newest_first() -> None:
    """One would read the past before the present."""
    assert [row.key for row in timeline_rows(held())] == ["bounced", "handed over", "composed", "read"]


def test_a_bounce_is_told_without_its_code() -> None:
    """Agents would have to know mail servers."""
    row = about(code="5.1.1", detail="5.1.1 mailbox unknown")

    assert row.sentence == "The mailbox i•••@lamer.example does not exist."
    assert row.advice == "Ask the customer for the right address, or send another way."
    assert "5.1.1" not in f"{row.title} {row.word} {row.sentence} {row.advice}"


def test_the_provider_s_own_answer_is_kept() -> None:
    """Who looks after mail would have nothing to go by."""
    answer = about(code="4.2.2", detail="4.2.2 over quota", provider_verdict="Transient").answer

    assert answer == (
        "4.2.2 over quota  (Exstream)\n"
        "It calls this “Transient”. Here it counts as lasting: the address reaches nobody."
    )


def test_a_claim_that_moved_nothing_says_why() -> None:
    """The page would seem to contradict itself: delivered, and below it handed over."""
    failed = event("failed", DeliveryState.FAILED, minutes_ago=1)
    opened = event("opened", DeliveryState.OPENED, minutes_ago=9)

    rows = timeline_rows(CustomerFile(customer=customer(), documents=(), events=(failed, opened)))

    assert rows[0].detail == "“Failed” cannot follow “opened”: it moves nothing"


def test_a_passing_failure_says_that_nothing_is_to_be_done() -> None:
    """Support would re-send what is on its way."""
    row = about(state=DeliveryState.DEFERRED, code="4.4.1", bounce=BounceKind.SOFT)

    assert (row.word, row.is_problem) == ("the host asks to wait", False)
    assert row.advice == "Nothing is to be done yet: the provider tries again by itself."


def test_a_failure_that_never_passes_is_taken_to_last() -> None:
    """An address would be hoped for that has been dead for a day (domain rule 3.2)."""
    passing = {"state": DeliveryState.DEFERRED, "code": "4.4.1", "detail": ""}
    tries = tuple(
        replace(BOUNCE, id=str(hours), bounce=BounceKind.SOFT, at=NOW - timedelta(hours=hours), **passing)  # type: ignore[arg-type]  # fields of the record
        for hours in (1, 8, 23)
    )

    row = timeline_rows(CustomerFile(customer=customer(), documents=(), events=tries))[0]

    assert row.sentence.endswith("It kept failing for so long that it is taken to last.")


def test_both_times_are_told() -> None:
    """Whether we knew of the bounce when we told the customer that all was fine is asked later."""
    told = replace(BOUNCE, received_at=BOUNCE.at + timedelta(hours=3))

    row = only(CustomerFile(customer=customer(), documents=(), events=(told,)))

    assert f"Happened {told.at.astimezone():%Y-%m-%d %H:%M:%S}" in row.heard
    assert f"heard of {told.received_at.astimezone():%Y-%m-%d %H:%M:%S}" in row.spoken


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("not attempted: consent withdrawn", "Consent withdrawn."),
        (
            "not attempted: suppressed after 5.1.1",
            "An earlier message failed. The mailbox i•••@lamer.example does not exist.",
        ),
        ("returned: moved away", "Returned: moved away."),
        ("", "The message could not be delivered, and the provider gave no code."),
    ],
)
def test_every_failure_has_a_sentence_and_advice(detail: str, sentence: str) -> None:
    """A failure without words is a call to a colleague."""
    row = about(detail=detail)

    assert row.sentence == sentence
    assert row.advice


def test_what_was_never_tried_is_not_called_a_bounce() -> None:
    """The customer would be told that their mailbox is broken."""
    row = about(detail="not attempted: consent withdrawn")

    assert (row.mark, row.word) == (StateMark.PAUSED, "not sent")


def test_four_claims_stay_four() -> None:
    """“Sent” would be read as “arrived”."""
    states = (DeliveryState.ACCEPTED, DeliveryState.HANDED_OVER, DeliveryState.DELIVERED, DeliveryState.OPENED)
    events = tuple(event(state.value, state, minutes_ago=9 - at) for at, state in enumerate(states))

    rows = timeline_rows(CustomerFile(customer=customer(), documents=(), events=events))

    assert [row.word for row in rows] == [
        "opened",
        "accepted by mailbox host",
        "handed to mail host",
        "accepted for sending",
    ]


def test_an_event_that_came_twice_is_one_line() -> None:
    """Two lines look like two letters."""
    row = only(CustomerFile(customer=customer(), documents=(), events=(HANDED_OVER,)))

    assert row.seen == 2
    assert "the same event came twice" in row.detail


def test_a_copy_belongs_to_its_communication_and_channel() -> None:
    """The page would show the letter where the mail failed."""
    letter = document(2, channel=Channel.PRINT)

    rows = timeline_rows(CustomerFile(customer=customer(), documents=(letter, document(1)), events=(BOUNCE,)))

    assert [row.document for row in rows] == [1]


def test_a_document_filed_by_hand_has_a_line_of_its_own() -> None:
    """It would be in the archive and nowhere on the page."""
    row = only(CustomerFile(customer=customer(), documents=(document(communication=""),), events=()))

    assert (row.title, row.word, row.document) == ("Filed “Renewal notice”", "in the archive", 10505)


def test_a_run_with_a_long_name_is_told_short() -> None:
    """It would push the title away."""
    long = replace(COMPOSED, run="cadd10d0-dc2b-51d7-8f36-377aea9a022c")

    assert only(CustomerFile(customer=customer(), documents=(), events=(long,))).word == "run cadd10d0"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (EntryState.QUEUED, "queued"),
        (EntryState.SENDING, "sending"),
        (EntryState.UNKNOWN, "sent, no answer"),
        (EntryState.PARKED, "waits for you"),
        (EntryState.DONE, "handed over"),
    ],
)
def test_a_sending_shows_how_far_it_is(state: EntryState, word: str) -> None:
    """One would send again to be sure."""
    rows = timeline_rows(held(), (entry(1, state),))

    assert (rows[0].key, rows[0].word) == ("entry 1", word)


def test_a_sending_without_an_answer_says_what_happens_next() -> None:
    """“Unknown” alone would make people send it again."""
    assert "finding out" in timeline_rows(held(), (entry(1, EntryState.UNKNOWN),))[0].detail


def test_the_receipt_names_the_job() -> None:
    """Nobody could find it at the vendor."""
    done = replace(
        entry(1, EntryState.DONE), receipt=Receipt(sentence="Exstream has taken it, job 17.", reference="17")
    )

    assert timeline_rows(held(), (done,))[0].detail == "Exstream has taken it, job 17."


def test_what_was_taken_back_in_time_leaves_no_line() -> None:
    """It never happened, and would look as if it had."""
    assert all(row.entry is None for row in timeline_rows(held(), (entry(1, EntryState.DROPPED),)))


def test_a_day_is_named_once() -> None:
    """A heading on every line is no heading."""
    now = NOW.replace(hour=12, minute=0)
    events = tuple(replace(COMPOSED, id=str(hours), at=now - timedelta(hours=hours)) for hours in (1, 2, 25))

    rows = by_day(timeline_rows(CustomerFile(customer=customer(), documents=(), events=events)), now=now)

    assert [bool(row.day) for row in rows] == [True, False, True]


def test_days_are_written_as_people_say_them() -> None:
    """One would have to count back."""
    today = date(2026, 5, 12)

    said = [day_words(day, today=today) for day in (today, date(2026, 5, 11), date(2026, 5, 6), date(2025, 5, 6))]

    assert said == ["Today, 12 May", "Yesterday, 11 May", "Wed 6 May", "Tue 6 May 2025"]


def test_the_filter_keeps_one_channel_and_problems() -> None:
    """Eight successes would hide the failure."""
    rows = timeline_rows(held())

    mail = [row.key for row in rows if TimelineFilter(channel=Channel.EMAIL, problems_only=True).admits(row)]
    web = [row.key for row in rows if TimelineFilter(channel=Channel.WEB).admits(row)]

    assert (mail, web) == (["bounced"], ["read"])


def test_the_whole_line_is_spoken() -> None:
    """Who does not see would hear a time and nothing else."""
    spoken = timeline_rows(held())[0].spoken

    assert "Email “Renewal notice”: bounced" in spoken
    assert "The mailbox i•••@lamer.example does not exist" in spoken


def test_what_was_said_before_is_not_said_again() -> None:
    """Two lines of one claim look like two messages."""
    submitted = event("submitted", DeliveryState.ACCEPTED, minutes_ago=9, detail="submitted")
    handed = event("handed", DeliveryState.ACCEPTED, minutes_ago=8, detail="handed_over")

    row = only(CustomerFile(customer=customer(), documents=(), events=(handed, submitted)))

    assert (row.key, row.at, row.word, row.detail) == ("submitted", handed.at, "accepted for sending", "")


def test_the_same_claim_about_another_run_is_another_line() -> None:
    """A re-sending would hide behind the first sending."""
    events = tuple(event(run, DeliveryState.ACCEPTED, minutes_ago=9, run=run) for run in ("4711", "4712"))

    rows = timeline_rows(CustomerFile(customer=customer(), documents=(), events=events))

    assert len(rows) == 2


def test_a_provider_s_word_beyond_the_state_stays() -> None:
    """That a page was opened would be lost where the event only counts as handed over."""
    told = event("opened", channel=Channel.WEB, detail="opened")

    row = only(CustomerFile(customer=customer(), documents=(), events=(told,)))

    assert row.detail == "opened"


def test_a_sending_stands_above_what_it_brought_about_in_the_same_minute() -> None:
    """One would read that it was composed after it was handed over."""
    at = NOW.replace(second=1, microsecond=0)
    done = replace(entry(1, EntryState.DONE), created_at=at, changed_at=at)
    composed = replace(COMPOSED, at=at + timedelta(seconds=30))

    rows = timeline_rows(CustomerFile(customer=customer(), documents=(), events=(composed,)), (done,))

    assert [row.key for row in rows] == ["entry 1", "composed"]


def test_a_template_is_called_by_its_communication_s_title() -> None:
    """Support would have to know the ids of templates."""
    assert template_titles(held()) == {"renewal-notice": "Renewal notice"}


def test_a_communication_that_nothing_is_told_of_has_a_line() -> None:
    """“Accepted” from last week looks like good news."""
    silence = Silence(
        communication="S-1",
        channel=Channel.EMAIL,
        customer="HM-204881",
        title="Renewal notice",
        state=DeliveryState.HANDED_OVER,
        since=NOW - timedelta(hours=26),
        run="",
        noticed_at=NOW,
        answer="Its run is complete.",
    )
    shown = replace(held(), silences=(silence,))

    row = timeline_rows(shown, now=NOW)[0]

    assert (row.word, row.mark, row.is_problem) == ("no word for 26 h", StateMark.WARNING, True)
    assert row.sentence == "Nothing more was told of it; the last word is “handed to mail host”."
    assert row.answer == "Its run is complete."
