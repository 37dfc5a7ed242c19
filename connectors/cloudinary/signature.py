"""Cloudinary's signatures as plain functions: requests, answers, delivery URLs, notifications.

They are plain hashes with the secret appended, not HMACs. Nothing here reads a clock or a configuration.
Source: wire contract "Cloudinary" §6, CONFIRMED with test vectors.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

NOTIFICATION_LIFETIME: Final = timedelta(hours=2)
"""How old a notification may be; the vendor's own client uses the same 7200 s."""

_UNSIGNED_FIELDS: Final = frozenset({"file", "cloud_name", "resource_type", "api_key", "signature"})
_SHA1_HEX_DIGITS: Final = 40
_SHA256_HEX_DIGITS: Final = 64
_SHORT_URL_SIGNATURE: Final = 8
_LONG_URL_SIGNATURE: Final = 32


class Digest(StrEnum):
    """The hash that an account signs with; SHA-1 unless the vendor was asked for the other."""

    SHA1 = "sha1"
    SHA256 = "sha256"

    def hexdigest(self, text: bytes) -> str:
        """``text`` hashed, in lower-case hex."""
        return self._hash(text).hexdigest()

    def digest(self, text: bytes) -> bytes:
        """``text`` hashed, raw."""
        return self._hash(text).digest()

    @property
    def _hash(self) -> Callable[[bytes], "hashlib._Hash"]:
        return _sha1 if self is Digest.SHA1 else hashlib.sha256


def _sha1(text: bytes) -> "hashlib._Hash":
    return hashlib.sha1(text, usedforsecurity=False)


class NotificationVerdict(StrEnum):
    """What is known of a notification's origin."""

    GENUINE = "genuine"
    FORGED = "forged"
    """The signature is another one: altered on the way, or signed with a secret that is not ours."""
    STALE = "stale"
    """Signed rightly, and too long ago: possibly replayed."""
    UNSIGNED = "unsigned"
    """No usable signature or timestamp."""
    UNVERIFIABLE = "unverifiable"
    """Only the newer Ed25519 signature, whose covered bytes and public key are not published (§6.6)."""


def request_signature(
    fields: Iterable[tuple[str, str]], *, api_secret: str, digest: Digest = Digest.SHA1, form_version: int = 2
) -> str:
    """Sign the ``fields`` of an upload or download request; array fields arrive as ``name[]`` pairs.

    Source: §6.1, CONFIRMED. In form version 2, the present one, ``&`` inside a pair is written ``%26`` before the pairs
    are joined; version 1 left it, so that one value could pass for two.
    """
    values: dict[str, list[str]] = {}
    for name, value in fields:
        if value and name.removesuffix("[]") not in _UNSIGNED_FIELDS:
            values.setdefault(name.removesuffix("[]"), []).append(value)
    pairs = sorted(f"{name}={','.join(given)}" for name, given in values.items())
    if form_version > 1:
        pairs = sorted(pair.replace("&", "%26") for pair in pairs)
    return digest.hexdigest(("&".join(pairs) + api_secret).encode())


def answer_signature(*, public_id: str, version: int, api_secret: str, digest: Digest = Digest.SHA1) -> str:
    """What the ``signature`` of an upload's answer must be. Source: §6.2, CONFIRMED."""
    return digest.hexdigest(f"public_id={public_id}&version={version}{api_secret}".encode())


def delivery_signature(
    *, transformation: str, source: str, api_secret: str, digest: Digest = Digest.SHA1, is_long: bool = False
) -> str:
    """The ``s--…--`` segment of a delivery URL. ``source``: public id with extension, percent-encoded.

    The long form is always SHA-256. Source: §6.3, CONFIRMED.
    """
    signed = "/".join(part for part in (transformation, source) if part) + api_secret
    raw = (Digest.SHA256 if is_long else digest).digest(signed.encode())
    letters = _LONG_URL_SIGNATURE if is_long else _SHORT_URL_SIGNATURE
    return f"s--{urlsafe_b64encode(raw).decode()[:letters]}--"


def verify_notification(
    *,
    body: bytes,
    timestamp: str,
    signature: str,
    api_secret: str,
    now: datetime,
    lifetime: timedelta = NOTIFICATION_LIFETIME,
) -> NotificationVerdict:
    """Judge a notification by its raw ``body`` and its ``X-Cld-Timestamp`` and ``X-Cld-Signature`` headers.

    The hash is told by the signature's length; the comparison takes constant time. The body must be the bytes as
    they came: parsed and written again it fails. ``now`` is aware. Source: §6.6, CONFIRMED.
    """
    digest = {_SHA1_HEX_DIGITS: Digest.SHA1, _SHA256_HEX_DIGITS: Digest.SHA256}.get(len(signature))
    if digest is None or not (timestamp.isascii() and timestamp.isdecimal()):
        return NotificationVerdict.UNSIGNED
    expected = digest.hexdigest(body + timestamp.encode() + api_secret.encode())
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        return NotificationVerdict.FORGED
    try:
        signed_at = datetime.fromtimestamp(int(timestamp), UTC)
    except (OverflowError, ValueError, OSError):
        return NotificationVerdict.UNSIGNED
    return NotificationVerdict.STALE if signed_at < now - lifetime else NotificationVerdict.GENUINE


def verify_hook(
    *,
    body: bytes,
    headers: Mapping[str, str],
    api_secret: str,
    now: datetime,
    lifetime: timedelta = NOTIFICATION_LIFETIME,
) -> NotificationVerdict:
    """Judge a notification by its raw ``body`` and all its ``headers``, whose names are lower-case.

    The older header decides whenever it is there; a trigger that sends the newer one alone cannot be verified (§6.6).
    """
    signature = headers.get("x-cld-signature", "")
    if not signature and headers.get("x-cld-signature_v2"):
        return NotificationVerdict.UNVERIFIABLE
    return verify_notification(
        body=body,
        timestamp=headers.get("x-cld-timestamp", ""),
        signature=signature,
        api_secret=api_secret,
        now=now,
        lifetime=lifetime,
    )
