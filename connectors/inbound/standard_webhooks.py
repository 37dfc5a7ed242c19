"""Standard Webhooks: ``id.timestamp.body`` over the raw bytes, by HMAC-SHA256 (``v1``) or Ed25519 (``v1a``).

Several keys may hold at once while one is being replaced, and a sender may sign with several. Signatures are compared
as they are written, so that a second spelling of one is not accepted. Source: the Standard Webhooks specification, 1.0.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from connectors.inbound.arrival import ArrivalTrust
from connectors.inbound.request import TOLERANCE, InboundRequest, moment_of

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"

_SHARED_PREFIX: Final = "whsec_"
_PUBLIC_PREFIX: Final = "whpk_"
_PRIVATE_PREFIX: Final = "whsk_"
_MOST_SIGNATURES: Final = 16
"""A sender has a few keys; checking a header full of signatures is work that anybody could make us do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardWebhooks:
    """Messages of one sender."""

    shared: tuple[bytes, ...] = field(repr=False)
    """Secrets for ``v1``."""
    public: tuple[Ed25519PublicKey, ...] = ()
    """Keys for ``v1a``."""
    tolerance: timedelta = TOLERANCE

    @classmethod
    def of(cls, *keys: str, tolerance: timedelta = TOLERANCE) -> Self:
        """From keys as senders hand them out: ``whsec_…`` (or bare base64) and ``whpk_…``, the current and older ones.

        Raises: ValueError when a key is none; its sentence does not repeat the key.
        """
        if not keys:
            raise ValueError("there is no key")
        shared: list[bytes] = []
        public: list[Ed25519PublicKey] = []
        for key in keys:
            if key.startswith(_PRIVATE_PREFIX):
                raise ValueError("the key is the sender's private one; ask for the public one, which begins with whpk_")
            if key.startswith(_PUBLIC_PREFIX):
                public.append(Ed25519PublicKey.from_public_bytes(_bytes_of(key.removeprefix(_PUBLIC_PREFIX))))
            else:
                shared.append(_bytes_of(key.removeprefix(_SHARED_PREFIX)))
        return cls(shared=tuple(shared), public=tuple(public), tolerance=tolerance)

    @property
    def headers(self) -> Sequence[str]:
        """The signature; id and time are no secret."""
        return (SIGNATURE,)

    def covers(self, header: str) -> bool:
        """Id and time are signed with the body."""
        return header in {ID, TIMESTAMP}

    def identify(self, request: InboundRequest) -> str:
        """The sender's own id, which is signed."""
        return request.only(ID) or request.digest

    def judge(self, request: InboundRequest) -> ArrivalTrust:
        """Whether one of our keys signed it, and when."""
        id_, timestamp, signatures = (request.only(name) for name in (ID, TIMESTAMP, SIGNATURE))
        if not id_ or not timestamp or not signatures:
            return ArrivalTrust.BAD_SIGNATURE
        moment = moment_of(timestamp)
        signed = b".".join((id_.encode("latin-1", "replace"), timestamp.encode("latin-1", "replace"), request.raw))
        if moment is None or not self._is_signed(signed, signatures.split(" ")[:_MOST_SIGNATURES]):
            return ArrivalTrust.BAD_SIGNATURE
        return ArrivalTrust.VERIFIED if abs(request.at - moment) <= self.tolerance else ArrivalTrust.STALE

    def _is_signed(self, signed: bytes, signatures: Sequence[str]) -> bool:
        found = False
        for each in signatures:
            version, _, given = each.partition(",")
            if version == "v1":
                found |= any(_is_hmac(secret, signed, given) for secret in self.shared)
            elif version == "v1a":
                found |= any(_is_ed25519(key, signed, given) for key in self.public)
        return found


def _bytes_of(key: str) -> bytes:
    try:
        # Some senders leave the padding away.
        raw = b64decode(key + "=" * (-len(key) % 4), validate=True)
    except ValueError as error:
        raise ValueError("the key is not base64") from error
    if not raw:
        raise ValueError("the key is empty")
    return raw


def _is_hmac(secret: bytes, signed: bytes, given: str) -> bool:
    expected = b64encode(hmac.digest(secret, signed, "sha256"))
    return hmac.compare_digest(expected, given.encode("latin-1", "replace"))


def _is_ed25519(key: Ed25519PublicKey, signed: bytes, given: str) -> bool:
    try:
        signature = b64decode(given, validate=True)
        key.verify(signature, signed)
    except (ValueError, InvalidSignature):
        return False
    return b64encode(signature).decode() == given
