"""What the page says of assets and libraries: states, versions, files, days. Plain functions, no widget."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.records import Asset, AssetKind, AssetState, EntryState, OutboxEntry, Reviewer
from app.rules.asset_query import Bound, QueryKey
from app.rules.asset_times import Length, Named, Side
from app.rules.asset_uses import Uses
from app.rules.verdicts import Verdict
from app.use_cases.search_assets import AssetCounts
from app.wording import count, day_and_time, size
from ui.theme import Icon
from ui.widgets import StateMark

SOON_DAYS = 30
_EPOCH_DIGITS = 9
_SHOWN_DIGITS = 4
_NO_LOCALE = frozenset({"", "und"})

MARKS: Mapping[AssetState, StateMark] = {
    AssetState.DRAFT: StateMark.DRAFT,
    AssetState.IN_REVIEW: StateMark.IN_REVIEW,
    AssetState.MIXED: StateMark.MIXED,
    AssetState.APPROVED: StateMark.APPROVED,
    AssetState.REJECTED: StateMark.REJECTED,
    AssetState.SUPERSEDED: StateMark.SUPERSEDED,
    AssetState.RETIRED: StateMark.RETIRED,
    AssetState.UNKNOWN: StateMark.WARNING,
}

KINDS: Mapping[AssetKind, tuple[str, Icon]] = {
    AssetKind.IMAGE: ("image", Icon.PICTURE),
    AssetKind.VIDEO: ("video", Icon.VIDEO),
    AssetKind.DOCUMENT: ("document", Icon.TEXT_DOCUMENT),
    AssetKind.OTHER: ("other", Icon.DOCUMENT),
}


def state_word(state: AssetState) -> str:
    """``in review``, ``approved`` …"""
    return "unknown state" if state is AssetState.UNKNOWN else MARKS[state].value


def state_of(asset: Asset, *, today: date) -> tuple[StateMark, str]:
    """The shape and the word of an asset's state; rights that end soon outweigh an approval."""
    if asset.state is AssetState.APPROVED and asset.rights_end is not None:
        left = (asset.rights_end - today).days
        if left < 0:
            return StateMark.EXPIRING, "rights ended"
        if left <= SOON_DAYS:
            return StateMark.EXPIRING, f"rights end in {left} d" if left else "rights end today"
    if asset.state is AssetState.MIXED and asset.reviewers:
        approved, asked = approvals(asset.reviewers)
        return StateMark.MIXED, f"mixed {approved}/{asked}"
    return MARKS[asset.state], state_word(asset.state)


def approvals(reviewers: Sequence[Reviewer]) -> tuple[int, int]:
    """How many of those who were asked have approved, and how many were asked."""
    return sum(each.state is AssetState.APPROVED for each in reviewers), len(reviewers)


def verdict_of(entry: OutboxEntry) -> Verdict:
    """The verdict that an entry of the outbox carries."""
    return Verdict(str(entry.payload["verdict"]))


def noun_of(entry: OutboxEntry) -> str:
    """``approval`` or ``rejection``."""
    return "approval" if verdict_of(entry) is Verdict.APPROVE else "rejection"


def pending_of(entry: OutboxEntry) -> tuple[StateMark, str]:
    """The shape and the word of an asset whose verdict is on its way: never the state that it may come to."""
    noun = noun_of(entry)
    if entry.state is EntryState.PARKED:
        return StateMark.WARNING, f"{noun} stuck"
    if entry.state is EntryState.UNKNOWN:
        return StateMark.RETRYING, f"{noun} unsure"
    if entry.sentence:
        return StateMark.PAUSED, f"{noun} waits"
    return StateMark.RUNNING, "approving" if noun == "approval" else "rejecting"


def version_label(label: str) -> str:
    """``v9``; a label made of the seconds since 1970, as Cloudinary's are, by its last digits: ``v…1960``."""
    digits = label.removeprefix("v")
    if digits.isdigit() and len(digits) >= _EPOCH_DIGITS:
        return f"v…{digits[-_SHOWN_DIGITS:]}"
    return label


