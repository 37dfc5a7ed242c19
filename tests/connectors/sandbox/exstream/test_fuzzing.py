"""Whatever is asked: every call is answered, in a documented shape, and nothing falls over."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.plain import BASE_URL

SOAP: Final = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<e:Compose xmlns:e="urn:hpexstream-services/Engine"><EWSComposeRequest><driver><driver>%%%</driver></driver>'
    b"<fileReturnRegEx>(</fileReturnRegEx></EWSComposeRequest></e:Compose></s:Body></s:Envelope>"
)
KEYS: Final = [
    "filter",
    "filter.types",
    "filter.ids",
    "filter.states",
    "filter.lastModifiedDateStart",
    "rfilter.types",
    "offset",
    "count",
    "sort",
    "version",
    "state",
    "name",
    "type",
    "subtype",
    "linkSubjectId",
    "linkObjectId",
    "jobId",
    "flowInstanceId",
    "stepTypes",
    "commit",
    "versions",
    "force",
    "limit",
    "maxTotal",
    "wsdl",
    "connectorType",
    "lastUpdateTimeStart",
    "lastUpdateTimeEnd",
    "fetchDeleted",
    "docTag",
    "deleted",
]
FIELDS: Final = [
    "state",
    "resourceIds",
    "auditedComment",
    "locked",
    "documents",
    "template",
    "customers",
    "channels",
    "records",
    "requestKey",
    "customer",
    "channel",
    "document",
    "record",
    "version",
    "hold",
    "name",
    "cronExpression",
    "cronType",
    "channelName",
    "inputPath",
    "headers",
    "mode",
    "enabled",
    "flowModelId",
    "customerList",
    "dryRun",
    "filter",
    "startDateStart",
    "startDateEnd",
    "fillMissingData",
    "content",
    "data",
    "contentType",
    "jobIds",
    "body",
    "ids",
]
# fmt: off
MEANT: Final = (
    "", "*", "APPROVED", "true", "0", "-1", "99999999999999999999", "2026-13-45", "1767225600000", "0000-00-00",
    "types:exstrapplication;ids:a,b", "renewal-notice", "monthly-bill", "NightlyLetters", "HM-204881", "print",
    "OTN", "LATEST", "2026-05-12T09:00:00Z", "mode:BATCH;statuses:complete", "1,3-2", "0 0 2 * * ?", "²",
)
# fmt: on
"""Words that some call understands, and some that look as if."""
words = st.one_of(
    st.text(max_size=12),
    st.sampled_from(MEANT),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), words),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)),
    max_leaves=12,
)
bodies = st.one_of(
    st.fixed_dictionaries({"json": st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)}),
    st.fixed_dictionaries({"json": values}),
    st.fixed_dictionaries({"content": st.one_of(st.binary(max_size=60), st.just(SOAP), st.just(b"[" * 5_000))}),
    st.fixed_dictionaries({"data": st.dictionaries(st.sampled_from(FIELDS), words, max_size=3)}),
    st.fixed_dictionaries(
        {
            "files": st.dictionaries(
                st.sampled_from(["file", "exportPackage", "conflictSettings"]),
                st.tuples(st.just("a.zip"), st.one_of(st.binary(max_size=40), st.just(b"PK\x05\x06" + bytes(18)))),
                max_size=3,
            )
        }
    ),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            ["application/json", "application/xml", "text/xml", "multipart/form-data", "x"]
        ),
        "accept": st.sampled_from(["", "application/pdf", "text/html", "application/json", "application/xml", ";;,"]),
        "communicationId": st.sampled_from(["", "none"]),
        "driverDataSource": st.sampled_from(["", "CustomerDriver"]),
        "exstream-variable-version": st.sampled_from(["1", "x", "999999999999999999999"]),
        "empowerUser": st.sampled_from(["nobody", "mira.kovac"]),
        "X-CSRF-TOKEN": st.just("wrong"),
        "otdsticket": st.just("*OTDSSSO*wrong*"),
    },
)
MAY_FAIL: Final = frozenset({"/EngineService/EngineService", "/"})
"""SOAP tells every fault with 500."""


def calls(app: Starlette) -> Iterator[tuple[str, str]]:
    """Method and path of everything that is answered."""
    for route in app.routes:
        assert isinstance(route, Route)
        for method in sorted(route.methods or ()):
            if method != "HEAD":
                yield method, route.path


@pytest.fixture
def token(world: World, authority: TicketAuthority) -> str:
    """The service account's."""
    client_id = world.secrets["exstream"]["client_id"]
    return authority.issue_token(f"{client_id}@OAuthClients", client_id=client_id).value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_call_answers_whatever_it_is_asked(
    app: Starlette, world: World, token: str, domain: str, data: st.DataObject
) -> None:
    """A sandbox that falls over is taken for a vendor that did."""
    method, template = data.draw(st.sampled_from(list(calls(app))))
    known = {"domain": domain, "tenant": world.secrets["exstream"]["tenant"]}
    path = template
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        drawn = (
            "3"
            if name.endswith(":int")
            else data.draw(st.sampled_from(["none", "4711", "generate", "Resend", "1", "²"]))
        )
        path = before + known.get(name.partition(":")[0], drawn) + after
    query = data.draw(st.lists(st.tuples(st.sampled_from(KEYS), words), max_size=4))
    body: dict[str, Any] = data.draw(bodies) if method != "GET" else {}
    sent = {"authorization": f"Bearer {token}", **data.draw(headers)}
    if "files" in body or "data" in body:
        sent.pop("content-type", None)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
            reply = await http.request(method, path, params=tuple(query), headers=sent, **body)
            await app.state.flows.close()
            return reply

    reply = asyncio.run(ask())

    assert reply.status_code < 500 or path in MAY_FAIL, (method, path, query, body, reply.text)
