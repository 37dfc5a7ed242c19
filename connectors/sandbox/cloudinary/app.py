"""The API host as an ASGI app: which path leads to which call, who may make it, and what stands around its answer.

Source: contract §1, §3 and §8.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.cloudinary.access import Budget, check_key_pair, check_upload
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.backups import BackupCalls
from connectors.sandbox.cloudinary.changes import Changes
from connectors.sandbox.cloudinary.delivery import Delivery
from connectors.sandbox.cloudinary.downloads import DownloadCalls
from connectors.sandbox.cloudinary.folders import FolderCalls
from connectors.sandbox.cloudinary.metadata import MetadataCalls
from connectors.sandbox.cloudinary.notices import Notices
from connectors.sandbox.cloudinary.paging import Cursors
from connectors.sandbox.cloudinary.parameters import Parameters, read_parameters
from connectors.sandbox.cloudinary.profiles import ProfileCalls
from connectors.sandbox.cloudinary.refusals import RefusalError, answer_refusal
from connectors.sandbox.cloudinary.renditions import Renditions
from connectors.sandbox.cloudinary.resources import ResourceCalls
from connectors.sandbox.cloudinary.search import SearchCalls
from connectors.sandbox.cloudinary.seed import build_cloud
from connectors.sandbox.cloudinary.state import Cloud
from connectors.sandbox.cloudinary.uploads import UploadCalls
from connectors.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CALLS_PER_HOUR: Final = 2000
"""What a paid plan allows (PYD); a free one allows 500."""

_Endpoint = Callable[[Request], Awaitable[Response]]
_AdminCall = Callable[[Parameters, Mapping[str, str]], Answer | tuple[Answer, int]]
"""Answers a body, or a body with a status other than 200."""
_UploadCall = Callable[[Parameters, Mapping[str, str]], Answer]
_V1: Final = "/v1_1/{cloud}"
_NOTIFICATIONS: Final = "/v2/notifications/{cloud}"


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
    notices = Notices(cloud)
    cursors = Cursors(cloud)
    changes = Changes(cloud, notices)
    renditions = Renditions(cloud)
    resources = ResourceCalls(cloud, cursors, changes)
    folders = FolderCalls(cloud, cursors)
    searches = SearchCalls(cloud, cursors, folders)
    door = _Door(cloud, Budget(calls_per_hour))
    routes = [
        *_admin_routes(
            door,
            resources=resources,
            searches=searches,
            folders=folders,
            backups=BackupCalls(cloud),
            profiles=ProfileCalls(cloud, cursors),
            metadata=MetadataCalls(cloud),
            notices=notices,
        ),
        *_notification_routes(door, notices),
        *_upload_routes(door, UploadCalls(cloud, changes, notices, renditions), DownloadCalls(cloud, renditions)),
    ]

    @asynccontextmanager
    async def closing(app: Starlette) -> "AsyncIterator[None]":
        del app
        yield
        await notices.close()

    api = Starlette(
        routes=routes,
        exception_handlers={RefusalError: answer_refusal, HTTPException: _answer_http},
        middleware=[Middleware(_RequestIds, cloud=cloud)],
        lifespan=closing,
    )
    delivery = Delivery(cloud, renditions, searches).app()
    return CloudinarySandbox(api=api, delivery=delivery, cloud=cloud, notices=notices)


class _Door:
    """What every call passes on its way in and out."""

    def __init__(self, cloud: Cloud, budget: Budget) -> None:
        self.cloud = cloud
        self._budget = budget

    def admin(self, call: _AdminCall, *, is_long: bool = False) -> _Endpoint:
        """A call that counts against the hourly budget (§8). A long one reads everything, and does so in a thread."""

        async def answer(request: Request) -> Response:
            check_key_pair(request, self.cloud)
            headers = self._budget.spend(self.cloud.now())
            parameters = await read_parameters(request)
            told = (
                await asyncio.to_thread(call, parameters, request.path_params)
                if is_long
                else call(parameters, request.path_params)
            )
            body, status = told if isinstance(told, tuple) else (told, HTTPStatus.OK)
            return JSONResponse(body, status_code=status, headers=headers)

        return answer

    def upload(self, call: _UploadCall) -> _Endpoint:
        """A call of the Upload API: signed in itself or with Basic, and not counted."""

        async def answer(request: Request) -> Response:
            parameters = await self.upload_parameters(request)
            return JSONResponse(call(parameters, request.path_params))

        return answer

    async def upload_parameters(self, request: Request) -> Parameters:
        """The parameters of an Upload call whose caller may make it."""
        if "authorization" in request.headers:  # refuse before a large body is read
            check_key_pair(request, self.cloud)
        parameters = await read_parameters(request)
        check_upload(request, self.cloud, parameters)
        return parameters


def _admin_routes(
    door: _Door,
    *,
    resources: ResourceCalls,
    searches: SearchCalls,
    folders: FolderCalls,
    backups: BackupCalls,
    profiles: ProfileCalls,
    metadata: MetadataCalls,
    notices: Notices,
) -> list[Route]:
    """The Admin API; more special paths stand before those that would swallow them."""
    table: tuple[tuple[str, str, _AdminCall], ...] = (
        ("GET", "/ping", resources.ping),
        ("GET", "/config", resources.config),
        ("GET", "/usage", resources.usage),
        ("GET", "/usage/{day}", resources.usage),
        ("GET", "/resources", resources.resource_types),
        ("POST", "/resources/search", searches.search),
        ("GET", "/resources/by_asset_ids", resources.list_ids),
        ("GET", "/resources/by_asset_folder", resources.list_folder),
        ("POST", "/resources/restore", backups.restore),
        ("DELETE", "/resources/backup/{asset_id}", backups.drop_versions),
        ("POST", "/resources/related_assets/{asset_id}", backups.relate),
        ("DELETE", "/resources/related_assets/{asset_id}", backups.unrelate),
        ("POST", "/resources/related_assets/{resource_type}/{type}/{public_id:path}", backups.relate),
        ("DELETE", "/resources/related_assets/{resource_type}/{type}/{public_id:path}", backups.unrelate),
        ("GET", "/resources/{resource_type}/tags/{tag:path}", resources.list_tag),
        ("GET", "/resources/{resource_type}/context", resources.list_context),
        ("GET", "/resources/{resource_type}/moderations/{kind}/{status}", resources.list_moderation),
        ("GET", "/resources/{asset_id}", resources.type_or_detail),
        ("PUT", "/resources/{asset_id}", resources.update),
        ("GET", "/resources/{resource_type}/{type}", resources.list_type),
        ("DELETE", "/resources/{resource_type}/{type}", resources.delete),
        ("POST", "/resources/{resource_type}/{type}/restore", backups.restore),
        ("GET", "/resources/{resource_type}/{type}/{public_id:path}", resources.detail),
        ("POST", "/resources/{resource_type}/{type}/{public_id:path}", resources.update),
        ("GET", "/tags/{resource_type}", resources.tags),
        ("POST", "/folders/search", searches.search_folders),
        ("GET", "/folders", folders.children),
        ("GET", "/folders/{folder:path}", folders.children),
        ("POST", "/folders/{folder:path}", folders.create),
        ("PUT", "/folders/{folder:path}", folders.rename),
        ("DELETE", "/folders/{folder:path}", folders.delete),
        ("GET", "/metadata_fields", metadata.list_fields),
        ("POST", "/metadata_fields", metadata.create),
        ("GET", "/metadata_fields/{external_id}", metadata.field),
        ("PUT", "/metadata_fields/{external_id}", metadata.change),
        ("DELETE", "/metadata_fields/{external_id}", metadata.delete),
        ("PUT", "/metadata_fields/{external_id}/datasource", metadata.put_options),
        ("DELETE", "/metadata_fields/{external_id}/datasource", metadata.hide_options),
        ("POST", "/metadata_fields/{external_id}/datasource_restore", metadata.restore_options),
        ("GET", "/streaming_profiles", profiles.profiles),
        ("GET", "/streaming_profiles/{name}", profiles.profile),
        ("GET", "/transformations", profiles.transformations),
        ("POST", "/transformations", profiles.create_transformation),
        ("GET", "/triggers", notices.list_triggers),
        ("POST", "/triggers", notices.create_trigger),
        ("PUT", "/triggers/{trigger_id}", notices.change_trigger),
        ("DELETE", "/triggers/{trigger_id}", notices.delete_trigger),
    )
    long = {
        searches.search,
        searches.search_folders,
        resources.usage,
        resources.list_folder,
        resources.list_tag,
        resources.list_context,
        resources.list_moderation,
        resources.list_type,
        resources.type_or_detail,
        resources.tags,
    }
    return [Route(_V1 + path, door.admin(call, is_long=call in long), methods=[method]) for method, path, call in table]


def _notification_routes(door: _Door, notices: Notices) -> list[Route]:
    async def drain(request: Request) -> Response:
        check_key_pair(request, door.cloud)
        return JSONResponse(await notices.drain(await read_parameters(request)))

    async def acknowledge(request: Request) -> Response:
        check_key_pair(request, door.cloud)
        return JSONResponse(notices.acknowledge(await read_parameters(request)))

    return [
        Route(_NOTIFICATIONS + "/messages", drain, methods=["GET"]),
        Route(_NOTIFICATIONS + "/messages/ack", acknowledge, methods=["POST"]),
    ]


def _upload_routes(door: _Door, uploads: UploadCalls, downloads: DownloadCalls) -> list[Route]:
    async def store(request: Request) -> Response:
        parameters = await door.upload_parameters(request)
        return JSONResponse(await uploads.upload(parameters, request.path_params, request.headers))

    async def explicit(request: Request) -> Response:
        parameters = await door.upload_parameters(request)
        return JSONResponse(await uploads.explicit(parameters, request.path_params))

    async def download(request: Request) -> Response:
        parameters = await door.upload_parameters(request)
        return await downloads.download(parameters, request.path_params)

    async def download_backup(request: Request) -> Response:
        parameters = await door.upload_parameters(request)
        return await downloads.download_backup(parameters)

    table: tuple[tuple[str, _Endpoint], ...] = (
        ("/asset/destroy", door.upload(uploads.destroy)),
        ("/{resource_type}/upload", store),
        ("/{resource_type}/upload_chunked", store),
        ("/{resource_type}/explicit", explicit),
        ("/{resource_type}/tags", door.upload(uploads.tags)),
        ("/{resource_type}/context", door.upload(uploads.context)),
        ("/{resource_type}/metadata", door.upload(uploads.metadata)),
        ("/{resource_type}/rename", door.upload(uploads.rename)),
        ("/{resource_type}/destroy", door.upload(uploads.destroy)),
    )
    return [
        Route(f"{_V1}/download_backup", download_backup, methods=["GET"]),
        Route(_V1 + "/{resource_type}/download", download, methods=["GET"]),
        *(Route(_V1 + path, endpoint, methods=["POST"]) for path, endpoint in table),
    ]


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
