"""A connection that works is changed at once or not at all, while entries wait for it and it is being read."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import keyring as library
import pytest

from app.connections import ReadConnection
from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import Profile
from app.records import AccountFacts, RequestKey, System, Verb
from app.use_cases import connect_system, save_connection
from app.use_cases.connect_system import ConnectionForm
from connectors.errors import SignInError, UnreachableError
from tests.app.keyrings import CappedKeyring, CutError, FakeKeyring

T = TypeVar("T")
ICONIK = System.ICONIK
OLD, NEW, WRONG = "t" * 3000, "né€w " + "😀" * 3000, "wrong"


class Vendor:
    """An iconik that accepts one token, or cannot be reached, and notes which one it was asked with."""

    def __init__(self) -> None:
        self.accepts = {OLD}
        self.is_up = True
        self.in_use: list[str] = []

    def open(self, read: ReadConnection, **_: object) -> "Opened":
        """A translator for that token."""
        return Opened(self, read.secrets.get("auth_token", ""))


class Opened:
    """What the desk speaks to."""

    system = ICONIK

    def __init__(self, vendor: Vendor, token: str) -> None:
        self.vendor = vendor
        self.token = token

    async def probe(self) -> AccountFacts:
        """Sign in. Raises: SignInError, UnreachableError."""
        if not self.vendor.is_up:
            raise UnreachableError(system="iconik", call="probe")
        if self.token not in self.vendor.accepts:
            raise SignInError(system="iconik", call="probe")
        return AccountFacts(account="ada", version="1", offers=())

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """The iconik behind every connection."""
    fake = Vendor()

    async def put_in_place(_systems: object, opened: Opened) -> None:
        fake.in_use.append(opened.token)

    monkeypatch.setattr(save_connection, "open_system", fake.open)
    monkeypatch.setattr(connect_system, "open_system", fake.open)
    monkeypatch.setattr(save_connection, "put_in_place", put_in_place)
    return fake


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> CappedKeyring:
    """The desktop's own, by Windows' rule."""
    fake = CappedKeyring()
    monkeypatch.setattr(library, "get_keyring", lambda: fake)
    return fake


def form(token: str, *, host: str = "iconik.example") -> ConnectionForm:
    """What is typed into the form of iconik."""
    return ConnectionForm(
        system=ICONIK, values={"base_url": f"https://{host}", "app_id": token[:2], "auth_token": token}
    )


def on_desk(root: Path, work: Callable[[Desk], Awaitable[T]]) -> T:
    """What ``work`` answers on a desk that was opened for it, with its connections."""

    async def run() -> T:
        desk = await Desk.open(Profile.open("test", root), publish=lambda _changes: None)
        try:
            await desk.use.save_connection.open_kept()
            await desk.use.save_connection.proven()
            return await work(desk)
        finally:
            await desk.close()

    return asyncio.run(run())


def waiting() -> Wish:
    """A change that waits."""
    return Wish(
        request_key=RequestKey("k1"),
        system=ICONIK,
        verb=Verb.JUDGE_ASSET,
        subject="iconik:a1",
        title="Spring banner",
        payload={},
        actor="ada",
    )


def tokens_in(keyring: FakeKeyring) -> list[str]:
    """The names of all entries that belong to iconik."""
    return sorted(username for _, username in keyring.held if username.startswith("iconik"))


def test_a_proven_secret_takes_the_place_of_the_old_one(tmp_path: Path, vendor: Vendor, keyring: CappedKeyring) -> None:
    """The old token would be used until the next start, or stay in the keyring for ever."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))
    once = tokens_in(keyring)
    vendor.accepts = {NEW}

    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(NEW)))
    on_desk(tmp_path, lambda desk: desk.use.list_connections())

    assert vendor.in_use[-1] == NEW
    assert {name.partition(".")[0] for name in once} == {"iconik"}
    assert all(name.startswith("iconik.2.") for name in tokens_in(keyring))


def test_a_refused_secret_changes_nothing(tmp_path: Path, vendor: Vendor, keyring: CappedKeyring) -> None:
    """One slip of the finger would sign the whole team's desk out, with the old token lost."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))
    before = dict(keyring.held)

    with pytest.raises(UserError, match="what was kept before stays in use"):
        on_desk(tmp_path, lambda desk: desk.use.save_connection(form(WRONG)))

    assert keyring.held == before
    assert vendor.in_use[-1] == OLD


def test_what_cannot_be_proven_now_is_kept_beside_what_worked(
    tmp_path: Path, vendor: Vendor, keyring: CappedKeyring
) -> None:
    """A rotation while the system is down would lose the old token, or could not be done at all."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))
    vendor.is_up = False
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(NEW)))
    both = {name.rpartition(".auth_token")[0] for name in tokens_in(keyring)}
    vendor.is_up, vendor.accepts = True, {NEW}

    on_desk(tmp_path, lambda desk: desk.use.test_connection(ICONIK))

    assert both == {"iconik", "iconik.2"}
    assert vendor.in_use[-1] == NEW
    assert all(name.startswith("iconik.2.") for name in tokens_in(keyring))


