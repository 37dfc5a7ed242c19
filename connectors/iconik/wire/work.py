"""Jobs and webhooks: the ``jobs`` and ``notifications`` services (wire contract "iconik", §13 and §14)."""

from collections.abc import Mapping

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import Job, Webhook
from connectors.iconik.wire.addressing import numbered, path, query
from connectors.iconik.wire.reading import read, read_objects


def list_jobs(*, page: int, per_page: int, object_id: str, kind: str, status: str) -> Call:
    """Jobs, newest first, of one object, type or status; empty means all (P1)."""
    filters = query({"object_id": object_id, "type": kind, "status": status})
    return Call(
        name="list jobs",
        method="GET",
        path=path("jobs", "jobs"),
        query=(*filters, *numbered(page, per_page)),
        repeatable=True,
    )


def get_job(job_id: str) -> Call:
    """One job."""
    return Call(name="get job", method="GET", path=path("jobs", "jobs", job_id), repeatable=True)


def add_custom_job(
    *, title: str, custom_type: str, object_id: str, message: str, metadata: Mapping[str, object]
) -> Call:
    """A job for the media team about one asset. Not repeatable; a marker of ours fits in ``metadata``."""
    return Call(
        name="new job",
        method="POST",
        path=path("jobs", "jobs"),
        body=JSONBody(
            value={
                "title": title,
                "type": "CUSTOM",
                "status": "READY",
                "custom_type": custom_type,
                "object_type": "assets",
                "object_id": object_id,
                "message": message,
                "metadata": dict(metadata),
            }
        ),
    )


def list_webhooks() -> Call:
    """Every webhook (P5)."""
    return Call(name="list webhooks", method="GET", path=path("notifications", "webhooks"), repeatable=True)


def add_webhook(webhook: Mapping[str, object]) -> Call:
    """A webhook, by the vendor's names: ``event_type``, ``url`` and ``status`` are required."""
    return Call(name="new webhook", method="POST", path=path("notifications", "webhooks"), body=JSONBody(value=webhook))


def replace_webhook(webhook_id: str, webhook: Mapping[str, object]) -> Call:
    """A webhook's whole record anew."""
    return Call(
        name="replace webhook",
        method="PUT",
        path=path("notifications", "webhooks", webhook_id),
        body=JSONBody(value=webhook),
        repeatable=True,
    )


def delete_webhook(webhook_id: str) -> Call:
    """End a webhook; one that is already gone is an answer."""
    return Call(
        name="delete webhook",
        method="DELETE",
        path=path("notifications", "webhooks", webhook_id),
        repeatable=True,
        accepts=frozenset({404}),
    )


def read_job(reply: Reply) -> Job:
    """One job. Raises: ShapeError."""
    return read(reply, Job)


def read_jobs(reply: Reply) -> tuple[Job, ...]:
    """A page of jobs. Raises: ShapeError."""
    return read_objects(reply, Job)


def read_webhook(reply: Reply) -> Webhook:
    """One webhook. Raises: ShapeError."""
    return read(reply, Webhook)


def read_webhooks(reply: Reply) -> tuple[Webhook, ...]:
    """Webhooks. Raises: ShapeError."""
    return read_objects(reply, Webhook)
