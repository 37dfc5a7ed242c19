"""Approvals and comments: the ``assets`` service (wire contract "iconik", §12)."""

from collections.abc import Sequence
from enum import StrEnum

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import (
    Approval,
    ApprovalRequested,
    ApprovalStatus,
    AssetId,
    Decision,
    Segment,
    UserId,
    VersionId,
)
from connectors.iconik.wire.addressing import numbered, path, query
from connectors.iconik.wire.reading import read, read_objects


class Reviewed(StrEnum):
    """What can be approved."""

    ASSETS = "assets"
    COLLECTIONS = "collections"


def get_approval(what: Reviewed, object_id: str, *, version_id: VersionId | None = None) -> Call:
    """The request and what came of it. 404 is what never asked looks like."""
    return Call(
        name="read approval",
        method="GET",
        path=_of(what, object_id, version_id, "approvals", "request"),
        repeatable=True,
        accepts=frozenset({404}),
    )


def list_decisions(what: Reviewed, object_id: str, *, version_id: VersionId | None = None) -> Call:
    """Every reviewer's decision so far."""
    return Call(
        name="read decisions",
        method="GET",
        path=_of(what, object_id, version_id, "approvals"),
        repeatable=True,
    )


def decide(what: Reviewed, object_id: str, status: ApprovalStatus) -> Call:
    """The caller's own decision: APPROVED or NOT_APPROVED. It has no room for a reason."""
    return Call(
        name="decide",
        method="PUT",
        path=_of(what, object_id, None, "approvals"),
        body=JSONBody(value={"status": status.value}),
        repeatable=True,
    )


def withdraw(what: Reviewed, object_id: str) -> Call:
    """Take the caller's decision back; one that was never made is an answer."""
    return Call(
        name="withdraw decision",
        method="DELETE",
        path=_of(what, object_id, None, "approvals"),
        repeatable=True,
        accepts=frozenset({404}),
    )


def request_approval(
    what: Reviewed,
    object_id: str,
    *,
    users: Sequence[UserId],
    groups: Sequence[str],
    externals: Sequence[str],
    min_number: int,
) -> Call:
    """Ask people for their approval; iconik mails them, so it is not repeatable."""
    return Call(
        name="request approval",
        method="POST",
        path=_of(what, object_id, None, "approvals", "request"),
        body=JSONBody(
            value={
                "users": list(users),
                "groups": list(groups),
                "externals": list(externals),
                "min_number": min_number,
            }
        ),
    )


def cancel_request(what: Reviewed, object_id: str) -> Call:
    """End a request; one that is already gone is an answer."""
    return Call(
        name="cancel approval request",
        method="DELETE",
        path=_of(what, object_id, None, "approvals", "request"),
        repeatable=True,
        accepts=frozenset({404}),
    )


def list_comments(asset_id: AssetId, *, page: int, per_page: int, version_id: VersionId | None = None) -> Call:
    """An asset's comments, newest version or one (P1)."""
    return Call(
        name="list comments",
        method="GET",
        path=path("assets", "assets", asset_id, "segments"),
        query=(*query({"segment_type": "COMMENT", "version_id": version_id}), *numbered(page, per_page)),
        repeatable=True,
    )


def add_comment(
    asset_id: AssetId,
    *,
    words: str,
    external_id: str,
    version_id: VersionId | None,
    parent_id: str | None,
    at_ms: int | None,
    until_ms: int | None,
) -> Call:
    """A comment, timed or on the whole asset. ``external_id`` finds it again after an unanswered send (§16.17)."""
    body = {
        "segment_type": "COMMENT",
        "segment_text": words,
        "external_id": external_id or None,
        "version_id": version_id,
        "parent_id": parent_id,
        "time_start_milliseconds": at_ms,
        "time_end_milliseconds": until_ms if until_ms is not None else at_ms,
    }
    return Call(
        name="add comment",
        method="POST",
        path=path("assets", "assets", asset_id, "segments"),
        body=JSONBody(value={key: value for key, value in body.items() if value is not None}),
    )


def resolve_comment(asset_id: AssetId, segment_id: str, *, resolved: bool) -> Call:
    """Tick a comment off, or not; the type goes along because the vendor's document wants it (INFERRED)."""
    return Call(
        name="resolve comment",
        method="PATCH",
        path=path("assets", "assets", asset_id, "segments", segment_id),
        body=JSONBody(value={"segment_type": "COMMENT", "segment_checked": resolved}),
        repeatable=True,
    )


def read_approval(reply: Reply) -> Approval | None:
    """The approval; None when nobody asked and nobody decided. Raises: ShapeError."""
    return None if reply.status == 404 else read(reply, Approval)  # noqa: PLR2004


def read_decisions(reply: Reply) -> tuple[Decision, ...]:
    """Decisions. Raises: ShapeError."""
    return read_objects(reply, Decision)


def read_decision(reply: Reply) -> Decision:
    """One decision. Raises: ShapeError."""
    return read(reply, Decision)


def read_requested(reply: Reply) -> Approval | ApprovalRequested:
    """The approval, or the job that will make it when the answer was 202. Raises: ShapeError."""
    if reply.status == 202:  # noqa: PLR2004
        return read(reply, ApprovalRequested)
    return read(reply, Approval)


def read_comment(reply: Reply) -> Segment:
    """One comment. Raises: ShapeError."""
    return read(reply, Segment)


def read_comments(reply: Reply) -> tuple[Segment, ...]:
    """A page of comments. Raises: ShapeError."""
    return read_objects(reply, Segment)


def _of(what: Reviewed, object_id: str, version_id: VersionId | None, *steps: str) -> str:
    versioned = ("versions", version_id) if version_id else ()
    return path("assets", what.value, object_id, *versioned, *steps)
