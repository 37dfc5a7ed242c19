"""Cloudinary's own Python client on the sandbox, and our client beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.calls import FilePart
from connectors.cloudinary import (
    Challenge,
    CloudinaryClient,
    ModerationStatus,
    ResourceType,
    SearchQuery,
    authorization_url,
    exchange,
    open_cloudinary,
    open_oauth,
    read_tokens,
)
from tests.judges.bench import Judge, Ready, Verdict
from tests.judges.cloudinary.asking import png
from tests.judges.cloudinary.urls import CASES, SEARCH, TOKENS, Case, host_of

T = TypeVar("T")

KNOWN: dict[str, str] = {}
"""Calls that the sandbox does not answer as the vendor's client expects, each with its reason."""

HELD = {
    "ping": "1.1 1.2 1.6",
    "build the URL of a private host": "1.4",
    "upload a picture": "1.8 5.b3 6.1 6.2",
    "read with a person's token": "1.9",
    "upload with a person's token": "1.9",
    "upload a new version": "2.b1 2.b3",
    "rename": "2.b2",
    "upload raw": "2.b4",
    "config": "2.b5",
    "list by public ids": "3.1.5",
    "detail by asset id": "3.1.11",
    "reject with a reason": "3.2.3 3.2.b1",
    "a verdict that does not exist": "3.2.3",
    "put into review": "3.2.4",
    "upload in parts": "3.2.10 4.4",
    "hear of it once more after the time-out": "3.3.b1",
    "search -tags:qr AND (format=png OR format:jpg)": "3.4.1",
    "search tags=ca*": "3.4.2",
    "search with a leading star": "3.4.3",
    "search uploaded_at<1d": "3.4.4",
    "search created_at:[2020-01-01 TO 2030-02-01]": "3.4.5",
    'search context.alt:"QR code"': "3.4.6",
    "search metadata.lifecycle=retired": "3.4.7",
    "search with ranges": "3.4.b1",
    "search with chosen fields": "3.4.b1",
    "list with a foreign cursor": "3.4.b3",
    "detail with everything": "4.1",
    "create a metadata field with a validation": "4.2",
    "make renditions later": "4.3",
    "upload later": "4.b1",
    "deliver what was rejected": "5.b2",
    "build the URL of a signature": "6.3",
    "build a token for patterns": "6.4",
    "build a search URL": "6.5",
    "hear of a verdict": "6.6 7.3 11.2",
    "hear of one batch": "7.1 7.b1",
    "refused: wrong secret": "8.b1",
    "put into a review nobody pays for": "8.b2",
    "list with everything": "8.b3 8.b7",
    "deliver nothing": "8.b4",
    "context is flat in a search": "8.b6",
    "build the URL of an id in a folder": "9.b2",
    "build the URL of words with commas and slashes": "9.b4",
    "deliver without a signature": "10.b1",
    "restrict to a window": "10.b2",
    "make authenticated": "10.b3",
    "download with an old link": "10.b4",
    "list by asset ids": "11.1",
    "upload with a forged signature": "11.3",
    "ids with commas": "11.4",
    "upload with wrong metadata": "11.5",
    "upload in parts as raw": "11.6",
}
"""Facts of the contract by the call that would fail without them."""

NOTE = 'Too dark = bad | "again"'
ALT = "x=y|z"
REDIRECT = "http://127.0.0.1:8765/callback"


def desk(ready: Ready, work: Callable[[CloudinaryClient], Awaitable[T]]) -> T:
    """Do ``work`` with our own client."""

    async def whole() -> T:
        client = open_cloudinary(**ready["cloudinary"])
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(whole())


@pytest.fixture(scope="module")
def ready(judged_sandbox: Ready) -> Ready:
    return judged_sandbox


@pytest.fixture(scope="module")
def verdict(ready: Ready) -> Verdict:
    """What the vendor's client said after our own had worked."""

    async def before(client: CloudinaryClient) -> dict[str, object]:
        file = FilePart(name="file", filename="ours.png", content=png(30, 20, (9, 9, 200)))
        made = await client.upload(file, public_id="desk/ours", moderation="manual", context={"alt": ALT})
        await client.moderate(made.asset_id, ModerationStatus.REJECTED, metadata={"review_note": NOTE})
        return {"reviewed": made.asset_id, "note": NOTE, "alt": ALT}

    given = desk(ready, before)
    urls = {case.name: [case.public_id, dict(case.options)] for case in CASES}
    tokens = {name: options for name, (options, _) in TOKENS.items()}
    return Judge("cloudinary").run(
        ready, given={**given, "urls": urls, "tokens": tokens, "oauth_token": persons_token(ready)}
    )


