"""Tickets: got three ways, renewed by every answer, replaced once for all who wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from connectors.errors import InvalidError, ShapeError, SignInError
from connectors.extended_ecm import (
    ExtendedEcmClient,
    NodeId,
    RollingTicket,
    by_directory_client,
    by_directory_password,
    by_password,
    open_extended_ecm,
)

OTDS = "http://otds.test"


class Server:
    """Signs in, rolls a ticket with each answer, and can be told to refuse."""

    def __init__(self) -> None:
        self.signed_in = 0
        self.rolled = 0
        self.shown: list[str] = []
        self.proofs: list[str] = []
        self.good: set[str] = set()
        self.wrong_password: httpx.Response | None = None
        self.rolls = True
        self.refuses_everything = False

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/authentication/credentials"):
            return httpx.Response(200, json={"ticket": "*OTDSSSO*x*", "userId": "u@p"})
        if request.url.path.endswith("/oauth2/token"):
            return httpx.Response(200, json={"access_token": "bearer-x", "expires_in": 900})
        if request.url.path.endswith("/v1/auth"):
            return self._sign_in(request)
        self.shown.append(request.headers.get("otcsticket", ""))
        await asyncio.sleep(0)
        if self.refuses_everything or self.shown[-1] not in self.good:
            return httpx.Response(401, json={"error": "Authentication required"})
        headers = {}
        if self.rolls:
            self.rolled += 1
            headers = {"OTCSTicket": self._issue(f"roll-{self.rolled}")}
        return httpx.Response(200, json={"data": {"id": 1, "name": "u"}, "server": {"version": "25"}}, headers=headers)

    def _sign_in(self, request: httpx.Request) -> httpx.Response:
        if self.wrong_password is not None:
            return self.wrong_password
        self.signed_in += 1
        ticket = self._issue(f"ticket-{self.signed_in}")
        if request.method == "POST":
            return httpx.Response(200, json={"ticket": ticket})
        self.proofs.append(request.headers.get("otdsticket") or request.headers.get("authorization", ""))
        return httpx.Response(200, json={"data": {"id": 1, "name": "u"}}, headers={"OTCSTicket": ticket})

    def _issue(self, ticket: str) -> str:
        self.good.add(ticket)
        return ticket


@asynccontextmanager
async def client(server: Server, sign_in: RollingTicket | None = None) -> AsyncIterator[ExtendedEcmClient]:
    made = open_extended_ecm(
        base_url="http://ecm.test",
        cs_path="/otcs/cs.exe",
        sign_in=sign_in or by_password(username="u", password="p"),
        wire=httpx.MockTransport(server),
    )
    try:
        yield made
    finally:
        await made.close()


@pytest.mark.contract(
    "extended_ecm 1.b1",
    "extended_ecm 2.2",
    "extended_ecm 2.b1",
    "extended_ecm 2.b3",
    "extended_ecm 13.12",
    "extended_ecm 13.13",
)
def test_each_answer_renews_the_ticket() -> None:
    """A busy desk would be thrown out when its first ticket ages."""
    server = Server()

    async def act() -> None:
        async with client(server) as ecm:
            for _ in range(3):
                await ecm.server_info()

    asyncio.run(act())

    assert server.shown == ["ticket-1", "roll-1", "roll-2"]


def test_a_server_that_does_not_roll_keeps_its_ticket() -> None:
    """The ticket would be thrown away for want of a header."""
    server = Server()
    server.rolls = False

    async def act() -> None:
        async with client(server) as ecm:
            await ecm.server_info()
            await ecm.server_info()

    asyncio.run(act())

    assert (server.signed_in, server.shown) == (1, ["ticket-1", "ticket-1"])


@pytest.mark.contract("extended_ecm 2.b5", "extended_ecm 11.6")
def test_many_waiting_calls_sign_in_once() -> None:
    """A restart would meet the server with a storm of sign-ins."""
    server = Server()

    async def act() -> None:
        async with client(server) as ecm:
            await ecm.server_info()
            server.good.clear()
            await asyncio.gather(*(ecm.server_info() for _ in range(8)))

    asyncio.run(act())

    assert server.signed_in == 2


def test_a_second_refusal_straight_after_signing_in_stops() -> None:
    """An account without rights would sign in for ever."""
    server = Server()
    server.refuses_everything = True

    async def act() -> None:
        async with client(server) as ecm:
            await ecm.server_info()

    with pytest.raises(SignInError):
        asyncio.run(act())
    assert server.signed_in == 2


def test_an_upload_refused_at_the_door_is_sent_again_whole() -> None:
    """The vendor's own client stores an empty file here (contract 14.9)."""
    bodies: list[bytes] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/v1/auth"):
            return httpx.Response(200, json={"ticket": f"t{len(bodies)}"})
        bodies.append(await request.aread())
        if len(bodies) == 1:
            return httpx.Response(401, json={"error": "Authentication required"})
        return httpx.Response(200, json={"results": {"data": {"properties": {"id": 9, "name": "n", "type": 144}}}})

    async def act() -> None:
        ecm = open_extended_ecm(
            base_url="http://ecm.test",
            cs_path="cs/cs",
            sign_in=by_password(username="u", password="p"),
            wire=httpx.MockTransport(answer),
        )
        try:
            await ecm.upload(NodeId(1), "n", content=b"the whole letter", media_type="text/plain")
        finally:
            await ecm.close()

    asyncio.run(act())

    assert [b"the whole letter" in body for body in bodies] == [True, True]


