"""Standard Webhooks signatures: HMAC-SHA256 of ``id.timestamp.body`` over the raw bytes, five minutes either way.

Source: the Standard Webhooks specification, through its own library.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hmac import compare_digest

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from connectors.inbound.arrival import ArrivalTrust


def verify(hook: Webhook, headers: Mapping[str, str], raw: bytes) -> ArrivalTrust:
    """What the signature in ``headers`` (lower-case names) says about ``raw``. Never raises, whatever was sent."""
    try:
        hook.verify(raw, dict(headers), json_parse=False)
    except WebhookVerificationError:
        return ArrivalTrust.STALE if _is_signed(hook, headers, raw) else ArrivalTrust.BAD_SIGNATURE
    except ValueError:
        # What is no UTF-8, no base64 or no pair of version and signature was not signed by anybody we know.
        return ArrivalTrust.BAD_SIGNATURE
    return ArrivalTrust.VERIFIED


def _is_signed(hook: Webhook, headers: Mapping[str, str], raw: bytes) -> bool:
    """Whether the signature is right, whatever its time."""
    try:
        moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        expected = hook.sign(headers["webhook-id"], moment, raw.decode())
        given = headers["webhook-signature"].split(" ")
    except (KeyError, ValueError, OverflowError, OSError):
        return False
    return any(compare_digest(expected.encode(), each.encode()) for each in given)
