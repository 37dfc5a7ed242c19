"""Our own client, and plain requests, against the sign-in service over its ASGI app."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import httpx
import pytest

from connectors.errors import ConnectorError, NotFoundError, SignInError
from connectors.http import Transport
from connectors.otds import BearerSignIn, OtdsClient, TokenPath, open_otds
from connectors.otds.wire import TICKET_SCOPE, token_by_client
from connectors.sandbox.otds import OtdsSandbox
from connectors.sandbox.world import World

T = TypeVar("T")


def ask(sandbox: OtdsSandbox, work: Callable[[OtdsClient], Awaitable[T]]) -> T:
    async def run() -> T:
        otds = open_otds(
            base_url="http://otds.test",
            sign_in=BearerSignIn(token_by_client(client_id="proofdesk", client_secret="s3cret")),
            wire=httpx.ASGITransport(app=sandbox.app),
        )
        try:
            return await work(otds)
        finally:
            await otds.close()

    return asyncio.run(run())


def request(
    sandbox: OtdsSandbox,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    json: object = None,
    data: dict[str, str] | None = None,
) -> httpx.Response:
    async def run() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=sandbox.app), base_url="http://otds.test"
        ) as http:
            return await http.request(method, path, headers=headers, json=json, data=data)

    return asyncio.run(run())


def test_a_password_opens_a_ticket(sandbox: OtdsSandbox) -> None:
    """Without it no OpenText system can be signed in to."""
    ticket = ask(sandbox, lambda otds: otds.ticket(user_name="desk", password="open-sesame"))

    assert ticket.user_id == "desk@harbour"
    assert sandbox.authority.user_of_ticket(ticket.value) == "desk"


def test_the_newer_spelling_opens_a_ticket_too(sandbox: OtdsSandbox) -> None:
    """Servers that hide the older path would be out of reach."""
    ticket = ask(sandbox, lambda otds: otds.ticket_v1(user_name="desk@harbour", password="open-sesame"))

    assert ticket.user_id == "desk@harbour"


def test_a_ticket_leads_to_another_users_ticket(sandbox: OtdsSandbox) -> None:
    """An administrator's tool acts for people."""

    async def work(otds: OtdsClient) -> str:
        own = await otds.ticket(user_name="desk", password="open-sesame")
        return (await otds.ticket_for_user(user_name="mira.k@harbour", ticket=own.value)).user_id

    assert ask(sandbox, work) == "mira.k@harbour"


def test_a_ticket_leads_to_a_resource_ticket(sandbox: OtdsSandbox) -> None:
    """Core DAM takes a ticket that names it."""

    async def work(otds: OtdsClient) -> bool:
        own = await otds.ticket(user_name="desk", password="open-sesame")
        media = await otds.resource("otmm")
        ticket = await otds.ticket_for_resource(ticket=own.value, target_resource_id=media.id)
        return ticket.resource_id == media.id

    assert ask(sandbox, work)


@pytest.mark.parametrize("path", TokenPath)
def test_every_token_path_answers_a_service_client(sandbox: OtdsSandbox, path: TokenPath) -> None:
    """Each deployment style keeps its token endpoint elsewhere."""
    token = ask(
        sandbox,
        lambda otds: otds.token_by_client(client_id="proofdesk", client_secret="s3cret", path=path.for_tenant("t-1")),
    )

    assert token.expires_in == timedelta(minutes=15)
    assert sandbox.authority.user_of_token(token.value) == "proofdesk@OAuthClients"


def test_the_cloud_takes_its_token_request_as_json(sandbox: OtdsSandbox) -> None:
    """The cloud's own samples send JSON where OAuth has forms."""
    answer = request(
        sandbox,
        "POST",
        "/tenants/t-1/oauth2/token",
        json={"grant_type": "client_credentials", "client_id": "proofdesk", "client_secret": "s3cret"},
    )

    assert answer.json()["token_type"] == "Bearer"


def test_a_basic_header_proves_the_client(sandbox: OtdsSandbox) -> None:
    """The cloud's second form keeps the secret out of the body."""

    async def run() -> int:
        call = token_by_client(client_id="proofdesk", client_secret="s3cret", as_basic=True)
        transport = Transport(
            system="OTDS", base_url="http://otds.test", wire=httpx.ASGITransport(app=sandbox.app), attempts=1
        )
        try:
            return (await transport.send(call)).status
        finally:
            await transport.close()

    assert asyncio.run(run()) == 200


def test_a_public_client_needs_no_secret_for_a_person(sandbox: OtdsSandbox) -> None:
    """The vendor's sample signs people in with the public client ``Exstream``."""
    token = ask(
        sandbox,
        lambda otds: otds.token_by_password(username="desk", password="open-sesame", client_id="Exstream"),
    )

    assert token.refresh_token
    assert sandbox.authority.user_of_token(token.value) == "desk"


