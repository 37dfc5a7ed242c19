"""The audit's chain: each row is sealed with the one before it, so that an edited, missing or added row shows.

A chain alone cannot show that its end was cut off, or that everything from some row on was written anew. Anchors can:
what the last row was at some moment, kept where whoever changes the file does not reach.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
import rfc8785

START: Final = "0" * 64
"""What the first row is sealed with."""
BEGUN: Final = "audit.begun"
"""The first row: ``audit`` in its detail tells this audit from every other one that had the same profile's name."""
UNVOUCHED: Final = "audit.unvouched"
"""The desk opened on rows and found no anchor of theirs."""
ERASED: Final = "audit.erased"
"""The personal parts of rows were erased; ``rows`` in its detail has their numbers."""


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
        return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Mapping[str, object]) -> bytes:
    """``content`` as canonical JSON (RFC 8785): text, integers and objects of them.

    Plain ASCII is ordered and escaped in the same way by an encoder that takes a thirtieth of the time: an audit of a
    million rows is sealed in seconds.
    """
    plain = _encode(content)
    return plain if plain.isascii() else rfc8785.dumps(content)  # type: ignore[arg-type]  # all of it is JSON


_encode: Final = msgspec.json.Encoder(order="sorted").encode


def personal_seal(salt: bytes, *, subject: str, words: Mapping[str, str]) -> str:
    """What stays in the chain of whom a row is about and of what was typed. With the salt gone it tells nothing."""
    return hashlib.sha256(salt + canonical({"subject": subject, "words": dict(words)})).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A row as it lies in the file: the link, the seal beside it, and what has not been erased of the personal part."""

    link: Link
    seal: str
    salt: bytes | None = field(default=None, repr=False)
    subject: str = field(default="", repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_legible: bool = True
    """Whether its columns are of the kinds that a desk writes; what they say is left out otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What the last row was at a moment, kept outside the file."""

    at: datetime
    number: int
    seal: str
    audit: str = ""
    """The name that the audit gives itself in its first row."""


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
    """Of this audit."""
    strangers: int
    """Anchors of other audits that were kept under the profile's name."""
    vouched: int
    """The last row that an anchor agrees with; 0 when there is none."""
    unvouched: int
    """The last row that lost its anchors before a desk anchored anew; 0 when that never happened."""
    breaks: tuple[Break, ...]
    """In the order of their rows; empty when the audit is whole."""

    @property
    def is_whole(self) -> bool:
        """Whether every row and every anchor agrees."""
        return not self.breaks

    @property
    def is_vouched(self) -> bool:
        """Whether anchors, and not the chain alone, say so: a chain can be cut and written anew."""
        return self.vouched > 0 and not self.unvouched


def name_in(action: str, detail: Mapping[str, str]) -> str:
    """What the audit with this first row calls itself; empty when the row does not say."""
    return detail.get("audit", "") if action == BEGUN else ""


def anchors_of_audit(name: str, anchors: Sequence[Anchor]) -> Sequence[Anchor]:
    """Those of the audit ``name`` among ``anchors``, oldest first. One that lost its name has the newest anchor's."""
    if not name and anchors:
        name = anchors[-1].audit
    return [each for each in anchors if each.audit == name]


def check(rows: Iterable[Kept], anchors: Sequence[Anchor]) -> Verdict:
    """Follow the chain from its first row and hold it against every anchor that it ever had.

    After a break the chain is taken up from the seal that is written there, so that each place is told once.
    """
    own: Sequence[Anchor] = ()
    expected: dict[int, list[Anchor]] = {}
    breaks: list[Break] = []
    previous, number, erased, vouched, unvouched = START, 0, 0, 0, 0
    unasked: set[str] = set()
    for row in rows:
        if row.link.number < 1:
            breaks.append(
                Break(number=row.link.number, sentence=f"Row {row.link.number} was added: the first is row 1.")
            )
            continue
        if not number:
            own = anchors_of_audit(name_in(row.link.action, row.link.detail), anchors)
            expected = _by_number(own)
        breaks += _missing(number, row.link.number)
        number = row.link.number
        if not _is_sealed(row, previous):
            breaks.append(Break(number=number, sentence=f"Row {number} or the one before it was changed."))
        elif not _is_personal_part_whole(row):
            breaks.append(Break(number=number, sentence=f"Row {number}: whom it is about, or its words, were changed."))
        elif row.salt is None and row.link.personal:
            erased += 1
            unasked.add(str(number))
        if row.link.action == ERASED:
            unasked -= set(row.link.detail.get("rows", "").split())
        elif row.link.action == UNVOUCHED:
            unvouched = number - 1
        previous = row.seal
        here = expected.pop(number, [])
        if other := next((anchor for anchor in here if anchor.seal != row.seal), None):
            breaks.append(
                Break(
                    number=number,
                    sentence=f"Row {number} is not the one that was anchored {_when(other)}: "
                    "it, or rows before it, were written anew since.",
                )
            )
        elif here:
            vouched = number
    if not number:
        own = anchors_of_audit("", anchors)
        expected = _by_number(own)
    breaks += [
        Break(number=int(each), sentence=f"Row {each}: whom it was about was erased, and no row says who asked for it.")
        for each in unasked
    ]
    breaks += _cut(number, [each for at, several in expected.items() if at > number for each in several])
    return Verdict(
        rows=number,
        erased=erased - len(unasked),
        anchors=len(own),
        strangers=len(anchors) - len(own),
        vouched=vouched,
        unvouched=unvouched,
        breaks=tuple(sorted(breaks, key=lambda each: each.number)),
    )


def _by_number(anchors: Iterable[Anchor]) -> dict[int, list[Anchor]]:
    found: defaultdict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        found[anchor.number].append(anchor)
    return dict(found)


def _is_sealed(row: Kept, previous: str) -> bool:
    try:
        return row.is_legible and row.seal == row.link.sealed(previous)
    except rfc8785.CanonicalizationError:  # a number, say, that no desk ever wrote
        return False


def _missing(before: int, number: int) -> list[Break]:
    if number == before + 1:
        return []
    gone = f"Row {before + 1} is" if number == before + 2 else f"Rows {before + 1} to {number - 1} are"
    return [Break(number=before + 1, sentence=f"{gone} missing.")]


def _is_personal_part_whole(row: Kept) -> bool:
    if row.salt is None:
        return not row.subject and not row.words
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
