"""Jobs that bring nothing in: exports, the site's own kinds, and reviews outside of any job (core-dam 7.5, 8.4, 8.7).

That such calls exist is CONFIRMED, as are the counts of an export and the envelope of a job request. The path of
exports, what a job is told, and the answer of a quick review are CHOSEN.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha1
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import json_parameter, objects, parameters
from connectors.sandbox.core_dam.editing import require_unlocked
from connectors.sandbox.core_dam.errors import OtmmError, malformed, not_found
from connectors.sandbox.core_dam.jobs import Job, JobType
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.pictures import rendition
from connectors.sandbox.core_dam.selection import selected_ids
from connectors.sandbox.core_dam.state import AssetRecord, ContentKind
from connectors.sandbox.world import WorldFile

REVIEWS = "/otmm/reviews"
"""Where people look at a quick review; the address is the only key to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReview:
    """What is looked at, and by whose wish."""

    review_id: str
    owner: str
    asset_ids: Sequence[str]


class Working:
    """The calls that begin such jobs."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._reviews: dict[str, QuickReview] = {}

    def routes(self, access: Access) -> list[Route]:
        """``/jobs/exports`` stands before ``/jobs/{id}``."""
        return [
            access.guarded("/jobs/exports", self.export, "POST"),
            access.guarded("/jobs", self.start, "POST"),
            access.guarded("/reviewjobs/quicksessions", self.review, "POST"),
        ]

    def pages(self) -> list[Route]:
        """What people open with a browser, beside the API."""
        return [Route(f"{REVIEWS}/{{review_id}}", self.page, methods=["GET"])]

    async def export(self, request: Request) -> Response:
        """Several originals in one archive; what is deleted or absent cannot be exported."""
        fields = await parameters(request)
        ids = selected_ids(json_parameter(fields, "selection_context"), self._library)
        wanted = json_parameter(fields, "export_request", "content_request")
        with_previews = str(wanted.get("export_preview_content", "")).lower() == "true"
        records = [record for each in ids if (record := self._library.assets.find(each)) and not record.is_deleted]
        job = self._library.jobs.open(JobType.EXPORT)
        job.asset_ids = [record.asset_id for record in records]

        def pack(job: Job) -> None:
            content = _packed(records, with_previews=with_previews)
            job.archive = WorldFile(
                name=f"export-{job.job_id}.zip",
                media_type="application/zip",
                size_bytes=len(content),
                read=lambda: content,
            )

        self._library.jobs.commit(job, pack)
        counts = {"exportable_count": len(records), "unexportable_count": len(ids) - len(records)}
        return JSONResponse({"export_job_handle": {"job_id": job.job_id, "export_response": counts}})

    async def start(self, request: Request) -> Response:
        """A job of the site's own kind; this site has one, which sets the fields that its context names."""
        fields = await parameters(request)
        asked = json_parameter(fields, "job_request")
        ids, context = asked.get("asset_ids"), objects(asked.get("job_context_map", []))
        if asked.get("job_type") != JobType.EDIT_METADATA:
            raise malformed("job_type")
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise malformed("asset_ids")
        edits = [{"id": entry.get("key", ""), "value": entry.get("value")} for entry in context]
        self._library.form.check(edits)
        job = self._library.jobs.open(JobType.EDIT_METADATA)
        job.asset_ids = ids
        login = request.state.login

        def edit(job: Job) -> None:
            for asset_id in job.asset_ids:
                try:
                    record = self._library.to_change(asset_id)
                    require_unlocked(record, login)
                    self._library.form.apply(record, edits)
                    self._library.assets.touch(record)
                except OtmmError as error:
                    job.failures[asset_id] = error.message

        self._library.jobs.commit(job, edit)
        return JSONResponse({"job_handle": {"job_id": job.job_id}})

    async def review(self, request: Request) -> Response:
        """Open a review; ``asset_ids`` are separated by commas."""
        fields = await parameters(request)
        ids = [each.strip() for each in fields.get("asset_ids", "").split(",") if each.strip()]
        if not ids:
            raise malformed("asset_ids")
        for each in ids:
            self._library.asset(each)
        seeded = f"{self._library.world.seed}:core_dam:review:{len(self._reviews)}"
        review_id = sha1(seeded.encode(), usedforsecurity=False).hexdigest()
        self._reviews[review_id] = QuickReview(review_id=review_id, owner=request.state.login, asset_ids=ids)
        session = {"id": review_id, "url": f"{request.base_url}{REVIEWS.removeprefix('/')}/{review_id}"}
        return JSONResponse({"quick_session_resource": {"quick_session": session}})

    async def page(self, request: Request) -> Response:
        """What people see."""
        found = self._reviews.get(request.path_params["review_id"])
        if found is None:
            raise not_found("The review")
        names = (self._library.asset(asset_id).name for asset_id in found.asset_ids)
        listed = "".join(f"<li>{escape(name)}</li>" for name in names)
        asked_by = escape(self._library.people.name_of(found.owner))
        return HTMLResponse(
            f"<!doctype html><title>Review</title><h1>{asked_by} asks for a review</h1><ul>{listed}</ul>"
        )


def _packed(records: Iterable[AssetRecord], *, with_previews: bool) -> bytes:
    """The originals under their names; of two with one name the later carries its id."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        taken: set[str] = set()
        for record in records:
            name = record.name if record.name not in taken else f"{record.asset_id}/{record.name}"
            taken.add(record.name)
            archive.writestr(name, record.master.read())
            preview = rendition(record, ContentKind.PREVIEW) if with_previews else None
            if preview:
                archive.writestr(f"previews/{name}.jpg", preview.content)
    return written.getvalue()
