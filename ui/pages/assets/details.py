"""What the inspector says of one asset, worded: no widget, so that every line of it can be tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.records import Asset, AssetState, EntryState, OutboxEntry
from app.rules.verdicts import Verdict, objections_to
from ui.pages.assets import words
from ui.widgets import StateMark

ALT_TEXT = "Alt text"
_UNDECIDED = frozenset({AssetState.DRAFT, AssetState.IN_REVIEW, AssetState.MIXED})
_A_REASON = "-"
"""Stands for the reason that is asked for later, so that its absence is no objection yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version."""

    label: str
    whole_label: str
    mark: StateMark | None
    word: str
    when: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerLine:
    """Somebody who was asked."""

    name: str
    mark: StateMark
    word: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A verdict that has not arrived: why, and what can be done."""

    mark: StateMark
    sentence: str
    can_retry: bool
    can_drop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about one asset, in the order of the inspector."""

    key: str
    name: str
    mark: StateMark
    word: str
    aside: str
    description: str
    facts: tuple[tuple[str, str], ...]
    lacks_alt_text: bool
    versions: tuple[VersionLine, ...]
    reviewers: tuple[ReviewerLine, ...]
    stuck: Stuck | None
    approve_objection: str
    """Why it cannot be approved; empty when it can."""
    reject_objection: str

    @classmethod
    def of(cls, asset: Asset, *, entry: OutboxEntry | None, today: date) -> "Details":
        """The details of ``asset`` with the verdict that is on its way, if one is."""
        mark, word = words.pending_of(entry) if entry is not None else words.state_of(asset, today=today)
        return cls(
            key=str(asset.key),
            name=asset.name,
            mark=mark,
            word=word,
            aside=_aside(asset),
            description=asset.description,
            facts=_facts(asset, today=today),
            lacks_alt_text=not asset.alt_text,
            versions=tuple(_versions(asset)),
            reviewers=tuple(_reviewers(asset)),
            stuck=_stuck(entry),
            approve_objection=_objection(Verdict.APPROVE, asset, entry),
            reject_objection=_objection(Verdict.REJECT, asset, entry),
        )


def _aside(asset: Asset) -> str:
    parts = [words.aside(asset)]
    # A library may decide before all have spoken; beside its decision the count would contradict it.
    if asset.reviewers and asset.state in _UNDECIDED:
        approved, asked = words.approvals(asset.reviewers)
        parts.append(f"{approved} of {asked} approvals")
    return " · ".join(parts)


def _facts(asset: Asset, *, today: date) -> tuple[tuple[str, str], ...]:
    told = (
        ("Asset id", asset.key.id),
        ("File", words.file_words(asset)),
        ("Locale", "" if words.locale_word(asset.locale) == "any" else asset.locale),
        ("Owner", asset.owner),
        ("Rights end", words.rights_words(asset, today=today)),
        ("Channels", ", ".join(asset.channels)),
        ("Folder", asset.folder),
        ("Tags", ", ".join(asset.tags)),
        ("Changed", words.when(asset.changed_at)),
    )
    facts = [fact for fact in told if fact[1]]
    return (*facts, (ALT_TEXT, asset.alt_text or "missing"))


def _versions(asset: Asset) -> Sequence[VersionLine]:
    return [
        VersionLine(
            label=words.version_label(version.label),
            whole_label=version.label,
            mark=words.MARKS[version.state] if version.state else None,
            word=words.state_word(version.state) if version.state else "",
            when=words.when(version.created_at),
            by=version.created_by,
        )
        for version in asset.versions
    ]


def _reviewers(asset: Asset) -> Sequence[ReviewerLine]:
    return [
        ReviewerLine(
            name=reviewer.name,
            mark=words.MARKS[reviewer.state],
            word="waiting" if words.MARKS[reviewer.state] is StateMark.IN_REVIEW else words.state_word(reviewer.state),
            when=words.when(reviewer.at),
        )
        for reviewer in asset.reviewers
    ]


def _stuck(entry: OutboxEntry | None) -> Stuck | None:
    if entry is None or not entry.sentence:
        return None
    mark, word = words.pending_of(entry)
    is_parked = entry.state is EntryState.PARKED
    lead = f"**{word.capitalize()}.** "
    return Stuck(
        mark=mark,
        sentence=lead + entry.sentence,
        can_retry=entry.state in {EntryState.PARKED, EntryState.QUEUED},
        can_drop=is_parked,
    )


def _objection(verdict: Verdict, asset: Asset, entry: OutboxEntry | None) -> str:
    if entry is not None:
        return _on_its_way(entry, library=asset.key.system.label)
    said = " ".join(objections_to(verdict, asset, note=_A_REASON))
    return said.replace(f"{asset.name} {asset.version}", words.with_version(asset))


def _on_its_way(entry: OutboxEntry, *, library: str) -> str:
    noun = words.noun_of(entry)
    if entry.state is EntryState.PARKED:
        return f"The {noun} has not reached {library}."
    return f"The {noun} is on its way to {library}."
