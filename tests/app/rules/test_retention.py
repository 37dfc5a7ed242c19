"""How long a document stays, and what keeps it longer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.retention import (
    FRESH,
    Disposal,
    Hold,
    Keeping,
    KeptDocument,
    RetentionSchedule,
    disposal,
    free_on,
    objections_to_lifting,
)

NOW = datetime(2026, 5, 12, 9, 41, tzinfo=UTC)
TODAY = NOW.date()
TEN_YEARS = RetentionSchedule(name="Contracts", years=10)
AFTER_END = RetentionSchedule(name="Policies", years=6, event="the policy ends")
HOLDS = st.builds(
    Hold,
    id=st.sampled_from("abc"),
    name=st.just("Claim 7"),
    placed_at=st.integers(-5, 5).map(lambda days: NOW + timedelta(days=days)),
    lifted_at=st.none() | st.integers(-5, 5).map(lambda days: NOW + timedelta(days=days)),
    through=st.sampled_from(["", "Workspace 12"]),
)
SCHEDULES = st.builds(
    RetentionSchedule,
    name=st.just("Schedule"),
    years=st.integers(0, 12_000),
    months=st.integers(0, 40),
    days=st.integers(0, 400),
    event=st.sampled_from(["", "the contract ends"]),
    is_permanent=st.booleans(),
)
DOCUMENTS = st.builds(
    KeptDocument,
    filed_on=st.dates(),
    schedule=st.none() | SCHEDULES,
    happened_on=st.none() | st.dates(),
    holds=st.lists(HOLDS, max_size=4).map(tuple),
    erasure_asked_on=st.none() | st.dates(),
    read_at=st.integers(0, 120).map(lambda seconds: NOW - timedelta(seconds=seconds)),
)


def hold(name: str, *, days_ago: int = 30, lifted_days_ago: int | None = None, through: str = "") -> Hold:
    lifted = None if lifted_days_ago is None else NOW - timedelta(days=lifted_days_ago)
    return Hold(
        id=name,
        name=name,
        placed_at=NOW - timedelta(days=days_ago),
        placed_by="legal",
        lifted_at=lifted,
        through=through,
    )


def kept(
    *holds: Hold,
    schedule: RetentionSchedule | None = TEN_YEARS,
    filed_on: date = date(2010, 1, 31),
    happened_on: date | None = None,
    erasure_asked_on: date | None = None,
) -> KeptDocument:
    return KeptDocument(
        filed_on=filed_on,
        schedule=schedule,
        happened_on=happened_on,
        holds=holds,
        erasure_asked_on=erasure_asked_on,
        read_at=NOW,
    )


def at_last(document: KeptDocument) -> Disposal:
    return disposal(document, now=NOW, today=TODAY)


@pytest.mark.parametrize(
    ("starts_on", "length", "free"),
    [
        (date(2020, 3, 15), {"years": 5}, date(2025, 3, 15)),
        (date(2024, 2, 29), {"years": 1}, date(2025, 3, 1)),
        (date(2024, 2, 29), {"years": 4}, date(2028, 2, 29)),
        (date(2026, 1, 31), {"months": 1}, date(2026, 3, 1)),
        (date(2026, 10, 31), {"months": 18}, date(2028, 5, 1)),
        (date(2026, 1, 31), {"months": 1, "days": 10}, date(2026, 3, 11)),
        (date(2026, 12, 31), {"days": 1}, date(2027, 1, 1)),
        (date(2026, 5, 12), {}, date(2026, 5, 12)),
        (date(2026, 5, 12), {"years": 9000}, None),
        (date(9999, 12, 31), {"days": 1}, None),
        (date(2026, 5, 12), {"is_permanent": True}, None),
    ],
)
def test_the_first_free_day(starts_on: date, length: dict[str, int], free: date | None) -> None:
    """One day too early is a breach, and one day too late is another."""
    schedule = RetentionSchedule(name="s", **length)  # type: ignore[arg-type]  # lengths are ints, is_permanent a bool

    assert free_on(schedule, starts_on=starts_on) == free


@pytest.mark.parametrize(
    ("document", "keeping", "word"),
    [
        (kept(), Keeping.DUE, "long enough since 2020-01-31: 10 years from 2010-01-31"),
        (kept(filed_on=date(2016, 5, 13)), Keeping.RUNNING, "until 2026-05-13"),
        (kept(filed_on=date(2016, 5, 12)), Keeping.DUE, "since 2026-05-12"),
        (kept(schedule=AFTER_END), Keeping.WAITING, "this starts when the policy ends"),
        (kept(schedule=AFTER_END, happened_on=date(2019, 1, 1)), Keeping.DUE, "6 years from 2019-01-01"),
        (kept(schedule=AFTER_END, happened_on=date(2024, 1, 1)), Keeping.RUNNING, "until 2030-01-01"),
        (kept(schedule=RetentionSchedule(name="Deeds", is_permanent=True)), Keeping.PERMANENT, "for good"),
        (kept(schedule=None), Keeping.UNSCHEDULED, "names no retention"),
    ],
)
def test_retention_alone(document: KeptDocument, keeping: Keeping, word: str) -> None:
    """The board counts by these words, and a disposal run acts on one of them."""
    found = at_last(document)

    assert found.keeping is keeping
    assert word in found.trail[0]
    assert found.may_delete is (keeping is Keeping.DUE)


def test_a_held_document_past_its_retention_is_held_and_not_due() -> None:
    """A disposal run that goes by the date alone destroys evidence."""
    found = at_last(kept(hold("Claim 7")))

    assert (found.keeping, found.free_on, found.may_delete) == (Keeping.HELD, date(2020, 1, 31), False)
    assert found.objections == ("“Claim 7” holds it, placed on 2026-04-12 by legal.",)


@pytest.mark.parametrize("days_ago", [10_000, 1, 0])
def test_a_hold_counts_whether_it_came_before_or_after_the_end(days_ago: int) -> None:
    """A suit often begins when the papers were due to go."""
    assert at_last(kept(hold("Claim 7", days_ago=days_ago))).keeping is Keeping.HELD


def test_it_is_free_only_when_all_holds_are_gone() -> None:
    """Two matters, one of them settled: the other party's evidence would go with it."""
    settled = hold("Claim 7", lifted_days_ago=1)

    assert at_last(kept(settled, hold("Audit 2026"))).objections == (
        "“Audit 2026” holds it, placed on 2026-04-12 by legal.",
    )
    assert at_last(kept(settled, hold("Audit 2026", lifted_days_ago=0))).may_delete
    assert at_last(kept(settled, hold("Audit 2026", lifted_days_ago=0))).trail[2] == "2 holds were lifted before."


