"""Secrets longer than an entry of a keyring: whole, or as they were, whatever breaks off."""

import re
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app import long_secrets
from app.long_secrets import ENTRY_UNITS
from tests.app.keyrings import CappedKeyring, CutError, FakeKeyring, MergedKeyring

SERVICE, NAME = "proofdesk/p", "iconik.auth_token"
LONG = "é😀x" * 1500


def secrets() -> st.SearchStrategy[str]:
    """Short ones, some that fill entries to the last unit, and some that look like our own manifest."""
    letters = st.sampled_from("aZé€Я漢😀")
    lengths = st.sampled_from([1, 7, ENTRY_UNITS - 1, ENTRY_UNITS, ENTRY_UNITS + 1, 2 * ENTRY_UNITS, 5000])
    filled = st.builds(lambda letter, length: letter * length, letters, lengths)
    return filled | st.text(letters, min_size=1, max_size=40) | st.just("proofdesk-parts:a:1:0000000000000000")


@given(secrets())
@example("😀" * (ENTRY_UNITS // 2) + "x")
@example("x" + "😀" * (ENTRY_UNITS // 2))
def test_a_secret_of_any_length_comes_back_whole(secret: str) -> None:
    """A token of single sign-on would be cut, and fail at the first call of the next day."""
    keyring = CappedKeyring()

    long_secrets.write(keyring, SERVICE, NAME, secret)

    assert long_secrets.read(keyring, SERVICE, NAME) == secret
    assert keyring.longest <= CappedKeyring.CAP_BYTES


@given(first=secrets() | st.none(), second=secrets() | st.none(), cut_after=st.integers(0, 30))
def test_a_cut_leaves_the_old_secret_or_the_new_one_and_no_stray_part(
    first: str | None, second: str | None, cut_after: int
) -> None:
    """Half of a new token and half of the old one sign in nowhere; a stray part is a secret that nobody deletes."""
    keyring = CappedKeyring()
    _become(keyring, first)
    keyring.cut_after = cut_after

    with suppress(CutError):
        _become(keyring, second)
    keyring.cut_after = None
    readable = long_secrets.read(keyring, SERVICE, NAME)
    long_secrets.finish(keyring, SERVICE)

    assert readable in {first, second}
    assert long_secrets.read(keyring, SERVICE, NAME) == readable
    assert _names(keyring) == _made_of(readable)


@given(first=secrets() | st.none(), second=secrets() | st.none(), fails_at=st.integers(0, 40))
def test_one_call_that_fails_leaves_the_old_secret_or_the_new_one(
    first: str | None, second: str | None, fails_at: int
) -> None:
    """A bus that is busy for a moment would cost a sign-in."""
    keyring = CappedKeyring()
    _become(keyring, first)
    keyring.fails_at = fails_at

    with suppress(OSError):
        _become(keyring, second)
    keyring.fails_at = None
    readable = long_secrets.read(keyring, SERVICE, NAME)
    long_secrets.finish(keyring, SERVICE)

    assert readable in {first, second}
    assert long_secrets.read(keyring, SERVICE, NAME) == readable
    assert _names(keyring) == _made_of(readable)


@given(cuts=st.lists(st.integers(0, 12), max_size=6), last=secrets() | st.none())
def test_cut_after_cut_leaves_nothing_behind(cuts: list[int], last: str | None) -> None:
    """A desk that is killed at each start would fill the keyring, with secrets."""
    keyring = CappedKeyring()
    for number, cut_after in enumerate(cuts):
        keyring.cut_after = cut_after
        with suppress(CutError):
            long_secrets.finish(keyring, SERVICE)
            _become(keyring, str(number) * (ENTRY_UNITS * (number % 3) + 1))
    keyring.cut_after = None

    _become(keyring, last)
    long_secrets.finish(keyring, SERVICE)

    assert long_secrets.read(keyring, SERVICE, NAME) == last
    assert _names(keyring) == _made_of(last)


def test_a_cut_in_one_secret_is_cleared_away_by_the_rewriting_of_another() -> None:
    """The note of what is unfinished would be written over, and with it the way to the parts."""
    keyring = CappedKeyring()
    keyring.cut_after = 3
    with suppress(CutError):
        long_secrets.write(keyring, SERVICE, NAME, LONG)
    keyring.cut_after = None

    long_secrets.write(keyring, SERVICE, "other.password", LONG)

    assert not [username for _, username in keyring.held if username.startswith(NAME)]


def test_a_long_secret_that_lies_in_one_entry_from_before_is_read_and_replaced() -> None:
    """Whoever kept a long token before there were parts would have to type it again."""
    keyring = FakeKeyring()
    keyring.held[SERVICE, NAME] = LONG

    before = long_secrets.read(keyring, SERVICE, NAME)
    long_secrets.write(keyring, SERVICE, NAME, LONG + "2")

    assert before == LONG
    assert long_secrets.read(keyring, SERVICE, NAME) == LONG + "2"


def test_a_secret_of_which_a_part_is_gone_counts_as_none() -> None:
    """Somebody who tidies the keyring up would make the desk sign in with rubbish until the account is locked."""
    keyring = CappedKeyring()
    long_secrets.write(keyring, SERVICE, NAME, LONG)
    keyring.delete_password(SERVICE, f"{NAME}.a1")

    assert long_secrets.read(keyring, SERVICE, NAME) is None


@pytest.mark.parametrize("broken", ["", "a", "a:x:y", "z:1:0", "a:-1:0", "a:1"])
def test_a_manifest_that_somebody_broke_is_no_secret(broken: str) -> None:
    """The desk would not open, or send the manifest itself to a vendor."""
    keyring = FakeKeyring()
    keyring.held[SERVICE, NAME] = f"proofdesk-parts:{broken}"

    read = long_secrets.read(keyring, SERVICE, NAME)
    long_secrets.write(keyring, SERVICE, NAME, "anew")

    assert read is None
    assert long_secrets.read(keyring, SERVICE, NAME) == "anew"


@pytest.mark.parametrize("before", [None, "old", LONG])
@pytest.mark.parametrize("secret", ["n" * 1200, LONG + "2"])
def test_a_keyring_that_cuts_a_secret_short_keeps_the_one_before(before: str | None, secret: str) -> None:
    """Changing a password on a bad day would lose both."""
    keyring = FakeKeyring()
    if before is not None:
        long_secrets.write(keyring, SERVICE, NAME, before)
    keyring.room = 900

    with pytest.raises(OSError, match="cut a secret short"):
        long_secrets.write(keyring, SERVICE, NAME, secret)
    keyring.room = 100_000

    assert long_secrets.read(keyring, SERVICE, NAME) == before


@pytest.mark.parametrize("secret", ["short", LONG])
def test_a_keyring_that_goes_on_giving_an_older_secret_is_not_believed(secret: str) -> None:
    """The new password would be said to be kept, and be gone; the old one locks the account."""
    keyring = MergedKeyring()
    long_secrets.write(keyring, SERVICE, NAME, "old" * ENTRY_UNITS)
    keyring.doubled[SERVICE, NAME] = [keyring.held[SERVICE, NAME]]

    with pytest.raises(OSError, match="keyring"):
        long_secrets.write(keyring, SERVICE, NAME, secret)


@pytest.mark.parametrize("secret", ["short", LONG])
def test_every_entry_of_a_name_is_forgotten(secret: str) -> None:
    """Who signs out would leave a password behind, because the keyring had it twice."""
    keyring = MergedKeyring()
    long_secrets.write(keyring, SERVICE, NAME, secret)
    keyring.doubled = {key: [value, value] for key, value in keyring.held.items()}

    long_secrets.erase(keyring, SERVICE, NAME)

    assert keyring.held == {}
    assert not any(keyring.doubled.values())


def test_a_secret_that_the_keyring_does_not_give_up_is_said() -> None:
    """“Signed out” would be a lie."""
    keyring = MergedKeyring()
    long_secrets.write(keyring, SERVICE, NAME, "kept")
    keyring.doubled[SERVICE, NAME] = ["kept"] * 100

    with pytest.raises(OSError, match="does not give a secret up"):
        long_secrets.erase(keyring, SERVICE, NAME)


def _become(keyring: CappedKeyring, secret: str | None) -> None:
    if secret is None:
        long_secrets.erase(keyring, SERVICE, NAME)
    else:
        long_secrets.write(keyring, SERVICE, NAME, secret)


def _names(keyring: CappedKeyring) -> set[str]:
    """The names of all entries; in which of the two places a part lies makes no difference."""
    names = {username for _, username in keyring.held}
    return {re.sub(r"\.[ab](\d+)$", r".\1", name) for name in names}


def _made_of(secret: str | None) -> set[str]:
    """The names of the entries that ``secret`` needs, by writing it where nothing was."""
    keyring = CappedKeyring()
    _become(keyring, secret)
    return _names(keyring)
