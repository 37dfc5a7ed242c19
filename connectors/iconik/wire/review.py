"""Approvals: requests, decisions and their withdrawal, in the ``assets`` service (wire contract "iconik", §12)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import (
    Approval,
    ApprovalRequested,
    ApprovalStatus,
    Decision,
    JobStarted,
    UserId,
    VersionId,
)
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.operations import Operation, change, drop, fetch_all
from connectors.iconik.wire.reading import read


class Reviewed(StrEnum):
    """What can be approved."""

    ASSETS = "assets"
    COLLECTIONS = "collections"


def get_approval(what: Reviewed, object_id: str, *, version_id: VersionId | None = None) -> Operation[Approval | None]:
    """The request and what came of it; None, a 404 here, when nobody asked and nobody decided."""
    call = Call(
        name="read approval",
        method="GET",
        path=_of(what, object_id, version_id, "approvals", "request"),
        repeatable=True,
        accepts=frozenset({404}),
    )
    return Operation(call=call, read=_approval)


def list_decisions(
    what: Reviewed, object_id: str, *, version_id: VersionId | None = None
) -> Operation[tuple[Decision, ...]]:
    """Every reviewer's decision so far."""
    return fetch_all("read decisions", _of(what, object_id, version_id, "approvals"), Decision)


def decide(what: Reviewed, object_id: str, status: ApprovalStatus) -> Operation[Decision]:
    """The caller's own decision: APPROVED or NOT_APPROVED. It has no room for a reason.

    Without an answer it is looked up, and not given once more unseen (docs/decisions/0008).
    """
    body = {"status": status.value}
    return change("decide", "PUT", _of(what, object_id, None, "approvals"), Decision, body, repeatable=False)


def withdraw(what: Reviewed, object_id: str) -> Operation[None]:
    """Take the caller's decision back; one that was never made is an answer."""
    return drop("withdraw decision", _of(what, object_id, None, "approvals"))


def withdraw_of_user(what: Reviewed, object_id: str, user_id: UserId) -> Operation[None]:
    """Take another user's decision back."""
    return drop("withdraw decision of user", _of(what, object_id, None, "approvals", "user", user_id))


def withdraw_of_external(what: Reviewed, object_id: str, email: str) -> Operation[None]:
    """Take the decision of a reviewer without an account back."""
    return drop("withdraw decision of external", _of(what, object_id, None, "approvals", "external", email))


def request_approval(
    what: Reviewed,
    object_id: str,
    *,
    users: Sequence[UserId],
    groups: Sequence[str],
    externals: Sequence[str],
    min_number: int,
) -> Operation[Approval | ApprovalRequested]:
    """Ask people for their approval; iconik mails them, so it is not repeatable. 202 with a job for collections."""
    call = Call(
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
    return Operation(call=call, read=_requested)


def edit_request(what: Reviewed, object_id: str, changes: Mapping[str, object]) -> Operation[Approval]:
    """Change who is asked, or how many must agree, by the vendor's names."""
    return change(
        "change approval request", "PATCH", _of(what, object_id, None, "approvals", "request"), Approval, changes
    )


def cancel_request(what: Reviewed, object_id: str) -> Operation[None]:
    """End a request; one that is already gone is an answer."""
    return drop("cancel approval request", _of(what, object_id, None, "approvals", "request"))


def decide_many(what: Reviewed, object_ids: Sequence[str], status: ApprovalStatus) -> Operation[JobStarted]:
    """One decision on many things, as a job."""
    body = {"object_ids": list(object_ids), "object_type": what.value, "status": status.value}
    return change("decide on many", "POST", path("assets", "approvals", "bulk"), JobStarted, body)


def withdraw_many(what: Reviewed, object_ids: Sequence[str]) -> Operation[JobStarted]:
    """Take the decisions on many things back, as a job."""
    body = {"object_ids": list(object_ids), "object_type": what.value}
    return change("withdraw on many", "POST", path("assets", "approvals", "bulk_remove"), JobStarted, body)


def _approval(reply: Reply) -> Approval | None:
    return None if reply.status == 404 else read(reply, Approval)  # noqa: PLR2004


def _requested(reply: Reply) -> Approval | ApprovalRequested:
    if reply.status == 202:  # noqa: PLR2004
        return read(reply, ApprovalRequested)
    return read(reply, Approval)


def _of(what: Reviewed, object_id: str, version_id: VersionId | None, *steps: str) -> str:
    versioned = ("versions", version_id) if version_id else ()
    return path("assets", what.value, object_id, *versioned, *steps)
