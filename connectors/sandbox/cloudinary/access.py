"""Who may call: the key pair as Basic, a bearer token, or a signed form; and the hourly budget of Admin calls.

Source: contract §1, §6.1 and §8.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from starlette.requests import Request

from connectors.sandbox.cloudinary.oauth import Tokens
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError
from connectors.sandbox.cloudinary.signing import string_to_sign
from connectors.sandbox.cloudinary.state import Cloud

SIGNATURE_LIFETIME: Final = timedelta(hours=1)
_NOT_IN_SIGNATURE: Final = frozenset({"file", "cloud_name", "resource_type", "api_key", "signature"})
_LOOSE_CALLS: Final = frozenset({"tags", "context", "metadata"})
_NOT_IN_LOOSE: Final = frozenset({"notification_url", "batch_id"})
_OPEN_CALLS: Final = frozenset({"upload", "upload_chunked"})
"""Calls that a preset may allow to everybody."""
_SHA256_HEX_DIGITS: Final = 64
_TOO_MANY: Final = 420
"""Cloudinary's own status for a spent budget. §8, CONFIRMED."""


def _refused(message: str) -> RefusalError:
    return RefusalError(HTTPStatus.UNAUTHORIZED, message)


def check_caller(request: Request, cloud: Cloud, tokens: Tokens) -> None:
    """Admin and Search: Basic with the key pair, or a bearer token of this cloud (§1, CONFIRMED).

    The wordings are CHOSEN. Raises: RefusalError, 401.
    """
    scheme, _, proof = request.headers.get("authorization", "").partition(" ")
    if request.path_params.get("cloud") != cloud.name and scheme.lower() == "bearer":
        raise _refused("cloud_name mismatch")
    if scheme.lower() == "bearer":
        if not tokens.accepts(proof.strip()):
            raise _refused("Invalid token")
        return
    if scheme.lower() != "basic":
        raise _refused("Must supply api_key")
    try:
        key, _, secret = base64.b64decode(proof, validate=True).decode().partition(":")
    except ValueError:  # no base64, no UTF-8, or not even ASCII
        raise _refused("Invalid authorization header") from None
    if not hmac.compare_digest(key.encode(), cloud.api_key.encode()):
        raise _refused("unknown api_key")
    if not hmac.compare_digest(secret.encode(), cloud.api_secret.encode()):
        raise _refused("api_secret mismatch")
    if request.path_params.get("cloud") != cloud.name:
        raise _refused("cloud_name mismatch")


def check_upload(request: Request, cloud: Cloud, parameters: Parameters, tokens: Tokens) -> bool:
    """Upload: as for Admin, or ``api_key``, ``timestamp`` and ``signature`` among the fields.

    Answers whether the caller is known; only an unsigned upload goes on without. Raises: RefusalError.
    """
    if "authorization" in request.headers:
        check_caller(request, cloud, tokens)
        return True
    if request.path_params.get("cloud") != cloud.name:
        raise _refused("cloud_name mismatch")
    call = request.url.path.rsplit("/", 1)[-1]
    signature = parameters.text("signature")
    if not signature:
        if call in _OPEN_CALLS:
            return False
        raise RefusalError(HTTPStatus.BAD_REQUEST, "Missing required parameter - signature")
    if parameters.text("api_key") != cloud.api_key:
        raise _refused("Invalid api_key")
    _check_signature(parameters, signature, call=call, cloud=cloud)
    return True


def _check_signature(parameters: Parameters, signature: str, *, call: str, cloud: Cloud) -> None:
    left_out = _NOT_IN_SIGNATURE | (_NOT_IN_LOOSE if call in _LOOSE_CALLS else frozenset())
    signed = string_to_sign({key: value for key, value in parameters.signable.items() if key not in left_out})
    algorithm = hashlib.sha256 if len(signature) == _SHA256_HEX_DIGITS else hashlib.sha1
    expected = algorithm((signed + cloud.api_secret).encode()).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise _refused(f"Invalid Signature {signature}. String to sign - '{signed}'.")
    timestamp = parameters.text("timestamp") or ""
    if not (timestamp.isascii() and timestamp.isdecimal()):
        raise RefusalError(HTTPStatus.BAD_REQUEST, "Missing required parameter - timestamp")
    if int(timestamp) < (cloud.now() - SIGNATURE_LIFETIME).timestamp():
        raise _refused(f"Stale request - reported time is {timestamp} which is more than 1 hour ago")


class Budget:
    """How many Admin and Search calls the running hour still allows."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._hour: datetime | None = None
        self._spent = 0

    def spend(self, now: datetime) -> Mapping[str, str]:
        """Count one call; the headers of its answer. Raises: RefusalError, 420, when nothing is left."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._spent = hour, 0
        if self._spent >= self._per_hour:
            again = f"{hour + timedelta(hours=1):%Y-%m-%d %H:%M:%S} UTC"
            message = f"Rate Limit Exceeded. Limit of {self._per_hour} api operations reached. Try again on {again}"
            raise RefusalError(_TOO_MANY, message, headers=self.headers(now))
        self._spent += 1
        return self.headers(now)

    def headers(self, now: datetime) -> Mapping[str, str]:
        """The state of the budget as the vendor's headers tell it. §8, CONFIRMED."""
        refill = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return {
            "X-FeatureRateLimit-Limit": str(self._per_hour),
            "X-FeatureRateLimit-Remaining": str(max(self._per_hour - self._spent, 0)),
            "X-FeatureRateLimit-Reset": format_datetime(refill, usegmt=True),
        }
