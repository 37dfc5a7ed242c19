"""Which path of the API host leads to which call.

Source: contract §3. More special paths stand before those that would swallow them. Every Admin call counts against the
hourly budget; those of the Upload API do not (§8).
"""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.cloudinary.archives import ArchiveCalls
from connectors.sandbox.cloudinary.backups import BackupCalls
from connectors.sandbox.cloudinary.bulk import BulkCalls
from connectors.sandbox.cloudinary.compositions import CompositionCalls
from connectors.sandbox.cloudinary.deletions import DeletionCalls
from connectors.sandbox.cloudinary.door import AdminCall, Door, Endpoint
from connectors.sandbox.cloudinary.downloads import DownloadCalls
from connectors.sandbox.cloudinary.folders import FolderCalls
from connectors.sandbox.cloudinary.likeness import LikenessCalls
from connectors.sandbox.cloudinary.metadata import MetadataCalls
from connectors.sandbox.cloudinary.metadata_rules import RuleCalls
from connectors.sandbox.cloudinary.presets import Mappings, Presets
from connectors.sandbox.cloudinary.profiles import ProfileCalls
from connectors.sandbox.cloudinary.resources import ResourceCalls
from connectors.sandbox.cloudinary.search import SearchCalls
from connectors.sandbox.cloudinary.transformations import TransformationCalls
from connectors.sandbox.cloudinary.triggers import ChannelCalls, TriggerCalls
from connectors.sandbox.cloudinary.uploads import UploadCalls

_V1: Final = "/v1_1/{cloud}"
_V2: Final = "/v2/{cloud}"
_NOTIFICATIONS: Final = "/v2/notifications/{cloud}"
_ONE: Final = "/{resource_type}/{type}/{public_id:path}"

_Row = tuple[str, str, AdminCall]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Everything that the API host can be asked."""

    archives: ArchiveCalls
    backups: BackupCalls
    bulk: BulkCalls
    channels: ChannelCalls
    compositions: CompositionCalls
    deletions: DeletionCalls
    downloads: DownloadCalls
    folders: FolderCalls
    likeness: LikenessCalls
    mappings: Mappings
    metadata: MetadataCalls
    presets: Presets
    profiles: ProfileCalls
    resources: ResourceCalls
    rules: RuleCalls
    searches: SearchCalls
    transformations: TransformationCalls
    triggers: TriggerCalls
    uploads: UploadCalls


def routes(door: Door, calls: Calls) -> list[Route]:
    """The whole host; the tokens' own paths are added by the app."""
    long: set[AdminCall] = {
        calls.searches.search,
        calls.searches.search_folders,
        calls.likeness.visual_search,
        calls.likeness.analyze,
        calls.resources.usage,
        calls.resources.list_folder,
        calls.resources.list_tag,
        calls.resources.list_context,
        calls.resources.list_moderation,
        calls.resources.list_type,
        calls.resources.type_or_detail,
        calls.resources.detail,
        calls.resources.tags,
    }
    table = (
        *((_V1, row) for row in (*_cloud_rows(calls), *_resource_rows(calls), *_folder_rows(calls))),
        *((_V1, row) for row in (*_schema_rows(calls), *_setting_rows(calls))),
        (_V2, ("POST", "/analysis/analyze/{input_type}", calls.likeness.analyze)),
    )
    return [
        *(
            Route(base + path, door.admin(call, is_long=call in long), methods=[method])
            for base, (method, path, call) in table
        ),
        *_notification_routes(door, calls.channels),
        *_upload_routes(door, calls),
    ]


def _cloud_rows(calls: Calls) -> tuple[_Row, ...]:
    resources = calls.resources
    return (
        ("GET", "/ping", resources.ping),
        ("GET", "/config", resources.config),
        ("GET", "/usage", resources.usage),
        ("GET", "/usage/{day}", resources.usage),
        ("GET", "/tags/{resource_type}", resources.tags),
    )


