"""Described calls over a wire of our own: what is sent, what is read, what is raised."""

import asyncio
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.endpoint import EndpointClient, Record, UnfitValueError, open_endpoint, read_description
from connectors.endpoint.paging import below, links
from connectors.endpoint.values import UnfitError
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    VendorFaultError,
)
from connectors.http import Exchange

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
BASE = "https://crm.example.com/api"
HEAD = f"""format = 1
title = "CRM"
base_url = "{BASE}"
[credentials]
user = "User"
word = "Password"
[errors]
detail = "error.message"
fields = "error.fields"
refused_when = "ok == `false`"
[pace]
calls = 10000
"""
CREDENTIALS = {"user": "u:1", "word": "päss"}
Answers = Callable[[httpx.Request], httpx.Response]


def client(
    calls: str, answers: Answers, *, sign_in: str = 'kind = "none"', seen: list[Exchange] | None = None
) -> EndpointClient:
    """A client of a system with ``calls`` that answers with ``answers``."""
    text = f"{HEAD}[sign_in]\n{sign_in}\n{calls}"
    return open_endpoint(
        read_description(text.encode(), file="crm.toml"),
        credentials=CREDENTIALS,
        wire=httpx.MockTransport(answers),
        on_exchange=(seen if seen is not None else []).append,
        now=lambda: NOW,
    )


def one(
    asked: EndpointClient, name: str = "a", given: Mapping[str, object] | None = None, *, key: str | None = None
) -> Record | None:
    """One record."""

    async def ask() -> Record | None:
        try:
            return await asked.one(name, given or {}, request_key=key)
        finally:
            await asked.close()

    return asyncio.run(ask())


def every(asked: EndpointClient, name: str = "a", given: Mapping[str, object] | None = None) -> list[Record]:
    """Every record of a list."""

    async def ask() -> list[Record]:
        try:
            return [record async for record in asked.all(name, given or {})]
        finally:
            await asked.close()

    return asyncio.run(ask())


def recorded(requests: list[httpx.Request], body: object = None) -> Answers:
    """Keeps what was sent and answers with ``body``."""

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={} if body is None else body)

    return answer


GET = '[calls.a]\npath = "/a"\n'


# What is sent


def test_a_call_is_sent_as_it_is_described() -> None:
    """This is the whole point."""
    sent: list[httpx.Request] = []
    calls = """
[calls.a]
method = "POST"
path = "/people/{who}/notes"
query = { lang = "{lang}", tag = "{tags}", fixed = 1 }
headers = { X-Source = "desk {who}" }
json = { text = "{note}", at = "{at}", amount = "{amount}", nested = { loud = "{loud}" } }
[calls.a.inputs]
who = "text"
note = "text"
at = "epoch_ms"
amount = "decimal"
loud = "flag"
tags = "texts"
lang = { as = "text", required = false }
"""

    one(
        client(calls, recorded(sent)),
        given={"who": "a b", "note": '"}', "at": NOW, "amount": 7, "loud": False, "tags": ["x&y", "z"]},
    )

    (request,) = sent
    assert str(request.url) == f"{BASE}/people/a%20b/notes?tag=x%26y&tag=z&fixed=1"
    assert request.headers["x-source"] == "desk a b"
    assert json.loads(request.content) == {"text": '"}', "at": 1772614800000, "amount": 7, "nested": {"loud": False}}


def test_a_form_is_sent_as_one() -> None:
    """Older systems take nothing else."""
    sent: list[httpx.Request] = []
    calls = GET + 'method = "POST"\nform = { q = "{q}" }\ninputs.q = "text"'

    one(client(calls, recorded(sent)), given={"q": "a&b=c"})

    assert sent[0].content == b"q=a%26b%3Dc"
    assert sent[0].headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("sign_in", "expected"),
    [
        ('kind = "basic"\nusername = "user"\npassword = "word"', f"Basic {b64encode('u:1:päss'.encode()).decode()}"),
        ('kind = "bearer"\ntoken = "user"', "Bearer u:1"),
        ('kind = "api_key"\nkey = "user"\nname = "Authorization"\nprefix = "Key "', "Key u:1"),
    ],
)
def test_each_standing_proof_goes_with_every_request(sign_in: str, expected: str) -> None:
    """The system would not know us."""
    sent: list[httpx.Request] = []

    one(client(GET, recorded(sent), sign_in=sign_in))

    assert sent[0].headers["authorization"] == expected


