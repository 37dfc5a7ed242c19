"""The chain shows every change that can be made to an audit, and where; anchors show what a chain alone cannot."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.rules.chain import BEGUN, ERASED, START, Anchor, Kept, Link, canonical, check, personal_seal

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


def anchored(rows: Sequence[Kept], number: int, *, at: datetime = NOON, name: str = "") -> Anchor:
    """What was remembered when that row was the last."""
    return Anchor(at=at, number=number, seal=rows[number - 1].seal, audit=name)


def about(rows: Sequence[str], *actions: tuple[str, dict[str, str]]) -> list[Kept]:
    """A row about each of these customers, then rows about nobody."""
    personal = [personal_seal(SALT, subject=subject, words={}) if subject else "" for subject in rows]
    links = [
        Link(number=n, at_us=n, actor="ada", action="document.opened", reference="node:1", personal=seal)
        for n, seal in enumerate(personal, start=1)
    ]
    links += [
        Link(number=len(rows) + n, at_us=n, actor="ada", action=action, reference="audit", detail=detail)
        for n, (action, detail) in enumerate(actions, start=1)
    ]
    told = [*rows, *("" for _ in actions)]
    return [
        replace(row, salt=SALT if subject else None, subject=subject)
        for row, subject in zip(sealed(links), told, strict=True)
    ]


def begun(name: str) -> list[Kept]:
    """An audit with a name."""
    return sealed(
        [
            Link(number=1, at_us=1, actor="desk", action=BEGUN, reference="audit", detail={"audit": name}),
            Link(number=2, at_us=2, actor="ada", action="outbox.queued", reference="entry:1"),
        ]
    )


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


def test_no_later_anchor_takes_the_place_of_an_earlier_one() -> None:
    """A desk that anchored the forged end once more would have made it true."""
    rows = audit(6)
    forged = [*rows[:3], *sealed([replace(row.link, actor="bob") for row in rows[3:]], after=rows[2].seal)]

    verdict = check(forged, [anchored(rows, 6), anchored(forged, 6, at=NOON + timedelta(days=1))])

    assert [each.number for each in verdict.breaks] == [6]


def test_it_says_up_to_where_anchors_vouch() -> None:
    """An audit whose anchors were deleted would read as a proven one."""
    rows = audit(6)

    without, some = check(rows, []), check(rows, [anchored(rows, 2), anchored(rows, 4)])

    assert (without.is_whole, without.is_vouched, without.vouched) == (True, False, 0)
    assert (some.is_whole, some.is_vouched, some.vouched) == (True, True, 4)


def test_anchors_of_another_audit_break_nothing_and_vouch_for_nothing() -> None:
    """A profile that was deleted and made anew would be accused for ever."""
    rows, before = begun("new"), begun("old")

    verdict = check(rows, [anchored(before, 2, name="old")])

    assert verdict.is_whole
    assert (verdict.anchors, verdict.strangers, verdict.is_vouched) == (0, 1, False)


@pytest.mark.parametrize("kept", [slice(0, 0), slice(1, None)])
def test_an_audit_without_its_first_row_has_not_lost_its_anchors(kept: slice) -> None:
    """Cutting the name off would turn all evidence into another audit's."""
    rows = begun("name")

    verdict = check(rows[kept], [anchored(rows, 2, name="name")])

    assert not verdict.is_whole
    assert (verdict.anchors, verdict.strangers) == (1, 0)


def test_what_was_erased_on_record_breaks_nothing() -> None:
    """A person's right to be forgotten would cost the proof of everything else."""
    told, other, asked = about(["customer:HM-1", "customer:HM-2"], (ERASED, {"rows": "1"}))

    verdict = check([replace(told, salt=None, subject=""), other, asked], [])

    assert (verdict.is_whole, verdict.erased) == (True, 1)


def _of_another(row: Kept) -> Kept:
    return replace(row, subject="customer:HM-2")


def _unsalted(row: Kept) -> Kept:
    return replace(row, salt=None, subject="customer:HM-2")


def _unsalted_words(row: Kept) -> Kept:
    return replace(row, salt=None, subject="", words={"reason": "asked"})


def _blank(row: Kept) -> Kept:
    return replace(row, salt=None, subject="")


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (_of_another, "whom it is about"),
        (_unsalted, "whom it is about"),
        (_unsalted_words, "whom it is about"),
        (_blank, "no row says who asked"),
    ],
)
def test_what_was_forged_or_hidden_beside_the_chain_shows(deed: Callable[[Kept], Kept], words: str) -> None:
    """Whose letter was opened could be hidden as an erasure, or put upon somebody else."""
    told, asked = about(["customer:HM-1"], (ERASED, {"rows": "7"}))

    verdict = check([deed(told), asked], [])

    assert [each.number for each in verdict.breaks] == [1]
    assert words in verdict.breaks[0].sentence
    assert verdict.erased == 0


@pytest.mark.parametrize("salt", [SALT, None])
def test_a_row_about_nobody_cannot_be_given_a_person(salt: bytes | None) -> None:
    """A row of the relay could be made to accuse a customer."""
    (row,) = about([""])

    verdict = check([replace(row, salt=salt, subject="customer:HM-1")], [])

    assert "whom it is about" in verdict.breaks[0].sentence


def test_a_number_that_no_desk_ever_wrote_is_a_change() -> None:
    """The command would end in a traceback instead of a verdict."""
    (row,) = audit(1)

    verdict = check([replace(row, link=replace(row.link, at_us=2**60))], [])

    assert [each.number for each in verdict.breaks] == [1]


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


@given(words=st.dictionaries(st.text(), st.text()), number=st.integers(0, 2**53 - 1))
def test_the_quick_way_to_canonical_json_is_the_standards(words: dict[str, str], number: int) -> None:
    """Nobody else could check our seals."""
    content: dict[str, object] = {"words": words, "number": number}

    assert canonical(content) == rfc8785.dumps(content)  # type: ignore[arg-type]  # all of it is JSON
