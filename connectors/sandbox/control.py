"""The sandbox under command: its clock, its faults, the events it pushes, and what it received.

Loopback only, one bearer token, JSON both ways. It is no part of any vendor: what it changes is the world around them.

    GET    /clock                     POST /clock    {"set": time} or {"advance_s": seconds}
    GET    /faults                    POST /faults   one rule or a list      DELETE /faults, /faults/{id}
    GET    /calls                     which calls that may change something are being answered
    GET    /writes?system=&method=&after=number    DELETE /writes
    GET    /deliveries                what the composer's channels sent to customers
    GET    /events (the withheld)     POST /events   a push      POST /events/release      DELETE /events
    POST   /events/{system}           {"type", "data"}: let the vendor notify in its own way
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.events import EventPusher, Push
from connectors.sandbox.faults import FaultBoard, read_rules
from connectors.sandbox.open_calls import OpenCalls
from connectors.sandbox.writes import WriteLog

Notify: TypeAlias = Callable[[str, Mapping[str, object]], None]
"""Makes a vendor send a notification of a type with a body, in its own form."""

_A_YEAR_S: Final = 366 * 86_400


class SetClock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly one of the two."""

    set: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    advance_s: Annotated[float, msgspec.Meta(ge=-_A_YEAR_S, le=_A_YEAR_S)] | None = None


class Notification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a vendor is to notify of."""

    type: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """What the control commands and reads."""

    clock: SandboxClock
    faults: FaultBoard
    writes: WriteLog
    calls: OpenCalls
    events: EventPusher
    deliveries: Callable[[], Sequence[object]]
    """What left for customers: dataclasses or mappings that go out as JSON."""
    notify: Mapping[str, Notify] = field(default_factory=dict)


def build_control(world: Commanded, *, token: str) -> ASGIApp:
    """The control over ``world``; every call needs ``Authorization: Bearer <token>``."""
    control = _Control(world)
    table: tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...] = (
        ("GET", "/clock", control.tell_time),
        ("POST", "/clock", control.set_time),
        ("GET", "/faults", control.list_faults),
        ("POST", "/faults", control.add_faults),
        ("DELETE", "/faults", control.clear_faults),
        ("DELETE", "/faults/{rule_id}", control.drop_fault),
        ("GET", "/calls", control.list_calls),
        ("GET", "/writes", control.list_writes),
        ("DELETE", "/writes", control.clear_writes),
        ("GET", "/deliveries", control.list_deliveries),
        ("GET", "/events", control.list_withheld),
        ("POST", "/events", control.push_events),
        ("DELETE", "/events", control.forget_events),
        ("POST", "/events/release", control.release_events),
        ("POST", "/events/{system}", control.notify),
    )
    return Starlette(
        routes=[Route(path, _guarded(answer, token), methods=[method]) for method, path, answer in table],
        exception_handlers={HTTPException: _refuse, msgspec.DecodeError: _refuse_body, ValueError: _refuse_body},
    )


def _guarded(answer: Callable[[Request], Awaitable[Response]], token: str) -> Callable[[Request], Awaitable[Response]]:
    wanted = f"Bearer {token}".encode()

    async def guarded(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted):
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "The control token is missing or wrong.")
        return await answer(request)

    return guarded


async def _refuse(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


async def _refuse_body(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)


class _Control:
    def __init__(self, world: Commanded) -> None:
        self._world = world

    async def tell_time(self, _request: Request) -> Response:
        return JSONResponse({"now": self._world.clock.now().isoformat()})

    async def set_time(self, request: Request) -> Response:
        wish = msgspec.json.decode(await request.body(), type=SetClock)
        if (wish.set is None) == (wish.advance_s is None):
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "Say either set or advance_s.")
        if wish.set is not None:
            self._world.clock.set(wish.set)
        if wish.advance_s is not None:
            self._world.clock.advance(timedelta(seconds=wish.advance_s))
        return await self.tell_time(request)

    async def list_faults(self, _request: Request) -> Response:
        return JSONResponse([standing.to_json() for standing in self._world.faults.listed()])

    async def add_faults(self, request: Request) -> Response:
        rules = read_rules((await request.body()).decode())
        added = [self._world.faults.add(rule) for rule in rules]
        return JSONResponse([standing.to_json() for standing in added], status_code=HTTPStatus.CREATED)

    async def clear_faults(self, _request: Request) -> Response:
        self._world.faults.clear()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def drop_fault(self, request: Request) -> Response:
        rule_id = request.path_params["rule_id"]
        if not self._world.faults.drop(rule_id):
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no fault {rule_id}.")
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def list_calls(self, _request: Request) -> Response:
        return JSONResponse(self._world.calls.to_json())

    async def list_writes(self, request: Request) -> Response:
        asked = request.query_params
        writes = self._world.writes.listed(
            system=asked.get("system"), method=asked.get("method"), after=int(asked.get("after", "0"))
        )
        return JSONResponse([write.to_json() for write in writes])

    async def clear_writes(self, _request: Request) -> Response:
        self._world.writes.clear()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def list_deliveries(self, _request: Request) -> Response:
        return Response(msgspec.json.encode(self._world.deliveries()), media_type="application/json")

    async def list_withheld(self, _request: Request) -> Response:
        waiting = [{"url": push.url, "events": push.events} for push in self._world.events.withheld]
        return Response(msgspec.json.encode(waiting), media_type="application/json")

    async def push_events(self, request: Request) -> Response:
        posted = await self._world.events.push(msgspec.json.decode(await request.body(), type=Push))
        return Response(msgspec.json.encode(posted), media_type="application/json")

    async def release_events(self, _request: Request) -> Response:
        return Response(msgspec.json.encode(await self._world.events.release()), media_type="application/json")

    async def forget_events(self, _request: Request) -> Response:
        self._world.events.forget()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def notify(self, request: Request) -> Response:
        system = request.path_params["system"]
        if system not in self._world.notify:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"{system} sends no notifications of its own.")
        wish = msgspec.json.decode(await request.body(), type=Notification)
        self._world.notify[system](wish.type, wish.data)
        return Response(status_code=HTTPStatus.ACCEPTED)
