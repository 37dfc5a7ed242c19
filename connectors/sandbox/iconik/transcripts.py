"""Transcriptions, subtitles, stream manifests: ``transcode``, ``assets``, ``files`` (wire contract "iconik", §9, §15).

What is "heard" in the sandbox is the asset's own description, one word every 400 ms: repeatable, and plainly no speech
recognition.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.sandbox.iconik.comments import Comments
from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.media import Media
from connectors.sandbox.iconik.paging import behind
from connectors.sandbox.iconik.records import AssetRecord, UserRecord, VersionRecord
from connectors.sandbox.iconik.tenant import Tenant

_ASKED: Final = {
    "language": str,
    "engine": str,
    "speakers": int,
    "force": bool,
    "translate_languages": list,
    "summary": bool,
    "topics_extraction": bool,
    "profile_id": str,
}
_FORMATS: Final = ("VTT", "WEBVTT", "SRT")
_MANIFESTS: Final = {"hls": "application/vnd.apple.mpegurl", "dash": "application/dash+xml"}
_WORD_MS: Final = 400
_TIME: Final = r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})"
_CUE: Final = re.compile(rf"{_TIME} --> {_TIME}[^\n]*\n((?:[^\n]+(?:\n|\Z))+)", re.ASCII)


class Transcripts:
    """Routes that write speech down, and show it under the picture."""

    def __init__(self, tenant: Tenant, comments: Comments, media: Media, jobs: Jobs) -> None:
        self._tenant = tenant
        self._comments = comments
        self._media = media
        self._jobs = jobs
        self._subtitles: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[Route]:
        """Of three services."""
        transcribe = "/API/transcode/v1/transcribe"
        version = "/API/assets/v1/assets/{asset_id}/versions/{version_id}"
        files = "/API/files/v1/assets/{asset_id}"
        return [
            Route(f"{transcribe}/assets/{{asset_id}}/profiles/default", self.transcribe, methods=["POST"]),
            Route(f"{transcribe}/bulk", self.transcribe_many, methods=["POST"]),
            Route(f"{version}/transcriptions/properties", self.properties, methods=["GET"]),
            Route(f"{version}/transcriptions/subtitles", self.from_subtitles, methods=["POST"]),
            Route(f"{files}/subtitles", self.list_subtitles, methods=["GET"]),
            Route(f"{files}/versions/{{version_id}}/subtitles", self.list_subtitles, methods=["GET"]),
            Route(f"{files}/subtitles", self.add_subtitles, methods=["POST"]),
            Route(f"{files}/subtitles/{{language}}/webvtt", self.webvtt, methods=["GET"]),
            Route(f"{files}/versions/{{version_id}}/proxies/{{proxy_id}}/{{kind}}", self.manifest, methods=["GET"]),
        ]

    async def transcribe(self, request: Request) -> Response:
        """201, a job. Raises: Fault 400 for what makes no sound."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        body = await read_body(request)
        demand(body, _ASKED)
        self._start(request.state.user, asset, body)
        return nothing(201)

    async def transcribe_many(self, request: Request) -> Response:
        """201, a job for each."""
        body = await read_body(request)
        demand(body, {**_ASKED, "object_ids": list, "object_type": str}, required=("object_ids", "object_type"))
        demand_one_of(body, "object_type", ("assets", "collections", "saved_searches"))
        demand_uuids(body, "object_ids")
        if body["object_type"] == "assets":
            for asset in [self._tenant.asset(str(key)) for key in body["object_ids"]]:
                self._start(request.state.user, asset, body)
        return nothing(201)

    async def properties(self, request: Request) -> Response:
        """P5: which transcriptions a version has."""
        asset, version = self._version(request)
        found = [self._write(asset, version, language) for language in version.transcriptions]
        return answer({"objects": found})

    async def from_subtitles(self, request: Request) -> Response:
        """200 with the transcription that subtitles make."""
        asset, version = self._version(request)
        body = await read_body(request)
        demand(body, {"content": str, "format": str, "language": str, "source_subtitle_id": str})
        demand_one_of(body, "format", _FORMATS)
        demand_uuids(body, "source_subtitle_id")
        source = self._subtitles.get(body.get("source_subtitle_id") or "")
        content = body.get("content") or (source or {}).get("content")
        language = body.get("language") or (source or {}).get("language")
        if not content or not language:
            raise Fault(400, {"content" if not content else "language": "Missing data for required field."})
        self._store(request.state.user, asset, version, language, list(_cues(content)))
        return answer(self._write(asset, version, language))

    async def list_subtitles(self, request: Request) -> Response:
        """P2; no clip of the world has subtitles of its own."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        version = self._tenant.version(asset.id, request.path_params.get("version_id"))
        found = [
            {name: value for name, value in one.items() if name != "content"}
            for one in self._subtitles.values()
            if one["version_id"] == version.id
        ]
        return answer(behind(request, found))

    async def add_subtitles(self, request: Request) -> Response:
        """201 (CONFIRMED S26)."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        body = await read_body(request)
        kinds = {"language": str, "name": str, "content": str, "closed_captions": bool, "format_id": str}
        demand(body, kinds, required=("language",))
        subtitle_id = self._tenant.ids.fresh("subtitle")
        self._subtitles[subtitle_id] = {
            "id": subtitle_id,
            "asset_id": asset.id,
            "version_id": asset.newest.id,
            "format_id": body.get("format_id") or self._tenant.ids.of("format", asset.newest.id),
            "language": body["language"],
            "name": body.get("name"),
            "closed_captions": bool(body.get("closed_captions")),
            "content": body.get("content") or "",
        }
        return answer(self._subtitles[subtitle_id], status=201)

    async def webvtt(self, request: Request) -> Response:
        """WebVTT of one language. Raises: Fault 404."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        language = request.path_params["language"]
        for one in self._subtitles.values():
            if one["version_id"] == asset.newest.id and one["language"] == language:
                return PlainTextResponse(one["content"], media_type="text/vtt")
        raise not_found("Subtitles in", language)

    async def manifest(self, request: Request) -> Response:
        """A playlist of one piece, the proxy itself. Raises: Fault 425 while the proxy is not closed (CONFIRMED)."""
        asset, version = self._version(request)
        kind = request.path_params["kind"]
        if kind not in _MANIFESTS:
            raise Fault(400, {"manifest_type": f"Must be one of: {', '.join(_MANIFESTS)}."})
        for proxy in self._media.proxies(request, asset, version):
            if proxy["id"] == request.path_params["proxy_id"]:
                break
        else:
            raise not_found("Proxy", request.path_params["proxy_id"])
        if proxy["status"] != "CLOSED":
            raise Fault(425, "Manifest is not ready")
        seconds = (version.source.duration_s if version.source else None) or 1.0
        playlist = (
            f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{round(seconds) or 1}\n"
            f"#EXTINF:{seconds:.3f},\n{proxy['url']}\n#EXT-X-ENDLIST\n"
        )
        return PlainTextResponse(playlist, media_type=_MANIFESTS[kind])

    def _start(self, user: UserRecord, asset: AssetRecord, body: Body) -> None:
        version = asset.newest
        source = version.source
        if source is None or source.media_type.partition("/")[0] not in {"video", "audio"}:
            raise Fault(400, "Asset has nothing to transcribe")
        language = body.get("language") or "en"
        version.transcribe_status = "IN_PROGRESS"

        def heard() -> None:
            words = (asset.description or asset.title).split()
            cues = [(at * _WORD_MS, (at + 1) * _WORD_MS, word) for at, word in enumerate(words)]
            self._store(user, asset, version, language, cues)

        self._jobs.start(user, kind="TRANSCRIPTION", title=f"Transcribe {asset.title}", object_id=asset.id, then=heard)

    def _store(
        self,
        user: UserRecord,
        asset: AssetRecord,
        version: VersionRecord,
        language: str,
        cues: list[tuple[int, int, str]],
    ) -> None:
        """One segment for each sentence of up to ten words, in the place of what was there in this language."""
        old = version.transcriptions.get(language)
        self._comments.drop(lambda segment: old is not None and segment.facts.get("transcription_id") == old)
        transcription_id = self._tenant.ids.fresh("transcription")
        version.transcriptions[language], version.transcribe_status = transcription_id, "DONE"
        for start in range(0, len(cues), 10):
            spoken = cues[start : start + 10]
            words = [{"value": word, "start_ms": begin, "end_ms": end, "score": 0.9} for begin, end, word in spoken]
            facts = {
                "segment_type": "TRANSCRIPTION",
                "segment_text": " ".join(word for _, _, word in spoken),
                "version_id": version.id,
                "transcription_id": transcription_id,
                "transcription": {"speaker": "spk_0", "words": words},
                "time_start_milliseconds": spoken[0][0],
                "time_end_milliseconds": spoken[-1][1],
            }
            self._comments.add(asset, user, facts)
        self._tenant.touch(asset, user)

    def _write(self, asset: AssetRecord, version: VersionRecord, language: str) -> dict[str, Any]:
        return {
            "id": version.transcriptions[language],
            "asset_id": asset.id,
            "version_id": version.id,
            "language": language,
            "speaker_labels": {"spk_0": "Speaker 1"},
            "system_domain_id": self._tenant.system_domain_id,
        }

    def _version(self, request: Request) -> tuple[AssetRecord, VersionRecord]:
        asset = self._tenant.asset(request.path_params["asset_id"])
        return asset, self._tenant.version(asset.id, request.path_params["version_id"])


def _cues(content: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of each cue of WebVTT or SubRip, in milliseconds."""
    for found in _CUE.finditer(content):
        start, end = (_milliseconds(found.groups()[at : at + 4]) for at in (0, 4))
        words = found[9].split()
        step = max(1, (end - start) // max(1, len(words)))
        for begin, word in zip(count(start, step), words, strict=False):
            yield begin, begin + step, word


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
