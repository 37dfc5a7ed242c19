"""``proofdesk role``: the way back to the administrator, and its trace."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.audit import verify
from app.desk import Desk
from app.errors import UserError
from app.profile import Profile
from app.role import give, main, tell
from app.rules.chain import Kept
from app.rules.roles import Action, Role
from app.store import audit


@pytest.fixture(autouse=True)
def _keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the machine's own keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def profile_in(role: Role, root: Path) -> None:
    """A profile that is used in ``role``."""

    async def make() -> None:
        desk = await Desk.open(Profile.open("test", root), publish=lambda _: None)
        await desk.access.change(role, actor="ada")
        await desk.close()

    asyncio.run(make())


async def rows_of(root: Path) -> Sequence[Kept]:
    """The audit, newest first."""

    def read(db: Database) -> list[Kept]:
        return list(audit.every(db))[::-1]

    desk = await Desk.open(Profile.open("test", root), publish=lambda _: None)
    try:
        return await desk.store.ledger.read(read)
    finally:
        await desk.close()


def test_whoever_stepped_down_gets_back_and_it_is_noted_why(tmp_path: Path) -> None:
    """A profile in which nobody can connect anything any more would have to be wiped."""
    profile_in(Role.AGENT, tmp_path)

    asyncio.run(give("test", Role.ADMINISTRATOR, reason="Mia is on leave", actor="root", root=tmp_path))

    given = next(row for row in asyncio.run(rows_of(tmp_path)) if row.link.action == "role.given")
    assert asyncio.run(tell("test", root=tmp_path)) is Role.ADMINISTRATOR
    assert (given.link.actor, given.link.detail) == ("root", {"from": "agent", "to": "administrator"})
    assert given.words == {"reason": "Mia is on leave"}
    assert asyncio.run(verify("test", root=tmp_path)).is_whole


def test_without_a_reason_nothing_changes(tmp_path: Path) -> None:
    """The audit would know who, and not why."""
    profile_in(Role.AGENT, tmp_path)

    with pytest.raises(UserError, match="needs a reason"):
        asyncio.run(give("test", Role.ADMINISTRATOR, reason="  ", actor="root", root=tmp_path))

    assert asyncio.run(tell("test", root=tmp_path)) is Role.AGENT


def test_a_desk_that_is_open_keeps_its_role(tmp_path: Path) -> None:
    """A window would go on in one role while the file says another."""

    async def meanwhile() -> bool:
        desk = await Desk.open(Profile.open("test", tmp_path), publish=lambda _: None)
        try:
            with pytest.raises(UserError, match="already open"):
                await give("test", Role.AGENT, reason="a test", actor="root", root=tmp_path)
            desk.access.require(Action.CHANGE_ROLE)
            return True
        finally:
            await desk.close()

    assert asyncio.run(meanwhile())


def test_a_profile_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A mistyped name would leave an empty profile behind."""
    with pytest.raises(UserError, match="no profile “test”"):
        asyncio.run(tell("test", root=tmp_path))

    assert not any(tmp_path.iterdir())


def test_the_command_refuses_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback would stand where a reason is asked for."""
    status = main(["administrator"])

    assert (status, capsys.readouterr().err) == (2, "Giving a role needs a reason. Say why with --reason.\n")
