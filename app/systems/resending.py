"""The payload of a re-sending on its way to the composer."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from app.records import Channel, CustomerNumber, NodeId
from app.rules.quiet_hours import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendOrder:
    """Which archived document goes to whom once more, and how. No address: the composer's flow knows the customer."""

    customer: CustomerNumber
    communication: str
    template: str
    channel: Channel
    node: NodeId
    sha256: str
    """Of the archived bytes; what arrives must be the same document."""
    reason: str
    purpose: Purpose = Purpose.SERVICE
    """What it counts as on this channel."""
    required_because: str = ""
    """Why it must go this way; empty when it need not."""
    trail: tuple[str, ...] = ()
    """How this way was chosen when it was queued: a sentence for each way, without names and addresses."""

    ended: tuple[str, ...] = ()
    """The composer's jobs of it that ended without handing anything over."""

    def payload(self) -> dict[str, object]:
        """JSON-ready, for the outbox."""
        return {
            "customer": self.customer,
            "communication": self.communication,
            "template": self.template,
            "channel": self.channel.value,
            "node": self.node,
            "sha256": self.sha256,
            "reason": self.reason,
            "purpose": self.purpose.value,
            "required_because": self.required_because,
            "trail": list(self.trail),
            "ended": list(self.ended),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> "ResendOrder":
        """What :meth:`payload` made. Raises: msgspec.ValidationError when it did not."""
        return msgspec.convert(payload, type=cls)
