"""A signature of the sender's own making: an HMAC of the body in a header, as most older web hooks have it."""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from connectors.inbound.arrival import ArrivalTrust
from connectors.inbound.request import TOLERANCE, InboundRequest, moment_of


class HmacHash(StrEnum):
    """What is hashed with."""

    SHA1 = "sha1"
    """No weakness of it is known to reach HMAC; some senders have nothing else."""
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class HmacEncoding(StrEnum):
    """How the signature is written."""

    HEX = "hex"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainHmac:
    """Messages of one sender. What is signed: ``lead``, the signed headers' values and the body, joined."""

    secrets: tuple[bytes, ...] = field(repr=False)
    """The current one and, while it is being replaced, older ones."""
    header: str
    hash: HmacHash = HmacHash.SHA256
    encoding: HmacEncoding = HmacEncoding.HEX
    prefix: str = ""
    """What stands before the signature in its header, such as ``sha256=``."""
    lead: str = ""
    """A fixed text before everything, such as a version."""
    signed_headers: tuple[str, ...] = ()
    separator: str = "."
    timestamp_header: str = ""
    """Carries Unix seconds; it must be signed. Without one nothing tells a message that is played again."""
    id_header: str = ""
    """Carries the sender's own id; it must be signed."""
    tolerance: timedelta = TOLERANCE

    def __post_init__(self) -> None:
        """Raises: ValueError when this would prove less than it seems to."""
        if self.signed_headers and not self.separator:
            raise ValueError("signed headers need a separator, or nobody can tell where one ends")
        if not self.secrets or not all(self.secrets):
            raise ValueError("there is no key, or an empty one")
        for name in (self.timestamp_header, self.id_header):
            if name and name.lower() not in self._signed:
                raise ValueError(f"{name} is not signed, so it proves nothing")

    @property
    def headers(self) -> Sequence[str]:
        """The signature's."""
        return (self.header.lower(),)

    def covers(self, header: str) -> bool:
        """The signed ones."""
        return header in self._signed

    def identify(self, request: InboundRequest) -> str:
        """The sender's own id where it is signed, else what tells the bytes from others."""
        return (request.only(self.id_header.lower()) if self.id_header else None) or request.digest

    def judge(self, request: InboundRequest) -> ArrivalTrust:
        """Whether one of our secrets signed it, and when."""
        given = request.only(self.header.lower())
        values = [request.only(name) for name in self._signed]
        if given is None or any(value is None or self.separator in value for value in values):
            # A separator within a value would let it run over into the next.
            return ArrivalTrust.BAD_SIGNATURE
        told = [self.lead] if self.lead else []
        told += [value for value in values if value is not None]
        signed = self.separator.encode().join((*(each.encode("latin-1", "replace") for each in told), request.raw))
        if not any(self._fits(secret, signed, given) for secret in self.secrets):
            return ArrivalTrust.BAD_SIGNATURE
        return self._timely(request)

    @property
    def _signed(self) -> tuple[str, ...]:
        return tuple(name.lower() for name in self.signed_headers)

    def _fits(self, secret: bytes, signed: bytes, given: str) -> bool:
        digest = hmac.digest(secret, signed, self.hash.value)
        written = digest.hex() if self.encoding is HmacEncoding.HEX else b64encode(digest).decode()
        return hmac.compare_digest((self.prefix + written).encode(), given.encode("latin-1", "replace"))

    def _timely(self, request: InboundRequest) -> ArrivalTrust:
        if not self.timestamp_header:
            return ArrivalTrust.VERIFIED
        moment = moment_of(request.only(self.timestamp_header.lower()) or "")
        if moment is None:
            return ArrivalTrust.BAD_SIGNATURE
        return ArrivalTrust.VERIFIED if abs(request.at - moment) <= self.tolerance else ArrivalTrust.STALE