def test_a_hold_does_not_move_the_end_of_retention() -> None:
    """The day that was told to the customer would change with every suit."""
    document = kept(filed_on=date(2020, 1, 1))

    assert at_last(replace(document, holds=(hold("Claim 7"),))).free_on == at_last(document).free_on


def test_two_tellings_of_one_hold_stand_in_one_order() -> None:
    """A list that comes in another order each time looks as if something had happened."""
    one, other = hold("Claim 7", lifted_days_ago=-1), hold("Claim 7", lifted_days_ago=-2)

    assert at_last(kept(one, other)).holds == at_last(kept(other, one)).holds


def test_a_hold_that_is_planned_does_not_hold_yet() -> None:
    """A date in the future is an intention; the trail does not call it a hold."""
    assert at_last(kept(hold("Claim 8", days_ago=-1))).trail[1] == "No hold is on it."


@pytest.mark.parametrize("age", [FRESH + timedelta(seconds=1), timedelta(days=300), -timedelta(days=1)])
def test_deleting_is_never_allowed_on_an_old_reading(age: timedelta) -> None:
    """A hold that was placed a minute ago would be found after the deletion."""
    found = at_last(replace(kept(), read_at=NOW - age))

    assert found.keeping is Keeping.DUE
    assert [objection[:35] for objection in found.objections] == ["The archive has to be asked again f"]


@pytest.mark.parametrize(
    ("document", "is_restricted"),
    [
        (kept(hold("Claim 7"), erasure_asked_on=TODAY), True),
        (kept(filed_on=TODAY, erasure_asked_on=TODAY), True),
        (kept(erasure_asked_on=TODAY), False),
        (kept(hold("Claim 7")), False),
    ],
)
def test_an_erasure_that_meets_a_hold_restricts(document: KeptDocument, is_restricted: bool) -> None:
    """Both duties are real: it may not be deleted, and it may not be used as before."""
    found = at_last(document)

    assert found.is_restricted is is_restricted
    assert not (found.is_restricted and found.may_delete)


def test_the_trail_reads_as_a_file_note() -> None:
    """An auditor asks why it was still there, and nobody remembers."""
    document = kept(
        hold("Audit 2026", through="Workspace 12"), hold("Claim 7", lifted_days_ago=3), erasure_asked_on=TODAY
    )

    assert at_last(document).trail == (
        "Contracts has kept it long enough since 2020-01-31: 10 years from 2010-01-31.",
        "“Audit 2026” holds it, placed on 2026-04-12 by legal, through Workspace 12.",
        "1 hold was lifted before.",
        "The customer asked on 2026-05-12 to be forgotten: it is restricted until it may be deleted.",
    )


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ({"years": 1}, "1 year"),
        ({"years": 10, "months": 6}, "10 years and 6 months"),
        ({"years": 1, "months": 2, "days": 3}, "1 year, 2 months and 3 days"),
        ({}, "no time"),
    ],
)
def test_a_length_is_said_as_people_say_it(length: dict[str, int], words: str) -> None:
    """“10y6m0d” is a code."""
    assert RetentionSchedule(name="s", **length).length == words  # type: ignore[arg-type]  # all of them are ints