def test_a_key_in_the_address_is_masked_in_the_exchange_log() -> None:
    """Everybody who may read the Activity page could use it."""
    sent: list[httpx.Request] = []
    seen: list[Exchange] = []
    sign_in = 'kind = "api_key"\nin = "query"\nkey = "user"\nname = "key"'

    one(client(GET, recorded(sent), sign_in=sign_in, seen=seen))

    assert sent[0].url.params["key"] == "u:1"
    assert "u%3A1" not in repr(seen)
    assert "u:1" not in repr(seen)


def test_a_signature_covers_what_is_sent() -> None:
    """A request that was changed on the way must be told from ours."""
    sent: list[httpx.Request] = []
    sign_in = (
        'kind = "hmac"\nsecret = "word"\nheader = "X-Sig"\nhash = "sha512"\nencoding = "base64"\nprefix = "s="\n'
        'signed = "{timestamp} {method} {path} {body}"\ntimestamp_header = "X-Time"\nkey_id = "user"\n'
        'key_id_header = "X-Key"'
    )
    calls = GET + 'method = "PUT"\nquery.q = "{q}"\njson.q = "{q}"\ninputs.q = "text"'

    one(client(calls, recorded(sent), sign_in=sign_in), given={"q": "ü /"})

    (request,) = sent
    signed = f"1772614800 PUT {request.url.raw_path.decode()} ".encode() + request.content
    expected = b64encode(hmac.digest("päss".encode(), signed, hashlib.sha512)).decode()
    assert request.headers["x-sig"] == f"s={expected}"
    assert (request.headers["x-time"], request.headers["x-key"]) == ("1772614800", "u:1")


OAUTH = (
    'kind = "oauth2_client_credentials"\ntoken_url = "https://login.example.com/token"\nclient_id = "user"\n'
    'client_secret = "word"\nscope = "a b"\naudience = "crm"\n'
)


@pytest.mark.parametrize("proof", ["basic", "body"])
def test_a_token_is_fetched_once_used_and_fetched_again_when_it_is_refused(proof: str) -> None:
    """A token's life is the system's own business."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if request.url.host == "login.example.com":
            return httpx.Response(200, json={"access_token": f"t{len(sent)}", "token_type": "Bearer", "expires_in": 60})
        return httpx.Response(401 if len(sent) == 2 else 200, json={})

    one(client(GET, answer, sign_in=f'{OAUTH}proof = "{proof}"'))

    form = dict(httpx.QueryParams(sent[0].content.decode()))
    if proof == "basic":
        scheme, coded = sent[0].headers["authorization"].split()
        shown = (scheme, b64decode(coded).decode())
        assert shown == ("Basic", "u%3A1:p%C3%A4ss")
    else:
        assert (form["client_id"], form["client_secret"]) == ("u:1", "päss")
    assert (form["grant_type"], form["scope"], form["audience"]) == ("client_credentials", "a b", "crm")
    assert [request.headers.get("authorization", "")[:9] for request in sent[1::2]] == ["Bearer t1", "Bearer t3"]


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_client_is_a_refused_sign_in(status: int) -> None:
    """OAuth answers 400 to a wrong client; the person must land on the sign-in card."""
    refusal = httpx.Response(status, json={"error": "invalid_client", "error_description": "Unknown client."})

    with pytest.raises(SignInError, match=r"Unknown client\."):
        one(client(GET, lambda _: refusal, sign_in=OAUTH))


def test_an_empty_slot_is_told_before_anything_is_sent() -> None:
    """The system would answer with a riddle."""
    text = f'{HEAD}[sign_in]\nkind = "bearer"\ntoken = "word"\n{GET}'

    with pytest.raises(SignInError, match="Password"):
        open_endpoint(read_description(text.encode(), file="crm.toml"), credentials={"user": "x"})


KEYED = GET + 'method = "POST"\nidempotency.header = "Idempotency-Key"\njson.q = "{q}"\ninputs.q = "text"'


def test_a_call_with_a_key_is_sent_again_with_the_same_one() -> None:
    """The answer was lost, perhaps after the system acted."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(503 if len(sent) == 1 else 201, json={})

    one(client(KEYED, answer), given={"q": "x"}, key="wish-1")

    assert [request.headers["idempotency-key"] for request in sent] == ["wish-1", "wish-1"]