def locale_word(locale: str) -> str:
    """The locale as its library tells it, or ``any`` where it tells none."""
    return "any" if locale in _NO_LOCALE else locale


def length(duration_s: float) -> str:
    """``0:48``, ``1:12:03``."""
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def duration_word(asset: Asset) -> str:
    """``0:48``, or ``video`` where the library does not say; empty for what does not move."""
    if asset.kind is not AssetKind.VIDEO:
        return ""
    return "video" if asset.duration_s is None else length(asset.duration_s)


def format_word(media_type: str) -> str:
    """``PNG``, ``SVG``, ``MP4``."""
    subtype = media_type.rpartition("/")[2].partition("+")[0]
    return {"": "", "jpeg": "JPEG", "webm": "WebM", "quicktime": "QuickTime"}.get(subtype, subtype.upper())


def file_words(asset: Asset) -> str:
    """``1 200 × 628 px · PNG · 184 kB``, as far as the library says."""
    parts = []
    if asset.width_px and asset.height_px:
        parts.append(f"{count(asset.width_px)} × {count(asset.height_px)} px")
    parts.append(format_word(asset.media_type))
    if asset.duration_s is not None:
        parts.append(length(asset.duration_s))
    if asset.size_bytes:
        parts.append(size(asset.size_bytes))
    return " · ".join(part for part in parts if part)


def day(moment: date) -> str:
    """``31 Dec 2026``."""
    return f"{moment.day} {moment:%b %Y}"


def rights_words(asset: Asset, *, today: date) -> str:
    """``31 Dec 2026, in 40 d``; empty when the library names no end."""
    if asset.rights_end is None:
        return ""
    left = (asset.rights_end - today).days
    return f"{day(asset.rights_end)}, {f'in {left} d' if left > 0 else 'today' if left == 0 else f'{-left} d ago'}"


def bound_words(key: QueryKey, bound: Bound) -> str:
    """``within 30 days``, ``before 31 Dec 2026``, ``never``, ``nowhere``: what a filter by time or number lets in."""
    if isinstance(bound, Uses):
        return bound.words
    if isinstance(bound, Named):
        return {Named.PAST: "in the past", Named.NONE: "never"}[bound]
    if isinstance(bound.mark, Length):
        if bound.side is not Side.ABOVE:
            return f"within {bound.mark.words}"
        return f"in more than {bound.mark.words}" if key is QueryKey.EXPIRES else f"more than {bound.mark.words} ago"
    return f"{ {Side.BELOW: 'before', Side.ABOVE: 'after', Side.AT: 'on'}[bound.side] } {day(bound.mark)}"


def aside(asset: Asset) -> str:
    """``v9 · iconik``; the library alone where a version has no name that people use."""
    library = asset.key.system.label
    return f"{asset.version} · {library}" if version_label(asset.version) == asset.version else library


def with_version(asset: Asset) -> str:
    """``spring-banner-fr v9``; the name alone where the version has no name that people use."""
    return f"{asset.name} {asset.version}" if version_label(asset.version) == asset.version else asset.name


def spoken(asset: Asset, word: str) -> str:
    """What a screen reader says of a tile or row."""
    kind, _ = KINDS[asset.kind]
    return f"{asset.name}, {kind}, {word}, {asset.version}, {asset.key.system.label}"


def when(moment: datetime | None) -> str:
    """``today 08:52``; empty when it is not known."""
    return "" if moment is None else day_and_time(moment)


def counted(counts: AssetCounts, *, whole: int | None) -> str:
    """``1 204 of 48 310``, ``about 250 000 of 1 000 000``, or the total alone while nothing narrows it.

    ``whole``: how many answer, when all of them were read.
    """
    total, facets = sum(counts.known.values()), counts.facets
    matching = facets.matching if whole is None else whole
    if matching == total:
        return count(total)
    about = "about " if facets.is_estimate and whole is None else ""
    return f"{about}{count(matching)} of {count(total)}"
