"""Why an address or a channel is not written to, how far that reaches, and who may lift it.

Source: domain rule 3.3, with the providers' lists that it cites: reasons as hosts keep them (bounce, complaint, soft
bounce, manual, unsubscribe), scopes as consent lists keep them (all, marketing, notification). Suppressed is not
bounced: nothing was attempted, and the page says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.records import Channel
from app.rules.quiet_hours import Purpose


class SuppressionReason(StrEnum):
    """What brought it about."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    """Passing failures that did not pass."""
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    """The customer's own word: a link, a STOP, a call."""
    MANUAL = "manual"
    """Somebody here entered it."""
    UNKNOWN = "unknown"

    @property
    def is_bounce(self) -> bool:
        """Whether a machine said it of one address, and not a person of being written to."""
        return self in {SuppressionReason.HARD_BOUNCE, SuppressionReason.SOFT_BOUNCE}


class SuppressionScope(StrEnum):
    """What is not sent."""

    ALL = "all"
    MARKETING = "marketing"
    NOTIFICATION = "notification"
    """Service messages."""

    def covers(self, purpose: Purpose) -> bool:
        """Whether it bars messages of ``purpose``."""
        return self is SuppressionScope.ALL or self is _OWN_SCOPE[purpose]


_OWN_SCOPE: Final = {
    Purpose.MARKETING: SuppressionScope.MARKETING,
    Purpose.SERVICE: SuppressionScope.NOTIFICATION,
}
_ABOUT_THE_ADDRESS: Final = frozenset(
    {SuppressionReason.HARD_BOUNCE, SuppressionReason.SOFT_BOUNCE, SuppressionReason.COMPLAINT}
)
"""Reasons that no purpose outweighs: the address is dead, or its host counts every further message against us."""

_SAID: Final = {
    SuppressionReason.HARD_BOUNCE: "the last delivery to it failed for good",
    SuppressionReason.SOFT_BOUNCE: "deliveries to it kept failing",
    SuppressionReason.COMPLAINT: "the customer complained about this channel",
    SuppressionReason.UNSUBSCRIBE: "the customer asked not to be written to this way",
    SuppressionReason.MANUAL: "somebody here closed it",
    SuppressionReason.UNKNOWN: "it is on a list of addresses that are not written to",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One entry of a list of those who are not written to."""

    channel: Channel
    reason: SuppressionReason
    since: datetime
    scope: SuppressionScope = SuppressionScope.ALL
    source: str = ""
    """Which list says so, such as ``Email gateway``."""
    address: str = field(default="", repr=False)
    """A key of the one address that is meant, in the form of :func:`same_form`; empty for the whole channel."""
    is_kept_by_carrier: bool = False
    """The carrier keeps the list, as for toll-free numbers; nothing that is lifted here changes it."""

    def bars(self, *, channel: Channel, purpose: Purpose, address: str = "") -> bool:
        """Whether a message of ``purpose`` on ``channel`` to ``address`` is barred.

        A bounce or a complaint bars every purpose, whatever scope its list gave it. An address that the caller does not
        know is taken to be the one that is meant: not sending is the lesser mistake.
        """
        if channel is not self.channel:
            return False
        if self.address and address and same_form(self.address, channel) != same_form(address, channel):
            return False
        return self.is_about_the_address or self.scope.covers(purpose)

    @property
    def is_about_the_address(self) -> bool:
        """Whether no duty to write outweighs it."""
        return self.reason in _ABOUT_THE_ADDRESS

    @property
    def sentence(self) -> str:
        """Why nothing is sent, without a full stop, such as ``deliveries to it kept failing (Email gateway)``."""
        scope = "" if self.is_about_the_address or self.scope is SuppressionScope.ALL else f", for {self.scope}"
        source = f" ({self.source})" if self.source else ""
        return f"{_SAID[self.reason]}{scope}{source}"


def same_form(address: str, channel: Channel) -> str:
    """``address`` as lists compare it: mail without case (domain rule 3.2), numbers without their punctuation."""
    bare = address.strip()
    if channel is Channel.SMS:
        return "".join(char for char in bare if char.isalnum() or char == "+").casefold()
    return bare.casefold()


def objections_to_closing(closed: Suppression, *, known: Iterable[Suppression], reason: str) -> tuple[str, ...]:
    """Why ``closed`` cannot be entered by hand beside what is ``known`` already; empty when it can.

    Beside what an event brought it can: that may end by another event, and what somebody entered does not.
    """
    objections: list[str] = []
    if not reason.strip():
        objections.append("Closing a channel needs a reason.")
    if any(
        each.channel is closed.channel
        and each.reason is SuppressionReason.MANUAL
        and each.scope in {SuppressionScope.ALL, closed.scope}
        for each in known
    ):
        objections.append("Somebody closed it already.")
    return tuple(objections)


def objections_to_lifting(
    suppression: Suppression, *, asked_by: str, agreed_by: str = "", reason: str, scope: SuppressionScope | None
) -> tuple[str, ...]:
    """Why ``suppression`` cannot be lifted as asked; empty when it can.

    ``agreed_by`` is the second person that a complaint needs; ``scope`` is what shall be sent again.
    """
    objections: list[str] = []
    if suppression.is_kept_by_carrier:
        objections.append("The carrier keeps this list: only the customer can end it, by answering START.")
    if not reason.strip():
        objections.append("Lifting a suppression needs a reason.")
    if scope is None:
        objections.append("Say what may be sent again: everything, marketing or notifications.")
    if suppression.reason is SuppressionReason.COMPLAINT and not _is_somebody_else(agreed_by, asked_by):
        objections.append("A complaint is never lifted by one person: somebody else has to agree.")
    return tuple(objections)


def _is_somebody_else(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().casefold() != other.strip().casefold()
