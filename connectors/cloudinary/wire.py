"""Cloudinary's Admin and Search calls, and its failures: what is sent and what an answer means, without I/O.

``cloud`` is the cloud's name as it stands in every path. Source: wire contract "Cloudinary" §3.1, §3.2 and §8.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from connectors.calls import Call, JSONBody, Reply, segment
from connectors.cloudinary.models import (
    AccessRule,
    AssetId,
    Budget,
    DeliveryType,
    Extra,
    ModerationStatus,
    ResourceType,
)
from connectors.cloudinary.pipes import MetadataValue, written
from connectors.cloudinary.rules import written_rules
from connectors.cloudinary.search import SearchQuery
from connectors.errors import ConnectorError, ForbiddenError
from connectors.judging import error_for_status

_ENHANCE_YOUR_CALM: Final = 420
_MOST_DIGITS: Final = 16
"""A longer number is no budget."""
_NO_SUBSCRIPTION: Final = re.compile(r"(?i)active subscription")


class _ErrorText(msgspec.Struct, frozen=True):
    message: str = ""


class _ErrorBody(msgspec.Struct, frozen=True):
    error: _ErrorText


def read_failure(reply: Reply) -> ConnectorError | None:
    """The vendor's ``{"error": {"message"}}``, whatever the status; None when the answer is not one. §8, CONFIRMED.

    A 420 that speaks of a missing subscription is a missing right: waiting would not help.
    """
    try:
        said = msgspec.json.decode(reply.body, type=_ErrorBody).error.message
    except msgspec.DecodeError:
        return None
    if reply.status == _ENHANCE_YOUR_CALM and _NO_SUBSCRIPTION.search(said):
        return ForbiddenError(
            system=reply.system, call=reply.call, detail=said, request_id=reply.request_id, status=reply.status
        )
    return error_for_status(reply, detail=said)


def read_delivery_failure(reply: Reply) -> ConnectorError | None:
    """The delivery host's reason, which stands in ``X-Cld-Error``. §8, CONFIRMED."""
    said = reply.headers.get("x-cld-error")
    return error_for_status(reply, detail=said) if said else None


def read_budget(reply: Reply) -> Budget | None:
    """The hourly budget of Admin and Search calls; None on calls that do not count against it. §8, CONFIRMED."""
    limit = reply.headers.get("x-featureratelimit-limit", "")
    remaining = reply.headers.get("x-featureratelimit-remaining", "")
    if not all(one.isdecimal() and len(one) < _MOST_DIGITS for one in (limit, remaining)):
        return None
    try:
        resets_at = parsedate_to_datetime(reply.headers.get("x-featureratelimit-reset", ""))
        resets_at = resets_at if resets_at.tzinfo else resets_at.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        resets_at = None
    return Budget(limit=int(limit), remaining=int(remaining), resets_at=resets_at)


# Reading


def ping(cloud: str) -> Call:
    """Whether the credentials are accepted."""
    return _get(cloud, "ping", "ping")


def usage(cloud: str, *, day: date | None = None) -> Call:
    """What the cloud has used, now or on a past ``day``."""
    return _get(cloud, "usage", "usage" if day is None else f"usage/{day:%d-%m-%Y}")


def search(cloud: str, query: SearchQuery, *, next_cursor: str | None = None) -> Call:
    """One page of a Search. It changes nothing, so it may be repeated although it is a POST."""
    return Call(
        name="search",
        method="POST",
        path=_path(cloud, "resources/search"),
        body=JSONBody(value=query.body(next_cursor)),
        repeatable=True,
    )


def assets(
    cloud: str,
    resource_type: ResourceType,
    delivery_type: DeliveryType | None = None,
    *,
    prefix: str = "",
    max_results: int = 100,
    next_cursor: str | None = None,
) -> Call:
    """One page of the list of a type; ``prefix`` of the public id needs a ``delivery_type``."""
    where = f"resources/{resource_type}" + (f"/{delivery_type}" if delivery_type else "")
    return _get(
        cloud,
        "list assets",
        where,
        ("prefix", prefix),
        ("tags", "true"),
        ("context", "true"),
        ("metadata", "true"),
        ("moderations", "true"),
        ("max_results", str(max_results)),
        ("next_cursor", next_cursor or ""),
    )


