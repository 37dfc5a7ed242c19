"""The browser's way in: who is let through, and what a code is good for."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.oauth import Challenge
from connectors.sandbox.otds import OtdsSandbox
from connectors.sandbox.otds.authorization import CODE_LIFE
from connectors.sandbox.world import World

REDIRECT = "http://127.0.0.1:49152/signed-in"
PAGE = "/otdsws/oauth2/auth"
PERSON = {"otds_username": "desk", "otds_password": "open-sesame"}


class Browser:
    """One that stops where it is sent to."""

    def __init__(self, sandbox: OtdsSandbox) -> None:
        self._transport = httpx.ASGITransport(sandbox.app)

    def get(self, path: str, *, params: Mapping[str, str]) -> httpx.Response:
        """Open a page."""
        return self._ask("GET", path, params=params)

    def post(self, path: str, *, data: Mapping[str, str]) -> httpx.Response:
        """Send a form."""
        return self._ask("POST", path, data=data)

    def _ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, data: Mapping[str, str] | None = None
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://otds.example") as client:
                return await client.request(method, path, params=params, data=data)

        return asyncio.run(ask())


@pytest.fixture
def browser(sandbox: OtdsSandbox) -> Browser:
    return Browser(sandbox)


@pytest.fixture
def challenge() -> Challenge:
    return Challenge.fresh()


def asked(challenge: Challenge, **changed: str) -> dict[str, str]:
    """What the desk asks the page for."""
    return {
        "response_type": "code",
        "client_id": "Proofdesk",
        "redirect_uri": REDIRECT,
        "state": challenge.state,
        "code_challenge": challenge.code_challenge,
        "code_challenge_method": "S256",
    } | changed


def said(challenge: Challenge, code: str, **changed: str) -> dict[str, str]:
    """What the desk asks the token endpoint for."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": challenge.verifier,
        "client_id": "Proofdesk",
        "redirect_uri": REDIRECT,
    } | changed


def code_of(browser: Browser, challenge: Challenge) -> str:
    """The code that a person's sign-in brings."""
    back = browser.post(PAGE, data={**asked(challenge), **PERSON})
    return parse_qs(urlsplit(back.headers["location"]).query)["code"][0]


def test_a_person_comes_back_with_a_code_and_the_state(browser: Browser, challenge: Challenge) -> None:
    """A sign-in in the browser would lead nowhere, or could be anybody's."""
    page = browser.get(PAGE, params=asked(challenge))
    back = browser.post(PAGE, data={**asked(challenge), **PERSON})

    query = parse_qs(urlsplit(back.headers["location"]).query)
    assert (page.status_code, back.status_code) == (200, 302)
    assert back.headers["location"].startswith(REDIRECT)
    assert query["state"] == [challenge.state]


def test_a_code_with_its_verifier_brings_tokens_that_renew(
    browser: Browser, challenge: Challenge, sandbox: OtdsSandbox
) -> None:
    """The desk would have to send the person to the browser every quarter of an hour."""
    first = browser.post("/otdsws/oauth2/token", data=said(challenge, code_of(browser, challenge))).json()
    renewed = browser.post(
        "/otdsws/oauth2/token",
        data={"grant_type": "refresh_token", "refresh_token": first["refresh_token"], "client_id": "Proofdesk"},
    ).json()

    assert sandbox.authority.user_of_token(renewed["access_token"]) == "desk"
    assert renewed["refresh_token"] != first["refresh_token"]


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "guessed"},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:49153/signed-in"},
        {"client_id": "Exstream"},
    ],
)
def test_a_code_is_worth_nothing_to_anybody_else(
    browser: Browser, challenge: Challenge, changed: dict[str, str]
) -> None:
    """A program that hears the redirect could sign in as the person; and one wrong try ends the code."""
    code = code_of(browser, challenge)

    refused = browser.post("/otdsws/oauth2/token", data=said(challenge, code, **changed))
    again = browser.post("/otdsws/oauth2/token", data=said(challenge, code))

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert again.json()["error"] == "invalid_grant"


def test_a_code_is_good_once(browser: Browser, challenge: Challenge) -> None:
    """Whoever reads it in the browser's history tomorrow must not get in."""
    code = code_of(browser, challenge)
    browser.post("/otdsws/oauth2/token", data=said(challenge, code))

    assert browser.post("/otdsws/oauth2/token", data=said(challenge, code)).json()["error"] == "invalid_grant"


def test_a_code_ends_soon(browser: Browser, challenge: Challenge, world: World) -> None:
    """As above."""
    code = code_of(browser, challenge)
    world.clock.advance(CODE_LIFE + timedelta(seconds=1))

    assert browser.post("/otdsws/oauth2/token", data=said(challenge, code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"redirect_uri": "https://evil.example/signed-in"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1.evil.example/"}, "invalid_request"),
        ({"redirect_uri": "http://x@127.0.0.1:1/"}, "invalid_request"),
        ({"client_id": "stranger"}, "invalid_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_what_is_asked_wrongly_is_said_on_the_page_and_never_sent_on(
    browser: Browser, challenge: Challenge, changed: dict[str, str], error: str
) -> None:
    """An open redirect hands codes to whoever wrote the link."""
    shown = browser.get(PAGE, params=asked(challenge, **changed))

    assert shown.json()["error"] == error
    assert "location" not in shown.headers


def test_a_wrong_password_stays_on_the_page(browser: Browser, challenge: Challenge) -> None:
    """The desk never hears the password, so the page has to say it."""
    page = browser.post(PAGE, data={**asked(challenge), "otds_username": "desk", "otds_password": "wrong"})

    assert page.status_code == 401
    assert "is wrong" in page.text


def test_a_person_may_think_better_of_it(browser: Browser, challenge: Challenge) -> None:
    """The desk would wait until its patience ends."""
    back = browser.post(PAGE, data={**asked(challenge), "refused": "1"})

    assert "error=access_denied" in back.headers["location"]
