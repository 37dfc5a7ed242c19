"""Faults by command: the right calls go wrong, in the right way, as often as was said."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from connectors.sandbox.faults import FaultBoard, FaultKind, FaultRule, Faults, read_rules
from connectors.sandbox.ports import Port


class Vendor:
    """A system that counts what reached it."""

    def __init__(self) -> None:
        self.acted = 0
        self.bodies: list[bytes] = []
        self.app = Starlette(routes=[Route("/{path:path}", self._act, methods=["GET", "POST"])])

    async def _act(self, request: Request) -> PlainTextResponse:
        self.bodies.append(await request.body())
        self.acted += 1
        return PlainTextResponse("x" * 1_000, headers={"x-number": str(self.acted)})


Use = Callable[[httpx.AsyncClient], Awaitable[None]]


def on_the_wire(vendor: Vendor, board: FaultBoard, use: Use) -> None:
    """Run ``use`` with a client of ``vendor`` behind ``board``, over a real port."""

    async def run() -> None:
        port = Port()
        port.start(Faults(vendor.app, system="iconik", board=board))
        try:
            async with httpx.AsyncClient(base_url=port.url, trust_env=False) as client:
                await use(client)
        finally:
            await port.stop()

    asyncio.run(run())


async def drain(reply: httpx.Response, received: bytearray) -> None:
    async for chunk in reply.aiter_bytes():
        received.extend(chunk)


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind.isdigit()])
def test_a_status_is_answered_and_the_app_does_not_act(kind: FaultKind) -> None:
    """An injected refusal would still have changed the vendor's state."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=kind))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.post("/things", json={}))

    on_the_wire(vendor, board, use)

    assert [reply.status_code for reply in seen] == [int(kind)]
    assert ("retry-after" in seen[0].headers) is (kind in {"420", "429", "503"})
    assert ("x-featureratelimit-reset" in seen[0].headers) is (kind == "420")
    assert vendor.acted == 0


def test_a_line_cut_before_leaves_the_vendor_as_it_was() -> None:
    """A repeat after this cut would be wrongly counted as a double."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.CUT_BEFORE))

    async def use(client: httpx.AsyncClient) -> None:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await client.post("/things", content=b"b" * 100_000)

    on_the_wire(vendor, board, use)

    assert vendor.acted == 0


def test_a_line_cut_after_leaves_a_deed_without_an_answer() -> None:
    """The outbox could not be tried on its hardest case."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.CUT_AFTER, count=1))

    async def use(client: httpx.AsyncClient) -> None:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await client.post("/things", json={})
        assert (await client.get("/things")).status_code == 200

    on_the_wire(vendor, board, use)

    assert vendor.acted == 2


def test_a_body_is_cut_in_the_middle() -> None:
    """Half a download would pass for a whole one."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.CUT_BODY))
    received = bytearray()

    async def use(client: httpx.AsyncClient) -> None:
        async with client.stream("GET", "/things") as reply:
            assert reply.headers["content-length"] == "1000"
            with pytest.raises(httpx.RemoteProtocolError):
                await drain(reply, received)

    on_the_wire(vendor, board, use)

    assert len(received) == 500


def test_a_slow_call_works_in_the_end() -> None:
    """A delay would be a failure under another name."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.SLOW, delay_ms=30))
    took: list[float] = []

    async def use(client: httpx.AsyncClient) -> None:
        took.append((await client.get("/things")).elapsed.total_seconds())

    on_the_wire(vendor, board, use)

    assert took[0] >= 0.03
    assert vendor.acted == 1


@pytest.mark.parametrize(
    ("kind", "media_type"), [(FaultKind.GARBAGE, "application/json"), (FaultKind.HTML, "text/html; charset=utf-8")]
)
def test_a_false_answer_looks_like_success(kind: FaultKind, media_type: str) -> None:
    """A page of somebody else would never reach the reader of replies."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=kind))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.get("/things"))

    on_the_wire(vendor, board, use)

    assert (seen[0].status_code, seen[0].headers["content-type"]) == (200, media_type)
    assert vendor.acted == 0


def test_half_an_answer_passes_for_a_whole_one() -> None:
    """Truncated JSON would only ever be seen behind a broken line."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.TRUNCATED))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.get("/things"))

    on_the_wire(vendor, board, use)

    assert (seen[0].status_code, len(seen[0].content), vendor.acted) == (200, 500, 1)


def test_an_answer_is_called_what_it_is_not() -> None:
    """A reader that trusts the content type would never be tried."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.MISLABELLED))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.get("/things"))

    on_the_wire(vendor, board, use)

    assert seen[0].headers.get_list("content-type") == ["text/plain; charset=utf-8"]
    assert len(seen[0].content) == 1_000


@pytest.mark.parametrize("kind", [FaultKind.FAULT, FaultKind.BAD_GATEWAY, FaultKind.GATEWAY_TIMEOUT])
def test_a_gateway_speaks_in_pages(kind: FaultKind) -> None:
    """Every error body would be JSON, as no load balancer's is."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=kind, as_html=True))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.get("/things"))

    on_the_wire(vendor, board, use)

    assert (seen[0].status_code, seen[0].headers["content-type"]) == (int(kind), "text/html; charset=utf-8")


