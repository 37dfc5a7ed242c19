"""What a card says of a system: what is offered, what is not, and why."""

from datetime import timedelta
from typing import Any

import pytest

from app.activity import Budget
from app.records import Ability, AccountFacts, ConnectionState, Offer, System, SystemStatus
from app.systems.abilities import missing, offered, untold
from app.wording import clock_time, count
from tests.ui.pages.connections.driver import NOW, connection
from ui.pages.connections.words import Steer, card_of, is_working

AT = clock_time(NOW)
BEFORE = clock_time(NOW - timedelta(minutes=3))


@pytest.mark.parametrize(
    ("offers", "rights", "word", "trouble"),
    [
        ((offered(Ability.FIND_ASSETS),), "find assets", "connected", ""),
        (
            (offered(Ability.FIND_ASSETS), untold(Ability.JUDGE_ASSETS, "Only a write can tell.")),
            "find assets, perhaps approve and reject",
            "connected",
            "",
        ),
        (
            (offered(Ability.FIND_ASSETS), missing(Ability.JUDGE_ASSETS, "Your account lacks a role.", remedy="Ask.")),
            "find assets",
            "limited",
            "May not approve and reject. Your account lacks a role.",
        ),
        ((), "–", "connected", ""),
    ],
)
def test_a_card_says_what_is_offered_and_explains_what_is_not(
    offers: tuple[Offer, ...], rights: str, word: str, trouble: str
) -> None:
    """A missing right would be found out in the middle of a review."""
    status = SystemStatus(
        system=System.ICONIK,
        state=ConnectionState.CONNECTED,
        since=NOW,
        facts=AccountFacts(account="Mira Kovač", offers=offers),
    )

    card = card_of(connection(System.ICONIK), status, None, None)

    assert (card.rights, card.word, card.trouble) == (rights, word, trouble)
    assert is_working(card)


def reading(state: ConnectionState = ConnectionState.CONNECTED, **said: Any) -> SystemStatus:
    """A status that was read three minutes ago."""
    return SystemStatus(
        system=System.ICONIK, state=state, since=NOW, **{"last_sync": NOW - timedelta(minutes=3), **said}
    )


@pytest.mark.parametrize(
    ("status", "word", "last_sync"),
    [
        (reading(next_sync=NOW), "connected", f"{BEFORE}, next {AT}"),
        (reading(is_paused=True), "paused", f"{BEFORE}, "),
        (reading(ConnectionState.SYNCING), "reading", f"{BEFORE}, "),
        (reading(ConnectionState.SYNCING, fetched=1_200, doing="reading"), "reading", f"reading, {count(1_200)}"),
        (
            reading(ConnectionState.SYNCING, fetched=1_200, expected=5_000, doing="looking for deletions"),
            "reading 24 %",
            f"looking for deletions, {count(1_200)} of {count(5_000)}",
        ),
        (reading(ConnectionState.RESTING, sentence="Few.", next_sync=NOW), "saves calls", f"{BEFORE}, next {AT}"),
        (reading(last_sync=None, next_sync=NOW), "connected", f"not yet, next {AT}"),
    ],
)
def test_a_card_says_how_far_the_reading_is_and_when_it_goes_on(
    status: SystemStatus, word: str, last_sync: str
) -> None:
    """A system that stands still would look like one that is read."""
    card = card_of(connection(System.ICONIK), status, None, None)

    assert card.word == word
    assert card.last_sync.startswith(last_sync)
    assert is_working(card)


def test_a_system_that_is_signed_out_promises_no_next_reading() -> None:
    """People would wait for what only a sign-in brings."""
    signed_out = reading(ConnectionState.SIGNED_OUT, last_sync=None, next_sync=NOW)

    assert card_of(connection(System.ICONIK), signed_out, None, None).last_sync == "not yet"


@pytest.mark.parametrize(
    ("status", "steers"),
    [
        (None, ()),
        (reading(ConnectionState.SIGNED_OUT), ()),
        (reading(), (Steer.NOW, Steer.PAUSE)),
        (reading(ConnectionState.UNREACHABLE), (Steer.NOW, Steer.PAUSE)),
        (reading(ConnectionState.SYNCING), (Steer.STOP, Steer.PAUSE)),
        (reading(is_paused=True), (Steer.GO_ON,)),
        (reading(ConnectionState.SYNCING, is_paused=True), (Steer.STOP,)),
    ],
)
def test_a_card_offers_what_makes_sense_now(status: SystemStatus | None, steers: tuple[Steer, ...]) -> None:
    """A button would do nothing, or a pause could not be ended."""
    assert card_of(connection(System.ICONIK), status, None, None).steers == steers


@pytest.mark.parametrize(
    ("budget", "words", "share", "is_scarce"),
    [
        (None, "no limit told", None, False),
        (Budget(left=950), f"{count(950)} left", None, False),
        (Budget(left=410, limit=500), "410 of 500 left", 0.82, False),
        (Budget(left=90, limit=500, resets_at=NOW), f"90 of 500 left, resets {AT}", 0.18, True),
    ],
)
def test_a_budget_is_told_as_far_as_the_vendor_tells_it(
    budget: Budget | None, words: str, share: float | None, is_scarce: bool
) -> None:
    """A bar without a total would be invented."""
    card = card_of(connection(System.ICONIK), None, None, budget)

    assert (card.budget, card.budget_share, card.is_scarce) == (words, share, is_scarce)