def test_a_write_without_a_key_is_never_sent_again() -> None:
    """It could be done twice."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(503)

    with pytest.raises(VendorFaultError):
        one(client(GET + 'method = "POST"', answer))
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("given", "key", "fields"),
    [
        ({}, "k", {"q"}),
        ({"q": 7}, "k", {"q"}),
        ({"q": "x", "z": 1}, "k", {"z"}),
        ({"q": "x"}, None, {"request_key"}),
        ({"q": "x"}, "k\r\nX: y", {"Idempotency-Key"}),
    ],
)
def test_what_does_not_fit_is_told_by_field_and_nothing_is_sent(
    given: Mapping[str, object], key: str | None, fields: set[str]
) -> None:
    """The page shows the sentence beside the field."""
    sent: list[httpx.Request] = []

    with pytest.raises(UnfitValueError) as caught:
        one(client(KEYED, recorded(sent)), given=given, key=key)

    assert caught.value.fields.keys() == fields
    assert caught.value.sentence.startswith("CRM was not asked, for ")
    assert sent == []


# What is read

MAPPED = GET + (
    'answer.item = "data"\nanswer.fields.id = { from = "id", required = true }\n'
    'answer.fields.total = { from = "sum", as = "decimal" }\nanswer.fields.first = "xs[0].n"'
)


def test_a_reply_is_mapped() -> None:
    """What the desk knows is these names."""
    body = {"data": {"id": 7, "sum": 1.1, "xs": [{"n": "a"}], "more": 1}}

    record = one(client(MAPPED, recorded([], body)))

    assert record is not None
    assert {name: str(value) for name, value in record.items()} == {"id": "7", "total": "1.1", "first": "a"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"data": {"sum": 1}}, r"the reply, field id \(id\): expected text, got nothing"),
        ({"data": {"id": [1]}}, r"field id \(id\): expected text, got a list"),
        ({"data": {"id": "x", "sum": "Caron"}}, r"field total \(sum\): expected decimal, got other text"),
        ({"data": ["Caron"]}, "the reply: expected an object, got list"),
        ([1], "the reply: expected an object, got NoneType"),
    ],
)
def test_an_odd_reply_is_told_by_its_place_and_no_value(body: object, words: str) -> None:
    """A shape error goes to the log, where no customer's name may stand."""
    with pytest.raises(ShapeError, match=words) as caught:
        one(client(MAPPED, recorded([], body)))
    assert "Caron" not in str(caught.value)


@pytest.mark.parametrize("calls", [MAPPED, GET + 'method = "DELETE"'])
def test_a_web_page_instead_of_data_is_odd(calls: str) -> None:
    """A captive portal answers 200, and a write would be taken for done."""
    page = httpx.Response(200, html="<p>Please accept")

    with pytest.raises(ShapeError, match="text/html"):
        one(client(calls, lambda _: page))


def test_none_there_is_no_failure_where_the_description_says_so() -> None:
    """Looking somebody up who is not there is an ordinary question."""
    assert one(client(MAPPED + "\nanswer.absent = [404]", lambda _: httpx.Response(404))) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidError),
        (401, SignInError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (410, NotFoundError),
        (412, ConflictError),
        (422, InvalidError),
        (429, RateLimitError),
        (500, VendorFaultError),
        (302, ShapeError),
        (200, InvalidError),
    ],
)
def test_each_refusal_is_its_class_with_the_systems_words(status: int, kind: type[ConnectorError]) -> None:
    """The outbox decides by class, and the person reads what the system says."""
    body = {"ok": False, "error": {"message": "No such thing.", "fields": {"name": "too long"}}}
    calls = GET + 'method = "POST"'

    with pytest.raises(ConnectorError) as caught:
        one(client(calls, lambda _: httpx.Response(status, json=body, headers={"Retry-After": "7"})))

    assert type(caught.value) is kind
    if kind is not ShapeError:
        assert caught.value.detail == "No such thing."
    if isinstance(caught.value, InvalidError):
        assert caught.value.fields == {"name": "too long"}
    if isinstance(caught.value, RateLimitError):
        assert caught.value.retry_after is not None
        assert caught.value.retry_after.total_seconds() == 7


# Paging

