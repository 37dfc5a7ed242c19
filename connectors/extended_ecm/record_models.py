"""Holds, records and their retention as the desk reads them. Times are aware UTC.

Source: wire contract "extended-ecm", section 9 (CONFIRMED unless marked).
"""

from datetime import datetime

import msgspec

from connectors.extended_ecm.models import NodeId


class NodeHold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that freezes a node, direct or inherited."""

    hold_id: int
    hold_name: str
    hold_type: str = ""
    hold_appliedmethod: str = ""
    active: int | None = None
    applied_by: str | None = None
    date_applied: datetime | None = None
    removable: bool = False
    """Show one that is not, without a button (CONFIRMED)."""
    queryid: int | None = None
    userid: int | None = None
    docxreftyp: str | None = None
    """What brought an indirect hold; lifting it needs what is set here (CONFIRMED)."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold of the server."""

    id: int = msgspec.field(name="HoldID")
    name: str = msgspec.field(name="HoldName")
    kind: str = msgspec.field(name="HoldType", default="")
    active: int = msgspec.field(name="ActiveHold", default=1)
    applied_at: datetime | None = msgspec.field(name="DateApplied", default=None)
    comment: str | None = msgspec.field(name="HoldComment", default=None)
    alternate_id: str | None = msgspec.field(name="AlternateHoldID", default=None)


class RecordDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a document a record."""

    rmclassification_id: NodeId
    file_number: str = ""
    rsi: str = ""
    """The retention schedule."""
    record_date: datetime | None = None
    file_status: str | None = None
    status: str | None = None
    """The same as ``file_status``: R says one, P's quoted reply the other (CONFIRMED both)."""
    official: bool = False
    essential: str | None = None
    storage: str | None = None
    status_date: datetime | None = None

    @property
    def standing(self) -> str | None:
        """The status, in whichever spelling it came."""
        return self.file_status or self.status


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of one record series (RSI) of the server."""

    name: str = msgspec.field(name="RSIName", default="")
    title: str | None = msgspec.field(name="Title", default=None)
    stage: str | None = msgspec.field(name="RetStage", default=None)
    years: int | None = msgspec.field(name="RetentionYears", default=None)
    disposition: str | None = msgspec.field(name="Disposition", default=None)


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A word that records management allows in one of its lists."""

    code: str
    description: str | None = None


class Classification(msgspec.Struct, frozen=True, kw_only=True):
    """A plain classification on a node."""

    id: NodeId
    name: str = ""


class RetentionStage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a retention schedule as it applies to a document."""

    stage: str = msgspec.field(name="Stage")
    rule: str | None = msgspec.field(name="RetentionRule", default=None)
    ends_at: datetime | None = msgspec.field(name="CalculatedDate", default=None)
    disposition: str | None = msgspec.field(name="Disposition", default=None)
    permanent: bool = msgspec.field(name="Permanent", default=False)
    event_based: bool = msgspec.field(name="EventBased", default=False)
    met_event: str | None = msgspec.field(name="MetEventRule", default=None)
    """The rule that says when the event has come; None where there is none."""
    starts_from: str | None = msgspec.field(name="DateToUse", default=None)
    years: int | None = msgspec.field(name="RetentionYears", default=None)
    months: int | None = msgspec.field(name="RetentionMonths", default=None)
    """INFERRED, as ``days``: the contract's list ends with an ellipsis after the years."""
    days: int | None = msgspec.field(name="RetentionDays", default=None)
