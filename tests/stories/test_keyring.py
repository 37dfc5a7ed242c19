"""The desk on a real keyring: connected today, at work again tomorrow, and gone from it when it is removed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import keyring as library
import pytest

from app.desk import Desk
from app.profile import Profile
from app.records import System
from tests.app import secret_service
from tests.app.secret_service import SecretService
from tests.stories.desks import StoryDesk
from tests.stories.sandbox import Json

ICONIK = System.ICONIK


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A running Secret Service, which is this process's keyring."""
    running = secret_service.opened()
    from keyring.backends.SecretService import Keyring  # noqa: PLC0415 - on Linux alone

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.environment["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setattr(library, "get_keyring", Keyring)
    yield running
    running.close()


async def opened(root: Path) -> Desk:
    """A desk that keeps its secrets."""
    return await Desk.open(Profile.open("keyring", root), publish=lambda _changes: None)


async def test_a_connection_is_kept_tried_and_removed_on_a_real_keyring(
    runner: asyncio.Runner, service: SecretService, tmp_path: Path, ready: Json
) -> None:
    """Fakes do what we think a keyring does; a desktop's own may do something else."""
    typed = StoryDesk(ready).connection(ICONIK)
    desk = await opened(tmp_path)
    said = await desk.use.save_connection.use(typed)
    key = await desk.credentials.personal_key()
    await desk.close()
    service.die()
    service.start()

    again = await opened(tmp_path)
    signed_out = await again.use.save_connection.open_kept()
    tested = await again.use.test_connection(ICONIK)
    same_key = (await again.credentials.personal_key()).fingerprint == key.fingerprint
    await again.use.remove_connection(ICONIK, "ada")
    left = await again.credentials.load(ICONIK.value, ["auth_token"])
    await again.close()

    assert said == "Passwords are kept in this desktop's keyring."
    assert (signed_out, tested.is_fine, same_key, left) == ({}, True, True, {})