ITEMS = '[calls.a.answer]\nitems = "items"\nkey = "id"\nfields.id = { from = "id", required = true }\n'


def paged(paging: str) -> str:
    """A list that comes in pages."""
    return f"{GET}[calls.a.paging]\n{paging}\n{ITEMS}"


def ids(records: Sequence[Record]) -> list[object]:
    """Their ids."""
    return [record["id"] for record in records]


def of(*numbers: int, **more: object) -> dict[str, object]:
    """A page with these items."""
    return {"items": [{"id": str(number)} for number in numbers], **more}


@pytest.mark.parametrize("total", [None, 2, 5, 2.0])
def test_pages_are_counted_to_the_first_empty_one_or_the_stated_last(total: float | None) -> None:
    """A total that promises too much must not make an endless walk, nor one that is missing a short one."""
    pages = {"1": of(1, 2), "2": of(2, 3)}

    def answer(request: httpx.Request) -> httpx.Response:
        page = pages.get(request.url.params["page"], of())
        return httpx.Response(200, json=page | ({} if total is None else {"pages": total}))

    paging = 'kind = "page"\nparameter = "page"\nsize_parameter = "n"\nsize = 2\npages_total = "pages"'

    assert ids(every(client(paged(paging), answer))) == ["1", "2", "3"]


def test_a_system_that_knows_no_pages_is_odd() -> None:
    """It would give its first page for ever."""
    paging = 'kind = "page"\nparameter = "page"'

    with pytest.raises(ShapeError, match="the same page came twice"):
        every(client(paged(paging), recorded([], of(1, 2))))


def test_offsets_move_by_what_came() -> None:
    """A server that gives less than was asked for would make holes."""

    def answer(request: httpx.Request) -> httpx.Response:
        begin = int(request.url.params["skip"])
        return httpx.Response(200, json=of(*range(begin, min(begin + 2, 5))))

    paging = 'kind = "page"\ncounts = "items"\nparameter = "skip"\nsize_parameter = "n"\nsize = 100'

    assert ids(every(client(paged(paging), answer))) == ["0", "1", "2", "3", "4"]


def test_a_list_that_is_not_there_is_empty_where_the_description_says_so() -> None:
    """Some systems answer 404 behind the last page."""

    def answer(request: httpx.Request) -> httpx.Response:
        is_there = request.url.params["page"] == "1"
        return httpx.Response(200, json=of(1)) if is_there else httpx.Response(404, html="<p>Nothing here")

    calls = paged('kind = "page"\nparameter = "page"') + "absent = [404]\n"

    assert ids(every(client(calls, answer))) == ["1"]


CURSOR = 'kind = "cursor"\ncursor = "next"\nparameter = "c"\n'


@pytest.mark.parametrize("end", [{}, {"next": None}, {"next": ""}, {"next": False}])
def test_a_cursor_is_followed_to_its_end(end: Mapping[str, object]) -> None:
    """Systems say the end in different ways."""

    def answer(request: httpx.Request) -> httpx.Response:
        following = request.url.params.get("c") == "x&y"
        return httpx.Response(200, json=of(2, **end) if following else of(1, next="x&y"))

    assert ids(every(client(paged(CURSOR), answer))) == ["1", "2"]


def test_a_cursor_may_go_back_in_the_body() -> None:
    """Search calls take everything there."""
    sent: list[object] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json=of(len(sent), next=None if len(sent) > 1 else 7))

    calls = f'{GET}method = "POST"\nrepeatable = true\njson.q = 1\n[calls.a.paging]\n{CURSOR}in = "body"\n{ITEMS}'

    assert ids(every(client(calls, answer))) == ["1", "2"]
    assert sent == [{"q": 1}, {"q": 1, "c": 7}]


def test_a_cursor_that_ends_on_the_way_begins_anew_and_tells_nothing_twice() -> None:
    """A slow walk would otherwise never arrive."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("c", ""))
        match asked:
            case [*_, ""]:
                return httpx.Response(200, json=of(1, 2, next="old" if len(asked) == 1 else "new"))
            case [*_, "old"]:
                return httpx.Response(410, json={"error": {"message": "ended"}})
            case _:
                return httpx.Response(200, json=of(2, 3))

    assert ids(every(client(paged(CURSOR + "expired = [410]"), answer))) == ["1", "2", "3"]
    assert asked == ["", "old", "", "new"]


def test_a_cursor_that_always_ends_is_given_up() -> None:
    """The walk would go on for ever."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("c", ""))
        return httpx.Response(410) if asked[-1] else httpx.Response(200, json=of(1, next="x"))

    with pytest.raises(NotFoundError):
        every(client(paged(CURSOR + "expired = [410]"), answer))
    assert len(asked) == 8


