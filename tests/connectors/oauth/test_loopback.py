"""The ear on this machine: one answer, from whoever knows the state, and nothing from anybody else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from connectors.oauth import BrowserRefusedError, Challenge, Loopback, TooLateError

T = TypeVar("T")


def heard(*queries: str, within_s: float = 300.0) -> tuple[list[int], str]:
    """What browsers with these addresses are answered, and the code that was heard; queries begin with a path."""

    async def run() -> tuple[list[int], str]:
        async with Loopback(state="the-state") as ear, httpx.AsyncClient(trust_env=False) as browser:
            base = ear.redirect_uri.removesuffix("/callback")
            answers = [(await browser.get(base + query)).status_code for query in queries]
            return answers, await ear.code(within_s=within_s)

    return asyncio.run(run())


def on_ear(work: Callable[[Loopback], Awaitable[T]]) -> T:
    """What ``work`` answers with an ear that listens."""

    async def run() -> T:
        async with Loopback(state="the-state") as ear:
            return await work(ear)

    return asyncio.run(run())


def test_the_code_is_heard_on_this_machine_alone() -> None:
    """Others on the network could send codes of their own."""
    assert on_ear(lambda ear: asyncio.sleep(0, ear.redirect_uri)).startswith("http://127.0.0.1:")
    assert heard("/callback?code=c0de&state=the-state") == ([200], "c0de")


def test_what_does_not_know_the_state_is_turned_away_and_waited_on() -> None:
    """Any page in the browser could sign the desk in as somebody else."""
    answers, code = heard(
        "/callback?code=forged&state=guess",
        "/callback?code=forged",
        "/favicon.ico",
        "/callback?code=forged&code=c0de&state=the-state&state=the-state",
        "/callback?code=c0de&state=the-state",
        "/callback?code=second&state=the-state",
    )

    assert answers == [404, 404, 404, 404, 200, 404]
    assert code == "c0de"


@pytest.mark.parametrize(
    ("error", "word"), [("access_denied", "access_denied"), ("<script>", "unknown"), ("", "unknown")]
)
def test_a_refusal_is_told_in_oauths_words_and_in_no_others(error: str, word: str) -> None:
    """The desk would wait on, or show what a page wrote."""
    with pytest.raises(BrowserRefusedError) as told:
        heard(f"/callback?state=the-state&error={error}")

    assert told.value.word == word


def test_nobody_waits_for_ever() -> None:
    """A closed browser window would hold the wizard."""
    with pytest.raises(TooLateError):
        heard(within_s=0.01)


def test_the_ear_is_closed_after_the_sign_in() -> None:
    """An open port is one that somebody finds."""

    async def knock(uri: str) -> bool:
        async with httpx.AsyncClient(trust_env=False) as browser:
            try:
                await browser.get(uri)
            except httpx.ConnectError:
                return False
        return True

    uri = on_ear(lambda ear: asyncio.sleep(0, ear.redirect_uri))

    assert not asyncio.run(knock(uri))


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x00", b"POST /callback HTTP/1.1\r\n\r\n", b"GET /" + b"x" * 40_000])
def test_rubbish_at_the_port_changes_nothing(sent: bytes) -> None:
    """Scanners knock at every port."""

    async def knock(ear: Loopback) -> str:
        port = int(ear.redirect_uri.split(":")[2].split("/")[0])
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        writer.close()
        async with httpx.AsyncClient(trust_env=False) as browser:
            await browser.get(f"{ear.redirect_uri}?code=c0de&state=the-state")
        return await ear.code(within_s=300)

    assert on_ear(knock) == "c0de"


def test_the_verifier_shows_nowhere() -> None:
    """It is what makes the code worth something."""
    challenge = Challenge.fresh()

    assert challenge.verifier not in repr(challenge)
    assert challenge.state not in repr(challenge)


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B: another one and no server lets us in."""
    challenge = Challenge(verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", state="s")

    assert challenge.code_challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_an_address_that_is_none_is_turned_away() -> None:
    """Any program on this computer could make the desk report a fault of its own."""

    async def ask(ear: Loopback) -> bytes:
        port = int(ear.redirect_uri.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET //[ HTTP/1.1\r\n\r\n")
        answer = await reader.read()
        writer.close()
        return answer

    assert on_ear(ask).startswith(b"HTTP/1.1 404 ")
