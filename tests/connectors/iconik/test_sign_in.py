"""How the desk proves who it is, and what it never sends along."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.errors import ConflictError, SignInError
from connectors.http import Exchange
from connectors.iconik import (
    AuthorizationCode,
    ClientSecret,
    IconikClient,
    OAuthLogin,
    RefreshToken,
    open_iconik,
    open_iconik_with_oauth,
)
from connectors.iconik.models import AssetId
from connectors.iconik.wire import archive, oauth
from connectors.iconik.wire.oauth import Consent

T = TypeVar("T")
BASE_URL = "http://iconik.test"
ME = {"id": "u", "email": "ada@example.com"}


class Vendor:
    """Answers what it is told, in order, and keeps the requests."""

    def __init__(self, *answers: httpx.Response) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self._answers.pop(0)

    @property
    def wire(self) -> httpx.MockTransport:
        """The network."""
        return httpx.MockTransport(self)


def run(client: IconikClient, work: Callable[[IconikClient], Awaitable[T]]) -> T:
    """``work`` with ``client``, closed afterwards."""

    async def whole() -> T:
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(whole())


def by_oauth(vendor: Vendor, login: OAuthLogin) -> IconikClient:
    """A desk signed in by OAuth."""
    return open_iconik_with_oauth(login=login, base_url=BASE_URL, wire=vendor.wire)


@pytest.mark.contract("iconik 2.1")
def test_a_token_travels_in_two_headers_without_a_word_before_it() -> None:
    """``Bearer`` before it is a 401 everywhere."""
    vendor = Vendor(httpx.Response(200, json=ME))
    client = open_iconik(app_id="app", auth_token="token", base_url=BASE_URL, wire=vendor.wire)

    run(client, lambda iconik: iconik.current_user())

    sent = vendor.asked[0].headers
    assert (sent["App-ID"], sent["Auth-Token"], "Authorization" in sent) == ("app", "token", False)


@pytest.mark.contract("iconik 2.4")
def test_the_consent_page_is_asked_for_a_code_with_its_challenge() -> None:
    """Whoever catches the redirect has a code without its verifier."""
    consent = Consent(client_id="c", redirect_uri="http://127.0.0.1:1/", scope="a b", state="s", challenge="h")

    address = urlsplit(oauth.consent_address(BASE_URL, consent))

    assert address.path == "/API/auth/v1/oauth/authorize/"
    assert {name: values[0] for name, values in parse_qs(address.query).items()} == {
        "client_id": "c",
        "redirect_uri": "http://127.0.0.1:1/",
        "scope": "a b",
        "response_type": "code",
        "state": "s",
        "code_challenge": "h",
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_is_read_by_either_name(name: str) -> None:
    """The vendor documents one, the standard the other."""
    vendor = Vendor(httpx.Response(200, json={name: "t", "app_id": "a"}), httpx.Response(200, json=ME))

    run(by_oauth(vendor, OAuthLogin(client_id="c", grant=ClientSecret(value="s"))), lambda one: one.current_user())

    assert (vendor.asked[1].headers["App-ID"], vendor.asked[1].headers["Auth-Token"]) == ("a", "t")


def test_a_rolled_refresh_token_is_kept() -> None:
    """The old one may be worthless by tomorrow."""
    vendor = Vendor(httpx.Response(200, json={"token": "t", "refresh_token": "next"}), httpx.Response(200, json=ME))
    kept: list[str] = []
    login = OAuthLogin(client_id="c", grant=RefreshToken(value="first"), on_refresh_token=kept.append)

    run(by_oauth(vendor, login), lambda iconik: iconik.current_user())

    assert parse_qs(vendor.asked[0].content.decode())["refresh_token"] == ["first"]
    assert kept == ["next"]


def test_an_answer_without_a_token_is_a_refused_sign_in() -> None:
    """An empty header would look like a wrong password of somebody else's."""
    vendor = Vendor(httpx.Response(200, json={}))

    with pytest.raises(SignInError, match="no token"):
        run(by_oauth(vendor, OAuthLogin(client_id="c", grant=ClientSecret(value="s"))), lambda one: one.current_user())


def test_no_grant_has_a_repr() -> None:
    """Reprs end in logs and bug reports."""
    grants = (
        AuthorizationCode(code="s3cret", verifier="s3cret", redirect_uri="r"),
        RefreshToken(value="s3cret"),
        ClientSecret(value="s3cret"),
    )

    assert "s3cret" not in repr([(grant, OAuthLogin(client_id="c", grant=grant)) for grant in grants])


@pytest.mark.contract("iconik 4.2")
def test_what_is_left_of_the_budget_is_told() -> None:
    """The Activity page shows it before it is used up."""
    vendor = Vendor(httpx.Response(200, json=ME, headers={"RateLimit-Remaining": "950"}))
    seen: list[Exchange] = []
    client = open_iconik(app_id="a", auth_token="t", base_url=BASE_URL, wire=vendor.wire, on_exchange=seen.append)

    run(client, lambda iconik: iconik.current_user())

    assert seen[0].budget is not None
    assert seen[0].budget.left == 950


@pytest.mark.contract("iconik 3.6")
def test_what_somebody_else_was_faster_with_is_a_conflict() -> None:
    """Restoring what is back already parks with its reason, and is no fault of the sender's."""
    vendor = Vendor(httpx.Response(409, json={"errors": ["Asset is not archived"]}))
    client = open_iconik(app_id="a", auth_token="t", base_url=BASE_URL, wire=vendor.wire)

    with pytest.raises(ConflictError, match="not archived"):
        run(client, lambda iconik: iconik.do(archive.restore_assets([AssetId("a")])))
