"""The audit of a profile on the disk: anchored by the desk, verified by the command, as a forger meets it."""

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import Coroutine
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from app.audit import Anchors, AuditKeeper, main, verify, words_of
from app.credentials import Credentials
from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import Profile, anchors_of, folder_of
from app.records import RequestKey, System, Verb
from app.rules.chain import START, Anchor, Kept, Link, Verdict
from app.store import Store, audit
from tests.app.keyrings import FakeKeyring

NAME = "test"
NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the machine's own."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def opened(root: Path) -> Coroutine[Any, Any, Desk]:
    """A desk on the profile."""
    return Desk.open(Profile.open(NAME, root), publish=lambda _changes: None, session_only=True)


def work(root: Path, *keys: str) -> Desk:
    """A desk that was open, queued a wish for each of ``keys``, and closed."""

    async def day() -> Desk:
        desk = await opened(root)
        for key in keys:
            await desk.outbox.queue(
                Wish(
                    system=System.ICONIK,
                    verb=Verb.JUDGE_ASSET,
                    subject="iconik:1",
                    title="Approve",
                    payload={"customer": "HM-204881"},
                    actor="ada",
                    request_key=RequestKey(key),
                )
            )
        await desk.close()
        return desk

    return asyncio.run(day())


def verified(root: Path, name: str = NAME) -> Verdict:
    """What the command finds; no test asks the machine's own keyring."""
    return asyncio.run(verify(name, root=root, credentials=Credentials(name, session_only=True)))


def tamper(root: Path, *deeds: str) -> None:
    """What somebody does who has the file and knows SQLite."""
    with closing(sqlite3.connect(folder_of(NAME, root) / "ledger.sqlite")) as ledger:
        ledger.executescript(
            "DROP TRIGGER audit_is_only_erased; DROP TRIGGER audit_is_never_cut;" + ";".join(deeds) + ";"
        )


def test_a_day_of_work_verifies(tmp_path: Path) -> None:
    """Nobody would trust it when it counts."""
    work(tmp_path, "a", "b", "c")

    verdict = verified(tmp_path)

    assert verdict.is_whole
    assert (verdict.rows, verdict.anchors) == (4, 2)
    assert words_of(verdict) == "4 rows, each sealed with the one before it, and 2 anchors that agree.\n"


@pytest.mark.parametrize(
    ("deed", "row", "words"),
    [
        ("UPDATE audit SET actor = 'bob' WHERE number = 2", 2, "Row 2 or the one before it was changed."),
        ("UPDATE audit SET at = 1 << 60 WHERE number = 2", 2, "Row 2 or the one before it was changed."),
        ("UPDATE audit SET detail = 'x' WHERE number = 2", 2, "Row 2 or the one before it was changed."),
        ("UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE number = 3", 3, "Row 3 or the one before it was changed."),
        ("UPDATE audit SET salt = 'salt' WHERE number = 3", 3, "Row 3 or the one before it was changed."),
        ("DELETE FROM audit WHERE number = 2", 2, "Row 2 is missing."),
        ("DELETE FROM audit WHERE number > 2", 3, "The end was cut off: at least 2 rows were there"),
        ("DELETE FROM audit", 1, "The end was cut off: at least 4 rows were there"),
        ("UPDATE audit SET subject = 'customer:HM-1' WHERE number = 3", 3, "whom it is about"),
        ("UPDATE audit SET subject = 'customer:HM-1', salt = NULL WHERE number = 3", 3, "whom it is about"),
        ("UPDATE audit SET subject = NULL, salt = NULL WHERE number = 3", 3, "no row says who asked for it"),
    ],
)
def test_a_change_of_the_file_is_found_and_said_where(tmp_path: Path, deed: str, row: int, words: str) -> None:
    """The one row that matters would be believed."""
    work(tmp_path, "a", "b", "c")

    tamper(tmp_path, deed)
    verdict = verified(tmp_path)

    assert verdict.breaks[0].number == row
    assert words in verdict.breaks[0].sentence


def forge(root: Path) -> None:
    """Write everything from row 3 on anew, and seal it as the desk would have."""
    with closing(sqlite3.connect(folder_of(NAME, root) / "ledger.sqlite")) as ledger:
        ledger.execute("DROP TRIGGER audit_is_never_cut")
        ledger.execute("DELETE FROM audit WHERE number > 2")
        for each in (3, 4):
            audit.add(
                Database(ledger),
                at=datetime(2026, 5, 12, tzinfo=UTC),
                actor="bob",
                action="outbox.queued",
                reference=f"entry:{each}",
            )
        ledger.commit()


