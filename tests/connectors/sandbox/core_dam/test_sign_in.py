"""Both families of sign-in, and what happens without one."""

import asyncio
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from connectors.calls import Call
from connectors.core_dam import (
    CoreDamClient,
    api_bearer,
    open_core_dam,
    password_session,
    resource_ticket_session,
    ticket_session,
)
from connectors.errors import SignInError
from connectors.http import SignIn
from connectors.otds import BearerSignIn
from connectors.otds.wire import ticket_by_password, ticket_for_resource, token_by_password
from connectors.sandbox import otds
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.otds.directory import Directory
from connectors.sandbox.world import World
from tests.connectors.sandbox.core_dam.driver import BothHosts, ask, by_bearer, by_password, request, session_headers


@pytest.mark.contract("core_dam 3.10")
@pytest.mark.parametrize("sign_in", [by_password(), by_bearer()])
def test_both_families_know_who_asks(sandbox: CoreDamSandbox, sign_in: SignIn) -> None:
    """A connection that signs in as nobody would read another person's view."""
    assert ask(sandbox, lambda dam: dam.me(), sign_in=sign_in).login_name == "desk"


def test_a_session_says_who_it_is(sandbox: CoreDamSandbox) -> None:
    """The connections page shows the account."""
    session = ask(sandbox, lambda dam: dam.session())

    assert session.login_name == "desk"
    assert session.message_digest not in repr(session)


@pytest.mark.parametrize("is_header", [True, False])
def test_a_ticket_opens_a_session(world: World, is_header: bool) -> None:
    """Sites behind one directory sign in once for all systems; clients were seen to say it in either place."""
    authority = TicketAuthority(world)
    ticket = authority.issue_ticket("desk")
    url = "/otmmapi/v6/sessions" if is_header else f"/otmmapi/v6/sessions?{urlencode({'OTDSTicket': ticket})}"
    answer = request(build(world, authority), "GET", url, headers={"OTDSToken": ticket} if is_header else {})

    assert answer.json()["session_resource"]["session"]["login_name"] == "desk"


def test_a_ticket_sign_in_that_cannot_reach_its_directory_fails_as_one(sandbox: CoreDamSandbox) -> None:
    """The media API has no directory at this path: the error must not look like a missing asset of ours."""
    sign_in = ticket_session(ticket_by_password(user_name="desk", password="x", base_url="http://dam.test"))

    with pytest.raises(Exception, match="OTDS sign-in"):
        ask(sandbox, lambda dam: dam.me(), sign_in=sign_in)


@pytest.mark.parametrize(
    "sign_in",
    [
        password_session(username="desk", password="wrong"),
        api_bearer(username="desk", password="wrong", client_id="proofdesk-dam", client_secret="s3cret"),
        api_bearer(username="desk", password="open-sesame", client_id="proofdesk-dam", client_secret="wrong"),
    ],
)
def test_a_wrong_secret_is_a_sign_in_error(sandbox: CoreDamSandbox, sign_in: SignIn) -> None:
    """It leads to the sign-in card."""
    with pytest.raises(SignInError):
        ask(sandbox, lambda dam: dam.me(), sign_in=sign_in)


@pytest.mark.parametrize("sign_in", [by_password(), by_bearer()])
def test_an_expired_sign_in_is_renewed_in_the_middle(sandbox: CoreDamSandbox, world: World, sign_in: SignIn) -> None:
    """People leave the desk open over lunch."""

    async def work(dam: CoreDamClient) -> str:
        await dam.me()
        world.clock.advance(timedelta(hours=3))
        return (await dam.me()).login_name

    assert ask(sandbox, work, sign_in=sign_in) == "desk"


def test_signing_out_ends_the_session(sandbox: CoreDamSandbox) -> None:
    """A session left open blocks a licence."""
    headers = session_headers(sandbox)

    request(sandbox, "DELETE", "/otmmapi/v6/sessions", headers=headers)

    assert request(sandbox, "GET", "/otmmapi/v6/sessions", headers=headers).status_code == 401


