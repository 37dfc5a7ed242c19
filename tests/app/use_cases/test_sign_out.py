"""Signing out wipes the profile, after a decision about what waits, and leaves evidence that names nobody."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import keyring as library
import msgspec
import pytest

from app.audit import verify_evidence
from app.connections import Connection, ReadConnection
from app.credentials import Keeping
from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import WIPING, Profile, folder_of, logs_of
from app.records import EntryId, RequestKey, System, Verb
from app.store import audit, customers, entries
from app.use_cases.sign_out import SignOutWish, every_secret
from tests.app.keyrings import CappedKeyring
from tests.app.outbox.fakes import NOW, FakeVendor
from tests.app.use_cases.people import INES

T = TypeVar("T")
PLANTED = ("Inès Caron", "HM-204881", "s3cret-token", "Ines complained")
CONNECTED = ReadConnection(
    connection=Connection(system=System.ICONIK, base_url="https://iconik.example", settings={"app_id": "x"}),
    secrets={"auth_token": "s3cret-token" * 300, "proxy_password": "s3cret-token"},
)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> CappedKeyring:
    """The desktop's own."""
    fake = CappedKeyring()
    monkeypatch.setattr(library, "get_keyring", lambda: fake)
    return fake


def on_desk(root: Path, work: Callable[[Desk], Awaitable[T]]) -> T:
    """What ``work`` answers on a desk with a connection, a customer, an entry that waits and a log."""

    async def run() -> T:
        desk = await Desk.open(Profile.open("test", root), publish=lambda _changes: None)
        try:
            await desk.use.save_connection.use(CONNECTED)
            await desk.store.write(customers.upsert, [INES], now=NOW)
            await desk.store.ledger.write(
                audit.add,
                at=NOW,
                actor="ada",
                action="customer.noted",
                reference="customer",
                subject=f"customer:{INES.number}",
                words={"reason": "Ines complained"},
            )
            desk.profile.logs.mkdir(parents=True, exist_ok=True)
            (desk.profile.logs / "desk.log").write_text("Inès Caron")
            return await work(desk)
        finally:
            await desk.close()

    return asyncio.run(run())


async def queue(desk: Desk) -> None:
    """Something waits."""
    await desk.outbox.queue(
        Wish(
            request_key=RequestKey("k1"),
            system=System.ICONIK,
            verb=Verb.JUDGE_ASSET,
            subject="iconik:a1",
            title="Spring banner",
            payload={},
            actor="ada",
        )
    )


def left(root: Path) -> list[str]:
    """What was planted and is still found in some file."""
    held = b"".join(each.read_bytes() for each in root.rglob("*") if each.is_file())
    return [each for each in PLANTED if each.encode() in held]


def test_nothing_of_a_profile_is_left_but_evidence_that_names_nobody(tmp_path: Path, keyring: CappedKeyring) -> None:
    """The next one at this computer would read letters, and sign in as the one who left."""
    evidence = on_desk(tmp_path, lambda desk: desk.use.sign_out(SignOutWish(actor="ada")))

    rows = [msgspec.json.decode(line) for line in evidence.read_bytes().splitlines()]
    verdict = asyncio.run(verify_evidence(evidence, "test", root=tmp_path))
    assert not folder_of("test", tmp_path).exists()
    assert not logs_of("test", tmp_path).exists()
    assert keyring.held == {}
    assert left(tmp_path) == []
    assert [row["link"]["action"] for row in rows][-3:] == ["customer.noted", "audit.erased", "profile.signed_out"]
    assert (verdict.is_whole, verdict.is_vouched, verdict.erased) == (True, True, 1)


def test_evidence_that_was_changed_or_cut_shows(tmp_path: Path, keyring: CappedKeyring) -> None:
    """A file that anybody can write proves nothing by itself."""
    evidence = on_desk(tmp_path, lambda desk: desk.use.sign_out(SignOutWish(actor="ada")))
    whole = evidence.read_bytes()

    evidence.write_bytes(whole.replace(b"ada", b"eve"))
    changed = asyncio.run(verify_evidence(evidence, "test", root=tmp_path))
    evidence.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    cut = asyncio.run(verify_evidence(evidence, "test", root=tmp_path))

    assert (changed.is_whole, cut.is_whole) == (False, False)


