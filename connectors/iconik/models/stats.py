"""Counts of use (wire contract "iconik", §15). Every field may be missing: the typed rows promise none."""

from collections.abc import Mapping

from connectors.iconik.models.nouns import Noun, UserId


class AssetUsage(Noun, frozen=True, kw_only=True):
    """How often assets, or collections, were used in one period."""

    id: str = ""
    date: str = ""
    count: int = 0


class StorageUsage(Noun, frozen=True, kw_only=True):
    """How much lay in one bucket."""

    bucket_name: str = ""
    date: str = ""
    bytes_stored: int = 0


class StorageAccess(Noun, frozen=True, kw_only=True):
    """What came and went in one bucket."""

    bucket_name: str = ""
    date: str = ""
    operations: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0


class PersonUsage(Noun, frozen=True, kw_only=True):
    """How much one person did."""

    user_id: UserId = UserId("")
    user_email: str = ""
    user_name: str = ""
    type: str = ""
    date: str = ""
    count: int = 0

    def __repr__(self) -> str:
        return f"PersonUsage(user_id={self.user_id!r}, type={self.type!r}, count={self.count!r})"


class CurrentUsage(Noun, frozen=True, kw_only=True):
    """What the plan counts; hours are hours."""

    users: Mapping[str, object] = {}
    storage: Mapping[str, object] = {}
    external_storage: int = 0
    transcription_hours: float = 0.0
    video_analyzed_hours: float = 0.0
    images_analyzed: int = 0
    automation_runs: int = 0
    portals: int = 0
    edge_transcoders: int = 0