def test_a_refresh_token_renews(sandbox: OtdsSandbox) -> None:
    """Without it a person types the password every quarter of an hour."""

    async def work(otds: OtdsClient) -> str:
        first = await otds.token_by_password(username="desk", password="open-sesame", client_id="Exstream")
        second = await otds.token_by_refresh(refresh_token=first.refresh_token or "", client_id="Exstream")
        return second.value

    assert sandbox.authority.user_of_token(ask(sandbox, work)) == "desk"


def test_a_service_client_acts_for_a_person(sandbox: OtdsSandbox) -> None:
    """Token exchange is how the vendor's client impersonates."""
    token = ask(
        sandbox,
        lambda otds: otds.token_for_user(user_id="ada.l@harbour", client_id="proofdesk", client_secret="s3cret"),
    )

    assert sandbox.authority.user_of_token(token.value) == "ada.l"


def test_a_token_says_whom_it_stands_for(sandbox: OtdsSandbox) -> None:
    """The desk could not tell a person which account their token acts as."""

    async def work(otds: OtdsClient) -> tuple[str, str]:
        token = await otds.token_for_user(user_id="ada.l@harbour", client_id="proofdesk", client_secret="s3cret")
        facts = await otds.token_facts(token.value)
        return facts.user_id, facts.client_id

    assert ask(sandbox, work) == ("ada.l@harbour", "proofdesk")


def test_the_ticket_scope_yields_a_ticket(sandbox: OtdsSandbox) -> None:
    """Older systems take a ticket where newer ones take a token."""
    token = ask(
        sandbox,
        lambda otds: otds.token_by_client(client_id="proofdesk", client_secret="s3cret", scope=TICKET_SCOPE),
    )

    assert sandbox.authority.user_of_ticket(token.value) == "proofdesk@OAuthClients"


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (lambda otds: otds.ticket(user_name="desk", password="wrong"), SignInError),
        (lambda otds: otds.ticket(user_name="nobody", password="open-sesame"), SignInError),
        (lambda otds: otds.ticket_for_user(user_name="mira.k", ticket="*OTDSSSO*x*"), SignInError),
        (lambda otds: otds.token_by_client(client_id="proofdesk", client_secret="wrong"), SignInError),
        (lambda otds: otds.token_by_password(username="desk", password="wrong", client_id="Exstream"), SignInError),
        (lambda otds: otds.token_by_refresh(refresh_token="used", client_id="Exstream"), SignInError),
        (
            lambda otds: otds.token_by_client(
                client_id="proofdesk", client_secret="s3cret", path=TokenPath.CLOUD.for_tenant("t-2")
            ),
            NotFoundError,
        ),
        (lambda otds: otds.resource("nothing"), NotFoundError),
    ],
)
def test_a_refusal_has_its_class(
    sandbox: OtdsSandbox, work: Callable[[OtdsClient], Awaitable[object]], kind: type[ConnectorError]
) -> None:
    """A wrong password must lead to the sign-in card, not to a complaint about a field."""
    with pytest.raises(kind):
        ask(sandbox, work)


@pytest.mark.contract("extended_ecm 2.b6")
def test_an_expired_ticket_is_named_so(sandbox: OtdsSandbox, world: World) -> None:
    """Clients recognise it by this text and sign in again."""
    ticket = sandbox.authority.issue_ticket("desk")
    world.clock.advance(timedelta(days=1))

    answer = request(sandbox, "GET", "/otdsws/rest/currentuser", headers={"OTDSTicket": ticket})

    assert answer.status_code == 400
    assert answer.json() == {"status": 1034, "error": "Expired OTDS SSO ticket", "errorDetails": None}


def test_users_come_in_pages(sandbox: OtdsSandbox) -> None:
    """A directory of thousands is read page by page with the cookie of the page before."""
    headers = {"Cookie": f"OTDSTicket={sandbox.authority.issue_ticket('desk')}"}
    first = request(sandbox, "GET", "/otdsws/rest/users?page_size=2&attrsAsKeys=True", headers=headers).json()

    cookie = first["nextPageCookie"]
    second = request(
        sandbox, "GET", f"/otdsws/rest/users?page_size=2&next_page_cookie={cookie}", headers=headers
    ).json()

    assert [user["name"] for user in first["users"] + second["users"]] == ["ada.l", "desk", "mira.k"]
    assert second["nextPageCookie"] is None


@pytest.mark.parametrize("path", ["/otdsws/rest/users", "/otdsws/rest/partitions/harbour", "/otdsws/rest/resources/cs"])
def test_a_stranger_reads_nothing(sandbox: OtdsSandbox, path: str) -> None:
    """The directory holds names and addresses of people."""
    assert request(sandbox, "GET", path).status_code == 401


def test_a_malformed_body_is_refused_in_the_services_own_shape(sandbox: OtdsSandbox) -> None:
    """A client in development sees what it did wrong, not a crash."""
    answer = request(sandbox, "POST", "/otdsws/rest/authentication/credentials", json=["not", "an", "object"])

    assert answer.status_code == 400
    assert set(answer.json()) == {"status", "error", "errorDetails"}
