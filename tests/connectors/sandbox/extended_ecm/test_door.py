"""The archive's door: who is let in, how refusals look, what happens when it breaks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from connectors.extended_ecm import ExtendedEcmClient, NodeId, by_directory_client, by_directory_password
from connectors.sandbox.extended_ecm import CS_PATH, build
from connectors.sandbox.otds import build as build_directory
from connectors.sandbox.world import SentCommunication
from tests.connectors.sandbox.extended_ecm.asking import asked
from tests.connectors.sandbox.extended_ecm.conftest import HOST, Archive

# The door


@pytest.mark.contract("extended_ecm 13.15")
def test_ping_asks_nobodys_name(archive: Archive) -> None:
    """A connection test could not tell a wrong address from a wrong password."""

    async def act() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=archive.app), base_url=HOST) as http:
            return await http.get("/cs/cs/api/v1/ping")

    assert asyncio.run(act()).json()["rest_api"]


@pytest.mark.contract("extended_ecm 2.b5", "extended_ecm 11.6")
@pytest.mark.parametrize(
    "headers", [{}, {"OTCSTicket": "made-up"}, {"OTCSTicket": "a.\xe9"}, {"Authorization": "Bearer made-up"}]
)
def test_strangers_get_the_vendors_401(archive: Archive, headers: dict[str, str]) -> None:
    """Clients sign in again on this answer and no other."""

    async def act() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=archive.app), base_url=HOST) as http:
            raw = {name: value.encode("latin-1") for name, value in headers.items()}
            return await http.get(
                "/cs/cs/api/v2/nodes/2000", headers=[(name.encode(), value) for name, value in raw.items()]
            )

    reply = asyncio.run(act())

    assert (reply.status_code, reply.json()) == (401, {"error": "Authentication Required"})


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"username": "mira.kovac", "password": "wrong"}, 401),
        ({"username": "mira.kovac", "password": "correct horse", "domain": "x"}, 401),
        ({"username": "mira.kovac"}, 500),
    ],
    ids=["wrong password", "domains are off", "argument missing"],
)
def test_a_refused_sign_in_says_so_as_the_vendor_does(archive: Archive, form: dict[str, str], status: int) -> None:
    """The statuses differ by cause (contract 2)."""
    reply = asked(archive, lambda http: http.post("v1/auth", data=form))

    assert (reply.status_code, list(reply.json())) == (status, ["error"])


@pytest.mark.contract("extended_ecm 2.b1", "extended_ecm 2.b3", "extended_ecm 13.13")
def test_every_success_brings_a_fresh_ticket_and_the_old_one_still_works(archive: Archive) -> None:
    """Parallel calls would throw each other out."""

    async def ask(http: httpx.AsyncClient) -> tuple[str, int]:
        reply = await http.get("v2/nodes/2000")
        again = await http.get("v2/nodes/2000")
        assert reply.headers["OTCSTicketExpires"]
        return reply.headers["OTCSTicket"], again.status_code

    fresh, status = asked(archive, ask)

    assert fresh
    assert status == 200


@pytest.mark.contract("extended_ecm 2.b4")
def test_a_ticket_ages_with_the_worlds_clock(archive: Archive) -> None:
    """Expiry in the middle of the work could not be rehearsed."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        before = await http.get("v2/nodes/2000")
        archive.world.clock.advance(timedelta(hours=1))
        after = await http.get("v2/nodes/2000")
        return [before.status_code, after.status_code]

    assert asked(archive, ask) == [200, 401]


def test_the_desk_works_on_when_its_ticket_dies(archive: Archive) -> None:
    """A lunch break would end in an error."""

    async def act() -> str:
        async with archive.client() as client:
            await client.node(NodeId(2000))
            archive.world.clock.advance(timedelta(hours=1))
            return (await client.node(NodeId(2000))).name

    assert asyncio.run(act()) == "Enterprise"