def test_an_end_that_was_cut_and_sealed_anew_is_found(tmp_path: Path) -> None:
    """A forger who reads this code could rewrite the end."""
    work(tmp_path, "a", "b", "c")
    forge(tmp_path)

    verdict = verified(tmp_path)

    assert [each.number for each in verdict.breaks] == [4]
    assert "written anew" in verdict.breaks[0].sentence


def test_no_start_of_the_desk_makes_a_forgery_true(tmp_path: Path) -> None:
    """The desk itself would bury the evidence: its anchors would vouch for what the forger wrote."""
    work(tmp_path, "a", "b", "c")
    forge(tmp_path)
    anchors = anchors_of(NAME, tmp_path).read_bytes()

    first, second = work(tmp_path, "d"), work(tmp_path, "e")

    assert [each.number for each in verified(tmp_path).breaks] == [4]
    assert anchors_of(NAME, tmp_path).read_bytes() == anchors
    assert first.troubles
    assert second.troubles


def test_a_forgery_in_the_middle_of_what_was_anchored_is_met_at_the_next_start(tmp_path: Path) -> None:
    """Two later anchors that hold would hide the one that does not."""
    work(tmp_path, "a")
    work(tmp_path, "b")
    work(tmp_path, "c")
    tamper(tmp_path, "UPDATE audit SET seal = 'forged' WHERE number = 2")

    again = work(tmp_path)

    assert again.troubles


@pytest.mark.parametrize("detail", ["{}", "no JSON", '{"audit":5}'])
def test_an_audit_that_lost_its_name_is_anchored_no_more(tmp_path: Path, detail: str) -> None:
    """All evidence would be another audit's from then on, or the desk would not open."""
    work(tmp_path, "a", "b")
    anchors = anchors_of(NAME, tmp_path).read_bytes()
    tamper(tmp_path, f"UPDATE audit SET detail = '{detail}' WHERE number = 1")

    again = work(tmp_path, "c")

    assert "is not what it was" in again.troubles[0].sentence
    assert anchors_of(NAME, tmp_path).read_bytes() == anchors


def test_an_audit_that_has_not_grown_is_not_anchored_again(tmp_path: Path) -> None:
    """Every start and every end would add a line for ever."""
    work(tmp_path, "a")
    before = anchors_of(NAME, tmp_path).read_bytes()

    work(tmp_path)

    assert anchors_of(NAME, tmp_path).read_bytes() == before


def test_rows_whose_anchors_are_gone_are_not_vouched_for(tmp_path: Path) -> None:
    """Whoever cuts the end and deletes the anchors would be told that all agree."""
    work(tmp_path, "a", "b", "c")
    tamper(tmp_path, "DELETE FROM audit WHERE number > 2")
    anchors_of(NAME, tmp_path).unlink()

    verdict = verified(tmp_path)

    assert (verdict.is_whole, verdict.is_vouched) == (True, False)
    assert "No anchor vouches for them" in words_of(verdict)


def test_a_start_does_not_make_up_for_anchors_that_are_gone(tmp_path: Path) -> None:
    """The desk would vouch for what it cannot know."""
    work(tmp_path, "a", "b", "c")
    tamper(tmp_path, "DELETE FROM audit WHERE number > 2")
    anchors_of(NAME, tmp_path).unlink()

    again, later = work(tmp_path, "d"), work(tmp_path)
    verdict = verified(tmp_path)

    assert [trouble.sentence for trouble in again.troubles] == ["Nothing outside the audit vouches for it any more."]
    assert later.troubles == ()
    assert (verdict.is_whole, verdict.is_vouched, verdict.unvouched) == (True, False, 2)
    assert "Anchors from before row 3 are gone" in words_of(verdict)


