"""The three systems over real HTTP, as the ready file tells where they are; and whatever anybody asks of them."""

import asyncio
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Generator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.endpoint import load_description, open_endpoint
from connectors.errors import UnansweredError
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.faults import FaultKind, FaultRule
from connectors.sandbox.seed import build_world
from connectors.sandbox.server import SandboxOptions, SandboxServer
from tests.connectors.sandbox.endpoint.desk import FILES, FOLDER, HOST, Desk

LISTS = {"crm": "contacts", "delivery_dashboard": "messages", "preference_centre": "people"}


async def count(ready: Mapping[str, Any], system: str) -> int:
    """How many records the system's longest list has."""
    keys = ready["endpoint"][system]
    client = open_endpoint(load_description(FOLDER / FILES[system]), base_url=keys["base_url"], credentials=keys)
    try:
        await client.probe()
        return len([record async for record in client.all(LISTS[system], {})])
    finally:
        await client.close()


def test_the_ready_file_opens_all_three() -> None:
    """It is how programs and people find them."""

    async def story() -> list[int]:
        server = await SandboxServer.start(SandboxOptions(events=60))
        try:
            return [await count(server.ready(), system) for system in LISTS]
        finally:
            await server.stop()

    contacts, messages, people = asyncio.run(story())

    assert contacts == people >= 60
    assert messages >= 60


def test_faults_strike_them_like_all_others() -> None:
    """The desk's behaviour in trouble is tried on them too."""

    async def story() -> int:
        rule = FaultRule(kind=FaultKind.CUT_AFTER, system="endpoint", method="POST", path="/delivery/*")
        server = await SandboxServer.start(SandboxOptions(events=60, faults=[rule]))
        keys = server.ready()["endpoint"]
        assert isinstance(keys, dict)
        keys = keys["delivery_dashboard"]
        client = open_endpoint(
            load_description(FOLDER / FILES["delivery_dashboard"]), base_url=keys["base_url"], credentials=keys
        )
        try:
            with pytest.raises(UnansweredError):
                await client.one("suppress", {"address": "a@b.example", "reason": "asked"})
            return [record["address"] async for record in client.all("suppressions", {})].count("a@b.example")
        finally:
            await client.close()
            await server.stop()

    assert asyncio.run(story()) == 1


WORLD = build_world(seed=1, clock=SandboxClock(datetime(2026, 3, 4, 9, tzinfo=UTC)))
CUSTOMER = "HM-204881"
PLACES = st.sampled_from(
    [
        "/crm/oauth/token",
        "/crm/contacts",
        f"/crm/contacts/{CUSTOMER}/consents",
        "/delivery/summary",
        "/delivery/messages",
        "/delivery/messages/x/events",
        "/delivery/suppressions",
        "/delivery/suppressions/sup-00001",
        "/preferences/people",
        f"/preferences/people/{CUSTOMER}",
        "/nowhere",
    ]
)
WORDS = st.text(max_size=8) | st.sampled_from(["0", "-1", "9" * 30, "null", "2026-03-04T09:00:00Z", "2026-13-01"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["channel", "granted", "source", "recorded_at", "channels", "wanted", "language"]), inner
        )
    ),
    max_leaves=6,
)


class Proven(httpx.Auth):
    """Whatever is asked is asked by somebody who is let in."""

    requires_request_body = True

    def __init__(self, secrets: Mapping[str, str], token: str) -> None:
        self._secrets = secrets
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        time = str(int(datetime.now(UTC).timestamp()))
        body = hashlib.sha256(request.content).hexdigest()
        signed = "\n".join((time, request.method, request.url.raw_path.decode(), body)).encode()
        digest = hmac.digest(self._secrets["signing_key"].encode(), signed, "sha256")
        request.headers.update(
            {
                "X-Api-Key": self._secrets["api_key"],
                "X-Key-Id": self._secrets["key_id"],
                "X-Signature-Time": time,
                "X-Signature": f"v1={b64encode(digest).decode()}",
            }
        )
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


@settings(max_examples=200, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    path=PLACES,
    query=st.dictionaries(
        st.sampled_from(["page", "per_page", "limit", "offset", "cursor", "since", "segment"]), WORDS
    ),
    body=JSON | st.binary(max_size=20),
    version=st.sampled_from(['"1"', "*", ""]),
)
def test_whatever_is_asked_the_answer_is_no_fault(
    method: str, path: str, query: dict[str, str], body: object, version: str
) -> None:
    """A fault of the sandbox's would be taken for one of the client's."""
    desk = Desk(WORLD)
    headers = {"Idempotency-Key": "k", "If-Match": version}
    form = {
        "grant_type": "client_credentials",
        "scope": "contacts.read",
        "client_id": desk.secrets["client_id"],
        "client_secret": desk.secrets["client_secret"],
    }

    async def ask() -> int:
        async with httpx.AsyncClient(transport=desk.wire, base_url=HOST) as http:
            token = (await http.post("/crm/oauth/token", data=form)).json()["access_token"]
            http.auth = Proven(desk.secrets, token)
            if isinstance(body, bytes):
                answer = await http.request(method, path, params=query, content=body, headers=headers)
            else:
                answer = await http.request(method, path, params=query, json=body, headers=headers)
        return answer.status_code

    assert asyncio.run(ask()) not in {401, *range(500, 600)} or path == "/crm/oauth/token"