def test_signing_out_ends_every_ticket_of_the_session(archive: Archive) -> None:
    """A ticket in a log would outlive the person who signed out."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        fresh = (await http.get("v1/auth")).headers["OTCSTicket"]
        await http.delete("v1/auth")
        return [
            (await http.get("v1/auth")).status_code,
            (await http.get("v1/auth", headers={"OTCSTicket": fresh})).status_code,
        ]

    assert asked(archive, ask) == [401, 401]


@pytest.mark.contract("extended_ecm 2.b2", "extended_ecm 13.12")
def test_directory_proofs_are_good_on_every_call(archive: Archive) -> None:
    """Three ways to be allowed, on any call (contract 2.2)."""
    ticket = archive.authority.issue_ticket("anna.berg")
    token = archive.authority.issue_token("mira.kovac", client_id="proofdesk").value

    async def act() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=archive.app), base_url=HOST) as http:
            replies = [
                await http.get("/cs/cs/api/v1/auth", headers={"otdsticket": ticket}),
                await http.get("/cs/cs/api/v1/auth", headers={"Authorization": f"Bearer {token}"}),
            ]
            assert all(reply.headers["OTCSTicket"] for reply in replies)
            return [reply.json()["data"]["name"] for reply in replies]

    assert asyncio.run(act()) == ["anna.berg", "mira.kovac"]


# Refusals


@pytest.mark.contract("extended_ecm 11.5", "extended_ecm 11.8", "extended_ecm 11.10", "extended_ecm 13.6")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "v2/nodes/999999", 400),
        ("GET", "v2/nodes/999999/categories", 500),
        ("GET", "v2/nodes/999999/permissions", 500),
        ("GET", "v2/nodes/999999/content", 500),
        ("GET", "v2/nodes/999999/nodes", 500),
        ("GET", "v2/nicknames/nobody/nodes", 404),
        ("GET", "v2/businessworkspaces/999999", 404),
        ("GET", "v1/nodes/2000/businessworkspace", 404),
        ("GET", "v2/nodes/abc", 400),
        ("GET", "v2/nodes/2000/nodes?page=0", 400),
        ("GET", "v2/nodes/2000/nodes?limit=x", 400),
        ("GET", "v2/nothing/like/this", 400),
        ("PATCH", "v2/nodes/2000", 400),
        ("GET", "v2/volumes/5", 500),
        ("POST", "v2/nodes", 400),
        ("POST", "v2/search", 400),
    ],
)
def test_refusals_have_the_vendors_status_and_shape(archive: Archive, method: str, path: str, status: int) -> None:
    """Status and text are all that a client has to judge by (contract 11 and 13)."""
    reply = asked(archive, lambda http: http.request(method, path))

    assert (reply.status_code, list(reply.json())) == (status, ["error"])


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
def test_a_malformed_body_is_refused(archive: Archive, body: str) -> None:
    """It would be a crash of ours."""
    reply = asked(archive, lambda http: http.post("v2/nodes", data={"body": body}))

    assert (reply.status_code, list(reply.json())) == (400, ["error"])


@pytest.mark.contract("extended_ecm 1.b2")
def test_a_json_request_body_is_not_read(archive: Archive) -> None:
    """The first thing that people trip over (contract 14.1); the desk must not get used to it."""
    reply = asked(archive, lambda http: http.post("v2/nodes", json={"type": 0, "parent_id": 2000, "name": "n"}))

    assert reply.status_code == 400


@pytest.mark.parametrize("by", ["password", "client"])
def test_the_desk_signs_in_through_the_directory(archive: Archive, by: str) -> None:
    """Sites that hide the password form would be closed to the desk."""
    directory = build_directory(archive.world, archive.authority).app
    server = archive.app
    account = archive.world.secrets["otds"]
    sign_in = (
        by_directory_password(otds_url="http://otds.test", username=account["username"], password=account["password"])
        if by == "password"
        else by_directory_client(
            otds_url="http://otds.test", client_id=account["client_id"], client_secret=account["client_secret"]
        )
    )

    async def hosts(scope: Any, receive: Any, send: Any) -> None:
        host = dict(scope["headers"])[b"host"].decode()
        await (directory if host == "otds.test" else server)(scope, receive, send)

    archive.app = hosts

    async def act(use: Callable[[ExtendedEcmClient], Awaitable[Any]]) -> Any:
        async with archive.client(sign_in=sign_in) as client:
            return await use(client)

    name = asyncio.run(act(lambda client: client.who_am_i())).name

    assert name in {account["username"], f"{account['client_id']}@OAuthClients"}


@pytest.mark.contract("extended_ecm 11.11")
def test_what_the_server_cannot_handle_at_all_is_a_page(archive: Archive) -> None:
    """No JSON, and 500: a client must take it for a restart, not for a refusal (contract 11)."""

    async def broken(sent: SentCommunication) -> bytes:
        raise RuntimeError(sent.id)

    app = build(archive.world, archive.authority, documents=broken)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"{HOST}{CS_PATH}/api/") as http:
            reply = await http.post("v1/auth", data=dict(archive.world.secrets["extended_ecm"]))
            http.headers["OTCSTicket"] = reply.json()["ticket"]
            found = await http.post("v2/search", data={"where": "OTSubType:131", "limit": "1"})
            assert found.status_code == 200
            return await http.post("v2/search", data={"where": "OTSubType:144", "limit": "1"})

    answer = asyncio.run(ask())

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (500, "text/html")
    assert "Error Processing Request" in answer.text
