"""Why no answer came, in words that an administrator can act on.

The libraries' own words are left out, for they may quote an address with its query; what is said here is ours, and
out of a certificate only what its verifier says of it.
"""

import errno
import socket
import ssl
from collections.abc import Mapping
from typing import Final

import httpx

from connectors.line_faults import chain
from connectors.unpacking import PackedError

# OpenSSL's X509_V_ERR_… (x509_vfy.h), where the remedy differs.
_CERTIFICATE: Final[Mapping[int, str]] = {
    9: "its certificate is not valid yet; this computer's clock may be wrong",
    10: "its certificate has expired; its administrator must renew it, unless this computer's clock is wrong",
    18: "its certificate is signed by itself; add it to this computer's trust store, or have it replaced",
    19: "its certificate comes from an authority that this computer does not trust; add that authority to the trust "
    "store (a proxy that inspects secure connections needs this too)",
    20: "the authority of its certificate is not known here; the server may not send the whole chain, or the "
    "authority must be added to this computer's trust store",
    23: "its certificate was revoked",
    62: "its certificate is for another host name; check the address of this system",
    64: "its certificate is not for this IP address; use the host name in the address of this system",
}

# Parts of OpenSSL's reason codes, the first that fits.
_HANDSHAKE: Final[tuple[tuple[str, str], ...]] = (
    (
        "WRONG_VERSION_NUMBER",
        "it does not speak TLS there; its address may have to begin with http:// or name another port",
    ),
    ("HTTP_REQUEST", "it does not speak TLS there; its address may have to begin with http:// or name another port"),
    ("PROTOCOL_VERSION", "it only offers TLS versions that are too old to be safe; it needs TLS 1.2 or newer"),
    ("UNSUPPORTED_PROTOCOL", "it only offers TLS versions that are too old to be safe; it needs TLS 1.2 or newer"),
    ("CERTIFICATE_REQUIRED", "it asks for a client certificate, which this connection does not have"),
    ("ALERT_UNKNOWN_CA", "it does not know the authority of this connection's client certificate"),
    ("ALERT_CERTIFICATE_EXPIRED", "this connection's client certificate has expired"),
    ("ALERT_BAD_CERTIFICATE", "it refuses this connection's client certificate"),
    ("ALERT_CERTIFICATE_REVOKED", "this connection's client certificate was revoked"),
    ("ALERT_CERTIFICATE_UNKNOWN", "it refuses this connection's client certificate"),
    ("ALERT_UNSUPPORTED_CERTIFICATE", "it refuses this kind of client certificate"),
    ("HANDSHAKE_FAILURE", "it and this computer have no way of encryption in common, or it asks for a certificate"),
    ("DH_KEY_TOO_SMALL", "its encryption is too weak to be safe"),
    ("EE_KEY_TOO_SMALL", "its certificate's key is too weak to be safe"),
    ("CA_MD_TOO_WEAK", "its certificate is signed in a way that is too weak to be safe"),
    ("UNRECOGNIZED_NAME", "no system of that name lives at this address; check the host name"),
)

_SYSTEM: Final[Mapping[int, str]] = {
    errno.ECONNREFUSED: "nothing listens at its address and port; it may be down, or the port wrong",
    errno.EHOSTUNREACH: "there is no way through the network to it",
    errno.ENETUNREACH: "this computer has no network that leads to it",
    errno.ETIMEDOUT: "it does not take a connection; a firewall may be in between",
}


def plain_cause(error: BaseException, *, proxy: str = "") -> str:
    """Why ``error`` happened, as half a sentence; ``proxy`` names the one on the way (host and port only)."""
    if isinstance(error, PackedError):
        return str(error)
    if isinstance(error, httpx.ProxyError):
        return f"the proxy {proxy or 'on the way'} refused to connect{_proxy_status(error)}"
    for cause in chain(error):
        said = _of_one(cause)
        if said:
            return f"{said} (asked through the proxy {proxy})" if proxy else said
    return _by_class(error, proxy)


def _of_one(cause: BaseException) -> str:
    match cause:
        case ssl.SSLCertVerificationError():
            plain = _CERTIFICATE.get(getattr(cause, "verify_code", 0))
            return plain or f"its certificate is not trusted: {getattr(cause, 'verify_message', '')}".rstrip(": ")
        case ssl.SSLEOFError():
            return "it ended the secure connection before that was made; it may not speak TLS there"
        case ssl.SSLError():
            reason = cause.reason or ""
            return next(
                (words for part, words in _HANDSHAKE if part in reason), "the secure connection could not be made"
            )
        case socket.gaierror():
            return "its name is not known to the name service (DNS); check the address, or the network"
        case OSError():
            return _SYSTEM.get(cause.errno or 0, "")
        case _:
            return ""


def _by_class(error: BaseException, proxy: str) -> str:
    match error:
        case TimeoutError() | httpx.ConnectTimeout():
            return "no answer in time"
        case httpx.TimeoutException():
            return "no answer in time"
        case httpx.ConnectError():
            return f"no connection to the proxy {proxy}" if proxy else "no connection"
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return "its address cannot be used; it must begin with http:// or https://"
        case httpx.LocalProtocolError():
            return "the request cannot be written as HTTP"
        case httpx.RemoteProtocolError():
            return _protocol(str(error))
        case _:
            return "the connection broke"


def _protocol(words: str) -> str:
    """From the words of the HTTP parser, of which only the kind is kept."""
    if "complete message" in words or "incomplete" in words:
        return "its answer broke off"
    if "without sending" in words:
        return "it closed the connection without an answer"
    if "too long" in words.lower() or "too large" in words.lower() or "exceeded" in words.lower():
        return "the head of its answer is longer than any honest one"
    if "status line" in words or "request line" in words:
        return "what answers there does not speak HTTP; its address may have to begin with https://"
    return "its answer breaks the rules of HTTP"


def _proxy_status(error: httpx.ProxyError) -> str:
    """`` (407)``: what a proxy said begins with its status."""
    number = str(error)[:3]
    match number:
        case "407":
            return " (407: it asks for a name and password)"
        case "403":
            return " (403: it does not let this computer go there)"
        case _:
            return f" ({number})" if number.isdecimal() else ""
