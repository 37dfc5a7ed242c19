"""The doctor: what an administrator pastes into a ticket has to be true, complete, and free of secrets."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.doctor import Diagnosis, Mark, examine, main
from app.profile import Profile, folder_of
from app.records import System
from tests.stories.conftest import OpenDesk
from tests.stories.desks import PROFILE
from tests.stories.sandbox import Control, Json

pytestmark = pytest.mark.usefixtures("runner")


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No story asks the machine's own."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def mark_of(found: Diagnosis, what: str) -> Mark:
    """What came of one thing of the profile."""
    return next(line.mark for line in found.sections[1].lines if line.what == what)


def contents(root: Path) -> dict[str, bytes]:
    """Every file below ``root``, but for what readers of a database share while they read."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.fixture
def ready_file(ready: Json, tmp_path: Path) -> Path:
    """The running sandbox's."""
    path = tmp_path / "ready.json"
    path.write_text(json.dumps(ready))
    return path


async def test_a_sound_set_up_has_nothing_wrong(ready_file: Path) -> None:
    """Everybody would mend what is not broken."""
    found = await examine("any", ready_file=ready_file)

    assert found.wrong == 0
    assert [section.name for section in found.sections][2:] == [system.label for system in System]
    assert "Nothing is wrong." in found.as_words()


async def test_no_secret_is_shown(ready: Json, ready_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made to be pasted into tickets."""
    monkeypatch.setenv("all_proxy", "http://ada:hunter2@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    names = ("password", "client_secret", "auth_token", "api_secret")
    secrets = {str(ready[system.value][name]) for system in System for name in names if name in ready[system.value]}

    found = await examine("any", ready_file=ready_file)

    words = found.as_words()
    assert "http://•••@proxy.example:3128" in words
    assert not [secret for secret in {*secrets, "hunter2"} if secret in words]


async def test_a_wrong_secret_is_said_with_what_to_do(ready: Json, tmp_path: Path) -> None:
    """The administrator would look at four healthy systems first."""
    wrong = {**ready, "iconik": {**ready["iconik"], "auth_token": "mistyped"}}
    (tmp_path / "ready.json").write_text(json.dumps(wrong))

    found = await examine("any", ready_file=tmp_path / "ready.json")

    troubles = {
        section.name: line.hint for section in found.sections for line in section.lines if line.mark is Mark.WRONG
    }
    assert troubles.keys() == {"iconik"}
    assert "Type the name and the secret again." in troubles["iconik"]


async def test_a_profile_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A typo in a name would leave an empty profile behind."""
    found = await examine("nobody", root=tmp_path)

    assert found.wrong == 1
    assert "There is no profile “nobody” yet." in found.as_words()
    assert not folder_of("nobody", tmp_path).exists()


async def test_it_looks_beside_an_open_desk(root: Path, open_desk: OpenDesk) -> None:
    """Whoever has trouble would have to end the desk that has it."""
    await open_desk()

    found = await examine(PROFILE, root=root)

    assert "already open" not in found.as_words()
    assert mark_of(found, "Ledger") is mark_of(found, "Cache") is Mark.FINE


async def test_it_changes_nothing(root: Path) -> None:
    """The first look would use up what the next start has to say, and forget what waits to be sent."""
    cache = folder_of(PROFILE, root) / "store.sqlite"
    cache.write_bytes(b"not a database at all" * 1000)
    waiting = folder_of(PROFILE, root) / "files" / "outgoing" / "kept"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.write_bytes(b"letter")
    before = contents(root)

    found = await examine(PROFILE, root=root)

    assert mark_of(found, "Cache") is Mark.WRONG
    assert contents(root) == before


async def test_a_forged_audit_is_wrong(root: Path) -> None:
    """Nothing would be wrong, said the doctor."""
    with closing(sqlite3.connect(folder_of(PROFILE, root) / "ledger.sqlite")) as ledger:
        ledger.executescript("DROP TRIGGER audit_is_only_erased; UPDATE audit SET actor = 'bob';")

    found = await examine(PROFILE, root=root)

    assert mark_of(found, "Audit") is Mark.WRONG
    assert "The audit is not whole." in found.as_words()


async def test_a_sound_profile_says_so(root: Path) -> None:
    """A warning that is always there is read by nobody."""
    found = await examine(PROFILE, root=root)

    assert mark_of(found, "Ledger") is mark_of(found, "Cache") is mark_of(found, "Audit") is Mark.FINE


async def test_no_system_is_tried_without_its_secrets(root: Path, control: Control) -> None:
    """Accounts are locked after a few sign-ins with an empty password."""
    found = await examine(PROFILE, root=root)

    hints = [line.hint for section in found.sections for line in section.lines if line.answer == "missing"]
    assert "Edit iconik under Connections and type it again." in hints
    assert "Sign in" not in found.as_words()


@pytest.mark.parametrize(
    ("set_to", "shown"),
    [
        ("http://ada:hunter2@proxy.example:3128", "http://•••@proxy.example:3128"),
        ("http://proxy.example:3128/?token=hunter2", "http://proxy.example:3128"),
        ("ada:hunter2@proxy:3128", "set, cannot be read"),
        ("http://ada:hun/ter2@proxy", "set, cannot be read"),
        ("http://ada:1/hunter2@proxy", "set, cannot be read"),
        ("http://ada:hun#ter2@proxy", "set, cannot be read"),
        ("http://ada:1#hunter2@proxy", "set, cannot be read"),
        ("http://ada:hunter2@proxy:80a", "set, cannot be read"),
        ("http://[bad", "set, cannot be read"),
    ],
)
async def test_of_an_address_only_what_surely_is_no_secret_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_to: str, shown: str
) -> None:
    """A mistyped proxy would put its password into a ticket, or end the doctor."""
    monkeypatch.setenv("HTTPS_PROXY", set_to)

    found = await examine("nobody", root=tmp_path)

    assert [line.answer for line in found.sections[0].lines if line.what == "HTTPS_PROXY"] == [shown]


