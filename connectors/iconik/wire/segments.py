"""Segments, comments first: the ``assets`` service, their attachments in ``files`` (wire contract "iconik", §12).

No path here is built from a person's text: ``/segments/{segment_type}/`` has the same shape as one segment's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.iconik.models import AssetId, Attachment, Segment, SegmentType, VersionId
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import (
    Listing,
    Operation,
    change,
    drop,
    fetch,
    fetch_text,
    given,
    make,
    pages,
    pages_behind,
)


class Export(StrEnum):
    """The forms in which segments can be taken along."""

    CSV = "csv"
    WEBVTT = "vtt"
    SUBRIP = "srt"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From where to where, in milliseconds; a moment has no end of its own."""

    start_ms: int
    end_ms: int | None = None


def list_segments(
    asset_id: AssetId,
    kind: SegmentType | None = SegmentType.COMMENT,
    *,
    version_id: VersionId | None = None,
    transcription_id: str = "",
    starting_from_ms: int | None = None,
) -> Listing[Segment]:
    """An asset's segments of one kind or of all, newest version or one (P1)."""
    asked = query(
        {
            "segment_type": kind.value if kind else None,
            "version_id": version_id,
            "transcription_id": transcription_id,
            "time_start_milliseconds__gte": starting_from_ms,
        }
    )
    return pages("list comments", _segments(asset_id), Segment, query=asked)


def get_segment(asset_id: AssetId, segment_id: str) -> Operation[Segment]:
    """One segment."""
    return fetch("get comment", _segments(asset_id, segment_id), Segment)


def add_segment(
    asset_id: AssetId,
    kind: SegmentType,
    *,
    words: str,
    external_id: str = "",
    version_id: VersionId | None = None,
    parent_id: str | None = None,
    stretch: Stretch | None = None,
    drawing: Mapping[str, object] | None = None,
    is_internal: bool | None = None,
) -> Operation[Segment]:
    """A segment, timed or on the whole asset. ``external_id`` finds it again after an unanswered send (§16.17)."""
    end_ms = None if stretch is None else stretch.start_ms if stretch.end_ms is None else stretch.end_ms
    body = given(
        segment_type=kind.value,
        segment_text=words,
        external_id=external_id or None,
        version_id=version_id,
        parent_id=parent_id,
        time_start_milliseconds=stretch.start_ms if stretch else None,
        time_end_milliseconds=end_ms,
        drawing=drawing,
        is_internal=is_internal,
    )
    return make("add comment", _segments(asset_id), Segment, body)


def edit_segment(
    asset_id: AssetId, segment_id: str, kind: SegmentType, changes: Mapping[str, object]
) -> Operation[Segment]:
    """Change the named fields; the type goes along because the vendor's document wants it (INFERRED)."""
    body = {"segment_type": kind.value, **changes}
    return change("edit comment", "PATCH", _segments(asset_id, segment_id), Segment, body)


def resolve_comment(asset_id: AssetId, segment_id: str, *, resolved: bool) -> Operation[Segment]:
    """Tick a comment off, or not."""
    return edit_segment(asset_id, segment_id, SegmentType.COMMENT, {"segment_checked": resolved})


def delete_segment(asset_id: AssetId, segment_id: str) -> Operation[None]:
    """End a segment; one that is already gone is an answer."""
    return drop("delete comment", _segments(asset_id, segment_id))


def export(asset_id: AssetId, form: Export, *, kind: SegmentType = SegmentType.COMMENT) -> Operation[str]:
    """All segments of a kind as text."""
    only = query({"segment_type": kind.value})
    return fetch_text("export comments", _segments(asset_id, form.value), query=only)


def list_attachments(asset_id: AssetId, segment_id: str) -> Listing[Attachment]:
    """What was attached to a comment (P2)."""
    return pages_behind("list attachments", _attachments(asset_id, segment_id), Attachment)


def add_attachment(
    asset_id: AssetId, segment_id: str, *, filename: str, size_bytes: int, media_type: str
) -> Operation[Attachment]:
    """An attachment to come; the answer says how its bytes are sent."""
    body = given(filename=filename, name=filename, size=size_bytes, content_type=media_type)
    return make("new attachment", _attachments(asset_id, segment_id), Attachment, body)


def close_attachment(asset_id: AssetId, segment_id: str, attachment_id: str) -> Operation[Attachment]:
    """Its bytes are there."""
    where = _attachments(asset_id, segment_id, attachment_id)
    return change("close attachment", "PATCH", where, Attachment, {"status": "CLOSED"})


def _segments(asset_id: AssetId, *steps: str) -> str:
    return path("assets", "assets", asset_id, "segments", *steps)


def _attachments(asset_id: AssetId, segment_id: str, *steps: str) -> str:
    return path("files", "assets", asset_id, "segments", segment_id, "attachments", *steps)
