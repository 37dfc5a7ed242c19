"""What was used how much: the ``stats`` service (wire contract "iconik", §15)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from connectors.iconik.models import (
    AssetId,
    AssetUsage,
    CurrentUsage,
    PersonUsage,
    StorageAccess,
    StorageUsage,
    UserId,
)
from connectors.iconik.wire.addressing import Query, path, query
from connectors.iconik.wire.operations import Operation, act, fetch, fetch_all


class Period(StrEnum):
    """How finely days are summed."""

    DAY = "day"
    MONTH = "month"


def report_usage(
    asset_id: AssetId,
    user_id: UserId,
    *,
    operation: str,
    source: str,
    system_name: str = "proofdesk",
    metadata: str = "",
) -> Operation[None]:
    """Report that somebody viewed, played, approved … an asset: 201. Not repeatable: each report counts."""
    body = {
        "asset_id": asset_id,
        "user_id": user_id,
        "system_name": system_name,
        "operation_type": operation,
        "operation_source": source,
        "metadata": metadata,
    }
    return act("report usage", "POST", path("stats", "assets"), body)


def asset_usage(period: Period, *, since: date, until: date) -> Operation[tuple[AssetUsage, ...]]:
    """How often assets were used."""
    return fetch_all("asset usage", _by(period, "assets"), AssetUsage, query=_between(since, until))


def collection_usage(period: Period, *, since: date, until: date) -> Operation[tuple[AssetUsage, ...]]:
    """How often collections were used."""
    return fetch_all("collection usage", _by(period, "collections"), AssetUsage, query=_between(since, until))


def storage_usage(period: Period, *, since: date, until: date) -> Operation[tuple[StorageUsage, ...]]:
    """How much lay in each storage."""
    return fetch_all("storage usage", _by(period, "storage", "usage"), StorageUsage, query=_between(since, until))


def storage_access(period: Period, *, since: date, until: date) -> Operation[tuple[StorageAccess, ...]]:
    """How much came and went."""
    return fetch_all("storage access", _by(period, "storage", "access"), StorageAccess, query=_between(since, until))


def person_usage(period: Period, *, since: date, until: date) -> Operation[tuple[PersonUsage, ...]]:
    """Who did how much."""
    return fetch_all("user audit", _by(period, "user", "audit"), PersonUsage, query=_between(since, until))


def current_usage() -> Operation[CurrentUsage]:
    """What the plan counts."""
    return fetch("current usage", path("stats", "current_usage"), CurrentUsage)


def _by(period: Period, *what: str) -> str:
    return path("stats", *what, "by", period.value)


def _between(since: date, until: date) -> Query:
    asked: Mapping[str, str] = {"from_date": since.isoformat(), "to_date": until.isoformat()}
    return query(asked)
