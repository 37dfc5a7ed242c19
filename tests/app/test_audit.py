"""The audit of a profile on the disk: anchored by the desk, verified by the command, as a forger meets it."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.audit import Anchors, main, verify, words_of
from app.credentials import Credentials
from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import Profile, anchors_of, folder_of
from app.records import RequestKey, System, Verb
from app.rules.chain import START, Anchor, Kept, Link, Verdict
from app.store import audit

NAME = "test"


def work(root: Path, *keys: str) -> Desk:
    """A desk that was open, queued a wish for each of ``keys``, and closed."""

    async def day() -> Desk:
        desk = await Desk.open(Profile.open(NAME, root), publish=lambda _changes: None, session_only=True)
        for key in keys:
            await desk.outbox.queue(
                Wish(
                    system=System.ICONIK,
                    verb=Verb.JUDGE_ASSET,
                    subject="customer:HM-204881",
                    title="Approve",
                    payload={},
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
    assert (verdict.rows, verdict.anchors) == (3, 1)
    assert words_of(verdict) == "3 rows, each sealed with the one before it, and 1 anchor that agree.\n"


@pytest.mark.parametrize(
    ("deed", "row", "words"),
    [
        ("UPDATE audit SET actor = 'bob' WHERE number = 2", 2, "Row 2 or the one before it was changed."),
        ("DELETE FROM audit WHERE number = 2", 2, "Row 2 is missing."),
        ("DELETE FROM audit WHERE number > 1", 2, "The end was cut off: at least 2 rows were there"),
        ("DELETE FROM audit", 1, "The end was cut off: at least 3 rows were there"),
        ("UPDATE audit SET subject = 'customer:HM-1' WHERE number = 3", 3, "whom it is about"),
    ],
)
def test_a_change_of_the_file_is_found_and_said_where(tmp_path: Path, deed: str, row: int, words: str) -> None:
    """The one row that matters would be believed."""
    work(tmp_path, "a", "b", "c")

    tamper(tmp_path, deed)
    verdict = verified(tmp_path)

    assert verdict.breaks[0].number == row
    assert words in verdict.breaks[0].sentence


def test_an_end_that_was_cut_and_sealed_anew_is_found(tmp_path: Path) -> None:
    """A forger who reads this code could rewrite the end."""
    work(tmp_path, "a", "b", "c")
    with closing(sqlite3.connect(folder_of(NAME, tmp_path) / "ledger.sqlite")) as ledger:
        ledger.execute("DROP TRIGGER audit_is_never_cut")
        ledger.execute("DELETE FROM audit WHERE number > 1")
        previous = ledger.execute("SELECT seal FROM audit").fetchone()[0]
        for number in (2, 3):
            link = Link(number=number, at_us=number, actor="ada", action="outbox.queued", reference=f"entry:{number}")
            previous = link.sealed(previous)
            ledger.execute(
                "INSERT INTO audit (number, at, actor, action, reference, detail, personal, seal)"
                " VALUES (?, ?, 'ada', 'outbox.queued', ?, '{}', '', ?)",
                [number, number, f"entry:{number}", previous],
            )
        ledger.commit()

    verdict = verified(tmp_path)

    assert [each.number for each in verdict.breaks] == [3]
    assert "written anew" in verdict.breaks[0].sentence


def test_a_desk_that_opens_on_a_forged_audit_says_so(tmp_path: Path) -> None:
    """Nobody runs the command every morning."""
    work(tmp_path, "a", "b")
    tamper(tmp_path, "DELETE FROM audit WHERE number = 2")

    sound, forged = work(tmp_path / "other", "a"), work(tmp_path)

    assert sound.troubles == ()
    assert [trouble.sentence for trouble in forged.troubles] == [
        "The audit is not what it was when the desk was last open."
    ]


def test_erasing_a_person_leaves_the_audit_whole(tmp_path: Path) -> None:
    """The right to be forgotten and the duty to prove would exclude each other."""
    work(tmp_path, "a", "b")

    async def erase() -> tuple[int, int]:
        desk = await Desk.open(Profile.open(NAME, tmp_path), publish=lambda _changes: None, session_only=True)
        erased = await desk.store.ledger.write(audit.erase, "customer:HM-204881")
        left = await desk.store.ledger.read(audit.about, "customer:HM-204881")
        await desk.close()
        return erased, len(left)

    erased, left = asyncio.run(erase())
    verdict = verified(tmp_path)

    assert (erased, left) == (2, 0)
    assert (verdict.is_whole, verdict.erased) == (True, 2)
    with closing(sqlite3.connect(folder_of(NAME, tmp_path) / "ledger.sqlite")) as ledger:
        assert "HM-204881" not in str(list(ledger.execute("SELECT * FROM audit")))


def test_it_verifies_while_the_desk_is_open(tmp_path: Path) -> None:
    """The desk would have to be closed in the middle of a working day."""

    async def both() -> bool:
        desk = await Desk.open(Profile.open(NAME, tmp_path), publish=lambda _changes: None, session_only=True)
        verdict = await verify(NAME, root=tmp_path, credentials=Credentials(NAME, session_only=True))
        await desk.close()
        return verdict.is_whole

    assert asyncio.run(both())


def test_anchors_lie_outside_the_profile_for_their_owner_alone(tmp_path: Path) -> None:
    """Who copies or replaces the profile's folder would replace the anchors too."""
    work(tmp_path, "a")

    file = anchors_of(NAME, tmp_path)

    assert folder_of(NAME, tmp_path) not in file.parents
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_torn_line_costs_no_other_anchor(tmp_path: Path) -> None:
    """A power cut in the middle of a line would cost all of them."""
    anchors = Anchors(tmp_path / "state" / "a.jsonl")
    first = Anchor(at=datetime(2026, 5, 12, tzinfo=UTC), number=1, seal=START)
    anchors.add(first)
    with (tmp_path / "state" / "a.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-')

    assert anchors.read() == (first,)


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
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    status = main(["--profile", "nobody"])

    assert status == 2
    assert "There is no audit of a profile “nobody” here." in capsys.readouterr().err


def test_a_row_says_nothing_of_a_person_by_itself() -> None:
    """A traceback would show who was looked at."""
    link = Link(number=1, at_us=1, actor="ada", action="document.opened", reference="node:1")

    shown = repr(Kept(link=link, seal=START, salt=b"salt", subject="customer:HM-204881", words={"reason": "Ines"}))

    assert "HM-204881" not in shown
    assert "Ines" not in shown
