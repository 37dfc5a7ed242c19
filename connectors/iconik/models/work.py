"""Jobs, custom actions, notifications and webhooks (wire contract "iconik", §13 and §14)."""

from collections.abc import Mapping
from enum import StrEnum

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


class JobAction(StrEnum):
    """What can be done to jobs that have not ended; RESTART also to those that have."""

    ABORT = "ABORT"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    RESTART = "RESTART"


class JobStarted(Noun, frozen=True, kw_only=True):
    """Work that goes on behind an answer."""

    job_id: str = ""


class ActionStatus(VendorWord):
    """Whether the team's address answered the last time."""

    HEALTHY = "HEALTHY"
    FAILING = "FAILING"
    UNKNOWN = "UNKNOWN"


class CustomAction(Noun, frozen=True, kw_only=True):
    """A button of the tenant's own. ``headers`` may hold the receiver's secret, so they have no repr."""

    id: str
    title: str
    url: str = ""
    context: str = ""
    type: str = ""
    metadata_view: str = ""
    disabled: bool = False
    status: ActionStatus = ActionStatus.UNKNOWN
    last_error: str = ""
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"CustomAction(id={self.id!r}, title={self.title!r}, context={self.context!r})"


class ActionReply(Noun, frozen=True, kw_only=True):
    """Where the browser goes after a custom action was called; often nowhere."""

    redirect_url: str = ""

    def __repr__(self) -> str:
        return "ActionReply()"


class Notification(Noun, frozen=True, kw_only=True):
    """What iconik tells one of its users."""

    id: str
    event_type: str = ""
    message_short: str = ""
    message_long: str = ""
    object_id: str = ""
    object_type: str = ""
    sender_id: UserId = UserId("")
    recipient_id: UserId = UserId("")
    status: str = ""
    """QUEUED, SENT or READ."""
    date_created: Moment | None = None

    def __repr__(self) -> str:
        return f"Notification(id={self.id!r}, event_type={self.event_type!r}, status={self.status!r})"


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
