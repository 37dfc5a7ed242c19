"""Approvals: requests, decisions and what they add up to (wire contract "iconik", §12).

Decisions belong to a version, so a new version starts without any (INFERRED). A collection's standing is the sum of
its assets' (INFERRED); deciding on one decides on every asset in it (CHOSEN).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from connectors.sandbox.iconik.identity import stamp, stamp_or_none
from connectors.sandbox.iconik.records import AssetRecord, UserRecord, VersionRecord
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.world import AssetStanding

NOT_ASKED: Final = "N/A"
REQUESTED: Final = "REQUESTED"
APPROVED: Final = "APPROVED"
NOT_APPROVED: Final = "NOT_APPROVED"
MIXED: Final = "MIXED"


@dataclass(slots=True, kw_only=True)
class DecisionRecord:
    """What one reviewer said; ``reviewer`` is a user's id, or a mail address with ``is_external``."""

    reviewer: str
    status: str
    at: datetime
    is_external: bool = False

    def write(self, object_type: str, object_id: str, version_id: str | None) -> dict[str, Any]:
        """As the vendor shows it."""
        return {
            "status": self.status,
            "user": None if self.is_external else self.reviewer,
            "external": self.reviewer if self.is_external else None,
            "change_date": stamp(self.at),
            "object_id": object_id,
            "object_type": object_type,
            "version_id": version_id,
        }


@dataclass(slots=True, kw_only=True)
class RequestRecord:
    """Who was asked, and how many must agree."""

    requested_by: str
    at: datetime
    users: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    externals: list[str] = field(default_factory=list)
    min_number: int = 1
    share_id: str | None = None


@dataclass(slots=True, kw_only=True)
class VersionApproval:
    """All that is known about one version's approval."""

    request: RequestRecord | None = None
    decisions: dict[str, DecisionRecord] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """MIXED when reviewers disagree (INFERRED); APPROVED once enough of them did."""
        said = {decision.status for decision in self.decisions.values()}
        if said == {APPROVED, NOT_APPROVED}:
            return MIXED
        if said == {NOT_APPROVED}:
            return NOT_APPROVED
        if said == {APPROVED} and (self.request is None or len(self.decisions) >= self.request.min_number):
            return APPROVED
        return REQUESTED if self.request else NOT_ASKED

    @property
    def changed_at(self) -> datetime | None:
        """When the last decision was made."""
        return max((decision.at for decision in self.decisions.values()), default=None)

    def status_for(self, user: UserRecord) -> str:
        """A user's own decision; REQUESTED while one is waited for."""
        decision = self.decisions.get(user.id)
        if decision is not None:
            return decision.status
        return REQUESTED if self.request and user.id in self.request.users else NOT_ASKED


class Approvals:
    """The approval of every version, seeded from where the world's assets stand."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._by_version: dict[str, VersionApproval] = {}
        self._reviewers = [
            tenant.user_by_name(person.full_name) for person in tenant.world.people if "reviewer" in person.role.lower()
        ] or [tenant.default_user]

    def of(self, version: VersionRecord) -> VersionApproval:
        """A version's approval; an empty one when nobody asked and nobody decided."""
        return self._by_version.get(version.id) or self._seeded(version)

    def changing(self, version: VersionRecord) -> VersionApproval:
        """The same, to be written to."""
        return self._by_version.setdefault(version.id, self.of(version))

    def decide(self, version: VersionRecord, user: UserRecord, status: str) -> DecisionRecord:
        """Record a user's decision, in the place of an earlier one."""
        decision = DecisionRecord(reviewer=user.id, status=status, at=self._tenant.now())
        self.changing(version).decisions[user.id] = decision
        return decision

    def write(self, asset: AssetRecord, version: VersionRecord, user: UserRecord) -> dict[str, Any]:
        """One asset's approval as ``user`` sees it."""
        approval = self.of(version)
        decisions = [decision.write("assets", asset.id, version.id) for decision in approval.decisions.values()]
        return {
            **_request(approval.request),
            "object_id": asset.id,
            "object_type": "assets",
            "version_id": version.id,
            "status": approval.status,
            "user_status": approval.status_for(user),
            "change_date": stamp_or_none(approval.changed_at),
            "approvals_by": decisions,
        }

    def write_collection(self, collection_id: str, assets: Iterable[AssetRecord], user: UserRecord) -> dict[str, Any]:
        """A collection's approval: that of its assets where they agree, else MIXED."""
        parts = [self.of(asset.newest) for asset in assets]
        requests = [part.request for part in parts if part.request]
        changed = [part.changed_at for part in parts if part.changed_at]
        return {
            **_request(requests[0] if requests else None),
            "object_id": collection_id,
            "object_type": "collections",
            "version_id": None,
            "status": summed(part.status for part in parts),
            "user_status": summed(part.status_for(user) for part in parts),
            "change_date": stamp_or_none(max(changed, default=None)),
            "approvals_by": [],
        }

    def _seeded(self, version: VersionRecord) -> VersionApproval:
        """What the world says of a version: asked for by who made it, and decided by the first reviewer."""
        match version.standing:
            case None | AssetStanding.DRAFT:
                return VersionApproval()
            case AssetStanding.IN_REVIEW:
                decided = None
            case AssetStanding.REJECTED:
                decided = NOT_APPROVED
            case _:
                decided = APPROVED
        others = [reviewer for reviewer in self._reviewers if reviewer.id != version.owner] or self._reviewers
        approval = VersionApproval()
        approval.request = RequestRecord(
            requested_by=version.owner,
            at=version.created_at,
            users=list(dict.fromkeys([*(reviewer.id for reviewer in others), self._tenant.default_user.id])),
        )
        if decided:
            first = others[0]
            approval.decisions[first.id] = DecisionRecord(reviewer=first.id, status=decided, at=version.created_at)
        return approval


def summed(statuses: Iterable[str]) -> str:
    """One word for many: theirs where they agree, MIXED where they do not, N/A for none."""
    said = set(statuses)
    return said.pop() if len(said) == 1 else MIXED if said else NOT_ASKED


def _request(request: RequestRecord | None) -> dict[str, Any]:
    if request is None:
        return {"requested_by": None, "request_date": None, "users": [], "groups": [], "externals": [], "min_number": 1}
    return {
        "requested_by": request.requested_by,
        "request_date": stamp(request.at),
        "users": request.users,
        "groups": request.groups,
        "externals": request.externals,
        "min_number": request.min_number,
        "share_id": request.share_id,
    }
