"""Cloudinary's notifications: a plain hash of body, time and secret, SHA-1 or SHA-256 as its length tells.

Source: wire contract "Cloudinary" §6.6 (CONFIRMED) and §7 (what makes two the same: CHOSEN there).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import msgspec

from connectors.cloudinary.signature import NOTIFICATION_LIFETIME, NotificationVerdict, verify_notification
from connectors.inbound.arrival import ArrivalTrust
from connectors.inbound.request import TOLERANCE, InboundRequest, moment_of

TIMESTAMP: Final = "x-cld-timestamp"
SIGNATURE: Final = "x-cld-signature"

_TRUST: Final = {
    NotificationVerdict.GENUINE: ArrivalTrust.VERIFIED,
    NotificationVerdict.STALE: ArrivalTrust.STALE,
}
"""Whatever else is said of a notification, it is not believed."""
_WORST_LAST: Final = (ArrivalTrust.VERIFIED, ArrivalTrust.STALE, ArrivalTrust.BAD_SIGNATURE)


class _Notification(msgspec.Struct, frozen=True, kw_only=True):
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudinarySignature:
    """Notifications of one cloud."""

    api_secrets: tuple[str, ...] = field(repr=False)
    """The one that notifications are signed with is the oldest active one, perhaps not the one that calls use."""
    lifetime: timedelta = NOTIFICATION_LIFETIME

    def __post_init__(self) -> None:
        """Raises: ValueError without a secret."""
        if not self.api_secrets or not all(self.api_secrets):
            raise ValueError("there is no key, or an empty one")

    @property
    def headers(self) -> Sequence[str]:
        """The signature's."""
        return (SIGNATURE,)

    def covers(self, header: str) -> bool:
        """The time is hashed with the body."""
        return header == TIMESTAMP

    def identify(self, request: InboundRequest) -> str:
        """The body's ``request_id``, else what tells the bytes from others."""
        try:
            return msgspec.json.decode(request.raw, type=_Notification).request_id or request.digest
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return request.digest

    def judge(self, request: InboundRequest) -> ArrivalTrust:
        """Whether one of our secrets signed it, and when."""
        timestamp, signature = request.only(TIMESTAMP), request.only(SIGNATURE)
        if timestamp is None or signature is None:
            return ArrivalTrust.BAD_SIGNATURE
        verdicts = [
            verify_notification(
                body=request.raw,
                timestamp=timestamp,
                signature=signature,
                api_secret=secret,
                now=request.at,
                lifetime=self.lifetime,
            )
            for secret in self.api_secrets
        ]
        trust = min((_TRUST.get(verdict, ArrivalTrust.BAD_SIGNATURE) for verdict in verdicts), key=_WORST_LAST.index)
        moment = moment_of(timestamp)
        if trust is ArrivalTrust.VERIFIED and moment is not None and moment - request.at > TOLERANCE:
            return ArrivalTrust.STALE
        return trust