def test_a_desk_that_has_signed_out_signs_in_again_when_it_must(sandbox: CoreDamSandbox) -> None:
    """Signing out is for good, not for ever."""

    async def work(dam: CoreDamClient) -> tuple[str, str]:
        first = await dam.session()
        await dam.sign_out()
        return first.id, (await dam.session()).id

    first, second = ask(sandbox, work)

    assert first != second


@pytest.mark.contract("core_dam 3.9")
def test_a_write_without_x_requested_by_is_refused(sandbox: CoreDamSandbox) -> None:
    """The second of the two values is the one that newcomers forget."""
    headers = session_headers(sandbox)
    del headers["X-Requested-By"]

    write = request(sandbox, "POST", "/otmmapi/v6/search/text", headers=headers)
    read = request(sandbox, "GET", "/otmmapi/v6/users/me", headers=headers)

    assert (write.status_code, read.status_code) == (400, 200)


def test_reads_can_be_made_to_ask_for_it_too(world: World) -> None:
    """Some servers may be stricter than any that was seen."""
    strict = build(world, ask_on_reads=True)
    headers = session_headers(strict)
    del headers["X-Requested-By"]

    assert request(strict, "GET", "/otmmapi/v6/users/me", headers=headers).status_code == 400


def test_the_digest_is_accepted_in_its_bearer_spelling(sandbox: CoreDamSandbox) -> None:
    """One public client sends it so."""
    digest = session_headers(sandbox)["otmmauthtoken"]

    answer = request(sandbox, "GET", "/otmmapi/v6/users/me", headers={"Authorization": f"Bearer otmmToken {digest}"})

    assert answer.status_code == 200


@pytest.mark.contract("core_dam 11.5")
def test_a_stranger_meets_the_vendors_error_shape(sandbox: CoreDamSandbox) -> None:
    """Clients read the message out of it."""
    answer = request(sandbox, "GET", "/otmmapi/v6/lookupdomains")

    assert answer.status_code == 401
    assert answer.json()["exception_body"]["http_response_code"] == 401


def test_the_token_call_is_never_sent_with_an_old_proof() -> None:
    """A refused token on the token call would loop."""
    calls: list[Call] = []

    async def send(call: Call) -> object:
        calls.append(call)
        raise SignInError(system="s", call=call.name)

    with pytest.raises(SignInError):
        asyncio.run(by_bearer().sign_in(send))  # type: ignore[arg-type]  # it never answers

    assert not calls[0].signed_in


class WithDirectory(BothHosts):
    """The media system and the directory behind one wire."""

    def __init__(self, world: World) -> None:
        authority = TicketAuthority(world)
        super().__init__(build(world, authority))
        self._directory = httpx.ASGITransport(app=otds.build(world, authority).app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "otds.test":
            return await self._directory.handle_async_request(request)
        return await super().handle_async_request(request)


def who_am_i(world: World, sign_in: SignIn) -> str:
    async def run() -> str:
        client = open_core_dam(base_url="http://dam.test", sign_in=sign_in, wire=WithDirectory(world))
        try:
            return (await client.me()).login_name
        finally:
            await client.close()

    return asyncio.run(run())


OTDS = "http://otds.test"
OWN_TICKET = ticket_by_password(user_name="desk", password="open-sesame", base_url=OTDS)


@pytest.mark.contract("core_dam 3.3")
def test_the_directorys_ticket_opens_a_session(world: World) -> None:
    """From the first request to the last, without anybody's help."""
    assert who_am_i(world, ticket_session(OWN_TICKET)) == "desk"


def test_a_ticket_for_this_system_opens_a_session(world: World) -> None:
    """Sites may accept no other."""

    described = Directory(world, TicketAuthority(world)).resource("otmm")
    assert described is not None
    resource_id = str(described["resourceID"])

    def for_resource(ticket: str) -> Call:
        return ticket_for_resource(ticket=ticket, target_resource_id=resource_id, base_url=OTDS)

    assert who_am_i(world, resource_ticket_session(OWN_TICKET, for_resource)) == "desk"


def test_the_directorys_bearer_token_is_accepted(world: World) -> None:
    """As by the vendor's other cloud services."""
    token = token_by_password(
        username="desk", password="open-sesame", client_id="proofdesk-dam", client_secret="s3cret", base_url=OTDS
    )

    assert who_am_i(world, BearerSignIn(token)) == "desk"
