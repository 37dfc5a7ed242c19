"""Jobs, custom actions and notifications: how the desk reaches the media team (wire contract "iconik", §13)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from connectors.iconik.models import ActionReply, CustomAction, Job, JobAction, Notification
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import (
    FEW_PER_PAGE,
    Listing,
    Operation,
    act,
    change,
    drop,
    fetch,
    fetch_all,
    given,
    make,
    pages,
    pages_behind,
)


class ActionContext(StrEnum):
    """Where a custom action is offered."""

    ASSET = "ASSET"
    ASSET_SUBCLIP = "ASSET_SUBCLIP"
    COLLECTION = "COLLECTION"
    BULK = "BULK"
    SAVED_SEARCH = "SAVED_SEARCH"
    NONE = "NONE"
    PLAYLIST = "PLAYLIST"
    SHARED_ASSET = "SHARED_ASSET"
    SHARED_COLLECTION = "SHARED_COLLECTION"
    SHARED_PLAYLIST = "SHARED_PLAYLIST"


def list_jobs(*, object_id: str = "", kind: str = "", status: str = "") -> Listing[Job]:
    """Jobs, newest first, of one object, type or status; empty means all (P1)."""
    filters = query({"object_id": object_id, "type": kind, "status": status})
    return pages("list jobs", path("jobs", "jobs"), Job, query=filters, most=FEW_PER_PAGE)


def get_job(job_id: str) -> Operation[Job]:
    """One job."""
    return fetch("get job", path("jobs", "jobs", job_id), Job)


def add_custom_job(
    *, title: str, custom_type: str, object_id: str, message: str, metadata: Mapping[str, object]
) -> Operation[Job]:
    """A job for the media team about one asset. Not repeatable; a marker of ours fits in ``metadata``."""
    body = {
        "title": title,
        "type": "CUSTOM",
        "status": "READY",
        "custom_type": custom_type,
        "object_type": "assets",
        "object_id": object_id,
        "message": message,
        "metadata": dict(metadata),
    }
    return make("new job", path("jobs", "jobs"), Job, body)


def add_transfer_job(*, title: str, object_id: str) -> Operation[Job]:
    """Step 9 of an upload: a job that others see while the bytes are on their way."""
    body = {"title": title, "type": "TRANSFER", "status": "STARTED", "object_type": "assets", "object_id": object_id}
    return make("new transfer job", path("jobs", "jobs"), Job, body)


def edit_job(job: Job, changes: Mapping[str, object], *, merge_metadata: bool = False) -> Operation[Job]:
    """Change status, progress, message or metadata; the document wants title and type again, so they go along."""
    body = {"title": job.title, "type": job.type, "status": job.status.value, **changes}
    merged = query({"merge_metadata": True if merge_metadata else None})
    return change("edit job", "PATCH", path("jobs", "jobs", job.id), Job, body, query=merged)


def control_jobs(action: JobAction, job_ids: Sequence[str]) -> Operation[None]:
    """Abort, pause, resume or restart; 201 or 200 by release (§16.13). Only a restart is not repeatable."""
    body = {"action": action.value, "job_ids": list(job_ids)}
    return act("control jobs", "PUT", path("jobs", "jobs", "state"), body, repeatable=action is not JobAction.RESTART)


def list_actions(context: ActionContext | None = None) -> Operation[tuple[CustomAction, ...]]:
    """Custom actions, all or those offered in one place (P5)."""
    steps = (context.value,) if context else ()
    return fetch_all("custom actions", path("assets", "custom_actions", *steps), CustomAction)


def get_action(context: ActionContext, action_id: str) -> Operation[CustomAction]:
    """One custom action. 200 or 201 by release (§16.13)."""
    return fetch("custom action", path("assets", "custom_actions", context.value, action_id), CustomAction)


def add_action(
    context: ActionContext, *, title: str, url: str, kind: str = "POST", metadata_view: str | None = None
) -> Operation[CustomAction]:
    """A custom action: iconik sends what it is called on to ``url``, with a live token among it (§16.11)."""
    body = given(context=context.value, title=title, url=url, type=kind, metadata_view=metadata_view)
    return make("new custom action", path("assets", "custom_actions", context.value), CustomAction, body)


def edit_action(context: ActionContext, action_id: str, changes: Mapping[str, object]) -> Operation[CustomAction]:
    """Change the named fields of a custom action, by the vendor's names."""
    where = path("assets", "custom_actions", context.value, action_id)
    return change("edit custom action", "PATCH", where, CustomAction, changes)


def delete_action(context: ActionContext, action_id: str) -> Operation[None]:
    """End a custom action."""
    return drop("delete custom action", path("assets", "custom_actions", context.value, action_id))


def call_action(
    context: ActionContext,
    action_id: str,
    *,
    asset_ids: Sequence[str] = (),
    collection_ids: Sequence[str] = (),
    metadata_view_id: str | None = None,
    metadata_values: Mapping[str, object] | None = None,
) -> Operation[ActionReply]:
    """Let iconik call the team's address in the background. Not repeatable: each call is a request to people."""
    body = given(
        asset_ids=list(asset_ids),
        collection_ids=list(collection_ids),
        saved_search_ids=[],
        metadata_view_id=metadata_view_id,
        metadata_values=metadata_values,
    )
    where = path("assets", "custom_actions", context.value, action_id, "callback")
    return make("call custom action", where, ActionReply, body)


def my_notifications() -> Listing[Notification]:
    """What iconik tells the caller, newest first (P2)."""
    return pages_behind("my notifications", path("users-notifications", "notifications"), Notification)


def notify(notification: Mapping[str, str]) -> Operation[Notification]:
    """Tell somebody something, by the vendor's names; whether ordinary tokens may is unknown. Not repeatable."""
    return make("notify", path("users-notifications", "notifications"), Notification, notification)


def mark_read(notification_id: str) -> Operation[None]:
    """The caller has read it."""
    where = path("users-notifications", "notifications", notification_id, "read")
    return act("mark read", "PUT", where, repeatable=True)


def mark_all_read() -> Operation[None]:
    """The caller has read all of theirs."""
    where = path("users-notifications", "notifications", "all", "read")
    return act("mark all read", "PUT", where, repeatable=True)