def _resource_rows(calls: Calls) -> tuple[_Row, ...]:
    resources, backups, deletions = calls.resources, calls.backups, calls.deletions
    return (
        ("GET", "/resources", resources.resource_types),
        ("DELETE", "/resources", deletions.by_asset_ids),
        ("POST", "/resources/search", calls.searches.search),
        ("GET", "/resources/visual_search", calls.likeness.visual_search),
        ("POST", "/resources/visual_search", calls.likeness.visual_search),
        ("GET", "/resources/by_asset_ids", resources.list_ids),
        ("GET", "/resources/by_asset_folder", resources.list_folder),
        ("POST", "/resources/restore", backups.restore),
        ("DELETE", "/resources/backup/{asset_id}", backups.drop_versions),
        ("POST", "/resources/related_assets/{asset_id}", backups.relate),
        ("DELETE", "/resources/related_assets/{asset_id}", backups.unrelate),
        ("POST", f"/resources/related_assets{_ONE}", backups.relate),
        ("DELETE", f"/resources/related_assets{_ONE}", backups.unrelate),
        ("GET", "/resources/{resource_type}/tags/{tag:path}", resources.list_tag),
        ("DELETE", "/resources/{resource_type}/tags/{tag:path}", deletions.by_tag),
        ("GET", "/resources/{resource_type}/context", resources.list_context),
        ("GET", "/resources/{resource_type}/moderations/{kind}/{status}", resources.list_moderation),
        ("POST", "/resources/{resource_type}/publish_resources", deletions.publish),
        ("GET", "/resources/{asset_id}", resources.type_or_detail),
        ("PUT", "/resources/{asset_id}", resources.update),
        ("GET", "/resources/{resource_type}/{type}", resources.list_type),
        ("DELETE", "/resources/{resource_type}/{type}", deletions.by_type),
        ("POST", "/resources/{resource_type}/{type}/restore", backups.restore),
        ("GET", f"/resources{_ONE}", resources.detail),
        ("POST", f"/resources{_ONE}", resources.update),
        ("DELETE", "/derived_resources", deletions.derived),
    )


def _folder_rows(calls: Calls) -> tuple[_Row, ...]:
    folders = calls.folders
    return (
        ("POST", "/folders/search", calls.searches.search_folders),
        ("GET", "/folders", folders.children),
        ("GET", "/folders/{folder:path}", folders.children),
        ("POST", "/folders/{folder:path}", folders.create),
        ("PUT", "/folders/{folder:path}", folders.rename),
        ("DELETE", "/folders/{folder:path}", folders.delete),
    )


def _schema_rows(calls: Calls) -> tuple[_Row, ...]:
    metadata, rules = calls.metadata, calls.rules
    return (
        ("GET", "/metadata_fields", metadata.list_fields),
        ("POST", "/metadata_fields", metadata.create),
        ("PUT", "/metadata_fields/order", rules.order_fields),
        ("GET", "/metadata_fields/{external_id}", metadata.field),
        ("PUT", "/metadata_fields/{external_id}", metadata.change),
        ("DELETE", "/metadata_fields/{external_id}", metadata.delete),
        ("PUT", "/metadata_fields/{external_id}/datasource", metadata.put_options),
        ("DELETE", "/metadata_fields/{external_id}/datasource", metadata.hide_options),
        ("POST", "/metadata_fields/{external_id}/datasource/order", rules.order_options),
        ("POST", "/metadata_fields/{external_id}/datasource_restore", metadata.restore_options),
        ("GET", "/metadata_rules", rules.list_rules),
        ("POST", "/metadata_rules", rules.create),
        ("PUT", "/metadata_rules/{external_id}", rules.change),
        ("DELETE", "/metadata_rules/{external_id}", rules.delete),
    )


