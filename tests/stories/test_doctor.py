"""The doctor: what an administrator pastes into a ticket has to be true, complete, and free of secrets."""

import json
from pathlib import Path

import pytest

from app.doctor import Mark, examine, main
from app.profile import Profile, folder_of
from app.records import System
from tests.stories.sandbox import Json

pytestmark = pytest.mark.usefixtures("runner")


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


async def test_an_open_profile_is_not_an_error_of_ours(tmp_path: Path) -> None:
    """Two desks on one profile would be blamed on the doctor."""
    with Profile.open("busy", tmp_path):
        found = await examine("busy", root=tmp_path)

    assert "already open in another Proofdesk" in found.as_words()


async def test_files_that_others_may_read_are_named(tmp_path: Path) -> None:
    """A copied profile would stay open to everybody on the machine."""
    profile = Profile.open("copied", tmp_path)
    profile.close()
    (profile.folder / "ledger.copy").touch()
    (profile.folder / "ledger.copy").chmod(0o644)

    found = await examine("copied", root=tmp_path)

    privacy = next(line for line in found.sections[1].lines if line.what == "Privacy")
    assert (privacy.mark, privacy.answer) == (Mark.WRONG, "others may read ledger.copy")


def test_the_exit_status_tells_whether_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script could not use it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    status = main(["--json", "--profile", "nobody"])

    said = json.loads(capsys.readouterr().out)
    assert status == 1
    assert said["sections"][-1]["lines"][0]["answer"] == "There is no profile “nobody” yet."
