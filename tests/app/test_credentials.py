"""Secrets live in the keyring or in memory, and nowhere else."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import keyring as library
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.credentials import IN_KEYRING, Credentials
from tests.app.keyrings import FakeKeyring, HangingKeyring

SECRETS = {"password": "pässword ", "client_secret": "s3cret"}


def test_secrets_come_back_after_a_restart() -> None:
    """Everybody would sign in everywhere every morning."""
    keyring = FakeKeyring()
    keeping = asyncio.run(Credentials("p", keyring=keyring).save("iconik", SECRETS))

    found = asyncio.run(Credentials("p", keyring=keyring).load("iconik", [*SECRETS, "other"]))

    assert keeping == IN_KEYRING
    assert found == SECRETS


def test_profiles_do_not_share_secrets() -> None:
    """The test profile would sign in to production."""
    keyring = FakeKeyring()
    asyncio.run(Credentials("production", keyring=keyring).save("iconik", SECRETS))

    assert asyncio.run(Credentials("test", keyring=keyring).load("iconik", SECRETS)) == {}


def test_without_a_keyring_memory_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a keyring could not be used at all, or would keep passwords in a file."""
    monkeypatch.setattr(library, "get_keyring", NoKeyring)
    credentials = Credentials("p")

    keeping = asyncio.run(credentials.save("iconik", SECRETS))

    assert not keeping.is_lasting
    assert "has no keyring" in keeping.sentence
    assert asyncio.run(credentials.load("iconik", SECRETS)) == SECRETS


def test_a_locked_keyring_is_told_and_memory_serves() -> None:
    """As above; and once it is unlocked it is used again."""
    keyring = FakeKeyring(is_locked=True)
    credentials = Credentials("p", keyring=keyring)

    locked = asyncio.run(credentials.save("iconik", SECRETS))
    keyring.is_locked = False
    unlocked = asyncio.run(credentials.save("iconik", SECRETS))

    assert "locked" in locked.sentence
    assert unlocked == IN_KEYRING


def test_a_token_that_is_renewed_after_unlocking_does_not_cost_the_password_beside_it() -> None:
    """Typed while the keyring was locked, held in memory, and let go of with the first token that it could keep."""
    keyring = FakeKeyring(is_locked=True)
    credentials = Credentials("test", keyring=keyring)

    async def renew() -> Mapping[str, str]:
        await credentials.save("iconik", {"proxy_password": "s3cret", "refresh_token": "old"})
        keyring.is_locked = False
        await credentials.save("iconik", {"refresh_token": "new"})
        return await Credentials("test", keyring=keyring).load("iconik", ["proxy_password", "refresh_token"])

    assert asyncio.run(renew()) == {"proxy_password": "s3cret", "refresh_token": "new"}


def test_a_keyring_that_cuts_secrets_short_is_not_trusted() -> None:
    """The next sign-in would fail with half a token, a week later."""
    credentials = Credentials("p", keyring=FakeKeyring(room=4))

    asyncio.run(credentials.save("iconik", SECRETS))

    assert asyncio.run(credentials.load("iconik", SECRETS)) == SECRETS


@pytest.mark.parametrize(("room", "lasts"), [(100_000, True), (256, False)])
def test_the_probe_is_as_long_as_a_token(room: int, lasts: bool) -> None:
    """A short probe says yes where a real token is refused."""
    keyring = FakeKeyring(room=room)

    keeping = asyncio.run(Credentials("p", keyring=keyring).probe())

    assert keeping.is_lasting is lasts
    assert not keyring.held or not lasts


def test_deleted_secrets_are_gone_everywhere() -> None:
    """Somebody else's desk would still sign in as the one who left."""
    keyring = FakeKeyring()
    credentials = Credentials("p", keyring=keyring)
    asyncio.run(credentials.save("iconik", SECRETS))

    asyncio.run(credentials.delete("iconik", [*SECRETS, "never there"]))

    assert keyring.held == {}
    assert asyncio.run(credentials.load("iconik", SECRETS)) == {}


def test_a_demonstration_touches_no_keyring() -> None:
    """Trying the program out would leave something behind."""
    keyring = FakeKeyring()
    credentials = Credentials("demo", keyring=keyring, session_only=True)

    asyncio.run(credentials.save("iconik", SECRETS))

    assert keyring.held == {}
    assert asyncio.run(credentials.load("iconik", SECRETS)) == SECRETS


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    """A crash report would carry passwords."""
    credentials = Credentials("p", session_only=True)
    credentials.hold("iconik", SECRETS)

    shown = repr(credentials) + str(credentials) + repr(credentials.keeping)

    assert "s3cret" not in shown


def test_a_file_in_disguise_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some installations bring a “keyring” that is a plain file."""
    disguised = type("PlaintextKeyring", (FakeKeyring,), {"__module__": "keyrings.alt.file"})()
    monkeypatch.setattr(library, "get_keyring", lambda: disguised)

    keeping = asyncio.run(Credentials("p").save("iconik", SECRETS))

    assert not keeping.is_lasting
    assert disguised.held == {}


def test_the_personal_key_is_the_same_after_a_restart() -> None:
    """Every customer would be forgotten each night."""
    keyring = FakeKeyring()
    made = asyncio.run(Credentials("p", keyring=keyring).personal_key())

    again = asyncio.run(Credentials("p", keyring=keyring).personal_key())

    assert again.as_text() == made.as_text()


def test_a_locked_keyring_keeps_its_personal_key() -> None:
    """One start with a locked keyring would make everything unreadable for ever."""
    keyring = FakeKeyring()
    made = asyncio.run(Credentials("p", keyring=keyring).personal_key())
    keyring.is_locked = True
    meanwhile = asyncio.run(Credentials("p", keyring=keyring).personal_key())
    keyring.is_locked = False

    again = asyncio.run(Credentials("p", keyring=keyring).personal_key())

    assert meanwhile.as_text() != made.as_text()
    assert (made.is_lasting, meanwhile.is_lasting) == (True, False)
    assert again.as_text() == made.as_text()


def test_a_keyring_that_cuts_the_personal_key_short_does_not_count_as_its_keeper() -> None:
    """The cache would be sealed for good with a key that nobody has."""
    key = asyncio.run(Credentials("p", keyring=FakeKeyring(room=4)).personal_key())

    assert not key.is_lasting


def test_a_keyring_that_hangs_holds_up_nobody_for_long() -> None:
    """The desk would never open: no window, and no word why."""
    keyring = HangingKeyring()
    credentials = Credentials("p", keyring=keyring, patience_s=0.05)

    key = asyncio.run(asyncio.wait_for(credentials.personal_key(), 300))
    asked_again = asyncio.run(asyncio.wait_for(credentials.load("iconik", SECRETS), 300))
    keyring.answers.set()

    assert not key.is_lasting
    assert asked_again == {}
    assert "does not answer" in credentials.keeping.sentence
    assert keyring.asked == 1


def test_a_personal_key_that_somebody_broke_is_replaced() -> None:
    """The desk would never open again."""
    keyring = FakeKeyring()
    asyncio.run(Credentials("p", keyring=keyring).save("store", {"personal_key": "none of ours"}))

    made = asyncio.run(Credentials("p", keyring=keyring).personal_key())

    assert asyncio.run(Credentials("p", keyring=keyring).personal_key()).as_text() == made.as_text()
