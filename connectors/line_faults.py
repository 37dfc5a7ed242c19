"""Which of all that lies between two computers is at fault, for whoever has to find the one who can mend it."""

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Final

import httpx

from connectors.errors import LineFault

TURNED_AWAY: Final = frozenset({LineFault.CERTIFICATE_WANTED, LineFault.CERTIFICATE_REFUSED})
"""Since TLS 1.3 a server says so after our first bytes have left, and never reads them."""

LASTING: Final = TURNED_AWAY | {
    LineFault.UNTRUSTED,
    LineFault.EXPIRED,
    LineFault.NAME_MISMATCH,
    LineFault.PROXY_SIGN_IN,
}
"""What is the same a second later: somebody has to do something."""

# OpenSSL's X509_V_ERR_… (x509_vfy.h).
_CERTIFICATE: Final[Mapping[int, LineFault]] = {
    9: LineFault.EXPIRED,
    10: LineFault.EXPIRED,
    18: LineFault.UNTRUSTED,
    19: LineFault.UNTRUSTED,
    20: LineFault.UNTRUSTED,
    21: LineFault.UNTRUSTED,
    62: LineFault.NAME_MISMATCH,
    64: LineFault.NAME_MISMATCH,
}

# Parts of OpenSSL's reason codes: alerts that the other end sends about what we showed.
_ALERTS: Final[tuple[tuple[str, LineFault], ...]] = (
    ("CERTIFICATE_REQUIRED", LineFault.CERTIFICATE_WANTED),
    ("ALERT_UNKNOWN_CA", LineFault.CERTIFICATE_REFUSED),
    ("ALERT_BAD_CERTIFICATE", LineFault.CERTIFICATE_REFUSED),
    ("ALERT_CERTIFICATE_EXPIRED", LineFault.CERTIFICATE_REFUSED),
    ("ALERT_CERTIFICATE_REVOKED", LineFault.CERTIFICATE_REFUSED),
    ("ALERT_CERTIFICATE_UNKNOWN", LineFault.CERTIFICATE_REFUSED),
    ("ALERT_UNSUPPORTED_CERTIFICATE", LineFault.CERTIFICATE_REFUSED),
)


def fault_of(error: BaseException, *, is_by_proxy: bool = False) -> LineFault:
    """What ``error``, which an attempt to send ended with, says of the line."""
    if isinstance(error, httpx.ProxyError):
        return LineFault.PROXY_SIGN_IN if str(error).startswith("407") else LineFault.PROXY_REFUSED
    found = next((fault for each in chain(error) if (fault := _of_one(each)) is not None), LineFault.OTHER)
    if is_by_proxy and found in {LineFault.NAME_UNKNOWN, LineFault.NOBODY_LISTENS}:
        return LineFault.PROXY_DOWN
    return found


def _of_one(cause: BaseException) -> LineFault | None:
    match cause:
        case ssl.SSLCertVerificationError():
            return _CERTIFICATE.get(getattr(cause, "verify_code", 0), LineFault.UNTRUSTED)
        case ssl.SSLError():
            reason = cause.reason or ""
            return next((fault for part, fault in _ALERTS if part in reason), None)
        case socket.gaierror():
            return LineFault.NAME_UNKNOWN
        case OSError() if cause.errno == errno.ECONNREFUSED:
            return LineFault.NOBODY_LISTENS
        case _:
            return None


def chain(error: BaseException) -> Iterator[BaseException]:
    """``error``, what it came from, and the first of a group, down to the root."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting.extend(reversed(cause.exceptions))
        waiting.append(cause.__cause__ or cause.__context__)
