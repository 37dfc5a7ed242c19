"""The audit's chain: each row is sealed with the one before it, so that an edited, missing or added row shows.

A chain alone cannot show that its end was cut off, or that everything from some row on was written anew. Anchors can:
what the last row was at some moment, kept where whoever changes the file does not reach.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import rfc8785

START: Final = "0" * 64
"""What the first row is sealed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row of the audit as it is sealed. It names nobody: ``personal`` is a salted hash of what does."""

    number: int
    """From 1, without a gap."""
    at_us: int
    """Microseconds since 1970 UTC."""
    actor: str
    action: str
    reference: str
    detail: Mapping[str, str] = field(default_factory=dict)
    personal: str = ""
    """Out of :func:`personal_seal`; empty where a row is about nobody."""

    def sealed(self, previous: str) -> str:
        """The seal of this row behind ``previous``: 64 hexadecimal characters over canonical JSON (RFC 8785)."""
        content: dict[str, object] = {
            "number": self.number,
            "at_us": self.at_us,
            "actor": self.actor,
            "action": self.action,
            "reference": self.reference,
            "detail": dict(self.detail),
            "personal": self.personal,
            "previous": previous,
        }
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()  # type: ignore[arg-type]  # all of it is JSON


def personal_seal(salt: bytes, *, subject: str, words: Mapping[str, str]) -> str:
    """What stays in the chain of whom a row is about and of what was typed. With the salt gone it tells nothing."""
    return hashlib.sha256(salt + rfc8785.dumps({"subject": subject, "words": dict(words)})).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A row as it lies in the file: the link, the seal beside it, and what has not been erased of the personal part."""

    link: Link
    seal: str
    salt: bytes | None = field(default=None, repr=False)
    subject: str = field(default="", repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What the last row was at a moment, kept outside the file."""

    at: datetime
    number: int
    """0 before the first row."""
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where the audit is not what it was."""

    number: int
    """The first row that it shows at."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check of the whole audit found."""

    rows: int
    erased: int
    """Rows whose personal part was erased, as it may be."""
    anchors: int
    breaks: tuple[Break, ...]
    """In the order of their rows; empty when the audit is whole."""

    @property
    def is_whole(self) -> bool:
        """Whether every row and every anchor agrees."""
        return not self.breaks


def check(rows: Iterable[Kept], anchors: Sequence[Anchor]) -> Verdict:
    """Follow the chain from its first row and hold it against every anchor.

    After a break the chain is taken up from the seal that is written there, so that each place is told once.
    """
    expected = {each.number: each for each in sorted(anchors, key=lambda anchor: anchor.at)}
    breaks: list[Break] = []
    previous, number, erased = START, 0, 0
    for row in rows:
        breaks += _missing(number, row.link.number)
        number = row.link.number
        if row.seal != row.link.sealed(previous):
            breaks.append(Break(number=number, sentence=f"Row {number} or the one before it was changed."))
        elif row.salt is not None and not _is_personal_part_whole(row):
            breaks.append(Break(number=number, sentence=f"Row {number}: whom it is about, or its words, were changed."))
        erased += row.salt is None and bool(row.link.personal)
        previous = row.seal
        anchor = expected.pop(number, None)
        if anchor is not None and anchor.seal != row.seal:
            breaks.append(
                Break(
                    number=number,
                    sentence=f"Row {number} is not the one that was anchored {_when(anchor)}: "
                    "it, or rows before it, were written anew since.",
                )
            )
    breaks += _cut(number, [each for each in expected.values() if each.number > number])
    return Verdict(rows=number, erased=erased, anchors=len(anchors), breaks=tuple(breaks))


def _missing(before: int, number: int) -> list[Break]:
    if number == before + 1:
        return []
    gone = f"Row {before + 1} is" if number == before + 2 else f"Rows {before + 1} to {number - 1} are"
    return [Break(number=before + 1, sentence=f"{gone} missing.")]


def _is_personal_part_whole(row: Kept) -> bool:
    assert row.salt is not None  # noqa: S101 - the caller looked
    return personal_seal(row.salt, subject=row.subject, words=row.words) == row.link.personal


def _cut(last: int, beyond: Sequence[Anchor]) -> list[Break]:
    if not beyond:
        return []
    furthest = max(beyond, key=lambda anchor: anchor.number)
    gone = furthest.number - last
    rows = "1 row was" if gone == 1 else f"at least {gone} rows were"
    return [Break(number=last + 1, sentence=f"The end was cut off: {rows} there {_when(furthest)} and no longer are.")]


def _when(anchor: Anchor) -> str:
    return f"on {anchor.at:%Y-%m-%d at %H:%M} UTC"