def test_what_waits_needs_a_decision(tmp_path: Path, keyring: CappedKeyring) -> None:
    """A letter that somebody believes is on its way would vanish."""

    async def try_it(desk: Desk) -> dict[System, int]:
        await queue(desk)
        with pytest.raises(UserError, match="A change has not left yet: 1 for iconik"):
            await desk.use.sign_out(SignOutWish(actor="ada"))
        return dict(await desk.use.sign_out.waiting())

    assert on_desk(tmp_path, try_it) == {System.ICONIK: 1}
    assert folder_of("test", tmp_path).exists()
    assert keyring.held


def test_documents_that_were_set_aside_are_looked_through_first(tmp_path: Path, keyring: CappedKeyring) -> None:
    """What a restored ledger knows nothing of would be wiped without anybody having seen it."""

    async def try_it(desk: Desk) -> None:
        await desk.outgoing.keep(RequestKey("of today"), b"%PDF-1.7 letter")
        await desk.outgoing.tidy(waiting=[], over=[])
        with pytest.raises(UserError, match="may be nowhere else"):
            await desk.use.sign_out(SignOutWish(actor="ada", drops_waiting=True))

    on_desk(tmp_path, try_it)

    aside = folder_of("test", tmp_path) / "files" / "set aside"
    assert [each.name for each in aside.iterdir()] == ["of today.pdf"]