def _setting_rows(calls: Calls) -> tuple[_Row, ...]:
    profiles, made, presets, mappings = calls.profiles, calls.transformations, calls.presets, calls.mappings
    triggers = calls.triggers
    return (
        ("GET", "/streaming_profiles", profiles.profiles),
        ("POST", "/streaming_profiles", profiles.create),
        ("GET", "/streaming_profiles/{name}", profiles.profile),
        ("PUT", "/streaming_profiles/{name}", profiles.change),
        ("DELETE", "/streaming_profiles/{name}", profiles.delete),
        ("GET", "/transformations", made.list_or_one),
        ("POST", "/transformations", made.create),
        ("PUT", "/transformations", made.change),
        ("DELETE", "/transformations", made.delete),
        ("GET", "/upload_presets", presets.list_presets),
        ("POST", "/upload_presets", presets.create),
        ("GET", "/upload_presets/{name}", presets.preset),
        ("PUT", "/upload_presets/{name}", presets.change),
        ("DELETE", "/upload_presets/{name}", presets.delete),
        ("GET", "/upload_mappings", mappings.list_or_one),
        ("POST", "/upload_mappings", mappings.create),
        ("PUT", "/upload_mappings", mappings.change),
        ("DELETE", "/upload_mappings", mappings.delete),
        ("GET", "/triggers", triggers.list_triggers),
        ("POST", "/triggers", triggers.create),
        ("PUT", "/triggers/{trigger_id}", triggers.change),
        ("DELETE", "/triggers/{trigger_id}", triggers.delete),
        ("POST", "/triggers/{trigger_id}/test", triggers.test),
    )


def _notification_routes(door: Door, channels: ChannelCalls) -> list[Route]:
    async def drain(request: Request) -> Response:
        return JSONResponse(await channels.drain(await door.check(request)))

    async def acknowledge(request: Request) -> Response:
        return JSONResponse(channels.acknowledge(await door.check(request)))

    return [
        Route(_NOTIFICATIONS + "/messages", drain, methods=["GET"]),
        Route(_NOTIFICATIONS + "/messages/ack", acknowledge, methods=["POST"]),
    ]


def _upload_routes(door: Door, calls: Calls) -> list[Route]:
    uploads, bulk, archives, compositions = calls.uploads, calls.bulk, calls.archives, calls.compositions

    async def store(request: Request) -> Response:
        parameters = await door.upload_parameters(request)
        return JSONResponse(await uploads.upload(parameters, request.path_params, request.headers))

    table: tuple[tuple[str, Endpoint], ...] = (
        ("/asset/destroy", door.upload(bulk.destroy)),
        ("/{resource_type}/upload", store),
        ("/{resource_type}/upload_chunked", store),
        ("/{resource_type}/explicit", door.slow_upload(uploads.explicit)),
        ("/{resource_type}/tags", door.upload(bulk.tags)),
        ("/{resource_type}/context", door.upload(bulk.context)),
        ("/{resource_type}/metadata", door.upload(bulk.metadata)),
        ("/{resource_type}/rename", door.upload(bulk.rename)),
        ("/{resource_type}/destroy", door.upload(bulk.destroy)),
        ("/{resource_type}/delete_by_token", door.upload(uploads.delete_by_token)),
        ("/{resource_type}/generate_archive", door.slow_upload(archives.generate)),
        ("/{resource_type}/sprite", door.slow_upload(compositions.sprite)),
        ("/{resource_type}/multi", door.slow_upload(compositions.multi)),
        ("/{resource_type}/explode", door.slow_upload(compositions.explode)),
        ("/{resource_type}/text", door.slow_upload(compositions.text)),
        ("/{resource_type}/create_slideshow", door.slow_upload(compositions.slideshow)),
    )
    by_link: tuple[tuple[str, Endpoint], ...] = (
        ("/download_backup", door.slow_upload(calls.downloads.download_backup)),
        ("/{resource_type}/download", door.slow_upload(calls.downloads.download)),
        ("/{resource_type}/generate_archive", door.slow_upload(archives.generate)),
        ("/{resource_type}/sprite", door.slow_upload(compositions.sprite)),
        ("/{resource_type}/multi", door.slow_upload(compositions.multi)),
    )
    return [
        *(Route(_V1 + path, endpoint, methods=["GET"]) for path, endpoint in by_link),
        *(Route(_V1 + path, endpoint, methods=["POST"]) for path, endpoint in table),
    ]
