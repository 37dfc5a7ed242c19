"""What happened to assets (wire contract "iconik", §7)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.records import AssetRecord, UserRecord
from connectors.sandbox.iconik.tenant import Tenant


@dataclass(slots=True, kw_only=True)
class HistoryRecord:
    """One line of an asset's history."""

    id: str
    asset_id: str
    operation_type: str
    description: str | None
    user_id: str
    version_id: str | None
    at: datetime

    def write(self, tenant: Tenant) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "id": self.id,
            "asset_id": self.asset_id,
            "operation_type": self.operation_type,
            "operation_description": self.description,
            "user_id": self.user_id,
            "version_id": self.version_id,
            "system_domain_id": tenant.system_domain_id,
            "date_created": stamp(self.at),
            "date_modified": stamp(self.at),
        }


class History:
    """Every asset's history, oldest first."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._by_asset: defaultdict[str, list[HistoryRecord]] = defaultdict(list)

    def add(
        self,
        asset: AssetRecord,
        operation_type: str,
        user: UserRecord,
        *,
        description: str | None = None,
        version_id: str | None = None,
    ) -> HistoryRecord:
        """Something happened just now."""
        record = HistoryRecord(
            id=self._tenant.ids.fresh("history"),
            asset_id=asset.id,
            operation_type=operation_type,
            description=description,
            user_id=user.id,
            version_id=version_id,
            at=self._tenant.now(),
        )
        self._by_asset[asset.id].append(record)
        return record

    def of(self, asset_id: str) -> list[HistoryRecord]:
        """Newest first."""
        return self._by_asset[asset_id][::-1]
