"""The sandbox of a soak: a process that survives every desk, and what it says it received."""

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import sleep
from typing import Any, Final

import httpx
import keyring

from app.connections import connections_from_ready_file
from app.desk import Desk
from app.profile import Profile
from app.records import System
from tests.soak.file_keyring import FileKeyring
from tests.soak.work import Material, gather_material
from tests.stories.sandbox import SandboxProcess

PROFILE: Final = "soak"
KEYRING: Final = "keyring"
READY: Final = "ready.json"
PATIENCE_S: Final = 600.0
"""Longer than anything takes that does not hang, on however slow a machine: where it ends, something is wrong."""
_ACTED: Final = range(200, 300)

Json = dict[str, Any]


@dataclass(slots=True)
class Received:
    """The writes that a sandbox says it received, read as it goes: it keeps only the last twenty thousand."""

    ready: Json = field(repr=False)
    acted: Counter[str] = field(default_factory=Counter)
    """How many writes of one meaning it carried out: ``core_dam PATCH a1``, ``extended_ecm POST nodes`` …"""
    writes: int = 0
    _after: int = 0

    def catch_up(self) -> None:
        """Count what came since the last time."""
        for write in self.ask(f"/writes?after={self._after}"):
            self._after = max(self._after, write["number"])
            self.writes += 1
            if write["status"] in _ACTED and (meaning := _meaning(write)):
                self.acted[meaning] += 1

    def from_now_on(self) -> "Received":
        """The same, without what came so far."""
        self.catch_up()
        return Received(self.ready, _after=self._after)

    def until_answered(self) -> None:
        """Wait until every call that has come by now was carried out, whether anybody still listens or not.

        A vendor may act on what a killed desk asked for as long as it likes. How long a desk waits for that before it
        looks is not what is tried here, and would be tried by a machine that is busy for a moment.
        """
        # What lay unread when the first of these was sent has been read when the second is answered.
        begun = [self.ask("/calls")["begun"] for _ in range(2)][-1]
        while any(number <= begun for number in self.ask("/calls")["open"]):
            sleep(0.01)

    def let_an_hour_pass(self) -> None:
        """Budgets of the hour are full again, and tickets have expired."""
        self.ask("/clock", "POST", {"advance_s": 3_600})

    def let_a_day_pass(self) -> None:
        """The same for everything that lasts a day."""
        self.ask("/clock", "POST", {"advance_s": 86_400})

    @contextmanager
    def late(self, rule: Json) -> Iterator[None]:
        """Let answers be late while the block runs."""
        [standing] = self.ask("/faults", "POST", {"kind": "slow", "system": "*", **rule})
        try:
            yield
        finally:
            self.ask(f"/faults/{standing['id']}", "DELETE")

    def deliveries(self) -> Counter[str]:
        """How often each request key reached a customer."""
        return Counter(each["request_key"] for each in self.ask("/deliveries") if each["request_key"])

    def ask(self, path: str, method: str = "GET", body: object = None) -> Any:
        """Ask the control."""
        headers = {"Authorization": f"Bearer {self.ready['control_token']}"}
        reply = httpx.request(
            method, self.ready["control_url"] + path, json=body, headers=headers, timeout=PATIENCE_S, trust_env=False
        )
        reply.raise_for_status()
        return reply.json() if reply.content else None


def _meaning(write: Json) -> str:
    """What a write does, and to what; empty where doing it twice does no harm (searches, locks, sign-ins)."""
    system, method, path = write["system"], write["method"], write["path"].rstrip("/")
    last = path.rpartition("/")[2]
    match system, method:
        case ("core_dam", "PATCH") | ("cloudinary", "PUT"):
            return f"{system} {last}"
        case ("iconik", "PUT") if last == "approvals":
            return f"{system} {path.split('/')[-2]}"
        case ("iconik", "POST") if last == "segments":
            return f"comment {path.split('/')[-2]}"
        case ("extended_ecm", "POST") if last == "nodes":
            return "filed"
        case ("extended_ecm", "POST") if "/multipart/" in path and last.isdigit():
            return f"part {path}"
        case ("exstream", "POST") if "/inputs/" in path:
            return f"submitted {write['body_sha256']}"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A running sandbox, and a profile that has seen all of it once."""

    folder: Path
    received: Received
    material: Material
    customers: int
    """How many there are in all of it."""

    @property
    def ready(self) -> Json:
        """The ready file."""
        return self.received.ready

    def home(self, name: str) -> Path:
        """A folder with a copy of the profile for one desk, and its keyring."""
        home = self.folder / f"{self.material.mark}-{name}"
        shutil.copytree(self.folder / "base", home)
        shutil.copy(self.folder / READY, home / READY)
        return home

    def parted(self, number: int, *, of: int) -> "Town":
        """One of ``of`` parts that do not meet: each has material and names of its own, and counts from now on."""
        return replace(self, received=self.received.from_now_on(), material=self.material.parted(number, of=of))


@contextmanager
def town(folder: Path, *, assets: int, customers: int = 24) -> Iterator[Town]:
    """The sandbox with so many assets, in a process of its own, until the block ends."""
    arguments = ("--assets", str(assets), "--customers", str(customers), "--events", "300")
    sandbox = SandboxProcess.start(folder / READY, *arguments)
    try:
        material = asyncio.run(_settle(folder / "base", sandbox.ready))
        yield Town(folder=folder, received=Received(sandbox.ready), material=material, customers=customers)
    finally:
        sandbox.end()


async def open_desk(home: Path, *, ready: Json | None = None, **options: Any) -> Desk:
    """The desk of ``home``, connected with what its keyring keeps; with ``ready``, for the first time."""
    keyring.set_keyring(FileKeyring(home / KEYRING))
    profile = Profile.open(PROFILE, home)
    try:
        desk = await Desk.open(profile, publish=options.pop("publish", lambda _changes: None), **options)
    except BaseException:
        profile.close()
        raise
    # The desktop's keyring is one for the whole process; two desks in it must not meet in the last one that was set.
    desk.credentials._keyring = FileKeyring(home / KEYRING)
    if ready is None:
        await desk.use.save_connection.open_kept()
    else:
        for read in connections_from_ready_file(json.dumps(ready).encode()):
            await desk.use.save_connection.use(read)
    return desk


async def _settle(base: Path, ready: Json) -> Material:
    desk = await open_desk(base, ready=ready)
    try:
        await asyncio.gather(*(desk.synchroniser.once(system) for system in System))
        return await gather_material(desk)
    finally:
        await desk.close()
