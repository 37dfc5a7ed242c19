"""One desk per profile, in a folder that is its owner's alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import UserError
from app.profile import Profile


def test_the_folder_is_the_owners_alone(tmp_path: Path) -> None:
    """Customers' letters would be readable by everybody on the machine."""
    with Profile.open("Harbour Mutual", tmp_path) as profile:
        assert stat.S_IMODE(profile.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((profile.folder / "desk.lock").stat().st_mode) == 0o600


def test_no_mask_opens_the_folders_above_it(tmp_path: Path) -> None:
    """Whoever may write into the folder of profiles puts one of their own in the place of somebody's."""
    before = os.umask(0)
    try:
        with Profile.open("demo", tmp_path / "share" / "proofdesk") as profile:
            made = [profile.folder, *list(profile.folder.parents)[:3]]
    finally:
        os.umask(before)

    assert [stat.S_IMODE(folder.stat().st_mode) for folder in made] == [0o700] * 4
    assert made[-1] == tmp_path / "share"


def test_a_profile_on_another_disk_is_wiped_too(tmp_path: Path) -> None:
    """Letters would stay on that disk, at every sign-out anew, while the person is told to close other programs."""
    disk, beside = tmp_path / "disk", tmp_path / "beside"
    for folder in (disk / "demo", disk / "log", beside, tmp_path / "profiles", tmp_path / "log"):
        folder.mkdir(parents=True)
    (tmp_path / "profiles" / "demo").symlink_to(disk / "demo")
    (tmp_path / "log" / "demo").symlink_to(disk / "log")
    (disk / "log" / "desk.jsonl").write_text("said")
    (beside / "holiday.jpg").write_text("somebody's own")
    profile = Profile.open("demo", tmp_path)
    (profile.folder / "planted").symlink_to(beside)

    profile.wipe()

    assert [path for path in disk.rglob("*") if path.is_file()] == []
    assert list((tmp_path / "profiles").iterdir()) == []
    assert (beside / "holiday.jpg").exists()


def test_a_second_desk_is_refused(tmp_path: Path) -> None:
    """Two relays would send everything twice."""
    with Profile.open("demo", tmp_path), pytest.raises(UserError, match="already open"):
        Profile.open("demo", tmp_path)


def test_another_profile_is_free(tmp_path: Path) -> None:
    """Production and test are often open side by side."""
    with Profile.open("one", tmp_path), Profile.open("two", tmp_path) as two:
        assert two.name == "two"


def test_a_closed_profile_opens_again(tmp_path: Path) -> None:
    """The desk could be started once."""
    Profile.open("demo", tmp_path).close()

    Profile.open("demo", tmp_path).close()


def test_a_killed_desk_leaves_no_lock_behind(tmp_path: Path) -> None:
    """After a crash nobody could open the desk again."""
    code = (
        "import sys, pathlib; from app.profile import Profile;"
        "kept = Profile.open('demo', pathlib.Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as desk:
        assert desk.stdout is not None
        desk.stdout.readline()
        with pytest.raises(UserError, match="already open"):
            Profile.open("demo", tmp_path)
        desk.kill()

    Profile.open("demo", tmp_path).close()


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a" * 41, "x\0", "end.", "C:\\x"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A name with a slash would write somewhere else."""
    with pytest.raises(UserError, match="cannot be the name"):
        Profile.open(name, tmp_path)


def test_an_unwritable_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    """The person would see a traceback instead of the folder's name."""
    blocker = tmp_path / "profiles"
    blocker.write_text("a file where the folder should be")

    with pytest.raises(UserError, match="cannot be written") as told:
        Profile.open("demo", tmp_path)

    assert "XDG_DATA_HOME" in told.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_told_too(tmp_path: Path) -> None:
    """As above, for the usual cause."""
    tmp_path.chmod(0o500)

    with pytest.raises(UserError, match="cannot be written"):
        Profile.open("demo", tmp_path)
