"""Exstream's nouns for what ran: outputs, jobs, flow instances, steps, artifacts, events. Names are the vendor's."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

import msgspec

from connectors.exstream.media import judged_type
from connectors.exstream.moments import Dated, RawMoment, moment


class RunState(StrEnum):
    """How far a job, an instance or a step has come (contract 3: names CONFIRMED, arrows INFERRED)."""

    UNINITIALIZED = "uninitialized"
    CREATED = "created"
    WAITING = "waiting"
    HOLDING = "holding"
    STARTED = "started"
    EXECUTED = "executed"
    FINISHING = "finishing"
    COMPLETE = "complete"
    ERROR = "error"
    CANCELED = "canceled"
    FILTERED = "filtered"
    EXPIRED = "expired"
    DELETED = "deleted"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> Self:
        del value
        return cls("unknown")

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen. An unknown word is not final."""
        return self in _FINAL


_FINAL = frozenset(
    {
        RunState.COMPLETE,
        RunState.ERROR,
        RunState.CANCELED,
        RunState.FILTERED,
        RunState.EXPIRED,
        RunState.DELETED,
    }
)


class _Run(Dated, frozen=True, kw_only=True, rename="camel"):
    dates = ("start_date", "end_date")

    id: str
    status: str
    """The vendor's own word; :attr:`state` is what we know of it."""
    start_date: RawMoment = None
    end_date: RawMoment = None

    @property
    def state(self) -> RunState:
        """The state, or ``UNKNOWN`` for a word that nobody published."""
        return RunState(self.status)

    @property
    def started_at(self) -> datetime | None:
        """When it began."""
        return moment(self.start_date)

    @property
    def ended_at(self) -> datetime | None:
        """When it ended; None while it runs."""
        return moment(self.end_date)


class Job(_Run, frozen=True, kw_only=True, rename="camel"):
    """One run of an input channel. Source: contract 2.6 (CONFIRMED). ``complete`` means that the flow ended."""

    channel: str = ""
    mode: str = ""
    """``BATCH`` or ``ONDEMAND``."""
    msg: str | None = None
    triggered_by: str | None = None
    external_id: str | None = None
    flow_model_type: str | None = None
    trace_id: str | None = None
    simulation: bool = False


class FlowInstance(_Run, frozen=True, kw_only=True, rename="camel"):
    """One flow within a job. Source: contract 2.6 (CONFIRMED)."""

    job_id: str = ""
    flow_model_id: str | None = None
    domain_id: str | None = None
    external_id: str | None = None
    flow_model_type: str | None = None
    input_retrievable: bool = False


class FlowStep(_Run, frozen=True, kw_only=True, rename="camel"):
    """One step of a flow instance. Source: contract 1.4 (CONFIRMED step kinds; key names INFERRED)."""

    flow_instance_id: str = ""
    step_name: str = ""
    display_name: str | None = None
    step_type: str = ""
    """``input``, ``communication``, ``output``, ``decider`` …"""
    delivery_file_retrievable: bool = False
    message_file_retrievable: bool = False
    msg: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.display_name or self.step_name


class OutputContext(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where an output comes from. Source: contract 2.4 (CONFIRMED but for ``job_id``, which is CHOSEN)."""

    queue_name: str = ""
    file_name: str = ""
    customer_number: str = ""
    job_id: str | None = None


class Enveloped(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    mime_type: str = ""
    content: str = ""
    engine_output_context: OutputContext = OutputContext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One composed document. ``content`` is exactly what the engine sent, decoded from base64."""

    mime_type: str
    content: bytes = field(repr=False)
    context: OutputContext = field(repr=False, default=OutputContext())

    @property
    def judged_type(self) -> str:
        """What it is by its first bytes, whatever the engine claims."""
        return judged_type(self.content)

    @classmethod
    def from_envelope(cls, enveloped: Enveloped) -> Self:
        """Raises: ValueError when the content is not base64."""
        try:
            content = base64.b64decode(enveloped.content, validate=True)
        except binascii.Error as error:
            raise ValueError("content that is not base64") from error
        return cls(mime_type=enveloped.mime_type, content=content, context=enveloped.engine_output_context)


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many flow instances began on a date and stand in a status. Source: contract 1.4 (the keys are INFERRED)."""

    date: str
    """A day, a month or a year, as the service groups them."""
    status: str
    count: int


class EmailEvent(Dated, frozen=True, kw_only=True, rename="camel"):
    """One event of a mail. Source: contract 1.5 (CONFIRMED keys, labelled internal by the vendor)."""

    dates = ("event_date",)

    event_id: str | int
    job_id: str | None = None
    tracker_id: str | None = None
    event_type: str = ""
    event_status: str | None = None
    event_ref: str | None = None
    event_date: RawMoment = None
    processing_state: str | int | None = None
    connector_type: str | None = None
    cust_metadata_id: str | None = None

    @property
    def happened_at(self) -> datetime | None:
        """When it happened, by the vendor's clock."""
        return moment(self.event_date)


class ChannelEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event of document generation or of a channel other than mail, as event JSON. Source: contract 2.8."""

    expctr: Mapping[str, object] = {}
    user: Mapping[str, object] = {}
    exstream_email_statistics: Mapping[str, object] | None = None
    exstream_job: Mapping[str, object] | None = None

    @property
    def schema_type(self) -> str:
        """``Exstream-Generated``, ``Exstream-Email-OPEN`` …"""
        return str(self.expctr.get("schemaType") or "")
