"""What a card says of a system: what is offered, what is not, and why."""

import pytest

from app.records import Ability, AccountFacts, ConnectionState, Offer, System, SystemStatus
from app.systems.abilities import missing, offered, untold
from tests.ui.pages.connections.driver import NOW, connection
from ui.pages.connections.words import card_of, is_working


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
