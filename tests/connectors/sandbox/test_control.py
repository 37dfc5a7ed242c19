"""The control: time, faults, writes, deliveries and events, for those who hold the token."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.control import Commanded, build_control
from connectors.sandbox.events import EventPusher
from connectors.sandbox.faults import FaultBoard
from connectors.sandbox.open_calls import CountCalls, OpenCalls
from connectors.sandbox.writes import WriteLog

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
SECRET = "whsec_aGFyYm91ci1tdXR1YWwtc2FuZGJveA=="


class Desk:
    """A receiver that keeps what it was sent, and the control of a sandbox that sends to it."""

    def __init__(self) -> None:
        self.received: list[tuple[Mapping[str, str], bytes]] = []
        self.notified: list[tuple[str, Mapping[str, object]]] = []
        receiver = Starlette(routes=[Route("/events", self._receive, methods=["POST"])])
        self.clock, self.board = SandboxClock(NOON), FaultBoard()
        self.log, self.calls = WriteLog(self.clock), OpenCalls()
        self.app = build_control(
            Commanded(
                clock=self.clock,
                faults=self.board,
                writes=self.log,
                calls=self.calls,
                events=EventPusher(self.clock, wire=httpx.ASGITransport(app=receiver)),
                deliveries=lambda: [{"channel": "sms"}],
                notify={"cloudinary": lambda kind, body: self.notified.append((kind, body))},
            ),
            token="let-me-in",
        )

    async def _receive(self, request: Request) -> Response:
        self.received.append((dict(request.headers), await request.body()))
        return Response(status_code=202)

    def ask(self, method: str, path: str, body: object = None, *, token: str = "let-me-in") -> httpx.Response:
        async def run() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=self.app), base_url="http://control"
            ) as client:
                return await client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})

        return asyncio.run(run())

    def push(self, **options: object) -> httpx.Response:
        event = {"type": "message.bounced", "data": {"code": "5.1.1"}}
        return self.ask(
            "POST", "/events", {"url": "http://desk/events", "secret": SECRET, "events": [event], **options}
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_without_the_token_nothing_is_told(desk: Desk) -> None:
    """Any page in a browser could command the sandbox."""
    assert desk.ask("GET", "/clock", token="guess").status_code == 401


def test_the_clock_is_set_and_moved(desk: Desk) -> None:
    """Expiry could only be tested by waiting."""
    desk.ask("POST", "/clock", {"set": "2026-06-01T08:00:00Z"})

    told = desk.ask("POST", "/clock", {"advance_s": 3_600}).json()["now"]

    assert datetime.fromisoformat(told).replace(second=0, microsecond=0) == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "wish", [{}, {"set": "2026-06-01T08:00:00Z", "advance_s": 1}, {"set": "2026-06-01T08:00:00"}, {"advance_s": 1e300}]
)
def test_a_time_that_makes_no_sense_is_refused(desk: Desk, wish: object) -> None:
    """A naive time would shift every ticket by a time zone."""
    assert desk.ask("POST", "/clock", wish).status_code == 422


def test_faults_are_put_in_force_listed_and_taken_back(desk: Desk) -> None:
    """The tests' trouble would need a restart."""
    [added] = desk.ask("POST", "/faults", {"kind": "503", "system": "iconik", "count": 1}).json()
    struck = desk.board.strike("iconik", "GET", "/")
    listed = desk.ask("GET", "/faults").json()
    dropped = [desk.ask("DELETE", f"/faults/{added['id']}").status_code for _ in range(2)]

    assert struck is not None
    assert listed == [{**added, "met": 1, "struck": 1}]
    assert dropped == [204, 404]


def test_a_misspelt_fault_is_refused_with_a_sentence(desk: Desk) -> None:
    """It would do nothing, silently."""
    reply = desk.ask("POST", "/faults", {"kind": "503", "sytem": "iconik"})

    assert reply.status_code == 422
    assert "sytem" in reply.json()["error"]


