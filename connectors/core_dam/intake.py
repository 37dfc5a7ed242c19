"""What the server does in its own time, as methods: files coming in, new versions, exports, other jobs (core-dam 7, 8).

Every method raises any :class:`~connectors.errors.ConnectorError`. A begun job is known by its id; nothing here
repeats a step that could bring a file in twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final, TypeAlias

from connectors.core_dam import jobs
from connectors.core_dam.jobs import ExportHandle, Job, JobId, NewAsset, NewFile, QuickReview
from connectors.core_dam.models import AssetId, RenditionType, StateAction
from connectors.core_dam.selections import Selection
from connectors.errors import ConnectorError
from connectors.http import Send

FIRST_POLL_S: Final = 1.0
SLOWEST_POLL_S: Final = 15.0
"""Both CHOSEN (core-dam 8)."""
PATIENCE_S: Final = 600.0
UNDESCRIBED: Final = NewAsset()
"""Leaves everything to the server."""

ChangeState: TypeAlias = Callable[[AssetId, StateAction], Awaitable[None]]


class Intake:
    """The jobs of one connection. ``sleep`` and ``now_s`` are the loop's own unless a test keeps the time."""

    def __init__(
        self,
        send: Send,
        change_state: ChangeState,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        self._send = send
        self._change_state = change_state
        self._sleep = sleep
        self._now_s = now_s

    # Files

    async def import_file(self, file: NewFile, asset: NewAsset = UNDESCRIBED) -> JobId:
        """Begin an import in one request, for files that are sent in one go."""
        return jobs.read_handle(await self._send(jobs.import_file(file, asset)))

    async def import_in_steps(self, file: NewFile, asset: NewAsset = UNDESCRIBED) -> JobId:
        """Begin an import in three requests: nothing is in the library before the last one."""
        job_id = jobs.read_handle(await self._send(jobs.open_import(file)))
        await self._send(jobs.upload(job_id, file))
        return jobs.read_handle(await self._send(jobs.commit_import(job_id, file, asset)))

    async def check_in(self, asset_id: AssetId, file: NewFile) -> JobId:
        """Begin the next version of ``asset_id``: check out, lock, bring the bytes, commit.

        What was taken is given back when a step before the commit fails. After that it is not: the server may have
        done it all.
        """
        await self._change_state(asset_id, StateAction.CHECK_OUT)
        try:
            await self._change_state(asset_id, StateAction.LOCK)
            job_id = jobs.read_handle(await self._send(jobs.open_check_in(file)))
            await self._send(jobs.upload(job_id, file))
        except ConnectorError:
            await self._give_back(asset_id)
            raise
        commit = jobs.commit_check_in(job_id, file, replaces=asset_id)
        return jobs.read_handle(await self._send(commit))

    async def replace_picture(self, asset_id: AssetId, rendition: RenditionType, file: NewFile) -> None:
        """Set the thumbnail or preview of an asset."""
        await self._send(jobs.replace_picture(asset_id, rendition, file))

    # Other jobs

    async def export(self, selection: Selection, *, with_previews: bool = False) -> ExportHandle:
        """Begin to put several files into one archive; fetch it by the job's ``content_id`` once it is over."""
        call = jobs.export(selection, with_previews=with_previews)
        return jobs.read_export_handle(await self._send(call))

    async def start(self, job_type: str, asset_ids: Sequence[AssetId], context: Mapping[str, str]) -> JobId:
        """Begin a job of a kind that the site offers."""
        return jobs.read_handle(await self._send(jobs.start(job_type, asset_ids, context)))

    async def job(self, job_id: JobId) -> Job:
        """How far a job is."""
        return jobs.read_job(await self._send(jobs.job(job_id)))

    async def finished(self, job_id: JobId, *, patience_s: float = PATIENCE_S) -> Job:
        """The job once it is over, or as it was last seen when ``patience_s`` has passed."""
        began_s, pause_s = self._now_s(), FIRST_POLL_S
        while True:
            found = await self.job(job_id)
            if found.status.is_over or self._now_s() - began_s + pause_s > patience_s:
                return found
            await self._sleep(pause_s)
            pause_s = min(pause_s * 1.5, SLOWEST_POLL_S)

    async def quick_review(self, asset_ids: Sequence[AssetId]) -> QuickReview:
        """Open a review of these assets outside of any job."""
        return jobs.read_quick_review(await self._send(jobs.quick_review(asset_ids)))

    async def _give_back(self, asset_id: AssetId) -> None:
        for action in (StateAction.UNLOCK, StateAction.UNDO_CHECK_OUT):
            with suppress(ConnectorError):
                await self._change_state(asset_id, action)
