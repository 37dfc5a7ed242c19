"""What an answer means when it is no success: the class that its status stands for, and how long to wait.

Numbers and dates in headers are the other side's, so none of them is trusted to be short, plausible or one at all.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import msgspec

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
from connectors.vendor import FailureReader

LONGEST_WAIT: Final = timedelta(days=1)
"""Whoever asks for more will be asked again after this."""
NOTABLE_SKEW: Final = timedelta(minutes=2)
"""Signatures and tickets are refused when two clocks are minutes apart; less is the network's own delay."""
_MOST_DIGITS: Final = 18


def judged(reply: Reply, read_failure: FailureReader) -> ConnectorError | None:
    """The error that ``reply`` is, by the vendor's own shape or by its status; None for a success."""
    is_success = 200 <= reply.status < 300  # noqa: PLR2004 - the HTTP class boundaries
    failure: ConnectorError | None
    try:
        failure = read_failure(reply)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        failure = None  # Not the vendor's own shape, so its own words say nothing; whoever reads a success will see.
    except ConnectorError as error:
        failure = error if is_success or not isinstance(error, ShapeError) else None
    if failure is None and not is_success:
        failure = error_for_status(reply, detail=_plain_detail(reply))
    if isinstance(failure, SignInError):
        return _with_clocks(failure, reply)
    return failure


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
    """``Retry-After`` in either of its forms, or a vendor's own refill time; None when nothing usable was said.

    A date is taken relative to the server's own clock where the answer tells it, and nothing is longer than a day.
    """
    said = reply.headers.get("retry-after", "").strip()
    if said.isdecimal():
        seconds = whole_number(said)
        return LONGEST_WAIT if seconds is None else min(timedelta(seconds=seconds), LONGEST_WAIT)
    now = now or http_date(reply.headers.get("date", "")) or datetime.now(UTC)
    for header in (said, reply.headers.get("x-featureratelimit-reset", "")):
        moment = http_date(header)
        if moment is not None:
            return min(max(moment - now, timedelta(0)), LONGEST_WAIT)
    return None


def clock_skew(reply: Reply, *, now: datetime | None = None) -> timedelta | None:
    """How far this computer's clock is ahead of the server's; None when it does not tell, or hardly."""
    theirs = http_date(reply.headers.get("date", ""))
    if theirs is None:
        return None
    skew = (now or datetime.now(UTC)) - theirs
    return skew if abs(skew) >= NOTABLE_SKEW else None


def whole_number(said: str) -> int | None:
    """``said`` as a number; None when it is none or longer than any that is meant."""
    return int(said) if said.isdecimal() and len(said) <= _MOST_DIGITS else None


def http_date(header: str) -> datetime | None:
    """``header`` as an aware moment; None when it is no HTTP date."""
    try:
        moment = parsedate_to_datetime(header)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _with_clocks(failure: SignInError, reply: Reply) -> SignInError:
    """``failure`` with the clocks' difference, which is a likely reason for it."""
    skew = clock_skew(reply)
    if skew is None:
        return failure
    minutes = round(abs(skew).total_seconds() / 60)
    where = "ahead of" if skew > timedelta(0) else "behind"
    clocks = f"this computer's clock is {minutes} minutes {where} the server's"
    return SignInError(
        system=failure.system,
        call=failure.call,
        detail=f"{failure.detail}; {clocks}" if failure.detail else clocks,
        request_id=failure.request_id,
        status=failure.status,
    )


def _plain_detail(reply: Reply) -> str:
    """Something readable about a failure whose shape the vendor's reader did not know."""
    if 300 <= reply.status < 400:  # noqa: PLR2004 - the HTTP class boundaries
        return f"HTTP {reply.status}: {_redirect(reply)}"
    if reply.media_type == "text/html":
        return f"HTTP {reply.status} with a web page instead of data"
    return f"HTTP {reply.status}"


def _redirect(reply: Reply) -> str:
    try:
        host = urlsplit(reply.headers.get("location", "")).hostname or ""
    except ValueError:
        host = ""
    where = f"to {host}" if host else "elsewhere"
    return f"it sends us on {where}, which is not followed; check the address of this system"