def review_queue(
    cloud: str,
    resource_type: ResourceType,
    status: ModerationStatus,
    *,
    kind: str = "manual",
    max_results: int = 100,
    next_cursor: str | None = None,
) -> Call:
    """One page of the assets whose moderation of ``kind`` has ``status``."""
    return _get(
        cloud,
        "review queue",
        f"resources/{resource_type}/moderations/{segment(kind)}/{status}",
        ("tags", "true"),
        ("context", "true"),
        ("metadata", "true"),
        ("moderations", "true"),
        ("max_results", str(max_results)),
        ("next_cursor", next_cursor or ""),
    )


def folder(cloud: str, asset_folder: str, *, max_results: int = 100, next_cursor: str | None = None) -> Call:
    """One page of the assets in one folder, without those below it; clouds in dynamic folder mode only."""
    return _get(
        cloud,
        "list a folder",
        "resources/by_asset_folder",
        ("asset_folder", asset_folder),
        ("tags", "true"),
        ("context", "true"),
        ("metadata", "true"),
        ("moderations", "true"),
        ("max_results", str(max_results)),
        ("next_cursor", next_cursor or ""),
    )


def assets_by_id(cloud: str, asset_ids: Sequence[AssetId]) -> Call:
    """Up to 100 assets at once."""
    return _get(
        cloud,
        "list assets by id",
        "resources/by_asset_ids",
        *(("asset_ids[]", asset_id) for asset_id in asset_ids),
        ("tags", "true"),
        ("context", "true"),
        ("metadata", "true"),
        ("moderations", "true"),
    )


def asset(cloud: str, asset_id: AssetId, *, versions: bool = False, extras: Sequence[Extra] = ()) -> Call:
    """One asset's detail by its immutable id, with what ``extras`` ask for."""
    flags = ((extra.value, "true") for extra in extras)
    where = f"resources/{segment(asset_id)}"
    return _get(cloud, "asset detail", where, ("versions", "true" if versions else ""), *flags)


def asset_by_public_id(
    cloud: str, public_id: str, *, resource_type: ResourceType, delivery_type: DeliveryType, versions: bool = False
) -> Call:
    """One asset's detail by the triple that addresses it in URLs."""
    return _get(
        cloud,
        "asset detail",
        f"resources/{resource_type}/{delivery_type}/{_public(public_id)}",
        ("versions", "true" if versions else ""),
    )


# Writing


def update(
    cloud: str,
    asset_id: AssetId,
    *,
    moderation_status: ModerationStatus | None = None,
    tags: Sequence[str] | None = None,
    context: Mapping[str, str] | None = None,
    metadata: Mapping[str, MetadataValue] | None = None,
    asset_folder: str | None = None,
    display_name: str | None = None,
    access_control: Sequence[AccessRule] | None = None,
) -> Call:
    """Change what is given of one asset and leave the rest; the same update twice ends in the same state.

    A verdict and its reason travel in one call, so that it costs one call of the hourly budget (§3.2, CHOSEN).
    Without an answer it is looked up, and not given once more unseen (docs/decisions/0008).
    """
    body: dict[str, str] = {}
    if moderation_status is not None:
        body["moderation_status"] = moderation_status.value
    if tags is not None:
        body["tags"] = ",".join(tags)
    if context is not None:
        body["context"] = written(context)
    if metadata is not None:
        body["metadata"] = written(metadata)
    if asset_folder is not None:
        body["asset_folder"] = asset_folder
    if display_name is not None:
        body["display_name"] = display_name
    if access_control is not None:
        body["access_control"] = written_rules(access_control)
    return Call(
        name="update",
        method="PUT",
        path=_path(cloud, f"resources/{segment(asset_id)}"),
        body=JSONBody(value=body),
        repeatable=moderation_status is None,
    )


def _get(cloud: str, name: str, where: str, *query: tuple[str, str]) -> Call:
    return Call(
        name=name,
        method="GET",
        path=_path(cloud, where),
        query=tuple((key, value) for key, value in query if value),
        repeatable=True,
    )


def _path(cloud: str, where: str) -> str:
    return f"/v1_1/{segment(cloud)}/{where}"


def _public(public_id: str) -> str:
    """A public id as path: its slashes stay, everything else is encoded."""
    return "/".join(segment(part) for part in public_id.split("/"))
