"""A client certificate that a proxy of ours has verified: its word counts from its own address and nowhere else.

The proxy must end TLS, ask for the certificate, and set (never pass on) the header that names it. RFC 9440 has
``Client-Cert`` with the certificate itself, which is known by its SHA-256; other proxies tell its subject. A proxy on
this machine shares its address with everybody who works here: use it where nobody else does.
"""

import hashlib
import hmac
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from connectors.inbound.arrival import ArrivalTrust
from connectors.inbound.request import InboundRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualTls:
    """Messages of clients with a certificate."""

    proxies: tuple[IPv4Network | IPv6Network, ...]
    header: str
    """``client-cert`` by RFC 9440, or whatever the proxy sets."""
    subjects: frozenset[str] = frozenset()
    """Values of the header that are let in, exactly as the proxy writes them."""
    fingerprints: frozenset[str] = frozenset()
    """SHA-256 of certificates that are let in, in small hex; then the header is RFC 9440's."""
    verified_header: str = ""
    """A second header that some proxies need to say that the certificate is good; ``verified_value`` is that word."""
    verified_value: str = "SUCCESS"

    def __post_init__(self) -> None:
        """Raises: ValueError when this would let in everybody or nobody."""
        if not self.proxies or any(not network.prefixlen for network in self.proxies):
            raise ValueError("name the addresses of the proxies, not every address")
        if not self.subjects and not self.fingerprints:
            raise ValueError("name the subjects or fingerprints that are let in")

    @property
    def headers(self) -> Sequence[str]:
        """The certificate's."""
        return tuple(name.lower() for name in (self.header, self.verified_header) if name)

    def covers(self, header: str) -> bool:
        """The connection itself is proven, with everything on it."""
        del header
        return True

    def identify(self, request: InboundRequest) -> str:
        """What tells the bytes from others."""
        return request.digest

    def judge(self, request: InboundRequest) -> ArrivalTrust:
        """Whether a proxy of ours says that a client of ours sent it."""
        named = request.only(self.header.lower())
        said = request.only(self.verified_header.lower()) if self.verified_header else self.verified_value
        good = self._is_proxy(request.peer) and named is not None and said == self.verified_value
        return ArrivalTrust.VERIFIED if good and self._is_known(named or "") else ArrivalTrust.BAD_SIGNATURE

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.proxies)

    def _is_known(self, named: str) -> bool:
        told = named.encode("latin-1", "replace")
        known = any(hmac.compare_digest(subject.encode(), told) for subject in self.subjects)
        fingerprint = _fingerprint(named).encode()
        return known | any(hmac.compare_digest(each.encode(), fingerprint) for each in self.fingerprints)


def networks(*addresses: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """``127.0.0.1``, ``10.0.3.0/24`` as :attr:`MutualTls.proxies`. Raises: ValueError."""
    return tuple(ip_network(address) for address in addresses)


def _fingerprint(named: str) -> str:
    """SHA-256 of a certificate in RFC 9440's form, ``:base64:``; empty when it is none."""
    if not (named.startswith(":") and named.endswith(":")):
        return ""
    try:
        return hashlib.sha256(b64decode(named.strip(":"), validate=True)).hexdigest()
    except ValueError:
        return ""
