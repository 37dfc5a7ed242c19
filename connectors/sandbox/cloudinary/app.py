"""Both hosts as ASGI apps, put together, and what stands around every answer of the API host.

Source: contract §1, §3 and §8.
"""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.cloudinary.access import Budget
from connectors.sandbox.cloudinary.archives import ArchiveCalls
from connectors.sandbox.cloudinary.backups import BackupCalls
from connectors.sandbox.cloudinary.bulk import BulkCalls
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.compositions import CompositionCalls
from connectors.sandbox.cloudinary.deletions import DeletionCalls
from connectors.sandbox.cloudinary.delivery import Delivery
from connectors.sandbox.cloudinary.door import Door
from connectors.sandbox.cloudinary.downloads import DownloadCalls
from connectors.sandbox.cloudinary.folders import FolderCalls
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.likeness import LikenessCalls
from connectors.sandbox.cloudinary.metadata import MetadataCalls
from connectors.sandbox.cloudinary.metadata_rules import RuleCalls
from connectors.sandbox.cloudinary.notices import Notices
from connectors.sandbox.cloudinary.oauth import Tokens
from connectors.sandbox.cloudinary.paging import Cursors
from connectors.sandbox.cloudinary.presets import Mappings, Presets
from connectors.sandbox.cloudinary.profiles import ProfileCalls
from connectors.sandbox.cloudinary.refusals import RefusalError, answer_refusal
from connectors.sandbox.cloudinary.renditions import Renditions
from connectors.sandbox.cloudinary.resources import ResourceCalls
from connectors.sandbox.cloudinary.routes import Calls, routes
from connectors.sandbox.cloudinary.search import SearchCalls
from connectors.sandbox.cloudinary.seed import build_cloud
from connectors.sandbox.cloudinary.state import Cloud
from connectors.sandbox.cloudinary.storing import Storing
from connectors.sandbox.cloudinary.transformations import TransformationCalls
from connectors.sandbox.cloudinary.triggers import ChannelCalls, TriggerCalls
from connectors.sandbox.cloudinary.uploads import UploadCalls
from connectors.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CALLS_PER_HOUR: Final = 2000
"""What a paid plan allows (PYD); a free one allows 500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudinarySandbox:
    """Both hosts of one cloud, and the state behind them."""

    api: ASGIApp
    delivery: ASGIApp
    cloud: Cloud
    notices: Notices
    """Through which the sandbox's control can push any notification: ``notices.emit(type, body)``."""


def build(world: World, *, calls_per_hour: int = CALLS_PER_HOUR) -> CloudinarySandbox:
    """The vendor's two hosts for ``world``; both are served from one loop, or each from its own process's only one."""
    cloud = build_cloud(world)
    cursors = Cursors(cloud)
    notices = Notices(cloud)
    jobs = Jobs(cloud, takes_s=world.habits.job_s)
    changes = Changes(cloud, notices, jobs)
    storing = Storing(cloud, changes)
    renditions = Renditions(cloud)
    tokens = Tokens(cloud)
    folders = FolderCalls(cloud, cursors, notices)
    presets, mappings = Presets(cloud, cursors), Mappings(cloud, cursors)
    uploads = UploadCalls(cloud, changes=changes, storing=storing, notices=notices, derived=renditions, jobs=jobs)
    searches = SearchCalls(cloud, cursors, folders)
    compositions = CompositionCalls(cloud, renditions=renditions, storing=storing, notices=notices, jobs=jobs)
    calls = Calls(
        archives=ArchiveCalls(cloud, renditions=renditions, storing=storing, notices=notices, jobs=jobs),
        backups=BackupCalls(cloud, notices),
        bulk=BulkCalls(cloud, changes),
        channels=ChannelCalls(cloud, notices, jobs),
        compositions=compositions,
        deletions=DeletionCalls(cloud, changes),
        downloads=DownloadCalls(cloud, renditions),
        folders=folders,
        likeness=LikenessCalls(cloud),
        mappings=mappings,
        metadata=MetadataCalls(cloud),
        presets=presets,
        profiles=ProfileCalls(),
        resources=ResourceCalls(cloud, cursors, changes),
        rules=RuleCalls(cloud),
        searches=searches,
        transformations=TransformationCalls(cloud, cursors),
        triggers=TriggerCalls(cloud, notices),
        uploads=uploads,
    )
    door = Door(cloud, budget=Budget(calls_per_hour), tokens=tokens, presets=presets, jobs=jobs)

    @asynccontextmanager
    async def closing(app: Starlette) -> "AsyncIterator[None]":
        del app
        yield
        await notices.close()

    api = Starlette(
        routes=[*tokens.routes(), *routes(door, calls)],
        exception_handlers={RefusalError: answer_refusal, HTTPException: _answer_http},
        middleware=[Middleware(_RequestIds, cloud=cloud)],
        lifespan=closing,
    )
    delivery = Delivery(
        cloud, renditions, searches, mappings=mappings, uploads=uploads, sheets=compositions.sheets
    ).app()
    return CloudinarySandbox(api=api, delivery=delivery, cloud=cloud, notices=notices)


async def _answer_http(request: Request, error: Exception) -> Response:
    """A path or a method that does not exist, in the vendor's own shape (wording CHOSEN)."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    if error.status_code == HTTPStatus.NOT_FOUND:
        message = f"Not found: {request.method} {request.url.path}"
    else:
        message = error.detail
    return JSONResponse({"error": {"message": message}}, status_code=error.status_code)


class _RequestIds:
    """Gives every answer its ``X-Request-Id`` (§8, CONFIRMED)."""

    def __init__(self, app: ASGIApp, *, cloud: Cloud) -> None:
        self._app = app
        self._cloud = cloud

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._cloud.mint("request").encode()

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        await self._app(scope, receive, send_named)
