"""The payload of a re-sending on its way to the composer."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from app.records import Channel, CustomerNumber, NodeId


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
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> "ResendOrder":
        """What :meth:`payload` made. Raises: msgspec.ValidationError when it did not."""
        return msgspec.convert(payload, type=cls)
