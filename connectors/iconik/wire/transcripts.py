"""Transcriptions: the ``transcode`` and ``assets`` services (wire contract "iconik", §15).

The text itself is read as segments of type TRANSCRIPTION (:mod:`connectors.iconik.wire.segments`).
"""

from collections.abc import Sequence

from connectors.iconik.models import AssetId, Transcription, VersionId
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.operations import Operation, act, fetch_all, given, make


def transcribe(
    asset_id: AssetId, *, language: str, speakers: int | None = None, force: bool = False
) -> Operation[None]:
    """Have an asset's speech written down: 201, a job. Not repeatable: it is paid by the hour."""
    body = given(language=language, speakers=speakers, force=force)
    where = path("transcode", "transcribe", "assets", asset_id, "profiles", "default")
    return act("transcribe", "POST", where, body)


def transcribe_many(asset_ids: Sequence[AssetId], *, language: str) -> Operation[None]:
    """The same for many assets: 201."""
    body = {"object_ids": list(asset_ids), "object_type": "assets", "language": language}
    return act("transcribe many", "POST", path("transcode", "transcribe", "bulk"), body)


def list_transcriptions(asset_id: AssetId, version_id: VersionId) -> Operation[tuple[Transcription, ...]]:
    """Which transcriptions a version has (P5)."""
    where = path("assets", "assets", asset_id, "versions", version_id, "transcriptions", "properties")
    return fetch_all("list transcriptions", where, Transcription)


def transcription_from_subtitles(
    asset_id: AssetId, version_id: VersionId, content: str, *, form: str = "WEBVTT", language: str
) -> Operation[Transcription]:
    """A transcription out of subtitles: VTT, WEBVTT or SRT."""
    body = {"content": content, "format": form, "language": language}
    where = path("assets", "assets", asset_id, "versions", version_id, "transcriptions", "subtitles")
    return make("transcription from subtitles", where, Transcription, body)
