"""Bringing files in: one-shot and staged import, check-in of a new version, new thumbnails (core-dam 7.4 and 8)."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.bodies import json_parameter, objects, parameters
from connectors.sandbox.core_dam.errors import conflict, malformed
from connectors.sandbox.core_dam.jobs import Job, JobType
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.policies import wanted_policies
from connectors.sandbox.core_dam.state import RASTER, AssetRecord, ContentKind
from connectors.sandbox.core_dam.store import ROOT_ID
from connectors.sandbox.core_dam.uploads import Upload, kind_of, read_upload
from connectors.sandbox.world import Dialect

_REPLACEABLE: Final = {"thumbnail": ContentKind.THUMBNAIL, "preview": ContentKind.PREVIEW}


class Importing:
    """The calls that take files."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._jobs = library.jobs
        is_older = library.world.habits.dialect is Dialect.OLDER
        # Both were seen of a one-shot import; which release sends which is CHOSEN.
        self._taken = 200 if is_older else 202

    def routes(self, access: Access) -> list[Route]:
        """Uploads, their jobs, and replaced pictures."""
        return [
            access.guarded("/assets", self.one_shot, "POST"),
            access.guarded("/assets/{asset_id}/contents", self.replace_picture, "POST"),
            access.guarded("/renditions", self.stage, "POST"),
            access.guarded("/jobs/imports", self.open_import, "POST"),
            access.guarded("/jobs/imports/{job_id}", self.commit_import, "PUT"),
            access.guarded("/jobs/checkins", self.open_check_in, "POST"),
            access.guarded("/jobs/checkins/{job_id}", self.commit_check_in, "PUT"),
            access.guarded("/jobs/{job_id}", self.job),
        ]

    async def one_shot(self, request: Request) -> Response:
        """Files and description in one request; it is a job all the same."""
        upload = await read_upload(request)
        if not upload.files:
            raise malformed("files")
        job = self._jobs.open(JobType.IMPORT)
        job.files = list(upload.files)
        self._import(job, upload, request.state.login)
        return _handle(job, status=self._taken)

    async def open_import(self, request: Request) -> Response:
        """The first of three steps."""
        fields = await parameters(request)
        return _handle(self._jobs.open(JobType.IMPORT, file_name=fields.get("file_name", "")))

    async def open_check_in(self, request: Request) -> Response:
        """The same for a new version."""
        fields = await parameters(request)
        return _handle(self._jobs.open(JobType.CHECK_IN, file_name=fields.get("file_name", "")))

    async def stage(self, request: Request) -> Response:
        """The second step: the bytes."""
        upload = await read_upload(request)
        job = self._jobs.job(upload.texts.get("import_job_id", ""))
        if not upload.files:
            raise malformed("file")
        job.files += upload.files
        return Response(status_code=200)

    async def commit_import(self, request: Request) -> Response:
        """The third step: what it is and where it goes."""
        upload = await read_upload(request)
        job = self._waiting(request.path_params["job_id"])
        self._import(job, upload, request.state.login)
        return _handle(job)

    async def commit_check_in(self, request: Request) -> Response:
        """A new version of the asset that the manifest names; the caller must have checked it out."""
        upload = await read_upload(request)
        job = self._waiting(request.path_params["job_id"])
        entries = objects(json_parameter(upload.texts, "manifest", "upload_manifest").get("master_files", []))
        old = self._library.asset(str(entries[0].get("uoi_id", "")) if entries else "")
        login = request.state.login
        if old.checked_out_by != login:
            raise conflict("The asset is not checked out by you.")
        if not old.is_latest:
            raise conflict("There is a newer version of the asset.")

        def make(job: Job) -> None:
            newest = self._library.asset(old.asset_id)
            made = self._library.assets.add_version(newest, job.files[0], creator=self._library.people.name_of(login))
            job.asset_ids = [made.asset_id]

        self._jobs.commit(job, make)
        return _handle(job)

    async def replace_picture(self, request: Request) -> Response:
        """A thumbnail or preview of one's own choice."""
        upload = await read_upload(request)
        asset_id = self._library.asset(request.path_params["asset_id"]).asset_id
        kind = _REPLACEABLE.get(upload.texts.get("rendition_type", "").lower())
        if kind is None:
            raise malformed("rendition_type")
        if not upload.files or upload.files[0].media_type not in RASTER or not upload.files[0].width_px:
            raise malformed("file")
        job = self._jobs.open(JobType.CONTENT, file_name=upload.files[0].name)
        job.files, job.asset_ids = [upload.files[0]], [asset_id]

        def replace(job: Job) -> None:
            record = self._library.to_change(asset_id)
            record.replaced[kind] = job.files[0]
            self._library.assets.touch(record)

        self._jobs.commit(job, replace)
        return _handle(job)

    async def job(self, request: Request) -> Response:
        """How far a job is; an unknown one shows the vendor's error shape."""
        return JSONResponse(self._jobs.as_json(self._jobs.job(request.path_params["job_id"])))

    def _waiting(self, job_id: str) -> Job:
        job = self._jobs.job(job_id)
        if job.committed_at is not None:
            raise conflict(f"The job {job_id} was committed before.")
        if not job.files:
            raise malformed("The job has no file; file")
        return job

    def _import(self, job: Job, upload: Upload, login: str) -> None:
        folder = self._library.folders.folder(upload.texts.get("parent_folder_id") or ROOT_ID)
        names = _manifest_names(upload.texts)
        made: list[AssetRecord] = []
        for place, file in enumerate(job.files):
            record = self._library.assets.new_record(
                file,
                name=names[place] if place < len(names) else file.name,
                kind=kind_of(file),
                creator=self._library.people.name_of(login),
            )
            self._describe(record, upload.texts)
            made.append(record)
            record.home = folder.folder_id
        job.asset_ids = [record.asset_id for record in made]

        # Only now: a refused description must not leave half an import behind.
        def add(job: Job) -> None:
            del job
            for record in made:
                self._library.assets.add(record)

        self._jobs.commit(job, add)

    def _describe(self, record: AssetRecord, texts: Mapping[str, str]) -> None:
        representation = json_parameter(texts, "asset_representation", "asset_resource", "asset")
        record.policy_ids = wanted_policies(representation)
        if representation.get("metadata_model_id") not in {None, "", schema.MODEL_ID}:
            raise malformed("metadata_model_id")
        metadata = representation.get("metadata")
        if isinstance(metadata, dict) and "metadata_element_list" in metadata:
            self._library.form.apply(record, metadata["metadata_element_list"])


def _manifest_names(texts: Mapping[str, str]) -> list[str]:
    manifest = json_parameter(texts, "manifest", "upload_manifest")
    files = [entry.get("file") for entry in objects(manifest.get("master_files", []))]
    return [str(file["file_name"]) for file in files if isinstance(file, dict) and file.get("file_name")]


def _handle(job: Job, *, status: int = 200) -> Response:
    return JSONResponse({"job_handle": {"job_id": job.job_id}}, status_code=status)