@pytest.mark.contract("extended_ecm 2.b2")
def test_a_directory_ticket_is_swapped_once() -> None:
    """Some OTDS tickets work once only (contract 2.2)."""
    server = Server()
    sign_in = by_directory_password(otds_url=OTDS, username="u", password="p")

    async def act() -> None:
        async with client(server, sign_in) as ecm:
            await ecm.server_info()
            await ecm.server_info()

    asyncio.run(act())

    assert (server.proofs, server.shown[0]) == (["*OTDSSSO*x*"], "ticket-1")


def test_a_directory_client_swaps_its_token() -> None:
    """Service accounts sign in by OAuth."""
    server = Server()
    sign_in = by_directory_client(otds_url=OTDS, client_id="c", client_secret="s")

    async def act() -> None:
        async with client(server, sign_in) as ecm:
            await ecm.server_info()

    asyncio.run(act())

    assert server.proofs == ["Bearer bearer-x"]


@pytest.mark.parametrize("status", [400, 401])
def test_a_wrong_password_is_a_sign_in_error_in_either_status(status: int) -> None:
    """Some builds answer 400 (contract 2): the sign-in card must open all the same."""
    server = Server()
    server.wrong_password = httpx.Response(status, json={"error": "Invalid username/password specified."})

    async def act() -> None:
        async with client(server) as ecm:
            await ecm.server_info()

    with pytest.raises(SignInError) as caught:
        asyncio.run(act())
    assert not isinstance(caught.value, InvalidError)


def test_a_swap_without_a_ticket_is_a_shape_error() -> None:
    """A proxy that strips headers would look like a wrong password."""
    server = Server()
    server.wrong_password = httpx.Response(200, json={"data": {"id": 1, "name": "u"}})
    sign_in = by_directory_password(otds_url=OTDS, username="u", password="p")

    async def act() -> None:
        async with client(server, sign_in) as ecm:
            await ecm.server_info()

    with pytest.raises(ShapeError):
        asyncio.run(act())


def test_a_ticket_is_not_in_the_repr() -> None:
    """It would end in a log."""
    server = Server()
    sign_in = by_password(username="u", password="hunter2")

    async def act() -> None:
        async with client(server, sign_in) as ecm:
            await ecm.server_info()

    asyncio.run(act())

    assert not {"hunter2", "roll-1"} & set(repr(sign_in).replace("'", " ").split())