def test_it_can_be_redirected_where_terminals_know_few_letters(tmp_path: Path) -> None:
    """On Windows it would end in a traceback as soon as somebody keeps what it says in a file."""
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "XDG_DATA_HOME": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, "-m", "ui", "doctor", "--profile", "nobody"], env=environment, capture_output=True, check=False
    )

    assert ended.returncode == 1
    assert "✗" in ended.stdout.decode("utf-8")


async def test_files_that_others_may_read_are_named(tmp_path: Path) -> None:
    """A copied profile would stay open to everybody on the machine."""
    profile = Profile.open("copied", tmp_path)
    profile.close()
    (profile.folder / "ledger.copy").touch()
    (profile.folder / "ledger.copy").chmod(0o644)

    found = await examine("copied", root=tmp_path)

    privacy = next(line for line in found.sections[1].lines if line.what == "Privacy")
    assert (privacy.mark, privacy.answer) == (Mark.WRONG, "others may read ledger.copy")


async def test_what_is_deleted_while_it_looks_stops_nothing(tmp_path: Path) -> None:
    """Beside an open desk, whose journals come and go, it would end in a traceback now and then."""
    profile = Profile.open("open", tmp_path)
    profile.close()
    (profile.folder / "store.sqlite-wal").symlink_to(tmp_path / "gone")

    found = await examine("open", root=tmp_path)

    privacy = next(line for line in found.sections[1].lines if line.what == "Privacy")
    assert (privacy.mark, privacy.answer) == (Mark.FINE, "for its owner alone")


def test_the_exit_status_tells_whether_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script could not use it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    status = main(["--json", "--profile", "nobody"])

    said = json.loads(capsys.readouterr().out)
    assert status == 1
    assert said["sections"][-1]["lines"][0]["answer"] == "There is no profile “nobody” yet."
