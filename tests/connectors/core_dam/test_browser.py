"""Signing in with a browser: the code is used once, the refresh token from then on."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.calls import Call, FormBody, Reply
from connectors.core_dam import BrowserSignIn, sign_in_address
from connectors.errors import SignInError

TOKEN_URL = "https://login.example/token"


class TokenServer:
    """Gives the answers of ``script`` one after the other."""

    def __init__(self, script: Sequence[tuple[int, dict[str, Any]]]) -> None:
        self._script = iter(script)
        self.asked: list[dict[str, str]] = []

    async def __call__(self, call: Call) -> Reply:
        assert isinstance(call.body, FormBody)
        assert (call.path, call.signed_in) == (TOKEN_URL, False)
        self.asked.append(dict(call.body.fields))
        status, body = next(self._script)
        headers = {"content-type": "application/json"}
        return Reply(system="s", call=call.name, status=status, headers=headers, body=json.dumps(body).encode())


def browser(*, now_s: list[float] | None = None) -> BrowserSignIn:
    times = now_s or [0.0]
    return BrowserSignIn(
        "c0de",
        token_url=TOKEN_URL,
        redirect_uri="http://127.0.0.1:8400/back",
        client_id="desk",
        client_secret="hush",
        now_s=lambda: times[0],
    )


GIVEN = (200, {"access_token": "t1", "refresh_token": "r1", "expires_in": 3600})
RENEWED = (200, {"access_token": "t2", "expires_in": 3600})


@pytest.mark.contract("core_dam 3.8", "core_dam 3.10")
def test_the_code_becomes_a_bearer_token() -> None:
    """And nothing else is sent with a call."""
    server, sign_in = TokenServer([GIVEN]), browser()

    asyncio.run(sign_in.sign_in(server))

    assert sign_in.headers() == {"Authorization": "Bearer t1"}
    assert server.asked[0] == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": "http://127.0.0.1:8400/back",
        "client_id": "desk",
        "client_secret": "hush",
    }


def test_the_code_is_used_once_and_the_refresh_token_is_kept() -> None:
    """A code is refused the second time; a refresh may bring no new refresh token."""
    server, sign_in = TokenServer([GIVEN, RENEWED, RENEWED]), browser()

    for _ in range(3):
        asyncio.run(sign_in.sign_in(server))

    assert [asked.get("refresh_token") for asked in server.asked] == [None, "r1", "r1"]


def test_a_token_near_its_end_is_not_used() -> None:
    """A call begun with it would arrive too late."""
    now_s = [0.0]
    sign_in = browser(now_s=now_s)
    asyncio.run(sign_in.sign_in(TokenServer([GIVEN])))
    fresh = sign_in.is_signed_in

    now_s[0] = 3590.0

    assert (fresh, sign_in.is_signed_in) == (True, False)


def test_a_token_without_a_life_is_good_until_it_is_refused() -> None:
    """Not every site says how long."""
    sign_in = browser()

    asyncio.run(sign_in.sign_in(TokenServer([(200, {"access_token": "t"})])))

    assert sign_in.is_signed_in


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_code_sends_the_person_to_the_browser(status: int) -> None:
    """It leads to the sign-in card."""
    server = TokenServer([(status, {"error": "invalid_request", "error_description": "The code was used"})])
    sign_in = browser()

    with pytest.raises(SignInError):
        asyncio.run(sign_in.sign_in(server))

    assert sign_in.headers() == {}


def test_no_secret_is_in_its_repr() -> None:
    """It appears in error reports."""
    sign_in = browser()

    asyncio.run(sign_in.sign_in(TokenServer([GIVEN])))

    assert not any(secret in repr(sign_in) for secret in ("hush", "c0de", "t1", "r1"))


@pytest.mark.parametrize("page", ["https://login.example/authorize", "https://login.example/authorize?tenant=x"])
def test_the_address_asks_for_a_code(page: str) -> None:
    """What the page already says is kept."""
    address = sign_in_address(page, client_id="desk", redirect_uri="http://127.0.0.1/back", state="s")

    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(page)
    assert (asked["response_type"], asked["redirect_uri"], asked["state"]) == (
        ["code"],
        ["http://127.0.0.1/back"],
        ["s"],
    )
