"""One refresh token, many who need it: used once, kept before it counts, and refused in words."""

import asyncio
from collections.abc import Sequence

import pytest

from connectors.calls import Call, FormBody, Reply
from connectors.errors import SignInError
from connectors.masking import secrets_of
from connectors.oauth import Challenge
from connectors.oauth.chain import ChainedSignIn, RefreshChain, sign_in_address, token_by_code, token_by_refresh

TOKEN_URL = "https://otds.example/otdsws/oauth2/token"


class Otds:
    """A token endpoint whose refresh tokens work once."""

    def __init__(self) -> None:
        self.good = "r0"
        self.asked: list[str] = []
        self.is_asked = asyncio.Event()
        self.life_s = 900

    async def __call__(self, call: Call) -> Reply:
        """Answer a refresh, after everybody who waits has had the chance to ask too; the answer takes its time."""
        await asyncio.sleep(0)
        assert isinstance(call.body, FormBody)
        given = dict(call.body.fields)["refresh_token"]
        self.asked.append(given)
        self.is_asked.set()
        if given != self.good:
            return _reply(call, 400, b'{"error": "invalid_grant", "error_description": "not valid"}')
        self.good = f"r{len(self.asked)}"
        told = len(self.asked)
        await asyncio.sleep(0)
        body = f'{{"access_token": "a{told}", "refresh_token": "{self.good}", "expires_in": {self.life_s}}}'
        return _reply(call, 200, body.encode())


def _reply(call: Call, status: int, body: bytes) -> Reply:
    headers = {"content-type": "application/json"}
    return Reply(system="otds", call=call.name, status=status, headers=headers, body=body, cookies={}, took_s=0.0)


def chain(kept: list[str], *, now_s: Sequence[float] = (0.0,)) -> RefreshChain:
    """One that notes what it keeps; ``now_s`` holds one changeable moment."""

    async def keep(token: str) -> None:
        kept.append(token)

    return RefreshChain("r0", token_url=TOKEN_URL, client_id="Proofdesk", keep=keep, now_s=lambda: now_s[0])


def test_everybody_who_waits_gets_the_token_of_one_refresh() -> None:
    """The second refresh would be refused, and the person signed out in the middle of the day."""
    otds, kept = Otds(), list[str]()

    async def all_at_once() -> set[str]:
        one = chain(kept)
        ways = [ChainedSignIn(one) for _ in range(5)]
        await asyncio.gather(*(way.sign_in(otds) for way in ways))
        return {way.headers()["Authorization"] for way in ways}

    assert asyncio.run(all_at_once()) == {"Bearer a1"}
    assert (otds.asked, kept) == (["r0"], ["r1"])


def test_a_refused_token_is_renewed_with_the_next_refresh_token() -> None:
    """A restart of OTDS would sign everybody out."""
    otds, kept = Otds(), list[str]()

    async def twice() -> str:
        way = ChainedSignIn(chain(kept))
        await way.sign_in(otds)
        await way.sign_in(otds)
        return way.headers()["Authorization"]

    assert asyncio.run(twice()) == "Bearer a2"
    assert (otds.asked, kept) == (["r0", "r1"], ["r1", "r2"])


def test_a_token_near_its_end_is_not_used() -> None:
    """Each call at the end of a quarter of an hour would be refused first."""
    otds, now_s = Otds(), [0.0]

    async def later() -> tuple[bool, bool]:
        way = ChainedSignIn(chain([], now_s=now_s))
        await way.sign_in(otds)
        before = way.is_signed_in
        now_s[0] = 880.0
        return before, way.is_signed_in

    assert asyncio.run(later()) == (True, False)


def test_what_cannot_be_kept_is_not_used() -> None:
    """The next start would have a refresh token that is used up."""

    async def keep(_token: str) -> None:
        raise OSError("the keyring is gone")

    async def run() -> str:
        way = ChainedSignIn(RefreshChain("r0", token_url=TOKEN_URL, client_id="p", keep=keep))
        with pytest.raises(OSError, match="keyring"):
            await way.sign_in(Otds())
        return str(dict(way.headers()))

    assert asyncio.run(run()) == "{}"


def test_a_refused_refresh_token_asks_for_a_person() -> None:
    """The outbox would try for ever."""
    otds = Otds()
    otds.good = "another"

    with pytest.raises(SignInError, match="not valid"):
        asyncio.run(ChainedSignIn(chain([])).sign_in(otds))


def test_nothing_secret_is_shown_or_asked_of_the_browser() -> None:
    """Addresses are in the browser's history, and reprs in every log."""
    challenge = Challenge.fresh()

    address = sign_in_address(
        "https://otds.example/otdsws/oauth2/auth", challenge, client_id="Proofdesk", redirect_uri="http://127.0.0.1:1/x"
    )
    call = token_by_code(TOKEN_URL, "c0de", challenge, client_id="Proofdesk", redirect_uri="http://127.0.0.1:1/x")

    assert challenge.verifier not in address
    assert "code_challenge_method=S256" in address
    assert not call.repeatable
    assert "r0" not in repr(chain([]))


def test_what_a_vendor_quotes_of_an_exchange_is_masked() -> None:
    """Some servers repeat the refused request in their answer, and it would be read on the screen and in tickets."""
    challenge = Challenge.fresh()

    first = token_by_code(TOKEN_URL, "c0de-c0de", challenge, client_id="Proofdesk", redirect_uri="http://127.0.0.1:1/x")
    then = token_by_refresh(TOKEN_URL, "refresh-me", client_id="Proofdesk")

    assert {"c0de-c0de", challenge.verifier} <= secrets_of(first, {})
    assert "refresh-me" in secrets_of(then, {})
    assert "Proofdesk" not in secrets_of(first, {})


def test_whoever_is_cancelled_costs_no_token() -> None:
    """A person who stops a round of reading would have to sign in again: the token that was sent is used up."""
    otds, kept = Otds(), list[str]()

    async def stop_and_go_on() -> str:
        one = chain(kept)
        reading = asyncio.create_task(ChainedSignIn(one).sign_in(otds))
        await otds.is_asked.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await one.settled()
        later = ChainedSignIn(one)
        await later.sign_in(otds)
        return later.headers()["Authorization"]

    assert asyncio.run(stop_and_go_on()) == "Bearer a1"
    assert (otds.asked, kept) == (["r0"], ["r1"])


def test_a_refusal_that_repeats_the_token_shows_none_of_it() -> None:
    """The token would stand in a notice, on a screen that everybody passes."""

    async def refuse(call: Call) -> Reply:
        return _reply(call, 400, b'{"error": "invalid_grant", "error_description": "no grant r0-s3cret is known"}')

    async def renew() -> SignInError:
        one = RefreshChain("r0-s3cret", token_url=TOKEN_URL, client_id="Proofdesk", keep=_forget)
        with pytest.raises(SignInError) as refused:
            await ChainedSignIn(one).sign_in(refuse)
        return refused.value

    error = asyncio.run(renew())

    assert "no grant" in error.detail
    assert "s3cret" not in error.detail + str(error)


async def _forget(_token: str) -> None:
    """Keep nothing."""
