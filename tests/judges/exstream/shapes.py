"""The contract's shapes as a stranger writes them down: keys with their types or their words, checked recursively."""

import re
from collections.abc import Mapping
from typing import Any, Final

Shape = Any
"""A type, a union of types, a set of words, ``{key: shape}``, ``[shape]`` for every item, or a compiled pattern."""

ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MS: Final = int
"""Epoch milliseconds."""

PAGE: Final = {
    "status": {"success"},
    "data": list,
    "page": {"pageSize": int, "pageOffset": int, "totalElements": int, "totalPages": int, "currentPageNumber": int},
}
STATES: Final = {"DRAFT", "REVIEW", "APPROVED", "REJECTED"}
RESOURCE: Final = {
    "id": UUID,
    "version": int,
    "name": str,
    "type": str,
    "state": STATES,
    "stateComment": str | None,
    "latestVersion": bool,
    "locked": bool,
    "lockedBy": str | None,
    "createdBy": str,
    "lastModifiedBy": str,
    "lastModifiedDate": ISO,
    "effectiveStart": str | None,
    "effectiveEnd": str | None,
    "standardVariantId": str | None,
    "metadata": dict,
    "contentMimeType": str,
    "approvalInfo": {
        "state": STATES,
        "pending": bool,
        "approvals": [{"role": str, "level": int, "approved": bool}],
    },
}
JOB_WORDS: Final = {"uninitialized", "waiting", "holding", "started", "complete", "error", "canceled", "deleted"}
INSTANCE_WORDS: Final = {"waiting", "holding", "started", "finishing", "complete", "error", "canceled"}
STEP_WORDS: Final = {
    "created",
    "waiting",
    "holding",
    "started",
    "executed",
    "complete",
    "error",
    "canceled",
    "filtered",
    "expired",
}
STEP_KINDS: Final = {
    "input",
    "communication",
    "output",
    "decider",
    "processor",
    "aggregator",
    "delay",
    "hold",
    "externalFlow",
}
JOB: Final = {
    "id": str,
    "channel": str,
    "mode": {"BATCH", "ONDEMAND"},
    "status": JOB_WORDS,
    "msg": str | None,
    "triggeredBy": str,
    "startDate": MS,
    "endDate": int | None,
    "externalId": str | None,
    "traceId": str,
    "simulation": bool,
}
INSTANCE: Final = {
    "id": UUID,
    "jobId": str,
    "flowModelId": UUID,
    "flowModelSnapshotId": UUID,
    "domainId": str,
    "status": INSTANCE_WORDS,
    "startDate": MS,
    "endDate": int | None,
    "expirationDate": int | None,
    "externalId": str | None,
    "flowModelType": {"COMMUNICATION", "ALERT", "NOTIFICATION"},
}
STEP: Final = {"id": UUID, "status": STEP_WORDS, "stepType": STEP_KINDS, "deliveryFileRetrievable": bool}
SORTING: Final = {
    "id": UUID,
    "jobId": str,
    "state": {"waiting", "processed", "expired", "canceled"},
    "queueName": str,
}
SERVICE_ERROR: Final = {
    "timestamp": MS,
    "status": int,
    "error": str,
    "message": str,
    "details": str,
    "errorCode": int,
    "path": str,
}
ENGINE_ERROR: Final = {
    "status": {"error"},
    "data": [{"errorMessage": str, "statusCode": str, "engineOutputContext": {"queueName": str}}],
}
INPUT_ERROR: Final = {"status": {"error"}, "message": str, "details": str}


def one(item: Shape) -> Shape:
    """An object in the service's envelope."""
    return {"status": {"success"}, "data": item}


def many(item: Shape) -> Shape:
    """A list in the service's envelope."""
    return one([item])


def paged(item: Shape) -> Shape:
    """A page of items."""
    return {**PAGE, "data": [item]}


def complaints(value: object, shape: Shape, at: str = "$") -> list[str]:
    """Where ``value`` is not what ``shape`` says; empty when it is. Keys beside the named ones are let pass."""
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            return [f"{at} is {type(value).__name__}, not an object"]
        missing = [f"{at}.{key} is missing" for key in shape if key not in value]
        known = ((key, each) for key, each in shape.items() if key in value)
        return missing + [said for key, each in known for said in complaints(value[key], each, f"{at}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return [f"{at} is no list of anything"]
        return [said for place, each in enumerate(value) for said in complaints(each, shape[0], f"{at}[{place}]")]
    if isinstance(shape, set):
        return [] if value in shape else [f"{at} is {value!r}, not one of {sorted(shape)}"]
    if isinstance(shape, re.Pattern):
        return [] if isinstance(value, str) and shape.fullmatch(value) else [f"{at} is {value!r}"]
    # A claim is no number, though Python takes it for one.
    if isinstance(value, bool) and shape is not bool:
        return [f"{at} is a claim, not {shape}"]
    return [] if isinstance(value, shape) else [f"{at} is {type(value).__name__}, not {shape}"]
