"""What every call passes: the token, the domain, paging, and filters in both spellings (exstream 1.2, CONFIRMED)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.exstream.refusals import NotSignedInError, ServiceError
from connectors.sandbox.otds.authority import TicketAuthority

DEFAULT_COUNT: Final = 100
MOST: Final = 1000
"""CHOSEN: the largest ``count`` is not published."""


class Door:
    """Checks tokens and domains; cuts lists into pages."""

    def __init__(
        self, authority: TicketAuthority, *, domains: Sequence[str], tenant: str, offset_counts_pages: bool
    ) -> None:
        self._authority = authority
        self._domains = frozenset(domains)
        self._tenant = tenant
        self._offset_counts_pages = offset_counts_pages

    def user(self, request: Request) -> str:
        """Whose token the request carries. Raises: NotSignedInError."""
        user = self._authority.user_of_bearer(request.headers.get("authorization"))
        if user is None:
            raise NotSignedInError
        return user

    def enter(self, request: Request) -> str:
        """The domain that a signed-in request names. Raises: NotSignedInError, ServiceError."""
        self.user(request)
        domain = str(request.path_params["domain"])
        if domain not in self._domains:
            raise ServiceError(404, "Domain not found", details=domain)
        tenant = request.path_params.get("tenant")
        if tenant is not None and tenant != self._tenant:
            raise ServiceError(404, "Tenant not found", details=str(tenant))
        return domain

    def page(self, request: Request, items: Sequence[object]) -> Response:
        """A page of ``items`` in the vendor's envelope (exstream 2.1)."""
        count = _number(request, "count", DEFAULT_COUNT)
        if not 0 < count <= MOST:
            raise ServiceError(400, "Invalid paging", details=f"count must be between 1 and {MOST}")
        offset = _number(request, "offset", 0)
        start = offset * count if self._offset_counts_pages else offset
        facts = {
            "pageSize": count,
            "pageOffset": offset,
            "totalElements": len(items),
            "totalPages": -(-len(items) // count),
            "currentPageNumber": start // count,
        }
        return answer({"status": "success", "data": items[start : start + count], "page": facts})


def answer(body: object, *, status: int = 200) -> Response:
    """A JSON reply."""
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")


def one(item: object, *, status: int = 200) -> Response:
    """An item in the vendor's envelope."""
    return answer({"status": "success", "data": item}, status=status)


def filters(request: Request, *, prefix: str = "filter") -> Mapping[str, str]:
    """``filter.key=value`` and ``filter=key:value;key:value`` as one; later ones win."""
    found: dict[str, str] = {}
    for pair in request.query_params.get(prefix, "").split(";"):
        key, colon, value = pair.partition(":")
        if colon:
            found[key.strip()] = value.strip()
    for key, value in request.query_params.multi_items():
        if key.startswith(f"{prefix}."):
            name = key.removeprefix(f"{prefix}.")
            found[name] = f"{found[name]},{value}" if name in found else value
    return found


def listed(said: str | None) -> frozenset[str]:
    """``a,b`` as a set; empty when nothing was said."""
    return frozenset(part.strip() for part in (said or "").split(",") if part.strip())


def told_time(said: str | None) -> datetime | None:
    """A time as ISO 8601, a bare date, or epoch milliseconds. Raises: ServiceError."""
    if not said:
        return None
    try:
        if said.isdecimal():
            return datetime.fromtimestamp(int(said) / 1000, UTC)
        read = datetime.fromisoformat(said)
    except (ValueError, OverflowError) as error:
        raise ServiceError(400, "Invalid date", details=said) from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _number(request: Request, key: str, default: int) -> int:
    said = request.query_params.get(key, "")
    if not said:
        return default
    if not said.isdecimal():
        raise ServiceError(400, "Invalid paging", details=f"{key} must be a number")
    return int(said)
