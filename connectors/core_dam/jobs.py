"""Work that the server does in its own time: imports, check-ins, exports, other jobs, reviews (core-dam 7 and 8).

No I/O. Bytes travel in multipart bodies whose JSON parts are plain text; every job is asked by its id, a string of
digits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, NewType

import msgspec

from connectors.calls import Call, FilePart, FormBody, MultipartBody, Reply, segment
from connectors.core_dam.edits import FieldEdit
from connectors.core_dam.envelope import inside
from connectors.core_dam.models import AssetId, ContentId, FolderId, RenditionType
from connectors.core_dam.replies import Id
from connectors.core_dam.selections import Selection
from connectors.core_dam.wire import PREFIX, selected
from connectors.shape import JSONObject, json_object

JobId = NewType("JobId", str)
UPLOAD_DEADLINE_S: Final = 3600.0


class JobStatus(StrEnum):
    """How a job stands. The words are CHOSEN: none was published."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNKNOWN = ""
    """A word that we do not know; the job counts as running."""

    @classmethod
    def _missing_(cls, value: object) -> "JobStatus":
        del value
        return cls.UNKNOWN

    @property
    def is_over(self) -> bool:
        """Whether asking again can change anything."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job as the server reports it (body CHOSEN, core-dam 8.5)."""

    job_id: JobId
    job_type: str
    status: JobStatus
    percent_complete: int
    asset_ids: tuple[AssetId, ...]
    """What it made or touched, once it is over."""
    failures: Mapping[AssetId, str]
    content_id: ContentId | None
    """What an export made, to be fetched as a rendition (CHOSEN); None for all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportHandle:
    """An export that was begun. Counts CONFIRMED, the place of the id CHOSEN."""

    job_id: JobId
    exportable_count: int
    unexportable_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReview:
    """A review outside of any job: where people look at the assets. Key names were never seen."""

    review_id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file to bring in; a path is read while it is sent."""

    name: str
    content: bytes | Path = field(repr=False)
    media_type: str = "application/octet-stream"

    def as_part(self, name: str) -> FilePart:
        """The file's own part."""
        return FilePart(name=name, filename=self.name, content=self.content, media_type=self.media_type)

    def manifest(self, *, replaces: AssetId | None = None) -> str:
        """The upload manifest; ``replaces`` names the asset whose next version this is."""
        entry: dict[str, object] = {"file": {"file_name": self.name, "file_type": self.media_type}}
        if replaces:
            entry["uoi_id"] = replaces
        return _json({"upload_manifest": {"master_files": [entry]}})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsset:
    """What a new file is and where it goes; with nothing said the server's import template decides."""

    folder_id: FolderId | None = None
    metadata_model_id: str = ""
    fields: Sequence[FieldEdit] = ()
    security_policy_ids: Sequence[str] = ()
    """Each needs the right to apply it; policies of the import template need none (CONFIRMED)."""
    import_template_id: str = ""

    def representation(self) -> str:
        """The flat description that uploads take (CONFIRMED); empty when there is nothing to say."""
        asset: dict[str, object] = {}
        if self.metadata_model_id:
            asset["metadata_model_id"] = self.metadata_model_id
        if self.security_policy_ids:
            asset["security_policy_list"] = [{"id": policy} for policy in self.security_policy_ids]
        if self.fields:
            asset["metadata"] = {"metadata_element_list": [each.as_json() for each in self.fields]}
        return _json({"asset_resource": {"asset": asset}}) if asset else ""

    def parts(self) -> tuple[tuple[str, str], ...]:
        """The text parts that say it."""
        parts = {
            "asset_representation": self.representation(),
            "parent_folder_id": self.folder_id or "",
            "import_template_id": self.import_template_id,
        }
        return tuple((name, said) for name, said in parts.items() if said)


# Bringing files in


def import_file(file: NewFile, asset: NewAsset) -> Call:
    """A file and its description in one request (8.1)."""
    fields = (*asset.parts(), ("manifest", file.manifest()))
    return _upload("import file", "POST", f"{PREFIX}/assets", MultipartBody(fields=fields, files=_only(file, "files")))


def open_import(file: NewFile) -> Call:
    """The first of three steps (8.2a)."""
    return _open("open import", f"{PREFIX}/jobs/imports", file)


def upload(job_id: JobId, file: NewFile) -> Call:
    """The second step: the bytes (8.2b)."""
    fields = (("import_job_id", job_id), ("file_name", file.name))
    return _upload(
        "upload file", "POST", f"{PREFIX}/renditions", MultipartBody(fields=fields, files=_only(file, "file"))
    )


def commit_import(job_id: JobId, file: NewFile, asset: NewAsset) -> Call:
    """The third step: what it is and where it goes (8.2c)."""
    fields = (("import_job_id", job_id), ("file_name", file.name), *asset.parts(), ("manifest", file.manifest()))
    return _upload("commit import", "PUT", f"{PREFIX}/jobs/imports/{segment(job_id)}", MultipartBody(fields=fields))


def open_check_in(file: NewFile) -> Call:
    """The first step of a new version (8.3)."""
    return _open("open check-in", f"{PREFIX}/jobs/checkins", file)


def commit_check_in(job_id: JobId, file: NewFile, *, replaces: AssetId) -> Call:
    """The last step of a new version; the caller must have checked the old one out (8.3)."""
    fields = (("import_job_id", job_id), ("file_name", file.name), ("manifest", file.manifest(replaces=replaces)))
    return _upload("commit check-in", "PUT", f"{PREFIX}/jobs/checkins/{segment(job_id)}", MultipartBody(fields=fields))


