"""What a system offers this account: found out when it is connected, and explained where it is missing."""

from dataclasses import dataclass
from enum import StrEnum


class Ability(StrEnum):
    """Something that the desk does with a system, in the words that complete “may …”."""

    FIND_ASSETS = "find assets"
    JUDGE_ASSETS = "approve and reject"
    COMPOSE = "compose proofs"
    FOLLOW_DELIVERIES = "follow deliveries"
    RESEND = "send again"
    READ_CUSTOMERS = "read customers"
    FILE_DOCUMENTS = "file documents"


class Standing(StrEnum):
    """What was found out about an ability."""

    OFFERED = "offered"
    MISSING = "missing"
    UNTOLD = "untold"
    """It could not be found out without writing, or the system was in trouble just then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One ability, and why it is as it is."""

    ability: Ability
    standing: Standing
    because: str = ""
    """One sentence, or a word such as a version; empty when it is simply offered."""
    remedy: str = ""
    """What to do about a missing one, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """Who we are at a system and what it told about itself."""

    account: str
    version: str = ""
    """Release, edition or plan, as the system words it."""
    offers: tuple[Offer, ...] = ()
    budget_left: int | None = None
    """Calls that are left until the vendor's budget refills, where it tells."""

    @property
    def rights(self) -> tuple[str, ...]:
        """What is surely offered."""
        return tuple(each.ability.value for each in self.offers if each.standing is Standing.OFFERED)

    @property
    def lacking(self) -> tuple[Offer, ...]:
        """What is surely missing."""
        return tuple(each for each in self.offers if each.standing is Standing.MISSING)

    def offer(self, ability: Ability) -> Offer | None:
        """What was found out about ``ability``; None when it is not this system's."""
        return next((each for each in self.offers if each.ability is ability), None)