def test_cursors_in_a_circle_are_odd() -> None:
    """The walk would go on for ever."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=of(1, next={"": "x", "x": "y", "y": "x"}[request.url.params.get("c", "")]))

    with pytest.raises(ShapeError, match="in a circle"):
        every(client(paged(CURSOR), answer))


@pytest.mark.parametrize("cursor", [True, 1.5, [], {"a": 1}])
def test_a_cursor_of_another_type_is_odd(cursor: object) -> None:
    """It could not be sent back as it was."""
    with pytest.raises(ShapeError):
        every(client(paged(CURSOR), recorded([], of(1, next=cursor))))


LINK = 'kind = "link"\nsize_parameter = "n"\nsize = 2'


@pytest.mark.parametrize(
    "link", [f"{BASE}/a?p=2", "https://crm.example.com:443/api/a?p=2", "/api/a?p=2", "?p=2", "a?p=2"]
)
def test_a_link_is_followed_however_it_is_written(link: str) -> None:
    """RFC 8288 lets it be relative."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("p") == "2":
            return httpx.Response(200, json=of(2))
        return httpx.Response(
            200, json=of(1), headers={"Link": f'<x>; rel=prev, <{link}>; rel="last next"; title="a,<"'}
        )

    assert ids(every(client(paged(LINK), answer))) == ["1", "2"]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/a?p=2",
        "//evil.example/api/a",
        "http://crm.example.com/api/a",
        "https://crm.example.com:8443/api/a",
        "https://user@crm.example.com/api/a",
        "https://crm.example.com/other/a",
        "https://crm.example.com/apiary/a",
        "/api/%2e%2e/other",
        "../../other",
        "https://[",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(link: str) -> None:
    """The credentials would be shown to whoever wrote the link."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=of(len(sent)), headers={"Link": f'<{link}>; rel="next"'})

    with pytest.raises(ShapeError, match="leads elsewhere"):
        every(client(paged(LINK), answer))
    assert len(sent) == 1


def test_a_key_in_the_address_goes_with_followed_links_too() -> None:
    """The system leaves it out of its links, as it should."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        headers = {"Link": '</api/a?p=2>; rel="next"'} if len(sent) == 1 else {}
        return httpx.Response(200, json=of(len(sent)), headers=headers)

    every(client(paged(LINK), answer, sign_in='kind = "api_key"\nin = "query"\nkey = "user"\nname = "key"'))

    assert [request.url.params["key"] for request in sent] == ["u:1", "u:1"]


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_any_link_header_is_read_without_end_or_error(header: str) -> None:
    """The header is somebody else's text."""
    assert len(list(links(header))) <= len(header)


@given(st.text(max_size=30))
def test_no_link_leads_out_of_the_base_address(rest: str) -> None:
    """What is below is appended to the base address again."""
    try:
        target = below(BASE, BASE + rest)
        url = httpx.URL(BASE + target)
    except (UnfitError, ValueError, httpx.InvalidURL):
        return

    assert url.host == "crm.example.com"
    assert url.path.startswith("/api/")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["items", "id", "next", "ok", "error", "message", "fields", "data"]), inner)
    ),
    max_leaves=8,
)
BODIES = ANYTHING.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20)


@settings(max_examples=300, deadline=None)
@given(BODIES, st.sampled_from([200, 201, 204, 302, 400, 404, 409, 422, 429]))
def test_whatever_comes_back_nothing_but_the_error_tree_is_raised(body: bytes, status: int) -> None:
    """Any other exception is taken for a fault of the desk's own."""
    headers = {"content-type": "application/json", "retry-after": "9999"}
    calls = paged(CURSOR) + MAPPED.replace("calls.a", "calls.b")
    asked = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(404 if asked > 3 else status, content=body, headers=headers)

    for ask in (every, lambda system: one(system, "b")):
        with suppress(ConnectorError):
            ask(client(calls, answer))
