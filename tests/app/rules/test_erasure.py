"""What keeps somebody from being forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import ObstacleKind
from app.rules.erasure import held_by, obstacles, unseen, wait_for
from app.rules.retention import Hold, Keeping, KeptDocument, RetentionSchedule, disposal

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TODAY = NOW.date()
CLAIMS = RetentionSchedule(name="CLM-10", years=10)
GOOD = RetentionSchedule(name="FOUND", is_permanent=True)
CONTRACT = RetentionSchedule(name="CON-6", years=6, event="the contract ends")
OVER = RetentionSchedule(name="OLD-1", years=1)


def kept(
    schedule: RetentionSchedule | None = None, *holds: str, filed: date = TODAY, ends: date | None = None
) -> KeptDocument:
    """A document as the archive tells of it."""
    return KeptDocument(
        filed_on=filed,
        schedule=schedule,
        ends_on=ends,
        holds=tuple(Hold(id=each, name=each, placed_at=NOW) for each in holds),
        read_at=NOW,
    )


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (kept(CLAIMS), "CLM-10 keeps 1 document until 2036-05-12."),
        (kept(CLAIMS, ends=date(2027, 1, 1)), "CLM-10 keeps 1 document until 2027-01-01."),
        (kept(GOOD), "FOUND keeps 1 document for good."),
        (kept(CONTRACT), "CON-6 keeps 1 document for 6 years, which start when the contract ends."),
        (kept(None, "Audit 26"), "“Audit 26” holds what is theirs in the archive."),
        (
            None,
            "The archive does not say what keeps 1 document: gone since, or not yours to see.",
        ),
    ],
)
def test_each_reason_has_its_sentence_and_its_end(item: KeptDocument | None, sentence: str) -> None:
    """The customer would be told that they are not forgotten, and neither why nor until when."""
    (found,) = obstacles([item], now=NOW, today=TODAY)

    assert found.sentence == sentence


@pytest.mark.parametrize("item", [kept(), kept(OVER, filed=TODAY - timedelta(days=800))])
def test_what_no_rule_keeps_is_no_obstacle(item: KeptDocument) -> None:
    """Nobody could ever be forgotten."""
    assert obstacles([item], now=NOW, today=TODAY) == ()


def test_one_schedule_is_told_once_with_its_last_end() -> None:
    """Somebody would come back on the day on which the first of ten letters is free."""
    items = [kept(CLAIMS, filed=TODAY - timedelta(days=days)) for days in (400, 0, 30)]

    (found,) = obstacles(items, now=NOW, today=TODAY)

    assert (found.documents, found.until) == (3, date(2036, 5, 12))


def test_it_is_said_what_to_wait_for() -> None:
    """They would be asked again every week."""
    found = [held_by("Audit 26"), *obstacles([kept(CLAIMS)], now=NOW, today=TODAY), unseen()]

    assert wait_for(found) == (
        "Nothing is sent to them. Forget them again once every hold is lifted, and from 2036-05-12 on,"
        " and once whoever may see everything in the archive has said what keeps it."
    )
    assert "once no retention" in wait_for(obstacles([kept(CLAIMS), kept(CONTRACT)], now=NOW, today=TODAY))


DOCUMENTS = st.lists(
    st.none()
    | st.builds(
        kept,
        st.sampled_from([None, CLAIMS, GOOD, CONTRACT, OVER]),
        st.sampled_from(["A", "B"]),
        filed=st.dates(date(2000, 1, 1), TODAY),
    )
    | st.builds(kept, st.sampled_from([None, CLAIMS, GOOD, CONTRACT, OVER]), filed=st.dates(date(2000, 1, 1), TODAY)),
    max_size=6,
)


@given(items=DOCUMENTS)
def test_nothing_stands_in_the_way_exactly_when_no_document_is_kept(items: list[KeptDocument | None]) -> None:
    """One kept document among many would be overlooked, or a free one would keep somebody for ever."""
    free = {Keeping.DUE, Keeping.UNSCHEDULED}

    found = obstacles(items, now=NOW, today=TODAY)

    told = [disposal(each, now=NOW, today=TODAY) if each else None for each in items]
    assert (found == ()) == all(each is not None and each.keeping in free for each in told)
    assert (ObstacleKind.UNKNOWN in {each.kind for each in found}) == (None in items)