def replace_picture(asset_id: AssetId, rendition: RenditionType, file: NewFile) -> Call:
    """A thumbnail or preview of one's own choice (7.4)."""
    fields = (("rendition_type", rendition.value), ("job_name", f"Replace {rendition.value}"))
    body = MultipartBody(fields=fields, files=_only(file, "file"))
    return _upload("replace picture", "POST", f"{PREFIX}/assets/{segment(asset_id)}/contents", body)


# Other jobs


def export(selection: Selection, *, with_previews: bool = False) -> Call:
    """Several files in one archive (7.5; path and request CHOSEN, answer CONFIRMED)."""
    wanted = {"export_master_content": True, "export_preview_content": with_previews}
    request = {"export_request_param": {"export_request": {"content_request": wanted}}}
    fields = (selected(selection), ("export_request", _json(request)))
    return Call(name="export assets", method="POST", path=f"{PREFIX}/jobs/exports", body=FormBody(fields=fields))


def start(job_type: str, asset_ids: Sequence[AssetId], context: Mapping[str, str]) -> Call:
    """A job of a site's own (8.4): what kinds there are, and what their context says, is the site's affair."""
    entries = [{"key": key, "value": {"type": "string", "value": said}} for key, said in context.items()]
    request = {"asset_ids": list(asset_ids), "job_type": job_type, "job_context_map": entries}
    body = FormBody(fields=(("job_request", _json({"job_request_param": {"job_request": request}})),))
    return Call(name="start job", method="POST", path=f"{PREFIX}/jobs", body=body)


def job(job_id: JobId) -> Call:
    """How far a job is (8.5, path INFERRED)."""
    return Call(name="job", method="GET", path=f"{PREFIX}/jobs/{segment(job_id)}", repeatable=True)


def quick_review(asset_ids: Sequence[AssetId]) -> Call:
    """A review outside of any job (8.7, seen on version 5; how several ids are written is CHOSEN)."""
    body = FormBody(fields=(("asset_ids", ",".join(asset_ids)),))
    return Call(name="quick review", method="POST", path=f"{PREFIX}/reviewjobs/quicksessions", body=body)


# Reading


class _RawHandle(msgspec.Struct, frozen=True):
    job_id: Id


class _RawExportCounts(msgspec.Struct, frozen=True):
    exportable_count: int = 0
    unexportable_count: int = 0


class _RawExportHandle(msgspec.Struct, frozen=True):
    export_response: _RawExportCounts
    job_id: Id = ""


class _RawJobFailure(msgspec.Struct, frozen=True):
    asset_id: str = ""
    message: str = ""


class _RawJob(msgspec.Struct, frozen=True):
    job_id: Id
    job_type: str = ""
    job_status: str = ""
    percent_complete: int = 0
    asset_ids: tuple[str, ...] = ()
    failures: tuple[_RawJobFailure, ...] = ()
    content_id: str | None = None


def read_handle(reply: Reply) -> JobId:
    """The id of a job that was begun. Raises: ShapeError."""
    return JobId(str(inside(reply, _RawHandle, "job_handle").job_id))


def read_export_handle(reply: Reply) -> ExportHandle:
    """Raises: ShapeError."""
    raw = inside(reply, _RawExportHandle, "export_job_handle")
    counts = raw.export_response
    return ExportHandle(
        job_id=JobId(str(raw.job_id)),
        exportable_count=counts.exportable_count,
        unexportable_count=counts.unexportable_count,
    )


def read_job(reply: Reply) -> Job:
    """Raises: ShapeError."""
    raw = inside(reply, _RawJob, "job_resource", "job")
    return Job(
        job_id=JobId(str(raw.job_id)),
        job_type=raw.job_type,
        status=JobStatus(raw.job_status),
        percent_complete=raw.percent_complete,
        asset_ids=tuple(AssetId(each) for each in raw.asset_ids),
        failures={AssetId(each.asset_id): each.message for each in raw.failures},
        content_id=ContentId(raw.content_id) if raw.content_id else None,
    )


def read_quick_review(reply: Reply) -> QuickReview:
    """The first address and the first id of the answer, at whatever depth. Raises: ShapeError."""
    said = tuple(_texts(json_object(reply)))
    url = next((text for _, text in said if text.startswith(("http://", "https://", "/"))), "")
    review_id = next((text for key, text in said if key == "id" or key.endswith("_id")), "")
    if not url:
        raise reply.odd("no address in the answer")
    return QuickReview(review_id=review_id, url=url)


def _texts(answer: JSONObject) -> Iterator[tuple[str, str]]:
    """Every text and number of ``answer`` with its key, outer ones first; no recursion, however deep it is."""
    waiting: list[JSONObject] = [answer]
    for outer in waiting:
        for key, value in outer.items():
            if isinstance(value, Mapping):
                waiting.append(value)
            elif isinstance(value, str | int) and not isinstance(value, bool):
                yield key, str(value)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _only(file: NewFile, part: str) -> tuple[FilePart, ...]:
    return (file.as_part(part),)


def _open(name: str, path: str, file: NewFile) -> Call:
    # Repeatable: a job that nobody commits does nothing.
    return Call(name=name, method="POST", path=path, body=FormBody(fields=(("file_name", file.name),)), repeatable=True)


def _upload(name: str, method: str, path: str, body: MultipartBody) -> Call:
    return Call(name=name, method=method, path=path, body=body, deadline_s=UPLOAD_DEADLINE_S)
