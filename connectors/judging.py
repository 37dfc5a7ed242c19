"""What an answer means when it is no success: the class that its status stands for, and how long to wait."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Final

from connectors.calls import Reply
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    VendorFaultError,
)
from connectors.masking import scrub

_LONGEST_WAIT_S: Final = 86_400
_DIGITS: Final = 9


def error_for_status(
    reply: Reply, *, detail: str = "", fields: Mapping[str, str] = MappingProxyType({})
) -> ConnectorError:
    """The class that the status alone stands for (style of RFC 9110), with the vendor's own wording as detail."""
    kind: type[ConnectorError]
    match reply.status:
        case 401:
            kind = SignInError
        case 403:
            kind = ForbiddenError
        case 404 | 410:
            kind = NotFoundError
        case 409 | 412 | 423:
            kind = ConflictError
        case 420 | 429:
            return RateLimitError(
                system=reply.system,
                call=reply.call,
                detail=scrub(detail),
                request_id=reply.request_id,
                status=reply.status,
                retry_after=retry_after(reply),
            )
        case status if status >= 500:  # noqa: PLR2004 - the HTTP class boundary
            kind = VendorFaultError
        case status if status >= 400:  # noqa: PLR2004
            return InvalidError(
                system=reply.system,
                call=reply.call,
                detail=scrub(detail),
                request_id=reply.request_id,
                status=reply.status,
                fields={name: scrub(complaint) for name, complaint in fields.items()},
            )
        case _:
            kind = ShapeError
    return kind(
        system=reply.system, call=reply.call, detail=scrub(detail), request_id=reply.request_id, status=reply.status
    )


def retry_after(reply: Reply, *, now: datetime | None = None) -> timedelta | None:
    """``Retry-After`` in either of its forms, or a vendor's own refill time; None when nothing usable was said."""
    now = now or datetime.now(UTC)
    said = reply.headers.get("retry-after", "").strip()
    if said.isdecimal():
        # A number of many digits is a day too, and more digits than Python reads would be an error of its own.
        return timedelta(seconds=min(int(said[:_DIGITS]), _LONGEST_WAIT_S))
    for header in (said, reply.headers.get("x-featureratelimit-reset", "")):
        try:
            return max(parsedate_to_datetime(header) - now, timedelta(0))
        except (TypeError, ValueError):
            continue
    return None
