"""What a system offers: found out by asking, never guessed, and explained where it is missing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from app.errors import UserError
from app.records import Ability, AccountFacts, Offer, Standing, System
from app.systems.abilities import if_told, lacks_names, missing, offered, tried, untold
from app.systems.ports import Systems
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    UnansweredError,
    UnreachableError,
    VendorFaultError,
)

E = TypeVar("E", bound=ConnectorError)
JUDGE = Ability.JUDGE_ASSETS


def of(kind: type[E]) -> E:
    """An error of that kind."""
    return kind(system="iconik", call="roles")


def failing(error: ConnectorError) -> Callable[[], Awaitable[object]]:
    """A question that is answered by ``error``."""

    async def ask() -> object:
        raise error

    return ask


def found_out(error: ConnectorError) -> Offer:
    """What is concluded when the question fails."""
    return asyncio.run(tried(JUDGE, failing(error), judge=lambda _answer: offered(JUDGE)))


@pytest.mark.parametrize(
    ("error", "standing"),
    [
        (of(ForbiddenError), Standing.MISSING),
        (of(NotFoundError), Standing.MISSING),
        (of(InvalidError), Standing.MISSING),
        (of(ShapeError), Standing.UNTOLD),
        (of(RateLimitError), Standing.UNTOLD),
        (of(UnansweredError), Standing.UNTOLD),
        (of(VendorFaultError), Standing.UNTOLD),
    ],
)
def test_a_failed_question_is_an_answer_with_a_sentence(error: ConnectorError, standing: Standing) -> None:
    """A missing right would read as an outage, or an outage as a missing right."""
    offer = found_out(error)

    assert offer.standing is standing
    assert error.sentence in offer.because
    assert bool(offer.remedy) is (standing is Standing.MISSING)


@pytest.mark.parametrize("error", [of(UnreachableError), of(SignInError)])
def test_a_connection_that_does_not_work_is_no_missing_ability(error: ConnectorError) -> None:
    """A closed laptop would take every ability away."""
    with pytest.raises(type(error)):
        found_out(error)
    with pytest.raises(type(error)):
        asyncio.run(if_told(failing(error)))


def test_what_is_good_to_know_keeps_nobody_away() -> None:
    """An account that may not read the server's version could not be used."""
    assert asyncio.run(if_told(failing(of(ForbiddenError)))) is None


def test_names_that_are_not_there_are_named() -> None:
    """Nobody would know which of the connection's names is wrong."""
    offer = lacks_names(JUDGE, ["Lifecycle", "Owner"], kind="metadata field", system=System.ICONIK)

    assert offer.because == "iconik has no metadata field “Lifecycle”, “Owner”."
    assert "iconik" in offer.remedy


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        (None, False),
        (AccountFacts(account="ada"), False),
        (AccountFacts(account="ada", offers=(offered(JUDGE),)), False),
        (AccountFacts(account="ada", offers=(untold(JUDGE, "Who knows."),)), False),
        (AccountFacts(account="ada", offers=(missing(JUDGE, "No role.", remedy="Ask."),)), True),
    ],
)
def test_only_what_is_known_to_be_missing_is_refused(facts: AccountFacts | None, refused: bool) -> None:
    """A desk that has not asked yet would refuse everything."""
    systems = Systems()
    if facts:
        systems.facts[System.ICONIK] = facts

    if refused:
        with pytest.raises(UserError, match="No role"):
            systems.require(System.ICONIK, JUDGE)
    else:
        systems.require(System.ICONIK, JUDGE)


def test_facts_tell_what_is_offered_and_what_lacks() -> None:
    """The card would show rights that nobody has."""
    lacking = missing(JUDGE, "No role.", remedy="Ask.")

    facts = AccountFacts(account="ada", offers=(offered(Ability.FIND_ASSETS), lacking, untold(Ability.RESEND, "?")))

    assert facts.rights == ("find assets",)
    assert facts.lacking == (lacking,)
    assert facts.offer(Ability.COMPOSE) is None
