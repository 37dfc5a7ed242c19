"""The log of writes: what reached a system, without bodies and secrets."""

import asyncio
import hashlib
from datetime import UTC, datetime

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.faults import FaultBoard, FaultKind, FaultRule, Faults
from connectors.sandbox.writes import RecordWrites, WriteLog


async def answer(request: Request) -> Response:
    await request.body()
    return Response(status_code=201)


VENDOR = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "DELETE"])])


def perform(app: ASGIApp, *requests: httpx.Request) -> None:
    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
            for request in requests:
                await client.send(request)

    asyncio.run(run())


def test_a_write_is_noted_and_a_reading_is_not() -> None:
    """Doubles could not be counted."""
    log = WriteLog(SandboxClock(datetime(2026, 5, 12, 9, 0, tzinfo=UTC)))
    app = RecordWrites(VENDOR, system="iconik", log=log)

    perform(
        app,
        httpx.Request("GET", "http://iconik/things"),
        httpx.Request(
            "POST", "http://iconik/things?b=2&a=secret", content=b"hello", headers={"Idempotency-Key": "k-1"}
        ),
    )

    [write] = log.listed()
    assert (write.system, write.method, write.path, write.status) == ("iconik", "POST", "/things", 201)
    assert write.query_keys == ("a", "b")
    assert write.body_bytes == 5
    assert write.body_sha256 == hashlib.sha256(b"hello").hexdigest()
    assert write.keys == {"idempotency-key": "k-1"}
    assert write.at.date() == datetime(2026, 5, 12, tzinfo=UTC).date()


def test_no_value_of_a_body_or_query_is_kept() -> None:
    """The log would hand out passwords."""
    log = WriteLog(SandboxClock())
    app = RecordWrites(VENDOR, system="otds", log=log)

    perform(app, httpx.Request("POST", "http://otds/token?ticket=hush", content=b"password=hush"))

    assert "hush" not in str([write.to_json() for write in log.listed()])


def test_writes_are_listed_by_system_and_method() -> None:
    """A test of one system would count the others' writes."""
    log = WriteLog(SandboxClock())

    perform(RecordWrites(VENDOR, system="iconik", log=log), httpx.Request("PUT", "http://x/1"))
    perform(RecordWrites(VENDOR, system="core_dam", log=log), httpx.Request("DELETE", "http://x/2"))

    assert [write.path for write in log.listed(system="iconik")] == ["/1"]
    assert [write.path for write in log.listed(method="delete")] == ["/2"]
    assert [write.number for write in log.listed()] == [1, 2]


def test_a_write_that_a_fault_kept_away_did_not_happen() -> None:
    """A refused and repeated send would look like a double."""
    log, board = WriteLog(SandboxClock()), FaultBoard()
    board.add(FaultRule(kind=FaultKind.UNAVAILABLE, count=1))
    app = Faults(RecordWrites(VENDOR, system="iconik", log=log), system="iconik", board=board)

    perform(app, httpx.Request("POST", "http://x/send"), httpx.Request("POST", "http://x/send"))

    assert len(log.listed()) == 1
