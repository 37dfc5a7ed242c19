"""The keyring as it is on a Linux desktop: gnome-keyring, spoken to over D-Bus."""

import asyncio
import gc
from collections.abc import Iterator

import keyring as library
import pytest

from app.credentials import LOCKED, Credentials
from app.long_secrets import UNFINISHED
from tests.app import secret_service
from tests.app.secret_service import SecretService

SECRETS = {"password": "pässwörd 🔑 ", "auth_token": "é" * 3_000}
HUGE = {"password": "pässwörd 🔑 ", "auth_token": "é" * 25_000}
"""50 kB, as some single sign-ons have tokens."""

# The library forgets to close its line to the bus when the keyring turns it away.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A running one, which is this process's keyring."""
    running = secret_service.opened()
    from keyring.backends.SecretService import Keyring  # noqa: PLC0415 - on Linux alone

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.environment["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setattr(library, "get_keyring", Keyring)
    yield running
    running.close()
    gc.collect()


def names_left() -> list[str]:
    """The names of all entries in the keyring."""
    import secretstorage  # noqa: PLC0415 - on Linux alone

    bus = secretstorage.dbus_init()
    try:
        held = secretstorage.get_default_collection(bus).get_all_items()
        return sorted(item.get_attributes().get("username", "") for item in held)
    finally:
        bus.close()


def test_the_probe_passes_and_leaves_nothing(service: SecretService) -> None:
    """A keyring that works would be said not to, or be filled with rubbish."""
    keeping = asyncio.run(Credentials("p").probe())

    assert keeping.is_lasting
    assert names_left() == []


def test_long_and_foreign_secrets_last_until_the_next_session(service: SecretService) -> None:
    """The 50 kB token of a single sign-on, or a password with umlauts, would be gone the next morning."""
    kept = asyncio.run(Credentials("p").save("iconik", HUGE))

    service.die()
    service.start()

    assert kept.is_lasting
    assert asyncio.run(Credentials("p").load("iconik", HUGE)) == HUGE


def test_what_is_deleted_is_gone_from_the_keyring(service: SecretService) -> None:
    """The parts of a token would stay behind."""
    asyncio.run(Credentials("p").save("iconik", SECRETS))

    asyncio.run(Credentials("p").delete("iconik", SECRETS))

    assert names_left() == []


def test_two_profiles_at_once_do_not_mix(service: SecretService) -> None:
    """The test profile would sign in to production."""

    async def write_both() -> tuple[object, object]:
        first, second = Credentials("production"), Credentials("test")
        for turn in range(2):
            values = {"auth_token": str(turn) * 3000}
            await asyncio.gather(
                first.save("iconik", {name: f"p{value}" for name, value in values.items()}),
                second.save("iconik", {name: f"t{value}" for name, value in values.items()}),
            )
        return await first.load("iconik", ["auth_token"]), await second.load("iconik", ["auth_token"])

    assert asyncio.run(write_both()) == ({"auth_token": "p" + "1" * 3000}, {"auth_token": "t" + "1" * 3000})


def test_a_locked_collection_is_said_and_asked_again(service: SecretService) -> None:
    """A password typed while the keyring is locked would be lost, or land in a file."""

    async def lock_and_unlock() -> tuple[bool, bool]:
        credentials = Credentials("p")
        await credentials.save("iconik", {"password": "old"})
        service.lock()
        locked = await credentials.save("iconik", SECRETS)
        service.unlock()
        unlocked = await credentials.try_again()
        return locked is LOCKED, unlocked.is_lasting

    assert asyncio.run(lock_and_unlock()) == (True, True)
    assert asyncio.run(Credentials("p").load("iconik", SECRETS)) == SECRETS


def test_a_daemon_that_dies_in_the_middle_leaves_the_old_secret(service: SecretService) -> None:
    """Half of a new token would take the place of the old one."""

    class Dying:
        """The keyring, whose daemon is killed at the fourth entry."""

        def __init__(self) -> None:
            self.real = library.get_keyring()
            self.written = 0

        def get_password(self, service_name: str, username: str) -> str | None:
            """As the real one."""
            return self.real.get_password(service_name, username)

        def set_password(self, service_name: str, username: str, password: str) -> None:
            """As the real one, three times."""
            self.written += 1
            if self.written == 4:
                service.die()
            self.real.set_password(service_name, username, password)

        def delete_password(self, service_name: str, username: str) -> None:
            """As the real one."""
            self.real.delete_password(service_name, username)

    asyncio.run(Credentials("p").save("iconik", {"auth_token": "old" * 2000}))
    told = asyncio.run(Credentials("p", keyring=Dying()).save("iconik", SECRETS))
    service.start()

    asyncio.run(Credentials("p").begin())

    assert told is LOCKED
    assert asyncio.run(Credentials("p").load("iconik", ["auth_token"])) == {"auth_token": "old" * 2000}
    assert UNFINISHED not in names_left()
    assert len([name for name in names_left() if name.startswith("iconik.auth_token")]) == 6
