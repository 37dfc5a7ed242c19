"""Entries of the outbox in the page's words."""

import pytest

from app.records import EntryState, OutboxEntry, Verb
from tests.ui.pages.archive.records import CARON, NOW, REFUSED, TAKEN, entry, receipt
from ui.pages.archive.rows import Filter, Phase, filings, phase_of, rows_of, summary

NO_ANSWER = "Extended ECM did not answer. It was tried 6 times."


@pytest.mark.parametrize(
    ("filing", "phase", "word"),
    [
        (entry(leaves_in_s=7.2), Phase.LEAVING, "leaves in 8 s"),
        (entry(), Phase.WAITING, "waiting"),
        (entry(state=EntryState.SENDING, attempts=1), Phase.SENDING, "sending"),
        (
            entry(attempts=1, sentence="Extended ECM cannot be reached."),
            Phase.RETRYING,
            "retrying: cannot be reached",
        ),
        (entry(state=EntryState.UNKNOWN, attempts=1), Phase.LOOKING_UP, "sent, no answer: looking it up"),
        (
            entry(state=EntryState.PARKED, attempts=1, sentence=TAKEN),
            Phase.REFUSED,
            "refused: already has an item of that name",
        ),
        (
            entry(state=EntryState.PARKED, attempts=1, sentence=REFUSED),
            Phase.REFUSED,
            "refused: Category 9830 is not allowed here",
        ),
        (entry(state=EntryState.PARKED, attempts=6, sentence=NO_ANSWER), Phase.NEEDS_YOU, "needs you: did not answer"),
        (entry(state=EntryState.DONE, attempts=1, receipt=receipt()), Phase.FILED, "filed, node 2207431"),
        (entry(state=EntryState.DROPPED, sentence="Undone before it left."), Phase.DROPPED, "undone"),
        (entry(state=EntryState.DROPPED, sentence="A double."), Phase.DROPPED, "dropped: A double"),
    ],
)
def test_each_state_has_its_words(filing: OutboxEntry, phase: Phase, word: str) -> None:
    """A person could not tell what still happens by itself from what waits for them."""
    [row] = rows_of([filing], now=NOW)

    assert (row.phase, row.word) == (phase, word)


def test_what_waits_behind_another_says_so() -> None:
    """Nobody would see why it does not leave."""
    held = [entry(2), entry(1, EntryState.PARKED, sentence=TAKEN)]

    assert rows_of(held, now=NOW)[0].word == "waits for the one before it"


def test_workspaces_do_not_wait_for_each_other() -> None:
    """A refusal for one customer would seem to hold back all."""
    apart = [entry(2, customer=CARON), entry(1, EntryState.PARKED, sentence=TAKEN)]

    assert rows_of(apart, now=NOW)[0].phase is Phase.WAITING


def test_the_summary_counts_what_waits_and_what_was_refused() -> None:
    """The header would not say whether there is anything to do."""
    rows = rows_of(
        [
            entry(4),
            entry(3, customer=CARON, leaves_in_s=5),
            entry(2, EntryState.PARKED, sentence=TAKEN),
            entry(1, EntryState.DONE),
        ],
        now=NOW,
    )

    assert summary(rows) == "2 waiting, 1 refused"


def test_only_filings_are_shown() -> None:
    """A re-sending in the archive's queue would be retried as a filing."""
    mixed = [entry(2, verb=Verb.RESEND), entry(1)]

    assert [each.id for each in filings(mixed)] == [1]


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (Filter.ALL, {1, 2, 3, 4}),
        (Filter.NEEDS_YOU, {1}),
        (Filter.RETRYING, {2}),
        (Filter.REFUSED, {3}),
        (Filter.FILED, {4}),
    ],
)
def test_a_chip_narrows_to_its_state(chosen: Filter, shown: set[int]) -> None:
    """What needs a person would drown in what is done."""
    queue = [
        entry(1, EntryState.PARKED, sentence=NO_ANSWER),
        entry(2, EntryState.UNKNOWN),
        entry(3, EntryState.PARKED, sentence=TAKEN),
        entry(4, EntryState.DONE),
    ]

    assert {each.id for each in queue if chosen.takes(phase_of(each, now=NOW))} == shown