def test_writes_are_listed_from_a_number_on(desk: Desk) -> None:
    """Who counts a long run would count some twice, or miss those that were dropped meanwhile."""
    scope = {"method": "POST", "path": "/x", "query_string": b"", "headers": []}
    for _ in range(3):
        desk.log.record(system="iconik", scope=scope, body_bytes=0, body_sha256="", status=200)

    assert [write["number"] for write in desk.ask("GET", "/writes?after=1").json()] == [2, 3]
    assert desk.ask("GET", "/writes?after=x").status_code == 422


def test_an_event_is_signed_as_the_standard_asks(desk: Desk) -> None:
    """Receivers would verify against our own idea of the standard."""
    desk.push()

    [(headers, body)] = desk.received
    Webhook(SECRET).verify(body, dict(headers))
    event = json.loads(body)
    assert (event["type"], event["data"]) == ("message.bounced", {"code": "5.1.1"})
    assert event["timestamp"].startswith("2026-05-12T12:0")


def test_a_copy_keeps_its_id(desk: Desk) -> None:
    """Deduplication could not be tried."""
    desk.push(copies=3)

    assert len(desk.received) == 3
    assert len({headers["webhook-id"] for headers, _ in desk.received}) == 1


def test_a_bad_signature_does_not_verify(desk: Desk) -> None:
    """The receiver's refusal could not be tried."""
    desk.push(bad_signature=True)

    [(headers, body)] = desk.received
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(SECRET).verify(body, dict(headers))


def test_events_can_come_in_the_wrong_order(desk: Desk) -> None:
    """Folding by event time could not be tried."""
    events: list[dict[str, object]] = [{"type": kind, "data": {}} for kind in ("generated", "posted", "opened")]

    desk.push(events=events, out_of_order=True)

    assert [json.loads(body)["type"] for _, body in desk.received] == ["opened", "posted", "generated"]


def test_withheld_events_come_when_they_are_released(desk: Desk) -> None:
    """A missing event could not be told from a late one."""
    desk.push(withhold=True)
    before = len(desk.received)
    waiting = desk.ask("GET", "/events").json()
    released = desk.ask("POST", "/events/release").json()

    assert before == 0
    assert waiting[0]["events"][0]["type"] == "message.bounced"
    assert [posted["status"] for posted in released] == [202]
    assert len(desk.received) == 1


def test_forgotten_events_never_come(desk: Desk) -> None:
    """One test's events would reach the next."""
    desk.push(withhold=True)
    desk.ask("DELETE", "/events")

    assert desk.ask("POST", "/events/release").json() == []


@pytest.mark.parametrize("secret", ["", "whsec_", "no base64 at all"])
def test_a_secret_that_is_none_is_refused(desk: Desk, secret: str) -> None:
    """Events would go out unsigned."""
    assert desk.push(secret=secret).status_code == 422


def test_a_vendor_notifies_in_its_own_way(desk: Desk) -> None:
    """Cloudinary's own signatures could not be tried."""
    known = desk.ask("POST", "/events/cloudinary", {"type": "upload", "data": {"public_id": "a"}})
    unknown = desk.ask("POST", "/events/iconik", {"type": "upload", "data": {}})

    assert (known.status_code, unknown.status_code) == (202, 404)
    assert desk.notified == [("upload", {"public_id": "a"})]


def test_deliveries_are_shown(desk: Desk) -> None:
    """Nobody could count what reached the customer."""
    assert desk.ask("GET", "/deliveries").json() == [{"channel": "sms"}]


def test_a_call_is_open_until_it_was_carried_out(desk: Desk) -> None:
    """Whoever counts what a killed desk left behind would count before the vendor has acted."""
    seen: list[object] = []

    async def vendor(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(desk.calls.to_json())
        await Response(status_code=204)(scope, receive, send)

    async def run() -> None:
        wire = httpx.ASGITransport(app=CountCalls(vendor, calls=desk.calls))
        async with httpx.AsyncClient(transport=wire, base_url="http://vendor") as client:
            await client.post("/things")
            await client.get("/things")

    asyncio.run(run())

    assert seen == [{"begun": 1, "open": [1]}, {"begun": 1, "open": []}]
    assert desk.ask("GET", "/calls").json() == {"begun": 1, "open": []}
