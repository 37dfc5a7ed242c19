"""Events leave the desk as CloudEvents: whole, masked unless there is a reason, and noted."""

import asyncio
import base64
import hashlib
import json
import stat
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UserError
from app.inbox import Inbox
from app.inbox.exporting import ExportFile
from app.rules.event_filter import EventFilter
from app.rules.personal_values import masked_json
from app.store import Store, audit
from app.use_cases.export_events import ExportEvents, ExportProgress, ExportWish
from connectors.inbound import ArrivalTrust
from tests.app.inbox.arrivals_made import NOW, arrival, message

ADDRESS = "ines.caron@lamer.example"
RAW = message(code="5.1.1", verdict="Permanent", recipient=ADDRESS)


class StoppedClock:
    """It is always the same moment."""

    def now(self) -> datetime:
        """That moment."""
        return NOW

    def monotonic(self) -> float:
        """Nor does anything take time."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Nobody waits."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a bounce, a repeated one, one that is no text, and a forgery."""
    with Store.open(tmp_path / "profile") as opened:
        inbox = Inbox(opened)
        came = [arrival(RAW, id_="1"), arrival(RAW, id_="1"), arrival(b"\xff\xfe", id_="2")]
        asyncio.run(inbox.take([*came, arrival(RAW, trust=ArrivalTrust.BAD_SIGNATURE)]))
        yield opened


def export(store: Store, path: Path, **wish: Any) -> int:
    """Write everything to ``path``."""
    use = ExportEvents(store=store, inbox=Inbox(store), clock=StoppedClock())
    return asyncio.run(use(ExportWish(wanted=EventFilter(), path=path, actor="mira", **wish)))


def test_a_masked_export_holds_no_address(store: Store, tmp_path: Path) -> None:
    """It would lie in somebody's downloads for years."""
    path = tmp_path / "events.jsonl"

    written = export(store, path)

    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert written == len(told) == 3
    assert all({"specversion", "id", "source", "type"} <= each.keys() for each in told)
    assert ADDRESS not in path.read_text()
    assert ADDRESS.encode() not in b"".join(base64.b64decode(each.get("rawbody", "")) for each in told)
    bounce = next(each for each in told if each["id"] == "1")
    assert (bounce["type"], bounce["timesseen"], bounce["rawmasked"]) == ("message.bounced", 2, True)
    assert bounce["rawsha256"] == hashlib.sha256(RAW).hexdigest()
    assert bounce["data"]["claims"][0]["providerVerdict"] == "Permanent"
    assert "rawbody" not in next(each for each in told if each["id"] == "2")


def test_with_a_reason_the_bytes_are_there_as_they_came(store: Store, tmp_path: Path) -> None:
    """Evidence that was re-written is none."""
    path = tmp_path / "events.json"

    export(store, path, is_masked=False, reason="Court order 12/26")

    told = {each["id"]: each for each in json.loads(path.read_bytes())}
    assert base64.b64decode(told["1"]["rawbody"]) == RAW
    assert base64.b64decode(told["2"]["rawbody"]) == b"\xff\xfe"


def test_who_exported_and_why_is_in_the_audit(store: Store, tmp_path: Path) -> None:
    """Personal data would leave and nobody would know."""
    export(store, tmp_path / "a.jsonl", is_masked=False, reason="Court order 12/26")

    (row,) = [each for each in asyncio.run(store.ledger.read(audit.newest)) if each.action == "events.exported"]
    assert (row.actor, row.detail, row.words) == ("mira", {"masked": "no"}, {"reason": "Court order 12/26"})


def test_without_a_reason_nothing_readable_leaves(store: Store, tmp_path: Path) -> None:
    """The rule would be a matter of the page alone."""
    with pytest.raises(UserError, match="reason"):
        export(store, tmp_path / "a.jsonl", is_masked=False, reason=" ")

    assert not list(tmp_path.glob("*.jsonl"))


