"""Runs by the clock and prints from what was sorted and kept. Source: contract 1.3, 1.4 and 3 (CONFIRMED names)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

import msgspec

from connectors.exstream.moments import Dated, RawMoment


class CronType(StrEnum):
    """What a schedule does. Only ``startJob`` composes; the others clean up (contract 1.3 names ``startJob``)."""

    START_JOB = "startJob"
    MARK_DELETED = "markDeleted"
    WIPE = "wipe"
    UPDATE_EXPIRATION_TIME = "updateExpirationTime"
    WIPE_SORTING_ASSETS = "wipeSortingAssets"
    EXPIRE_SORTING_ASSETS = "expireSortingAssets"
    SORTING_AND_BUNDLING = "sortingAndBundling"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> Self:
        del value
        return cls("unknown")


class CronJob(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A run by the clock: a channel is given an input path at the times of a cron expression."""

    id: str = ""
    """The vendor's; empty for one that is to be made."""
    name: str
    cron_expression: str
    cron_type: CronType = CronType.START_JOB
    channel_name: str = ""
    input_path: str = ""
    headers: Mapping[str, str] = {}
    mode: str = "BATCH"
    enabled: bool = True

    def __repr__(self) -> str:
        # An input path is a house's own, and headers carry flow variables that may name people.
        return f"CronJob(id={self.id!r}, name={self.name!r}, cron_expression={self.cron_expression!r})"

    def to_json(self) -> Mapping[str, object]:
        """As the vendor takes it."""
        told: dict[str, object] = msgspec.to_builtins(self)
        if not self.id:
            del told["id"]
        return told


class PostSort(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A print from the sorted store. ``customer_list`` is such as ``2,7,14-50``: positions in the run."""

    flow_model_id: str
    customer_list: str = ""
    post_sort_queue_name: str = ""
    dry_run: bool = False
    external_id: str = ""
    filter: Mapping[str, object] = {}
    """``jobIds``, ``communicationIds``, ``queueNames`` …"""

    def to_json(self) -> Mapping[str, object]:
        """As the vendor takes it, without what was not said."""
        told: dict[str, object] = msgspec.to_builtins(self)
        return told


class SortingState(StrEnum):
    """Where a sorting asset stands. ``all`` is a filter's word, not a state."""

    WAITING = "waiting"
    PROCESSED = "processed"
    EXPIRED = "expired"
    CANCELED = "canceled"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> Self:
        del value
        return cls("unknown")


class SortingAsset(Dated, frozen=True, kw_only=True, rename="camel"):
    """What one run left behind to be sorted, bundled and printed."""

    dates = ("creation_date",)

    id: str
    job_id: str = ""
    flow_step_id: str = ""
    flow_model_id: str = ""
    communication_id: str | None = None
    state: SortingState = SortingState.UNKNOWN
    queue_name: str = ""
    customers_count: int | None = None
    creation_date: RawMoment = None
