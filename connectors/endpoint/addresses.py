"""Addresses that a description or a connection may name: whole, fixed, and safe to send credentials to."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def check_base_url(url: str) -> str:
    """``url`` without its last slash. Raises: ValueError with a sentence."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("It is no web address. Write https:// and a host.") from error
    if parts.scheme not in {"http", "https"} or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("A web address begins with https:// and names a host.")
    if "@" in parts.netloc:
        raise ValueError("Leave the user and the password out of the address; they belong to credential slots.")
    if parts.query or parts.fragment or "{" in url or "?" in url or "#" in url:
        raise ValueError("The base address is fixed: leave out everything from the ? or # on, and all braces.")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise ValueError("Use https://: over http:// everybody on the way could read the credentials.")
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
