"""What goes to customers and what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """How a communication reaches somebody."""

    PRINT = "print"
    EMAIL = "email"
    WEB = "web"
    SMS = "sms"

    @property
    def label(self) -> str:
        """The channel as people write it."""
        return {"print": "Print", "email": "Email", "web": "Web", "sms": "SMS"}[self.value]


class DeliveryState(StrEnum):
    """What is claimed of one communication on one channel. Four different claims, never merged into *sent*.

    domain-rules 3.1: accepted → handed over → delivered | deferred → delivered/bounced | dropped | complained.
    """

    COMPOSED = "composed"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    OPENED = "opened"
    BOUNCED = "bounced"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """Not attempted, because the address or the consent forbids it."""
    COMPLAINED = "complained"
    UNKNOWN = "unknown"

    @property
    def is_trouble(self) -> bool:
        """Whether a person should look."""
        return self in {
            DeliveryState.BOUNCED,
            DeliveryState.FAILED,
            DeliveryState.SUPPRESSED,
            DeliveryState.COMPLAINED,
        }


class BounceKind(StrEnum):
    """What a failed delivery says of the address, in our own words; the provider's are kept beside it."""

    HARD = "hard"
    """The address reaches nobody: it is not tried again."""
    SOFT = "soft"
    """Something passing: the provider tries again by itself."""
    REFUSED = "refused"
    """This message, or our own domain, is not accepted; the address may be as good as ever."""
    UNKNOWN = "unknown"
    """Nobody said enough to tell."""
    NONE = "none"
    """The code reports success: nothing failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent:
    """One claim about one communication, once, however often it was reported.

    ``id`` is unique over all sources; ``at`` is when it happened, ``received_at`` when we first heard of it.
    """

    id: str
    communication: str
    """The communication's id, shared by all of its events and by the archived document."""
    customer: str
    """A customer number; empty when the source does not say."""
    channel: Channel
    state: DeliveryState
    title: str
    at: datetime
    received_at: datetime
    source: str
    """``Exstream``, ``Email gateway`` …"""
    times_seen: int = 1
    code: str = ""
    """The provider's own code, such as ``5.1.1``."""
    provider_verdict: str = ""
    """The provider's own class, such as ``Permanent`` or ``soft``; empty when it gave none."""
    bounce: BounceKind | None = None
    """Our class of a failed delivery, never from the code's first digit alone; None when nothing failed."""
    detail: str = ""
    """The provider's own words, without addresses."""
    run: str = ""
    """The job that composed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A communication of which nothing was told for longer than is expected of its channel."""

    communication: str
    channel: Channel
    customer: str
    title: str
    state: DeliveryState
    """Its last word."""
    since: datetime
    """When the last word was told of it."""
    run: str
    noticed_at: datetime
    asked_at: datetime | None = None
    """When its source was asked for this very communication; None: not yet."""
    answer: str = ""
    """What the source said then, in a sentence."""

    @property
    def key(self) -> str:
        """Tells it from others."""
        return f"silence {self.communication} {self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """One way to reach a customer. ``masked`` is safe to show; the plain form stays in the archive."""

    channel: Channel
    masked: str
    is_bad: bool = False
    """The last delivery word about it was a permanent failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConsent:
    """Whether one channel may be used for one customer, and why. ``reason`` is a sentence without a full stop."""

    channel: Channel
    is_allowed: bool
    reason: str
    since: datetime | None = None


class SendingWish(StrEnum):
    """What a customer asked for in their own words: a STOP, a START, a click on a link."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWord:
    """A customer's own word about one channel, once, however often it was reported."""

    id: str
    """The event that told it."""
    customer: str
    """A customer number."""
    channel: Channel
    wish: SendingWish
    at: datetime
    source: str
    scope: str = ""
    """What it was about, as the source said: ``all``, ``marketing`` or ``notification``; empty when it did not."""
    is_kept_by_carrier: bool = False
    """The carrier acted by itself, as on toll-free numbers."""