def test_a_retention_is_never_negative() -> None:
    """A slip in the records plan would free everything at once."""
    with pytest.raises(ValueError, match="negative"):
        RetentionSchedule(name="s", years=-1)


@pytest.mark.parametrize(
    ("given_hold", "reason", "words"),
    [
        (hold("Claim 7"), "settled", []),
        (hold("Claim 7"), "  ", ["needs a reason"]),
        (hold("Claim 7", lifted_days_ago=1), "settled", ["any more"]),
        (hold("Claim 7", through="Workspace 12"), "settled", ["is lifted there"]),
    ],
)
def test_what_stands_in_the_way_of_lifting(given_hold: Hold, reason: str, words: list[str]) -> None:
    """A button that fails at the archive teaches nobody where the hold comes from."""
    objections = objections_to_lifting(given_hold, reason=reason, now=NOW)

    assert len(objections) == len(words)
    assert all(word in objection for word, objection in zip(words, objections, strict=True))


@given(DOCUMENTS, st.dates())
def test_every_document_has_an_answer_in_which_order_ever_its_holds_come(document: KeptDocument, today: date) -> None:
    """Two readings of one archive would disagree about what may be destroyed."""
    found = disposal(document, now=NOW, today=today)
    turned = replace(document, holds=(*reversed(document.holds), *document.holds))

    assert disposal(turned, now=NOW, today=today) == found
    assert found.trail


@given(DOCUMENTS, st.dates(), HOLDS)
def test_one_more_hold_never_frees_a_document(document: KeptDocument, today: date, more: Hold) -> None:
    """A hold can only ever keep."""
    held = replace(document, holds=(*document.holds, more))

    before, after = (disposal(each, now=NOW, today=today) for each in (document, held))
    assert after.may_delete <= before.may_delete
    assert after.free_on == before.free_on


@given(DOCUMENTS, st.dates())
def test_what_may_be_deleted_is_due_held_by_nothing_and_freshly_read(document: KeptDocument, today: date) -> None:
    """The one answer that cannot be taken back."""
    found = disposal(document, now=NOW, today=today)

    assert found.may_delete is (found.keeping is Keeping.DUE and NOW - document.read_at <= FRESH)
    assert not found.may_delete or (not found.holds and found.free_on is not None and found.free_on <= today)


@given(DOCUMENTS, st.dates(), st.dates())
def test_time_alone_only_ever_frees(document: KeptDocument, one: date, other: date) -> None:
    """A document that was due yesterday and is not today has been miscounted."""
    early, late = sorted((one, other))

    assert disposal(document, now=NOW, today=early).may_delete <= disposal(document, now=NOW, today=late).may_delete


@given(SCHEDULES, st.dates(), st.dates())
def test_what_began_later_is_never_free_sooner(schedule: RetentionSchedule, one: date, other: date) -> None:
    """Ends of months are where counting goes wrong."""
    early, late = (free_on(schedule, starts_on=day) for day in sorted((one, other)))

    assert late is None or (early is not None and early <= late)


@given(SCHEDULES, st.dates())
def test_nothing_is_kept_a_day_too_short(schedule: RetentionSchedule, starts_on: date) -> None:
    """The last day of February does not shorten a year."""
    free = free_on(schedule, starts_on=starts_on)

    assert free is None or free >= starts_on + timedelta(
        days=365 * schedule.years + 28 * schedule.months + schedule.days
    )


@pytest.mark.parametrize(
    ("ends_on", "keeping"), [(date(2026, 5, 13), Keeping.RUNNING), (date(2026, 5, 12), Keeping.DUE)]
)
def test_the_archive_s_own_end_wins_over_ours(ends_on: date, keeping: Keeping) -> None:
    """The desk would promise a day that the archive does not keep to."""
    told = disposal(replace(kept(filed_on=date(2026, 5, 1)), ends_on=ends_on), now=NOW, today=TODAY)

    assert (told.keeping, told.free_on) == (keeping, ends_on)
    assert "says the archive" in told.trail[0]


def test_a_hold_of_which_nobody_says_when_holds() -> None:
    """A date that is missing would free the document."""
    told = disposal(kept(replace(hold("Audit"), placed_at=None)), now=NOW, today=TODAY)

    assert told.keeping is Keeping.HELD
    assert told.objections == ("“Audit” holds it by legal.",)