def test_a_profile_made_anew_under_an_old_name_is_told_once(tmp_path: Path) -> None:
    """Anchors of a profile that somebody deleted would accuse its successor for ever."""
    work(tmp_path, "a", "b")
    shutil.rmtree(folder_of(NAME, tmp_path))

    first, second = work(tmp_path, "c"), work(tmp_path)
    verdict = verified(tmp_path)

    assert [trouble.sentence for trouble in first.troubles] == ["The audit of this profile begins anew."]
    assert second.troubles == ()
    assert (verdict.is_whole, verdict.is_vouched, verdict.strangers) == (True, True, 2)
    assert "2 anchors of another audit" in words_of(verdict)


def test_the_keyring_keeps_the_newest_anchor_until_the_audit_is_broken(tmp_path: Path) -> None:
    """Who deletes the file of anchors and cuts the end would have reached all the evidence."""
    keyring = FakeKeyring()
    file = tmp_path / "anchors.jsonl"

    async def session(*references: str) -> UserError | None:
        credentials = Credentials(NAME, keyring=keyring)
        with Store.open(tmp_path / "profile") as store:
            keeper = AuditKeeper(store, Anchors(file), credentials)
            trouble = await keeper.begin(NOON)
            for each in references:
                await store.ledger.write(audit.add, at=NOON, actor="ada", action="outbox.queued", reference=each)
            await keeper.anchor(NOON)
        return trouble

    sound = asyncio.run(session("entry:1", "entry:2"))
    evidence = dict(keyring.held)
    file.unlink()
    with closing(sqlite3.connect(tmp_path / "profile" / "ledger.sqlite")) as ledger:
        ledger.executescript("DROP TRIGGER audit_is_never_cut; DELETE FROM audit WHERE number = 3;")
    cut = asyncio.run(session("entry:3"))

    assert sound is None
    assert cut is not None
    assert "not what it was" in cut.sentence
    assert keyring.held == evidence
    assert not file.exists()


def test_a_forgery_beside_an_open_desk_is_not_anchored(tmp_path: Path) -> None:
    """The newest evidence would be replaced by what the forger wrote a moment ago."""
    work(tmp_path, "a", "b", "c")
    anchors = anchors_of(NAME, tmp_path).read_bytes()

    async def day() -> None:
        desk = await opened(tmp_path)
        forge(tmp_path)
        await desk.store.ledger.write(audit.add, at=NOON, actor="ada", action="looked", reference="node:1")
        await desk.close()

    asyncio.run(day())

    assert anchors_of(NAME, tmp_path).read_bytes() == anchors


def test_anchors_that_cannot_be_read_or_written_stop_no_desk(tmp_path: Path) -> None:
    """A folder with a wrong owner would keep a whole team from its work."""
    anchors_of(NAME, tmp_path).mkdir(parents=True)

    desk = work(tmp_path, "a")

    assert ["cannot be read" in trouble.sentence for trouble in desk.troubles] == [True]
    with pytest.raises(UserError, match="anchors cannot be read"):
        verified(tmp_path)


def test_a_copy_of_the_ledger_alone_is_all_of_it(tmp_path: Path) -> None:
    """A backup that takes the file and not its journal would verify as cut."""

    async def day() -> None:
        desk = await opened(tmp_path)
        await asyncio.gather(*(desk.store.ledger.read(audit.end) for _ in range(20)))
        await desk.store.ledger.write(audit.add, at=NOON, actor="ada", action="looked", reference="node:1")
        await desk.close()

    asyncio.run(day())
    folder = folder_of(NAME, tmp_path)

    assert [file.name for file in folder.iterdir() if file.name.endswith("-wal")] == []
    assert verified(tmp_path).rows == 2


