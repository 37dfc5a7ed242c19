"""The chain shows every change that can be made to an audit, and where; anchors show what a chain alone cannot."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.chain import START, Anchor, Kept, Link, check, personal_seal

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
SALT = b"0123456789abcdef"


def sealed(links: Sequence[Link], *, after: str = START) -> list[Kept]:
    """The rows as they are written."""
    rows: list[Kept] = []
    for link in links:
        after = link.sealed(after)
        rows.append(Kept(link=link, seal=after))
    return rows


def audit(length: int) -> list[Kept]:
    """That many rows."""
    return sealed(
        [
            Link(number=n, at_us=n, actor="ada", action="outbox.queued", reference=f"entry:{n}", detail={"n": str(n)})
            for n in range(1, length + 1)
        ]
    )


def anchored(rows: Sequence[Kept], number: int) -> Anchor:
    """What was remembered when that row was the last."""
    return Anchor(at=NOON, number=number, seal=rows[number - 1].seal)


def edited(rows: list[Kept]) -> list[Kept]:
    """Row 3 says somebody else did it."""
    return [*rows[:2], replace(rows[2], link=replace(rows[2].link, actor="bob")), *rows[3:]]


def cut_in_the_middle(rows: list[Kept]) -> list[Kept]:
    """Row 3 is gone."""
    return [*rows[:2], *rows[3:]]


def swapped(rows: list[Kept]) -> list[Kept]:
    """Two rows tell another order."""
    third, fourth = rows[2], rows[3]
    return [
        *rows[:2],
        replace(fourth, link=replace(fourth.link, number=3)),
        replace(third, link=replace(third.link, number=4)),
        *rows[4:],
    ]


def test_an_untouched_audit_is_whole() -> None:
    """Everybody would look for a culprit."""
    rows = audit(6)

    verdict = check(rows, [anchored(rows, 2), anchored(rows, 6)])

    assert verdict.is_whole
    assert (verdict.rows, verdict.anchors) == (6, 2)


@pytest.mark.parametrize("deed", [edited, cut_in_the_middle, swapped])
def test_a_change_in_the_middle_shows_without_any_anchor(deed: Callable[[list[Kept]], list[Kept]]) -> None:
    """Whoever sent it twice could say that somebody else did."""
    verdict = check(deed(audit(6)), [])

    assert not verdict.is_whole
    assert verdict.breaks[0].number == 3


def test_a_cut_end_shows_by_the_anchor() -> None:
    """The newest deeds are the ones worth hiding, and a chain that ends early is still a chain."""
    rows = audit(6)

    unanchored, verdict = check(rows[:4], []), check(rows[:4], [anchored(rows, 6)])

    assert unanchored.is_whole
    assert [each.number for each in verdict.breaks] == [5]
    assert "cut off: at least 2 rows were there on 2026-05-12 at 12:00 UTC" in verdict.breaks[0].sentence


def test_an_end_that_was_cut_and_written_anew_shows_by_the_anchor() -> None:
    """A forger who knows the rule can seal a new end; what was anchored before is another."""
    rows = audit(6)
    forged = [*rows[:3], *sealed([replace(row.link, actor="bob") for row in rows[3:]], after=rows[2].seal)]

    unanchored, verdict = check(forged, []), check(forged, [anchored(rows, 2), anchored(rows, 5)])

    assert unanchored.is_whole
    assert [each.number for each in verdict.breaks] == [5]
    assert "written anew" in verdict.breaks[0].sentence


def test_each_place_is_told_once() -> None:
    """One edited row would look as if everything behind it were lost too."""
    verdict = check(edited(audit(9)), [])

    assert len(verdict.breaks) == 1


def test_what_was_erased_breaks_nothing_and_what_was_changed_does() -> None:
    """A person's right to be forgotten would cost the proof of everything else."""
    seal = personal_seal(SALT, subject="customer:HM-1", words={"reason": "asked"})
    link = Link(number=1, at_us=1, actor="ada", action="document.opened", reference="node:1", personal=seal)
    (row,) = sealed([link])
    told = replace(row, salt=SALT, subject="customer:HM-1", words={"reason": "asked"})

    whole, erased, other = check([told], []), check([row], []), check([replace(told, subject="customer:HM-2")], [])

    assert (whole.is_whole, whole.erased) == (True, 0)
    assert (erased.is_whole, erased.erased) == (True, 1)
    assert "whom it is about" in other.breaks[0].sentence


def test_nothing_personal_is_in_the_chain() -> None:
    """Erasing the words beside it would not erase the person."""
    seal = personal_seal(SALT, subject="customer:HM-1", words={"reason": "Ines called"})

    assert seal != personal_seal(b"another salt....", subject="customer:HM-1", words={"reason": "Ines called"})
    assert "Ines" not in repr(Kept(link=audit(1)[0].link, seal="", salt=SALT, words={"reason": "Ines called"}))


@given(length=st.integers(1, 12), data=st.data())
def test_any_change_of_any_field_of_any_row_shows(length: int, data: st.DataObject) -> None:
    """A field that is not sealed could be changed for ever."""
    rows = audit(length)
    place = data.draw(st.integers(0, length - 1))
    was, word = rows[place].link, st.text(max_size=5)
    link = Link(
        number=was.number,
        at_us=data.draw(st.just(was.at_us) | st.integers(0, 2**50)),
        actor=data.draw(st.just(was.actor) | word),
        action=data.draw(st.just(was.action) | word),
        reference=data.draw(st.just(was.reference) | word),
        detail=data.draw(st.just(was.detail) | st.dictionaries(word, word, max_size=2)),
        personal=data.draw(st.just(was.personal) | word),
    )

    verdict = check([*rows[:place], replace(rows[place], link=link), *rows[place + 1 :]], [])

    assert verdict.is_whole is (link == was)


@given(length=st.integers(1, 12), kept=st.integers(0, 12))
def test_any_cut_shows_by_an_anchor_of_the_last_row(length: int, kept: int) -> None:
    """Cutting all of it would be the safest forgery."""
    rows = audit(length)

    verdict = check(rows[:kept], [anchored(rows, length)])

    assert verdict.is_whole is (kept >= length)
