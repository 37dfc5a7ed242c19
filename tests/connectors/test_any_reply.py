"""Whatever a server answers: an error of the tree or a reply, and never a planted secret in words that are shown.

The readers are found by looking through the connectors, so that a new one is tried from its first day.
"""

import asyncio
import importlib
import inspect
import json
import logging
import pkgutil
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import connectors
from connectors.calls import Call, JSONBody, Reply
from connectors.errors import ConnectorError
from connectors.http import Exchange, FailureReader, Send, Transport

SYSTEMS: Final = ("cloudinary", "core_dam", "exstream", "extended_ecm", "iconik", "otds")
TOKEN, QUERY, BODY = "planted-token-secret", "planted-query-secret", "planted-body-secret"
CALL: Final = Call(
    name="sign in",
    method="POST",
    path="/session",
    query=(("signature", QUERY), ("page", "1")),
    body=JSONBody(value={"user": "ines", "password": BODY}),
)


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the connectors, by its full name."""
    for system in SYSTEMS:
        package = importlib.import_module(f"{connectors.__name__}.{system}")
        found = [
            package.__name__,
            *(each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")),
        ]
        for name in found:
            for word, function in inspect.getmembers(importlib.import_module(name), inspect.isfunction):
                if function.__module__ == name and not word.startswith("_"):
                    yield f"{name}.{word}", function


def _takes_a_reply_alone(function: Callable[..., Any]) -> bool:
    required = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    return [each.name for each in required] == ["reply"] and not inspect.iscoroutinefunction(function)


READERS: Final = {name: function for name, function in functions() if _takes_a_reply_alone(function)}
FAILURE_READERS: Final = {name: each for name, each in READERS.items() if "read_failure" in name or "_failure" in name}


class Token:
    """A proof that is there already."""

    is_signed_in = True

    async def sign_in(self, send: Send) -> None:
        """There is nothing to do."""

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {TOKEN}", "Cookie": f"JSESSIONID={TOKEN}"}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        return False


_words = st.one_of(
    st.text(max_size=40),
    st.sampled_from([TOKEN, QUERY, BODY, f"no: {TOKEN}", f"Bearer {TOKEN} at /session?signature={QUERY}"]),
    st.sampled_from(["ok", "false", "true", "null", "2026-11-21T10:00:00Z", "-1", "1e400"]),
)
_KEYS: Final = (
    *(
        "error",
        "message",
        "errors",
        "detail",
        "statusCode",
        "ok",
        "code",
        "status",
        "exception_body",
        "error_description",
    ),
    *(
        "fields",
        "objects",
        "id",
        "data",
        "results",
        "ticket",
        "token",
        "access_token",
        "expires_in",
        "next_cursor",
        "sort",
    ),
)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _words),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.one_of(st.sampled_from(_KEYS), _words), inside, max_size=4)
    ),
    max_leaves=12,
)
bodies = st.one_of(
    _json.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")),
    st.binary(max_size=200),
    st.sampled_from([b"", b"[" * 50_000, b"<html>" + TOKEN.encode(), b"\xff\xfe", b"<?xml version='1.0'?><a>&b;</a>"]),
)
_HEADER_NAMES: Final = (
    *(
        "content-type",
        "retry-after",
        "date",
        "location",
        "set-cookie",
        "content-encoding",
        "x-request-id",
        "otcsticket",
    ),
    *("x-featureratelimit-remaining", "x-featureratelimit-reset", "x-featureratelimit-limit", "x-cld-error", "link"),
)
headers = st.lists(
    st.tuples(
        st.sampled_from(_HEADER_NAMES).map(str.encode),
        st.one_of(
            st.binary(max_size=30),
            _words.map(lambda words: words.encode("utf-8", "replace")),
            st.sampled_from(
                [b"application/json", b"gzip", b"9" * 5_000, b"Sat, 21 Nov 2026 10:00:00 GMT", b"text/html"]
            ),
        ),
    ),
    max_size=5,
)
statuses = st.one_of(
    st.sampled_from([200, 201, 204, 301, 302, 304, 400, 401, 403, 404, 409, 420, 422, 423, 429, 500, 503]),
    st.integers(min_value=200, max_value=999),
)


class Answering(httpx.AsyncBaseTransport):
    """A wire on which everybody is told the same."""

    def __init__(self, status: int, raw: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._status, self._raw, self._body = status, raw, body

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return httpx.Response(self._status, headers=self._raw, stream=httpx.ByteStream(self._body))


def test_every_system_has_a_reader_of_failures() -> None:
    """A reader that is not found here is not tried."""
    assert all(any(f".{system}." in name for name in FAILURE_READERS) for system in SYSTEMS)
    assert len(READERS) > 60


@pytest.mark.parametrize("name", sorted(FAILURE_READERS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(status=statuses, raw=headers, body=bodies)
def test_any_answer_is_a_reply_or_an_error_without_secrets(
    name: str, status: int, raw: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """An exception from outside the tree ends the page; a secret in one ends in a ticket."""
    shown = _shown_by(FAILURE_READERS[name], Answering(status, raw, body))

    assert [secret for secret in (TOKEN, QUERY, BODY) if secret in shown] == []


def _shown_by(read_failure: FailureReader, wire: httpx.AsyncBaseTransport) -> str:
    """Everything that anybody could see of a call's failure, its exchange and its log."""
    exchanges: list[Exchange] = []
    said = _Said()
    logging.getLogger().addHandler(said)

    async def run() -> str:
        transport = Transport(
            system="vendor",
            base_url="http://vendor.example",
            sign_in=Token(),
            read_failure=read_failure,
            on_exchange=exchanges.append,
            wire=wire,
        )
        try:
            return repr(await transport.send(CALL))
        except ConnectorError as error:
            words = "".join(traceback.format_exception(error))
            return words + repr(error) + error.sentence + repr(vars(error))
        finally:
            await transport.close()

    try:
        return asyncio.run(run()) + repr(exchanges) + "".join(said.lines)
    finally:
        logging.getLogger().removeHandler(said)


class _Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.mark.parametrize("system", SYSTEMS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(status=statuses, body=bodies, media_type=st.sampled_from(["", "application/json", "text/html", "text/xml"]))
def test_no_reader_raises_from_outside_the_tree(system: str, status: int, body: bytes, media_type: str) -> None:
    """A reply in an odd shape is the vendor's error, not a bug of ours."""
    odd = Reply(system=system, call="read", status=status, headers={"content-type": media_type}, body=body)

    escaped = [
        (name, error)
        for name, reader in READERS.items()
        if f".{system}." in name and (error := _escaped(reader, odd)) is not None
    ]

    assert escaped == []


def _escaped(reader: Callable[[Reply], object], odd: Reply) -> Exception | None:
    try:
        reader(odd)
    except ConnectorError:
        return None
    except Exception as error:  # noqa: BLE001 - whatever else there is
        return error
    return None