def test_a_folder_that_cannot_be_written_verifies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence lies on read-only media, where no file can be made beside it."""
    work(tmp_path, "a")
    before = sorted(file.name for file in folder_of(NAME, tmp_path).iterdir())
    monkeypatch.setattr("os.access", lambda _path, _mode: False)

    verdict = verified(tmp_path)

    assert verdict.is_whole
    assert sorted(file.name for file in folder_of(NAME, tmp_path).iterdir()) == before


def test_a_desk_that_opens_on_a_forged_audit_says_so(tmp_path: Path) -> None:
    """Nobody runs the command every morning."""
    work(tmp_path, "a", "b")
    tamper(tmp_path, "DELETE FROM audit WHERE number = 3")

    sound, forged = work(tmp_path / "other", "a"), work(tmp_path)

    assert sound.troubles == ()
    # An older ledger may still hold what has left: the second word is the outbox's.
    told = [trouble.sentence for trouble in forged.troubles]
    assert told[0] == "The audit is not what it was when the desk was last open."
    assert told[1].startswith("This profile was copied or restored")


def test_erasing_a_person_leaves_the_audit_whole(tmp_path: Path) -> None:
    """The right to be forgotten and the duty to prove would exclude each other."""
    work(tmp_path, "a", "b")

    async def erase() -> tuple[int, int]:
        desk = await opened(tmp_path)
        erased = await desk.store.ledger.write(audit.erase, "customer:HM-204881", at=NOON, actor="ada")
        left = await desk.store.ledger.read(audit.about, "customer:HM-204881")
        await desk.close()
        return erased, len(left)

    erased, left = asyncio.run(erase())
    verdict = verified(tmp_path)

    assert (erased, left) == (2, 0)
    assert (verdict.is_whole, verdict.erased) == (True, 2)
    with closing(sqlite3.connect(folder_of(NAME, tmp_path) / "ledger.sqlite")) as ledger:
        (row,) = ledger.execute("SELECT actor, detail FROM audit WHERE action = 'audit.erased'")
        assert row == ("ada", '{"rows":"2 3"}')
        assert "HM-204881" not in str(list(ledger.execute("SELECT * FROM audit")))


def test_it_verifies_while_the_desk_is_open(tmp_path: Path) -> None:
    """The desk would have to be closed in the middle of a working day."""

    async def both() -> bool:
        desk = await opened(tmp_path)
        verdict = await verify(NAME, root=tmp_path, credentials=Credentials(NAME, session_only=True))
        await desk.close()
        return verdict.is_whole and verdict.is_vouched

    assert asyncio.run(both())


def test_anchors_lie_outside_the_profile_for_their_owner_alone(tmp_path: Path) -> None:
    """Who copies or replaces the profile's folder would replace the anchors too."""
    work(tmp_path, "a")

    file = anchors_of(NAME, tmp_path)

    assert folder_of(NAME, tmp_path) not in file.parents
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", [b'{"at": "2026-', b'{"at": "\xff', b"\0" * 100, b"[" * 100_000])
def test_a_torn_line_costs_no_other_anchor(tmp_path: Path, torn: bytes) -> None:
    """A power cut in the middle of a line would cost all of them, or keep the desk from opening."""
    anchors = Anchors(tmp_path / "state" / "a.jsonl")
    first, second = Anchor(at=NOON, number=1, seal=START), Anchor(at=NOON, number=2, seal=START)
    anchors.add(first)
    with (tmp_path / "state" / "a.jsonl").open("ab") as file:
        file.write(torn)
    anchors.add(second)

    assert anchors.read() == (first, second)


def test_a_profile_without_an_audit_and_a_damaged_file_are_said(tmp_path: Path) -> None:
    """A typo would read as a verdict."""
    with pytest.raises(UserError, match="There is no audit"):
        verified(tmp_path, "nobody")
    work(tmp_path, "a")
    (folder_of(NAME, tmp_path) / "ledger.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(UserError, match="damaged"):
        verified(tmp_path)


def test_the_command_tells_by_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job could not use it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    work(tmp_path / "proofdesk", "a", "b")
    state = anchors_of(NAME, tmp_path / "proofdesk")
    target = anchors_of(NAME)
    target.parent.mkdir(parents=True)
    state.rename(target)

    whole = main(["--profile", NAME])
    nobody = main(["--profile", "nobody"])
    anchors = target.read_bytes()
    target.unlink()
    unvouched = main(["--profile", NAME])
    target.write_bytes(anchors)
    tamper(tmp_path / "proofdesk", "DELETE FROM audit WHERE number = 3")
    cut = main(["--profile", NAME])

    assert (whole, cut, nobody, unvouched) == (0, 1, 2, 3)
    assert "There is no audit of a profile “nobody” here." in capsys.readouterr().err


def test_a_row_says_nothing_of_a_person_by_itself() -> None:
    """A traceback would show who was looked at."""
    link = Link(number=1, at_us=1, actor="ada", action="document.opened", reference="node:1")

    shown = repr(Kept(link=link, seal=START, salt=b"salt", subject="customer:HM-204881", words={"reason": "Ines"}))

    assert "HM-204881" not in shown
    assert "Ines" not in shown
