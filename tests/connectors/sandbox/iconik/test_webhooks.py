"""Writes reach whoever asked to be told, and only them."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import msgspec
import pytest

from connectors.sandbox.iconik.events import event_of, fits
from tests.connectors.sandbox.iconik.desk import Desk

HOOKS = "/API/notifications/v1/webhooks/"


class Receiver:
    """Somebody's server, on a port of its own."""

    def __init__(self, status: int = 200) -> None:
        got: list[tuple[dict[str, str], Any]] = []
        self.got = got

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((dict(self.headers), msgspec.json.decode(body)))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
                del format, args

        self._server = HTTPServer(("127.0.0.1", 0), Door)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One that takes everything."""
    opened = Receiver()
    yield opened
    opened.close()


def hooked(desk: Desk, url: str, **facts: object) -> str:
    """A webhook's id."""
    body = {"event_type": "assets", "url": url, "status": "ENABLED", **facts}
    made = desk.ask("POST", HOOKS, json=body)
    assert made.status_code == 201
    return str(made.json()["id"])


@pytest.mark.contract("iconik 14.b5")
def test_a_change_is_told_with_the_secret_that_was_agreed(desk: Desk, receiver: Receiver) -> None:
    """No signature exists: the header is the only proof of origin."""
    hooked(desk, receiver.url, headers={"X-Secret": "agreed"}, realm="entity", operation="update")
    asset_id = desk.hit("leaf-icon").id

    desk.ask("PATCH", f"/API/assets/v1/assets/{asset_id}/", json={"title": "Leaf"})

    ((headers, event),) = receiver.got
    assert headers["X-Secret"] == "agreed"
    assert (event["event_type"], event["realm"], event["operation"]) == ("assets", "entity", "update")
    assert (event["object_id"], event["data"]["title"]) == (asset_id, "Leaf")


def test_a_comments_event_is_its_own_and_names_its_asset(desk: Desk, receiver: Receiver) -> None:
    """The top id is not always the asset's; who takes it for one opens nothing."""
    hooked(desk, receiver.url, realm="segments")
    asset_id = desk.hit("leaf-icon").id

    made = desk.ask("POST", f"/API/assets/v1/assets/{asset_id}/segments/", json={"segment_type": "COMMENT"}).json()

    ((_, event),) = receiver.got
    assert (event["object_id"], event["data"]["object_id"]) == (made["id"], asset_id)


@pytest.mark.contract("iconik 14.b1")
@pytest.mark.parametrize(
    "facts",
    [
        {"event_type": "collections"},
        {"realm": "shares"},
        {"operation": "delete"},
        {"status": "DISABLED"},
        {"query": 'data.title="Other"'},
    ],
)
def test_what_nobody_asked_for_is_not_told(desk: Desk, receiver: Receiver, facts: dict[str, object]) -> None:
    """A receiver that is told everything misses what matters."""
    hooked(desk, receiver.url, **facts)

    desk.ask("PATCH", f"/API/assets/v1/assets/{desk.hit('leaf-icon').id}/", json={"title": "Leaf"})

    assert receiver.got == []


def test_a_refused_write_is_not_told(desk: Desk, receiver: Receiver) -> None:
    """Nothing happened."""
    hooked(desk, receiver.url)

    desk.ask("PATCH", f"/API/assets/v1/assets/{desk.hit('leaf-icon').id}/", json={"title": ""})

    assert receiver.got == []


@pytest.mark.contract("iconik 14.b3")
def test_a_receiver_that_fails_for_five_hours_is_given_up(desk: Desk) -> None:
    """Until then it is still told, and its record says what is wrong."""
    broken = Receiver(500)
    key = hooked(desk, broken.url)
    path = f"/API/assets/v1/assets/{desk.hit('leaf-icon').id}/"

    states = []
    for _ in range(3):
        desk.ask("PATCH", path, json={"title": "Leaf"})
        states.append(desk.ask("GET", f"{HOOKS}{key}/").json()["status"])
        desk.world.clock.advance(timedelta(hours=5))
    broken.close()

    assert states == ["FAILING", "DISABLED", "DISABLED"]
    assert len(broken.got) == 2


@pytest.mark.contract("iconik 14.b2")
@pytest.mark.parametrize(
    ("query", "met"),
    [
        ('data.status="CLOSED" AND data.size>0', True),
        ('data.status="OPEN" OR data.size>=10', True),
        ("data.size<10", False),
        ("data.nothing>1", False),
        ("data.is_online=true", True),
        ("(data.size>0", False),
    ],
)
def test_a_query_is_met_by_what_it_says(query: str, met: bool) -> None:
    """It is how a relay keeps its noise down."""
    assert fits(query, {"data": {"status": "CLOSED", "size": 10, "is_online": True}}) is met


def test_what_is_no_object_makes_no_event() -> None:
    """Jobs and searches are nobody's business."""
    assert event_of("POST", "/API/jobs/v1/jobs", {}) is None
    assert event_of("GET", "/API/assets/v1/assets/a", {}) is None