def persons_token(ready: Ready) -> str:
    """An access token as a desk without a secret obtains it."""

    async def sign_in() -> str:
        challenge, base = Challenge.fresh(), ready["cloudinary"]["base_url"]
        address = authorization_url(challenge, client_id="desk", redirect_uri=REDIRECT, base_url=base)
        async with httpx.AsyncClient(trust_env=False) as browser:
            answer = await browser.get(address)
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        oauth = open_oauth(base)
        try:
            call = exchange(code, challenge, client_id="desk", redirect_uri=REDIRECT)
            return read_tokens(await oauth.send(call), now=datetime.now(UTC)).access_token
        finally:
            await oauth.close()

    return asyncio.run(sign_in())


def test_what_fails_is_known(verdict: Verdict) -> None:
    """A client that we did not write would stumble over the sandbox, and so might ours over the vendor."""
    assert verdict.failed == KNOWN


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.contract(*(f"cloudinary {row}" for row in rows.split())))
        for name, rows in HELD.items()
    ],
)
def test_a_fact_is_held_by_a_call_that_needs_it(verdict: Verdict, name: str) -> None:
    """A row would count as proven that nobody outside has tried."""
    assert name in {call.name for call in verdict.calls if call.passed}


def test_enough_is_tried_and_nearly_all_passes(verdict: Verdict) -> None:
    """A judge that asks little proves little."""
    assert len(verdict.calls) >= 100
    assert verdict.share_passed >= 0.95


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_our_urls_are_theirs(ready: Ready, verdict: Verdict, case: Case) -> None:
    """One letter off, and a mail to thousands has a broken picture."""
    made = case.ours(host_of(ready))

    assert made == verdict.handed["urls"][case.name]


@pytest.mark.parametrize("name", TOKENS)
def test_our_tokens_are_theirs(verdict: Verdict, name: str) -> None:
    """A token that the CDN refuses locks out whoever it was made for."""
    assert TOKENS[name][1] == verdict.handed["urls"][name]


def test_our_search_url_is_theirs(ready: Ready, verdict: Verdict) -> None:
    """A signed search that is a little off is refused as forged."""

    async def made(client: CloudinaryClient) -> str:
        assert client.links is not None
        return client.links.search(SEARCH.query, ttl=SEARCH.ttl)

    ours = desk(ready, made)

    assert urlsplit(ours).path == urlsplit(verdict.handed["urls"]["search"]).path


def test_our_client_reads_what_theirs_wrote(ready: Ready, verdict: Verdict) -> None:
    """Colleagues work with the vendor's tools: what they write must be seen here."""

    async def read(client: CloudinaryClient) -> None:
        hero = await client.asset(verdict.handed["hero"], versions=True)
        assert hero.display_name == "New"
        assert hero.review is ModerationStatus.APPROVED
        assert hero.context_pairs == verdict.handed["context"]
        assert {
            key: list(hero.metadata[key]) if key == "channels" else hero.metadata[key]  # type: ignore[arg-type]
            for key in ("channels", "review_note")
        } == verdict.handed["metadata"]
        assert len(hero.versions) == 2
        rejected = await client.asset(verdict.handed["rejected"])
        assert rejected.review is ModerationStatus.REJECTED
        named = await client.asset_by_public_id(verdict.handed["named"])
        assert await client.fetch(client.host.asset_url(named)) == png(120, 80, (20, 120, 90))
        secret = await client.asset(verdict.handed["authenticated"])
        assert await client.fetch(client.host.asset_url(secret))

    desk(ready, read)


def test_both_clients_count_the_same(ready: Ready, verdict: Verdict) -> None:
    """A page lost on the way is a picture that nobody ever sees."""

    async def seeded(client: CloudinaryClient) -> set[str]:
        return {one.public_id async for one in client.assets(ResourceType.IMAGE)}

    ours = desk(ready, seeded)

    assert set(verdict.handed["images"]) <= ours


def test_a_search_finds_what_theirs_uploaded(ready: Ready, verdict: Verdict) -> None:
    """The library would not show what came from elsewhere."""

    async def found(client: CloudinaryClient) -> list[str]:
        return [one.asset_id async for one in client.search(SearchQuery(expression="public_id:judge/hero"))]

    assert verdict.handed["hero"] in desk(ready, found)
