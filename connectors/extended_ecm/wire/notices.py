"""Mail digests, reminders, and reports by nickname (contract 11)."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply, segment
from connectors.extended_ecm.access_models import Interest, Reminder, ReportParameter
from connectors.extended_ecm.models import MemberId, NodeId
from connectors.extended_ecm.wire.asking import ask, wish
from connectors.extended_ecm.wire.reading import read_data, read_entry, read_moment, read_results


class _Interests(msgspec.Struct, frozen=True):
    interests: tuple[Interest, ...]


class _Said(msgspec.Struct, frozen=True):
    followup_id: int
    description: str | None = None
    due_date: str | None = None
    status: int | None = None
    followup_type: int | None = None


class _FollowUp(msgspec.Struct, frozen=True):
    followup: _Said


class _FollowUpEntry(msgspec.Struct, frozen=True):
    data: _FollowUp


class _FollowUps(msgspec.Struct, frozen=True):
    followups: tuple[_FollowUpEntry, ...] = ()


def interests(node_id: NodeId) -> Call:
    """What whoever is signed in is told about a node."""
    return ask("interests", f"/v2/notifications/interests/nodes/{node_id}")


def set_interests(node_id: NodeId, reports: Mapping[int, int]) -> Call:
    """Interest → report. Those not named are reset to 0 (CONFIRMED), so send all that are wanted."""
    listed = [{"id": number, "report": report} for number, report in reports.items()]
    path = f"/v2/notifications/interests/nodes/{node_id}"
    return wish("set interests", "PUT", path, {"interests": listed}, repeatable=True)


def read_interests(reply: Reply) -> tuple[Interest, ...]:
    """Raises: ShapeError."""
    return read_entry(reply, _Interests).interests


def reminders(node_id: NodeId) -> Call:
    """The reminders on a node."""
    return ask("reminders", f"/v2/nodes/{node_id}/followups")


def read_reminders(reply: Reply, zone: tzinfo) -> tuple[Reminder, ...]:
    """Raises: ShapeError."""
    said = (each.data.followup for each in read_results(reply, _FollowUps).followups)
    return tuple(
        Reminder(
            id=each.followup_id,
            description=each.description or "",
            due=read_moment(reply, each.due_date, zone),
            status=each.status,
            kind=each.followup_type,
        )
        for each in said
    )


def remind(node_id: NodeId, *, recipients: Sequence[MemberId], due: date, description: str, kind: int) -> Call:
    """Remind people. The number of the new one is told by releases from 26.2 on alone (CONFIRMED)."""
    said: dict[str, object] = {
        "RSTYPE": str(kind),
        "RSRULE": "0",
        "RSDATE": f"{due.isoformat()}T00:00:00",
        "RSDESCRIPTION": description,
        "recipients": list(recipients),
    }
    data = msgspec.json.encode(said).decode()
    return Call(
        name="remind",
        method="POST",
        path=f"/api/v2/resubmission/{node_id}/addreminder",
        body=FormBody(fields=(("data", data),)),
    )


def report(nickname: str, parameters: Mapping[str, str]) -> Call:
    """What a report prints; it may be anything."""
    return ask("report", f"/v1/webreports/{segment(nickname)}", tuple(parameters.items()))


def report_parameters(nickname: str) -> Call:
    """What a report asks for."""
    return ask("parameters of a report", f"/v1/webreports/{segment(nickname)}/parameters")


def read_report_parameters(reply: Reply) -> tuple[ReportParameter, ...]:
    """Raises: ShapeError."""
    return read_data(reply, tuple[ReportParameter, ...])