def test_what_is_queued_while_the_secrets_are_looked_at_needs_a_decision_too(
    tmp_path: Path, keyring: CappedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyring that asks for its password takes a minute, in which somebody sends a letter."""

    async def try_it(desk: Desk) -> None:
        probe = desk.credentials.probe

        async def queue_first() -> Keeping:
            await queue(desk)
            return await probe()

        monkeypatch.setattr(desk.credentials, "probe", queue_first)
        with pytest.raises(UserError, match="A change has not left yet"):
            await desk.use.sign_out(SignOutWish(actor="ada"))

    on_desk(tmp_path, try_it)

    assert (folder_of("test", tmp_path) / "ledger.sqlite").exists()
    assert keyring.held


def test_what_was_dropped_with_the_profile_is_counted_in_the_evidence(tmp_path: Path, keyring: CappedKeyring) -> None:
    """“It must have got lost” would be all that anybody could say."""

    async def drop(desk: Desk) -> Path:
        await queue(desk)
        return await desk.use.sign_out(SignOutWish(actor="ada", drops_waiting=True))

    last = msgspec.json.decode(on_desk(tmp_path, drop).read_bytes().splitlines()[-1])

    assert last["link"]["detail"] == {"dropped": "1"}
    assert not folder_of("test", tmp_path).exists()


def test_what_was_dropped_with_the_profile_does_not_leave_any_more(tmp_path: Path, keyring: CappedKeyring) -> None:
    """The evidence says that it was dropped, and in the second before the desk closed it was sent."""

    async def drop(desk: Desk) -> list[RequestKey]:
        await queue(desk)
        vendor = FakeVendor()
        desk.relay._deliverer = lambda _system: vendor
        await desk.use.sign_out(SignOutWish(actor="ada", drops_waiting=True))
        (entry,) = await desk.outbox.newest()
        await desk.outbox.retry(entry.id, actor="ada")
        await desk.relay.turn(System.ICONIK)
        return vendor.acted

    assert on_desk(tmp_path, drop) == []


def test_what_was_being_sent_is_not_said_to_have_been_dropped(tmp_path: Path, keyring: CappedKeyring) -> None:
    """The customer has the letter, and the evidence says that it never left."""

    async def drop(desk: Desk) -> Path:
        await queue(desk)
        await desk.store.ledger.write(entries.begin, EntryId(1), now=NOW)
        return await desk.use.sign_out(SignOutWish(actor="ada", drops_waiting=True))

    last = msgspec.json.decode(on_desk(tmp_path, drop).read_bytes().splitlines()[-1])

    assert last["link"]["detail"] == {"dropped": "0", "in_doubt": "1"}


def test_a_sign_out_that_broke_off_lets_the_outbox_go_on(
    tmp_path: Path, keyring: CappedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was wiped, and nothing would ever leave again."""

    async def try_it(desk: Desk) -> set[System]:
        await queue(desk)

        async def refuse(*_: object) -> None:
            raise UserError("The keyring does not answer.")

        monkeypatch.setattr(desk.credentials, "delete", refuse)
        with pytest.raises(UserError):
            await desk.use.sign_out(SignOutWish(actor="ada", drops_waiting=True))
        return set((await desk.outbox.standing()).pauses)

    assert on_desk(tmp_path, try_it) == set()


def test_a_locked_keyring_keeps_everything_and_says_so(tmp_path: Path, keyring: CappedKeyring) -> None:
    """The secrets would stay behind, with no profile left to delete them by."""

    async def try_it(desk: Desk) -> None:
        keyring.is_locked = True
        with pytest.raises(UserError, match="secrets may still be in it"):
            await desk.use.sign_out(SignOutWish(actor="ada"))
        keyring.is_locked = False

    on_desk(tmp_path, try_it)

    assert (folder_of("test", tmp_path) / "ledger.sqlite").exists()
    assert "Ines complained" in left(tmp_path)
    assert not list((tmp_path / "state").rglob("signed-out/*"))


def test_a_full_disk_costs_no_secret(tmp_path: Path, keyring: CappedKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile would stay, and the key of everything personal in it would be gone."""

    def refuse(*_: object, **__: object) -> None:
        raise UserError("The disk is full.")

    async def try_it(desk: Desk) -> None:
        before = dict(keyring.held)
        monkeypatch.setattr("app.use_cases.sign_out._note", refuse)
        with pytest.raises(UserError, match="disk is full"):
            await desk.use.sign_out(SignOutWish(actor="ada"))
        assert keyring.held == before
        await desk.credentials.save("exstream", {"refresh_token": "newer"})

    on_desk(tmp_path, try_it)

    assert keyring.held["proofdesk/test", "exstream.refresh_token"] == "newer"


def test_the_evidence_is_on_the_disk_before_any_secret_goes(
    tmp_path: Path, keyring: CappedKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut there would be neither the profile nor a proof of what was done in it."""
    flushed, is_proven = set[tuple[int, int]](), list[bool]()
    fsync, delete = os.fsync, keyring.delete_password

    def flush(descriptor: int) -> None:
        fsync(descriptor)
        flushed.add((os.fstat(descriptor).st_ino, os.fstat(descriptor).st_size))

    def deleted(service: str, username: str) -> None:
        if not service.endswith("/probe"):
            found = [each.stat() for each in (tmp_path / "state" / "signed-out").iterdir()]
            is_proven.append([(each.st_ino, each.st_size) in flushed for each in found] == [True])
        delete(service, username)

    async def leave(desk: Desk) -> Path:
        monkeypatch.setattr(os, "fsync", flush)
        monkeypatch.setattr(keyring, "delete_password", deleted)
        return await desk.use.sign_out(SignOutWish(actor="ada"))

    evidence = on_desk(tmp_path, leave)

    assert evidence.stat().st_size > 0
    assert is_proven
    assert all(is_proven)


def test_a_token_that_is_renewed_on_the_way_out_is_not_put_back(tmp_path: Path, keyring: CappedKeyring) -> None:
    """The next one at this computer could sign in as the one who left."""

    async def renew(desk: Desk) -> None:
        await desk.use.sign_out(SignOutWish(actor="ada"))
        await desk.credentials.save("exstream", {"refresh_token": "s3cret-token"})

    on_desk(tmp_path, renew)

    assert keyring.held == {}


def test_parts_of_a_secret_that_was_cut_off_go_too(tmp_path: Path, keyring: CappedKeyring) -> None:
    """Halves of a token would lie in the keyring with no profile left to name them."""

    async def cut(desk: Desk) -> None:
        keyring.held["proofdesk/test", "unfinished"] = "exstream.refresh_token"
        keyring.held["proofdesk/test", "exstream.refresh_token.a0"] = "s3cret-token"
        await desk.use.sign_out(SignOutWish(actor="ada"))

    on_desk(tmp_path, cut)

    assert keyring.held == {}


def test_a_wipe_that_broke_off_is_finished_by_the_next_start(tmp_path: Path, keyring: CappedKeyring) -> None:
    """A kill in that moment would leave the letters for the next one."""
    on_desk(tmp_path, lambda desk: asyncio.sleep(0))
    (folder_of("test", tmp_path) / WIPING).touch()

    with Profile.open("test", tmp_path) as anew:
        there = sorted(each.name for each in anew.folder.iterdir())

    assert there == ["desk.lock"]
    assert left(tmp_path) == []


def test_every_field_that_goes_to_the_keyring_is_wiped() -> None:
    """One that nobody listed would stay for ever."""
    names = {f"{owner}.{field}" for owner, those in every_secret() for field in those}

    assert {"iconik.auth_token", "iconik.2.identity_file", "exstream.refresh_token", "store.personal_key"} <= names
    assert "audit.anchor" in names
