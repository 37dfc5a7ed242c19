"""Segments, comments first: the ``assets`` service (wire contract "iconik", §12)."""

import csv
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.sandbox.iconik.faults import (
    Body,
    Fault,
    answer,
    demand,
    demand_one_of,
    demand_uuids,
    flag,
    not_found,
    nothing,
    read_body,
)
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.paging import numbered
from connectors.sandbox.iconik.records import AssetRecord, UserRecord
from connectors.sandbox.iconik.tenant import Tenant

_TYPES: Final = (
    "COMMENT",
    "MARKER",
    "QC",
    "GENERIC",
    "TAG",
    "TRANSCRIPTION",
    "SCENE",
    "PERSON",
    "SHOT",
    "SEMANTIC_TRANSCRIPTION",
)
_FACTS: Final = {
    "segment_type": str,
    "segment_text": str,
    "segment_checked": bool,
    "segment_color": str,
    "segment_track": str,
    "time_start_milliseconds": int,
    "time_end_milliseconds": int,
    "version_id": str,
    "parent_id": str,
    "external_id": str,
    "is_internal": bool,
    "keyframe_id": str,
    "share_id": str,
    "drawing": dict,
    "transcription_id": str,
    "transcription": dict,
}


_BOUNDS: Final = {"gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt}


@dataclass(slots=True, kw_only=True)
class SegmentRecord:
    """One segment."""

    id: str
    asset_id: str
    author: UserRecord
    created_at: datetime
    modified_at: datetime
    facts: Body = field(default_factory=dict)
    """By the vendor's names."""
    attachments: int = 0
    """How many files were attached."""

    @property
    def segment_type(self) -> str:
        """COMMENT, MARKER …"""
        return str(self.facts["segment_type"])

    @property
    def text(self) -> str:
        """What it says; may be empty."""
        return str(self.facts.get("segment_text") or "")

    def write(self) -> dict[str, Any]:
        """As the vendor shows it."""
        parent = self.facts.get("parent_id")
        return {
            "segment_text": None,
            "segment_checked": False,
            "is_internal": False,
            "time_start_milliseconds": None,
            "time_end_milliseconds": None,
            "drawing": None,
            "parent_id": None,
            "external_id": None,
            **self.facts,
            "id": self.id,
            "asset_id": self.asset_id,
            "user_id": self.author.id,
            "user_first_name": self.author.first_name,
            "user_last_name": self.author.last_name,
            "user_photo": self.author.photo,
            "has_drawing": bool(self.facts.get("drawing")),
            "has_attachments": self.attachments > 0,
            "top_level": parent is None,
            "path": f"{parent}/{self.id}" if parent else self.id,
            "date_created": stamp(self.created_at),
            "date_modified": stamp(self.modified_at),
        }


class Comments:
    """Every asset's segments, with their routes."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.by_id: dict[str, SegmentRecord] = {}
        """In the order of making."""

    def routes(self) -> list[Route]:
        """Exports stand before the path of one segment."""
        base = "/API/assets/v1/assets/{asset_id}/segments"
        return [
            Route(base, self.list_segments, methods=["GET"]),
            Route(base, self.create, methods=["POST"]),
            Route(f"{base}/csv", self.as_csv, methods=["GET"]),
            Route(f"{base}/vtt", self.as_vtt, methods=["GET"]),
            Route(f"{base}/srt", self.as_srt, methods=["GET"]),
            Route(f"{base}/text", self.as_text, methods=["GET"]),
            Route(f"{base}/{{segment_id}}", self.get, methods=["GET"]),
            Route(f"{base}/{{segment_id}}", self.change, methods=["PATCH", "PUT"]),
            Route(f"{base}/{{segment_id}}", self.delete, methods=["DELETE"]),
        ]

    def all(self) -> list[SegmentRecord]:
        """Of every asset."""
        return list(self.by_id.values())

    def find(self, segment_id: str) -> SegmentRecord:
        """One segment of any asset. Raises: Fault."""
        found = self.by_id.get(segment_id)
        if found is None:
            raise not_found("Segment", segment_id)
        return found

    def add(self, asset: AssetRecord, author: UserRecord, facts: Body) -> SegmentRecord:
        """A segment on the newest version, unless ``facts`` name another."""
        now = self._tenant.now()
        segment = SegmentRecord(
            id=self._tenant.ids.fresh("segment"),
            asset_id=asset.id,
            author=author,
            created_at=now,
            modified_at=now,
            facts={"version_id": asset.newest.id, **facts},
        )
        self.by_id[segment.id] = segment
        return segment

    def drop(self, gone: Callable[[SegmentRecord], bool]) -> None:
        """Forget every segment that ``gone`` names."""
        self.by_id = {key: segment for key, segment in self.by_id.items() if not gone(segment)}

    def count(self, asset_id: str) -> int:
        """How many comments an asset has."""
        return sum(
            segment.asset_id == asset_id and segment.segment_type == "COMMENT" for segment in self.by_id.values()
        )

    async def list_segments(self, request: Request) -> Response:
        """Oldest first, of the newest version unless another, or all, are asked for."""
        found = list(self._asked(request))
        return answer({**numbered(request, found, SegmentRecord.write), "facets": {}})

    async def create(self, request: Request) -> Response:
        """Not idempotent: each call makes one."""
        asset = self._tenant.asset(request.path_params["asset_id"])
        body = await read_body(request)
        demand(body, _FACTS, required=("segment_type",))
        self._check(asset, body)
        facts = {name: body[name] for name in _FACTS if body.get(name) is not None}
        return answer(self.add(asset, request.state.user, facts).write(), status=201)

    async def get(self, request: Request) -> Response:
        """One segment."""
        return answer(self._segment(request).write())

    async def change(self, request: Request) -> Response:
        """Any of its facts; PUT as PATCH, for the documents give both one schema."""
        segment = self._segment(request)
        body = await read_body(request)
        demand(body, _FACTS)
        self._check(self._tenant.asset(segment.asset_id), body)
        segment.facts.update({name: body[name] for name in _FACTS if name in body})
        segment.modified_at = self._tenant.now()
        return answer(segment.write())

    async def delete(self, request: Request) -> Response:
        """With its replies."""
        gone = self._segment(request).id
        self.drop(lambda segment: gone in {segment.id, segment.facts.get("parent_id")})
        return nothing()

    async def as_csv(self, request: Request) -> Response:
        """One line a segment."""
        out = StringIO()
        lines = csv.writer(out)
        lines.writerow(("start", "end", "type", "author", "text"))
        for segment in self._asked(request):
            start, end = _span(segment)
            author = f"{segment.author.first_name} {segment.author.last_name}"
            lines.writerow((_clock(start, "."), _clock(end, "."), segment.segment_type, author, segment.text))
        return PlainTextResponse(out.getvalue(), media_type="text/csv")

    async def as_vtt(self, request: Request) -> Response:
        """WebVTT."""
        cues = [f"{_cue(segment, '.')}\n{segment.text}\n" for segment in self._asked(request)]
        return PlainTextResponse("\n".join(("WEBVTT\n", *cues)), media_type="text/vtt")

    async def as_srt(self, request: Request) -> Response:
        """SubRip."""
        cues = [
            f"{number}\n{_cue(segment, ',')}\n{segment.text}\n"
            for number, segment in enumerate(self._asked(request), start=1)
        ]
        return PlainTextResponse("\n".join(cues))

    async def as_text(self, request: Request) -> Response:
        """Only the words."""
        return PlainTextResponse("\n".join(segment.text for segment in self._asked(request)))

    def _asked(self, request: Request) -> Iterator[SegmentRecord]:
        asset = self._tenant.asset(request.path_params["asset_id"])
        asked = request.query_params
        kinds = set(filter(None, asked.get("segment_type", "").split(",")))
        version_id = asked.get("version_id") or asset.newest.id
        every_version = flag(request, "include_all_versions", default=False)
        for segment in self.by_id.values():
            if (
                segment.asset_id == asset.id
                and (not kinds or segment.segment_type in kinds)
                and (every_version or segment.facts["version_id"] == version_id)
                and asked.get("transcription_id") in {None, "", segment.facts.get("transcription_id")}
                and asked.get("parent_id") in {None, "", segment.facts.get("parent_id")}
                and _is_within(segment, asked)
                and asked.get("query", "").lower() in segment.text.lower()
                and asked.get("external_id", segment.facts.get("external_id")) == segment.facts.get("external_id")
            ):
                yield segment

    def _segment(self, request: Request) -> SegmentRecord:
        self._tenant.asset(request.path_params["asset_id"])
        segment = self.by_id.get(request.path_params["segment_id"])
        if segment is None or segment.asset_id != request.path_params["asset_id"]:
            raise not_found("Segment", request.path_params["segment_id"])
        return segment

    def _check(self, asset: AssetRecord, body: Body) -> None:
        demand_one_of(body, "segment_type", _TYPES)
        demand_uuids(body, "version_id", "parent_id", "keyframe_id", "share_id")
        if body.get("version_id") is not None and asset.version(body["version_id"]) is None:
            raise not_found("Version", body["version_id"])
        if body.get("parent_id") is not None and body["parent_id"] not in self.by_id:
            raise not_found("Segment", body["parent_id"])
        start, end = body.get("time_start_milliseconds"), body.get("time_end_milliseconds")
        if start is not None and end is not None and end < start:
            raise Fault(400, {"time_end_milliseconds": "Must not be before time_start_milliseconds."})


def _is_within(segment: SegmentRecord, asked: Mapping[str, str]) -> bool:
    """Whether its times lie within bounds such as ``time_start_milliseconds__gte`` (CONFIRMED). Raises: Fault."""
    for name in ("time_start_milliseconds", "time_end_milliseconds"):
        for suffix, fits in _BOUNDS.items():
            bound = asked.get(f"{name}__{suffix}")
            if bound is None:
                continue
            if not bound.isdecimal():
                raise Fault(400, {f"{name}__{suffix}": "Not a valid integer."})
            value = segment.facts.get(name)
            if value is None or not fits(value, int(bound)):
                return False
    return True


def _span(segment: SegmentRecord) -> tuple[int, int]:
    start = segment.facts.get("time_start_milliseconds") or 0
    return start, segment.facts.get("time_end_milliseconds") or start


def _cue(segment: SegmentRecord, mark: str) -> str:
    start, end = _span(segment)
    return f"{_clock(start, mark)} --> {_clock(end, mark)}"


def _clock(milliseconds: int, mark: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    hours, rest_of_hour = divmod(timedelta(seconds=seconds).seconds, 3600)
    return f"{hours:02}:{rest_of_hour // 60:02}:{rest_of_hour % 60:02}{mark}{rest:03}"