def test_what_turns_out_wrong_gives_way_to_what_worked(tmp_path: Path, vendor: Vendor, keyring: CappedKeyring) -> None:
    """The desk would be signed out, though it still has a token that is good."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))
    vendor.is_up = False

    async def change_and_see(desk: Desk) -> tuple[bool, str]:
        await desk.use.save_connection(form(WRONG))
        vendor.is_up = True
        tested = await desk.use.test_connection(ICONIK)
        (kept,) = await desk.use.list_connections()
        return tested.is_fine, kept.settings["app_id"]

    assert on_desk(tmp_path, change_and_see) == (True, OLD[:2])
    assert vendor.in_use[-1] == OLD
    assert all(name.startswith("iconik.auth_token") for name in tokens_in(keyring))


def test_a_change_while_the_last_one_is_settled_keeps_what_worked(
    tmp_path: Path, vendor: Vendor, keyring: CappedKeyring
) -> None:
    """The keyring takes its time, the person types on, and nothing that signs in is left."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))

    async def type_on(desk: Desk) -> bool:
        saving = desk.use.save_connection
        vendor.is_up = False
        await saving(form(NEW))
        vendor.accepts = {NEW}
        await asyncio.gather(saving.settle(ICONIK), saving(form(WRONG)))
        vendor.is_up = True
        return (await desk.use.test_connection(ICONIK)).is_fine

    assert on_desk(tmp_path, type_on)
    assert vendor.in_use[-1] == NEW


@pytest.mark.parametrize("cut_after", range(20))
def test_a_cut_in_the_middle_of_a_change_leaves_one_that_works(
    tmp_path: Path, vendor: Vendor, keyring: CappedKeyring, cut_after: int
) -> None:
    """App-ID of yesterday and token of today: nobody could sign in, and nobody would know why."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))
    vendor.accepts = {OLD, NEW}

    async def change(desk: Desk) -> None:
        keyring.cut_after = cut_after
        with suppress(CutError):
            await desk.use.save_connection(form(NEW))
        keyring.cut_after = None

    on_desk(tmp_path, change)
    (kept,) = on_desk(tmp_path, lambda desk: desk.use.list_connections())

    in_use = vendor.in_use[-1]
    assert in_use in {OLD, NEW}
    assert kept.settings["app_id"] == in_use[:2]
    assert len({name.rpartition(".auth_token")[0] for name in tokens_in(keyring)}) == 1


def test_a_keyring_that_dies_in_the_middle_of_a_change_leaves_what_worked(
    tmp_path: Path, vendor: Vendor, keyring: CappedKeyring
) -> None:
    """The old token would be out of use and the new one only in memory: signed out the next morning."""
    on_desk(tmp_path, lambda desk: desk.use.save_connection(form(OLD)))
    vendor.accepts = {OLD, NEW}

    async def change(desk: Desk) -> str:
        keyring.is_locked = True
        return await desk.use.save_connection(form(NEW))

    said = on_desk(tmp_path, change)
    keyring.is_locked = False
    on_desk(tmp_path, lambda desk: desk.use.list_connections())

    assert "locked" in said
    assert vendor.in_use[-2:] == [NEW, OLD]


def test_entries_that_wait_are_carried_by_the_new_secret(
    tmp_path: Path, vendor: Vendor, keyring: CappedKeyring
) -> None:
    """Letters that wait would be dropped with the old sign-in, or wait for ever."""

    async def rotate(desk: Desk) -> tuple[int, set[str]]:
        await desk.use.save_connection(form(OLD))
        await desk.outbox.queue(waiting())
        vendor.accepts = {NEW}
        await desk.use.save_connection(form(NEW))
        return len(await desk.use.list_entries()), {vendor.in_use[-1]}

    assert on_desk(tmp_path, rotate) == (1, {NEW})


@pytest.mark.parametrize(
    ("host", "paused"), [("iconik.example", set()), ("test.iconik.example", {ICONIK})], ids=["same", "other"]
)
def test_what_waits_does_not_leave_for_another_place_unasked(
    tmp_path: Path, vendor: Vendor, keyring: CappedKeyring, host: str, paused: set[System]
) -> None:
    """Wished on the test system, sent from the real one; or looked up where it never was, and sent a second time."""

    async def change(desk: Desk) -> set[System]:
        await desk.use.save_connection(form(OLD))
        await desk.outbox.queue(waiting())
        await desk.use.save_connection(form(OLD, host=host))
        return set((await desk.outbox.standing()).pauses)

    assert on_desk(tmp_path, change) == paused


def test_the_keyring_is_asked_again_once_it_is_unlocked(tmp_path: Path, vendor: Vendor, keyring: CappedKeyring) -> None:
    """What was typed while it was locked would be gone at the next start."""
    keyring.is_locked = True

    async def unlock(desk: Desk) -> list[str]:
        said = [await desk.use.save_connection(form(OLD))]
        keyring.is_locked = False
        said.append((await desk.credentials.try_again()).sentence)
        return said

    locked, unlocked = on_desk(tmp_path, unlock)
    on_desk(tmp_path, lambda desk: desk.use.list_connections())

    assert "locked" in locked
    assert "in this desktop's keyring" in unlocked
    assert vendor.in_use[-1] == OLD
