"""Whether each picture of a proof is good enough where it stands, and what to take instead (flow C3).

Sizes are those that libraries and addresses tell; what nobody tells is said to be unknown, with what would be needed.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from app.records import Asset, BillItem, Channel, Finding, FindingLevel, PictureUse
from app.rules.renditions import (
    MAIL_WIDTH_PX,
    PHOTO_PPI,
    PREVIEW_DENSITY,
    Placement,
    Rendition,
    rendition_findings,
    target,
)

_MM_PER_INCH: Final = 25.4
_VECTORS: Final = frozenset({"image/svg+xml", "application/pdf", "application/postscript"})


def size_findings(bill: Iterable[BillItem]) -> tuple[Finding, ...]:
    """What is wrong with each use of each asset of ``bill``; nothing for those that pass or are not known."""
    return tuple(
        found
        for item in bill
        for use in item.uses
        if use.width_px and use.media_type
        for found in _judged(item, use)
        if found.level is not FindingLevel.PASSED
    )


def size_sentences(item: BillItem, asset: Asset | None, channels: Sequence[Channel]) -> tuple[str, ...]:
    """One line for each use of ``item``, and one for print where ``channels`` has it: target met, missed or unknown."""
    lines = [_about_use(item, use) for use in item.uses]
    if Channel.PRINT in channels and Channel.PRINT not in {use.channel for use in item.uses}:
        lines.append(_about_print(asset))
    return tuple(lines)


def _judged(item: BillItem, use: PictureUse) -> tuple[Finding, ...]:
    place = f"{item.name}, {use.place}"
    return rendition_findings(_rendition(item, use), Placement(channel=use.channel, place=place, width_px=use.shown_px))


def _rendition(item: BillItem, use: PictureUse) -> Rendition:
    return Rendition(
        name=item.name,
        media_type=use.media_type,
        width_px=use.width_px,
        height_px=use.height_px,
        size_bytes=use.size_bytes,
    )


def _about_use(item: BillItem, use: PictureUse) -> str:
    head = f"{use.channel.label}, {use.place}"
    shown = f"shown {use.shown_px:,} px wide" if use.shown_px else "its shown width is up to the page"
    instead = _instead(use)
    if not use.width_px and not use.media_type:
        return f"{head}: {shown}; size and format of what is delivered are not known. {instead}"
    missing = (
        " Its format is not known." if not use.media_type else " Its width is not known." if not use.width_px else ""
    )
    if missing:
        return f"{head}: {shown}.{missing} {instead}"
    wrong = [found.sentence for found in _judged(item, use) if found.level is not FindingLevel.PASSED]
    kind = use.media_type.rpartition("/")[2].upper()
    has = f"{use.width_px:,} px, {kind}"
    if not wrong:
        return f"{head}: meets its target ({shown}, delivered {has})."
    return f"{head}: {'. '.join(wrong)}. {instead}"


def _instead(use: PictureUse) -> str:
    wanted = target(Placement(channel=use.channel, place=use.place, width_px=use.shown_px))
    formats = "JPEG or PNG" if use.channel is Channel.EMAIL else "JPEG, PNG, WebP, AVIF or SVG"
    least = wanted.width_px or (MAIL_WIDTH_PX if use.channel is Channel.EMAIL else 0)
    width = f"{least:,} to {least * PREVIEW_DENSITY:,} px wide, " if least else ""
    return f"Take one {width}as {formats}."


def _about_print(asset: Asset | None) -> str:
    if asset is not None and asset.media_type.casefold() in _VECTORS:
        return "Print: it has no pixels to count, so it is sharp at any size."
    if asset is None or not asset.width_px:
        return "Print: neither its placed size nor its width is known."
    widest = int(asset.width_px / PHOTO_PPI * _MM_PER_INCH)
    return (
        f"Print: its placed size is not known. The original’s {asset.width_px:,} px are sharp up to {widest} mm wide"
        f" at {PHOTO_PPI} ppi; placed wider, take a larger original."
    )
