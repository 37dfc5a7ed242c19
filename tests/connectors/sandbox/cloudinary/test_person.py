"""A person's sign-in: code, PKCE, short tokens that are renewed, refresh tokens that work once."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.cloudinary import (
    Challenge,
    TokenPair,
    authorization_url,
    exchange,
    open_cloudinary_as_person,
    open_oauth,
    read_tokens,
    revoke,
)
from connectors.errors import SignInError
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import CloudinarySandbox
from tests.connectors.sandbox.cloudinary.desk import API, DELIVERY

REDIRECT = "http://127.0.0.1:8765/callback"


class Person:
    """Signs in and works, each with a connection of its own."""

    def __init__(self, sandbox: CloudinarySandbox, clock: SandboxClock) -> None:
        self._wire = httpx.ASGITransport(app=sandbox.api)
        self._clock = clock
        self.renewed: list[TokenPair] = []

    async def code(self, challenge: Challenge) -> str:
        address = authorization_url(challenge, client_id="desk", redirect_uri=REDIRECT, base_url=API)
        async with httpx.AsyncClient(transport=self._wire) as browser:
            answer = await browser.get(address)
        back = parse_qs(urlsplit(answer.headers["location"]).query)
        assert back["state"] == [challenge.state]
        return back["code"][0]

    async def sign_in(self, challenge: Challenge, code: str) -> TokenPair:
        oauth = open_oauth(API, wire_to_oauth=self._wire)
        reply = await oauth.send(exchange(code, challenge, client_id="desk", redirect_uri=REDIRECT))
        return read_tokens(reply, now=datetime.now(UTC))

    async def ping(self, tokens: TokenPair, times: int = 1) -> None:
        client = open_cloudinary_as_person(
            tokens=tokens,
            client_id="desk",
            base_url=API,
            oauth_url=API,
            delivery_url=DELIVERY,
            on_renewed=self.renewed.append,
            wire_to_api=self._wire,
            wire_to_oauth=self._wire,
        )
        try:
            for _ in range(times):
                await client.ping()
        finally:
            await client.close()

    async def revoke(self, tokens: TokenPair) -> None:
        oauth = open_oauth(API, wire_to_oauth=self._wire)
        await oauth.send(revoke(tokens.access_token, client_id="desk"))
        await oauth.send(revoke(tokens.refresh_token, client_id="desk"))


@pytest.fixture
def person(sandbox: CloudinarySandbox, clock: SandboxClock) -> Person:
    return Person(sandbox, clock)


@pytest.fixture
def tokens(person: Person) -> TokenPair:
    challenge = Challenge.fresh()

    async def whole() -> TokenPair:
        return await person.sign_in(challenge, await person.code(challenge))

    return asyncio.run(whole())


@pytest.mark.contract("cloudinary 1.9")
def test_a_person_is_let_in_without_a_secret(person: Person, tokens: TokenPair) -> None:
    """Everybody at a desk would share one key."""
    asyncio.run(person.ping(tokens))

    assert tokens.cloud_name == "demo"
    assert person.renewed == []


def test_a_spent_token_is_renewed_whatever_the_clocks_say(
    person: Person, tokens: TokenPair, clock: SandboxClock
) -> None:
    """The person would sign in every five minutes, or the desk would renew before each call."""
    clock.advance(timedelta(minutes=6))

    asyncio.run(person.ping(tokens, times=3))

    assert len(person.renewed) == 1
    assert person.renewed[0].refresh_token != tokens.refresh_token


def test_a_refresh_token_works_once(person: Person, tokens: TokenPair, clock: SandboxClock) -> None:
    """A stolen token would be as good as the real one."""
    clock.advance(timedelta(minutes=6))
    asyncio.run(person.ping(tokens))

    with pytest.raises(SignInError, match="invalid_grant"):
        asyncio.run(person.ping(tokens))


def test_what_was_revoked_opens_nothing(person: Person, tokens: TokenPair) -> None:
    """Signing out would be a gesture."""
    asyncio.run(person.revoke(tokens))

    with pytest.raises(SignInError):
        asyncio.run(person.ping(tokens))


def test_a_code_is_for_whoever_asked(person: Person) -> None:
    """Another program on the machine could take the code from the loopback port."""
    challenge = Challenge.fresh()

    async def stolen() -> None:
        await person.sign_in(Challenge.fresh(), await person.code(challenge))

    with pytest.raises(SignInError, match="invalid_grant"):
        asyncio.run(stolen())


@pytest.mark.parametrize("redirect", ["https://elsewhere.test/callback", "http://10.0.0.1/", ""])
def test_a_code_goes_to_this_machine_alone(sandbox: CloudinarySandbox, redirect: str) -> None:
    """A link in a mail would sign in whoever sent it."""
    address = authorization_url(Challenge.fresh(), client_id="desk", redirect_uri=redirect, base_url=API)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.api)) as browser:
            return await browser.get(address)

    answer = asyncio.run(ask())

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
