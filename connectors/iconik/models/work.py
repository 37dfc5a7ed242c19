"""Jobs and webhooks (wire contract "iconik", §13 and §14)."""

from collections.abc import Mapping

from connectors.iconik.models.nouns import Moment, Noun, UserId, VendorWord


class JobStatus(VendorWord):
    """How far a job has come."""

    READY = "READY"
    STARTED = "STARTED"
    WAITING = "WAITING"
    PAUSED = "PAUSED"
    PENDING_USER = "PENDING_USER"
    FINISHED = "FINISHED"
    FINISHED_WITH_WARNING = "FINISHED_WITH_WARNING"
    FAILED = "FAILED"
    ABORT_PENDING = "ABORT_PENDING"
    ABORTED = "ABORTED"
    SKIPPED = "SKIPPED"
    DISCARDED = "DISCARDED"
    UNKNOWN = "UNKNOWN"


class Job(Noun, frozen=True, kw_only=True):
    """Work that iconik, or a team behind it, does in its own time."""

    id: str
    title: str = ""
    type: str = ""
    custom_type: str = ""
    status: JobStatus = JobStatus.UNKNOWN
    object_id: str = ""
    object_type: str = ""
    message: str = ""
    error_message: str = ""
    progress: int = 0
    priority: int = 0
    metadata: Mapping[str, object] = {}
    created_by: UserId = UserId("")
    date_created: Moment | None = None
    date_modified: Moment | None = None


class WebhookStatus(VendorWord):
    """FAILING still delivers; five hours of it end in DISABLED."""

    ENABLED = "ENABLED"
    FAILING = "FAILING"
    DISABLED = "DISABLED"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"


class Webhook(Noun, frozen=True, kw_only=True):
    """Where iconik posts events. No signature exists; a secret in ``headers`` is the only proof of origin."""

    id: str
    event_type: str
    url: str
    status: WebhookStatus = WebhookStatus.UNKNOWN
    name: str = ""
    description: str = ""
    realm: str = ""
    operation: str = ""
    object_id: str = ""
    query: str = ""
    headers: Mapping[str, str] = {}
    last_error: str = ""

    def __repr__(self) -> str:
        return f"Webhook(id={self.id!r}, event_type={self.event_type!r}, status={self.status!r})"