def test_the_file_is_its_owner_s_alone(store: Store, tmp_path: Path) -> None:
    """Whoever shares the computer could read it."""
    path = tmp_path / "events.jsonl"
    path.write_text("an older one that all may read")
    path.chmod(0o644)

    export(store, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "an older one" not in path.read_text()


def test_what_cannot_be_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    """Half an export looks like a whole one."""
    with pytest.raises(UserError, match=r"a\.jsonl cannot be written"):
        export(store, tmp_path / "nowhere" / "a.jsonl")


def test_a_cancelled_export_leaves_no_file(store: Store, tmp_path: Path) -> None:
    """Its first pages would lie there unnamed."""

    def stop(_progress: ExportProgress) -> None:
        raise asyncio.CancelledError

    use = ExportEvents(store=store, inbox=Inbox(store), clock=StoppedClock())
    wish = ExportWish(wanted=EventFilter(), path=tmp_path / "a.jsonl", actor="mira")

    async def story() -> None:
        with pytest.raises(asyncio.CancelledError):
            await use(wish, stop)

    asyncio.run(story())

    assert [each.name for each in tmp_path.iterdir()] == ["profile"]


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(VALUES)
def test_an_address_does_not_survive_masking_wherever_it_stands(around: object) -> None:
    """One place that was not thought of is enough."""
    raw = json.dumps({"a": around, "b": [{"c": f"to <{ADDRESS}>"}, ADDRESS], "recipient": {"name": "Inès"}}).encode()

    masked = masked_json(raw)

    assert masked is not None
    assert ADDRESS.encode() not in masked
    assert "Inès".encode() not in masked


@pytest.mark.parametrize(
    "body",
    [
        {"variables": {ADDRESS: {"code": "5.1.1"}}},
        {"address": {"line1": "Caron", "code": "29000"}},
        {"deliveryAddress": {"line1": "Caron"}},
        {"customer": {"number": "1", "name": "Caron"}},
        {"customers": [{"name": "Caron"}]},
        {"name": {"last": "Caron"}},
        {"displayName": "Caron"},
        {"city": "Caron"},
    ],
)
def test_what_a_sender_calls_otherwise_is_masked_too(body: dict[str, object]) -> None:
    """Street and name would lie readable in a file that is called masked."""
    masked = masked_json(json.dumps(body).encode())

    assert masked is not None
    assert "caron" not in masked.decode().casefold()


def test_every_recipient_stays_another_one() -> None:
    """Of a hundred lines one would be left."""
    masked = masked_json(b'{"a@lamer.example": 1, "b@lamer.example": 2}')

    assert masked is not None
    assert sorted(json.loads(masked).values()) == [1, 2]


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[" * 100_000, b"{"])
def test_what_is_no_json_is_not_masked_but_left_out(raw: bytes) -> None:
    """Bytes that cannot be read value by value may hold anything."""
    assert masked_json(raw) is None


def test_one_that_is_called_off_while_it_writes_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread would go on, and make the file anew behind the one that was deleted: readable by all who share it."""
    begun, may_go_on = threading.Event(), threading.Event()
    really = ExportFile.add

    def slowly(self: ExportFile, *args: Any, **kwargs: Any) -> int:
        begun.set()
        may_go_on.wait(5)
        return really(self, *args, **kwargs)

    monkeypatch.setattr(ExportFile, "add", slowly)

    async def story() -> None:
        use = ExportEvents(store=store, inbox=Inbox(store), clock=StoppedClock())
        wish = ExportWish(wanted=EventFilter(), path=tmp_path / "events.jsonl", actor="mira")
        exporting = asyncio.create_task(use(wish))
        await asyncio.to_thread(begun.wait, 5)
        exporting.cancel()
        asyncio.get_running_loop().call_later(0.05, may_go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await exporting

    asyncio.run(story())

    assert [each.name for each in tmp_path.iterdir()] == ["profile"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the platform has no disk that is always full")
def test_a_disk_that_fills_up_leaves_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an export would take the last room there is, under a name that nobody knows."""
    really = Path.open

    def full(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return really(Path("/dev/full") if mode == "ab" else self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)

    with pytest.raises(UserError, match=r"a\.jsonl cannot be written: No space left"):
        export(store, tmp_path / "a.jsonl")

    assert [each.name for each in tmp_path.iterdir()] == ["profile"]


def test_it_is_told_how_far_it_is(store: Store, tmp_path: Path) -> None:
    """A million events look like a desk that hangs."""
    told: list[ExportProgress] = []
    use = ExportEvents(store=store, inbox=Inbox(store), clock=StoppedClock())

    asyncio.run(use(ExportWish(wanted=EventFilter(), path=tmp_path / "a.jsonl", actor="mira"), told.append))

    assert told[-1] == ExportProgress(written=3, share=1.0)