def test_a_rate_limit_may_come_without_a_pause() -> None:
    """The guess of a pause would never be tried."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.RATE_LIMITED, retry_after_s=None))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.get("/things"))

    on_the_wire(vendor, board, use)

    assert (seen[0].status_code, "retry-after" in seen[0].headers) == (429, False)


def test_what_a_call_carries_decides_and_still_arrives() -> None:
    """Only cursors expire; a rule that ate the body would break the calls that it lets pass."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.INVALID, carries="next_cursor"))
    seen: list[int] = []

    async def use(client: httpx.AsyncClient) -> None:
        for ask in (
            client.post("/search", json={"expression": "x"}),
            client.post("/search", json={"next_cursor": "c1"}),
            client.get("/list", params={"next_cursor": "c1"}),
        ):
            seen.append((await ask).status_code)  # noqa: PERF401 - one after the other

    on_the_wire(vendor, board, use)

    assert seen == [200, 400, 400]
    assert vendor.bodies == [b'{"expression":"x"}']


def test_a_page_comes_twice() -> None:
    """Ids that come again on the next page would never be met."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.REPEATED, after=1, count=1))
    seen: list[str] = []

    async def use(client: httpx.AsyncClient) -> None:
        for page in (1, 2, 3):
            seen.append((await client.get("/pages", params={"page": page})).headers["x-number"])  # noqa: PERF401 - in turn

    on_the_wire(vendor, board, use)

    assert seen == ["1", "1", "2"]
    assert vendor.acted == 2


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (FaultRule(kind=FaultKind.FAULT), True),
        (FaultRule(kind=FaultKind.FAULT, system="iconik", method="post", path="/API/assets/*"), True),
        (FaultRule(kind=FaultKind.FAULT, path="*/approvals/"), True),
        (FaultRule(kind=FaultKind.FAULT, system="exstream"), False),
        (FaultRule(kind=FaultKind.FAULT, method="GET"), False),
        (FaultRule(kind=FaultKind.FAULT, path="/API/search/*"), False),
    ],
)
def test_a_rule_speaks_about_its_own_calls(rule: FaultRule, fits: bool) -> None:
    """A fault meant for one call would hit the others."""
    board = FaultBoard()
    board.add(rule)

    struck = board.strike("iconik", "POST", "/API/assets/v1/assets/7/approvals/")

    assert (struck is rule) is fits


def test_a_count_and_a_start_limit_a_rule() -> None:
    """An accident meant once would go on for ever."""
    board = FaultBoard()
    standing = board.add(FaultRule(kind=FaultKind.FAULT, after=1, count=2))

    outcomes = [board.strike("iconik", "GET", "/") is not None for _ in range(5)]

    assert outcomes == [False, True, True, False, False]
    assert (standing.met, standing.struck) == (5, 2)


def test_a_rate_is_a_share_and_the_same_for_a_seed() -> None:
    """A flaky system could not be repeated."""
    runs = []
    for _ in range(2):
        board = FaultBoard(seed=3)
        board.add(FaultRule(kind=FaultKind.FAULT, rate=0.3))
        runs.append([board.strike("iconik", "GET", "/") is not None for _ in range(1_000)])

    assert runs[0] == runs[1]
    assert 250 < sum(runs[0]) < 350


def test_a_rule_taken_back_no_longer_strikes() -> None:
    """A test would leave its trouble to the next one."""
    board = FaultBoard()
    standing = board.add(FaultRule(kind=FaultKind.FAULT))

    assert board.drop(standing.id)
    assert not board.drop(standing.id)
    assert board.strike("iconik", "GET", "/") is None


@pytest.mark.parametrize(
    "text", ['{"kind": "explode"}', '{"kind": "500", "rate": 2}', '{"kind": "500", "ratio": 1}', "["]
)
def test_a_rule_that_makes_no_sense_is_refused(text: str) -> None:
    """A misspelt rule would do nothing, silently."""
    with pytest.raises(msgspec.DecodeError):
        read_rules(text)


def test_rules_are_read_one_or_many() -> None:
    """The command line could give only one."""
    one, many = read_rules('{"kind": "slow"}'), read_rules('[{"kind": "slow"}, {"kind": "html", "count": 1}]')

    assert [rule.kind for rule in one] == [FaultKind.SLOW]
    assert [rule.kind for rule in many] == [FaultKind.SLOW, FaultKind.HTML]


def test_who_is_late_acts_although_nobody_listens_any_more() -> None:
    """A vendor that is slow has the whole request: giving up would seem to take it back."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.SLOW, delay_ms=150))

    async def use(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/things", json={"a": 1}, timeout=httpx.Timeout(None, read=0.05))
        async with asyncio.timeout(300):
            while not vendor.acted:  # noqa: ASYNC110 - the vendor tells nobody
                await asyncio.sleep(0.01)

    on_the_wire(vendor, board, use)

    assert vendor.bodies == [b'{"a":1}']


def test_a_reset_line_leaves_the_vendor_as_it_was() -> None:
    """RST and FIN reach a client as different errors; only one of them would be tried."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=FaultKind.RESET))

    async def use(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadError):
            await client.post("/things", json={})

    on_the_wire(vendor, board, use)

    assert vendor.acted == 0


@pytest.mark.parametrize(("kind", "acted"), [(FaultKind.HTML_AFTER, 1), (FaultKind.ERROR_IN_200, 0)])
def test_a_success_that_is_none(kind: FaultKind, acted: int) -> None:
    """Whether the vendor acted behind it is what the outbox must find out."""
    vendor, board = Vendor(), FaultBoard()
    board.add(FaultRule(kind=kind))
    seen: list[httpx.Response] = []

    async def use(client: httpx.AsyncClient) -> None:
        seen.append(await client.post("/things", json={}))

    on_the_wire(vendor, board, use)

    assert (seen[0].status_code, vendor.acted) == (200, acted)
