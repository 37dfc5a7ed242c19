"""Tokens of a browser's sign-in: by either name, with one to renew them or without, in the vendor's own headers."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from connectors.calls import Call, FormBody, Reply
from connectors.errors import InvalidError, ShapeError, SignInError
from connectors.iconik import BrowserLogin, IconikChain, credential_of, read_browser_token

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TOKEN_URL = "https://app.iconik.example/API/auth/v1/oauth/token/"


def reply(said: Mapping[str, str | list[str]], *, status: int = 200) -> Reply:
    """An answer of the token call."""
    return Reply(
        system="iconik",
        call="OAuth token",
        status=status,
        headers={"content-type": "application/json"},
        body=msgspec.json.encode(said),
        cookies={},
        took_s=0.0,
    )


class Iconik:
    """Answers each refresh with the next token."""

    def __init__(self, *, renews: bool = True) -> None:
        self.asked: list[str] = []
        self._renews = renews

    async def __call__(self, call: Call) -> Reply:
        """A token, and perhaps another refresh token."""
        assert isinstance(call.body, FormBody)
        self.asked.append(dict(call.body.fields)["refresh_token"])
        number = len(self.asked)
        more = {"refresh_token": f"r{number}"} if self._renews else {}
        return reply({"token": f"t{number}", "app_id": "app", **more})


def chain(credential: str, kept: list[str], *, now: datetime = NOW) -> IconikChain:
    """One that notes what it keeps."""

    async def keep(token: str) -> None:
        kept.append(token)

    return IconikChain(credential, token_url=TOKEN_URL, client_id="client", keep=keep, now=lambda: now)


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_is_read_under_either_name(name: str) -> None:
    """The documents say one, the standard the other, and the person would be signed in to nothing."""
    token = read_browser_token(reply({name: "t1", "expires": "2026-05-12T10:00:00+00:00"}), now=lambda: NOW)

    assert (token.value, token.expires_in, token.refresh_token) == ("t1", timedelta(hours=1), None)
    assert "t1" not in repr(token)


def test_an_end_that_is_past_already_speaks_of_two_clocks() -> None:
    """With a clock that is an hour fast, each call would ask for another token."""
    token = read_browser_token(reply({"token": "t1", "expires": "2026-05-12T08:00:00+00:00"}), now=lambda: NOW)

    assert token.expires_in is None


@pytest.mark.parametrize(
    ("answer", "error"), [(reply({}), ShapeError), (reply({"errors": ["invalid_grant"]}, status=400), InvalidError)]
)
def test_what_is_no_token_is_said_to_be(answer: Reply, error: type[Exception]) -> None:
    """An empty header would be sent, and refused without a word of why."""
    with pytest.raises(error):
        read_browser_token(answer)


def test_tokens_renew_each_other_in_the_vendors_headers() -> None:
    """A bearer word is not understood there; a refresh token that was not kept signs the person out tomorrow."""
    iconik, kept = Iconik(), list[str]()

    async def twice() -> list[dict[str, str]]:
        login = BrowserLogin(chain("r0", kept), client_id="client")
        seen = [dict(login.headers())]
        for _ in range(2):
            await login.sign_in(iconik)
            seen.append(dict(login.headers()))
        return seen

    assert asyncio.run(twice()) == [
        {},
        {"App-ID": "app", "Auth-Token": "t1"},
        {"App-ID": "app", "Auth-Token": "t2"},
    ]
    assert (iconik.asked, kept) == (["r0", "r1"], ["r1", "r2"])


def test_a_refresh_token_that_is_not_rolled_is_used_again() -> None:
    """The vendor does not say whether it rolls them; the person would be asked again every few hours."""
    iconik, kept = Iconik(renews=False), list[str]()

    async def twice() -> None:
        login = BrowserLogin(chain("r0", kept), client_id="client")
        for _ in range(2):
            await login.sign_in(iconik)

    asyncio.run(twice())

    assert (iconik.asked, kept) == (["r0", "r0"], [])


def lone(*, ends: datetime | None) -> str:
    """The credential of a token that came without one to renew it."""
    said = {"token": "t1", **({"expires": ends.isoformat()} if ends else {})}
    return credential_of(read_browser_token(reply(said), now=lambda: NOW))


@pytest.mark.parametrize("ends", [None, NOW + timedelta(hours=12)])
def test_a_token_that_came_alone_is_used_as_long_as_it_is_good(ends: datetime | None) -> None:
    """A tenant that gives no refresh tokens could not be signed in to with a browser at all."""
    iconik, kept = Iconik(), list[str]()

    async def sign_in() -> tuple[dict[str, str], bool]:
        shared = chain(lone(ends=ends), kept)
        ways = [BrowserLogin(shared, client_id="client") for _ in range(2)]
        for way in ways:
            await way.sign_in(iconik)
        return dict(ways[1].headers()), ways[0].is_signed_in

    assert asyncio.run(sign_in()) == ({"App-ID": "client", "Auth-Token": "t1"}, True)
    assert (iconik.asked, kept) == ([], [])


def test_once_it_is_refused_or_has_ended_the_person_signs_in_again() -> None:
    """The same token would be sent again and again, until the account is locked."""

    async def refused() -> None:
        login = BrowserLogin(chain(lone(ends=None), []), client_id="client")
        await login.sign_in(Iconik())
        await login.sign_in(Iconik())

    async def tomorrow() -> None:
        over = chain(lone(ends=NOW + timedelta(hours=12)), [], now=NOW + timedelta(days=1))
        await BrowserLogin(over, client_id="client").sign_in(Iconik())

    for story in (refused, tomorrow):
        with pytest.raises(SignInError, match="sign in with the browser again"):
            asyncio.run(story())


def test_a_refresh_token_is_the_credential_where_there_is_one() -> None:
    """The token itself would be kept, and be over in an hour."""
    assert credential_of(read_browser_token(reply({"token": "t1", "refresh_token": "r1"}))) == "r1"
