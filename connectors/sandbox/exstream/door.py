"""What every call passes: the token, the CSRF pair, the domain, paging, and filters in both spellings (exstream 1.2).

The older dialect is that of the 21.2 specification and the 22.2 help: filters as pairs alone, and the CSRF pair for
input channels. Which release accepts which is unknown (CHOSEN).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.exstream.csrf import brings_pair
from connectors.sandbox.exstream.offer import Edition, Offer
from connectors.sandbox.exstream.refusals import NotSignedInError, ServiceError
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.world import Dialect

DEFAULT_COUNT: Final = 100
MOST: Final = 1000
"""CHOSEN: the largest ``count`` is not published."""


_MONITORED: Final = ("/runtime/", "/cron-jobs/", "/sortdata/", "/flow-models/")


class Door:
    """Checks tokens and domains; cuts lists into pages."""

    def __init__(
        self,
        authority: TicketAuthority,
        *,
        domains: Sequence[str],
        tenant: str,
        offer: Offer,
        dialect: Dialect,
    ) -> None:
        self._authority = authority
        self._domains = frozenset(domains)
        self._tenant = tenant
        self._is_older = dialect is Dialect.OLDER
        self.offer = offer

    @property
    def demands_csrf(self) -> bool:
        """Whether input channels turn away what comes without the pair."""
        return self._is_older if self.offer.demands_csrf is None else self.offer.demands_csrf

    @property
    def is_private(self) -> bool:
        """Whether only the channels of published flows exist."""
        return self.offer.edition is Edition.PRIVATE

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
        if self.offer.base_subscription and any(part in request.url.path for part in _MONITORED):
            raise ServiceError(403, "Not part of the subscription", details="orchestration")
        tenant = request.path_params.get("tenant")
        if tenant is not None and tenant != self._tenant:
            raise ServiceError(404, "Tenant not found", details=str(tenant))
        return domain

    def submit(self, request: Request) -> str:
        """The domain of a submission, which may have to bring the CSRF pair. Raises: as :meth:`enter`."""
        domain = self.enter(request)
        if self.demands_csrf and not brings_pair(request):
            raise ServiceError(403, "Forbidden", details="CSRF token is missing or does not match")
        return domain

    def filters(self, request: Request, *, prefix: str = "filter") -> Mapping[str, str]:
        """``filter=key:value;key:value`` and, but in the older dialect, ``filter.key=value``; later ones win."""
        found = _pairs(request.query_params.get(prefix, ""))
        if self._is_older:
            return found
        for key, value in request.query_params.multi_items():
            if key.startswith(f"{prefix}."):
                name = key.removeprefix(f"{prefix}.")
                found[name] = f"{found[name]},{value}" if name in found else value
        return found

    def runtime_filters(self, request: Request) -> Mapping[str, str]:
        """The runtime's own: as text, and the keys themselves as the contract lists them."""
        return {
            **self.filters(request),
            **{key: value for key, value in request.query_params.items() if key != "filter"},
        }

    def page(self, request: Request, items: Sequence[object]) -> Response:
        """A page of ``items`` in the vendor's envelope (exstream 2.1)."""
        count = _number(request, "count", DEFAULT_COUNT)
        if not 0 < count <= MOST:
            raise ServiceError(400, "Invalid paging", details=f"count must be between 1 and {MOST}")
        offset = _number(request, "offset", 0)
        start = offset * count if self.offer.offset_counts_pages else offset
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


def _pairs(said: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in said.split(";"):
        key, colon, value = pair.partition(":")
        if colon:
            found[key.strip()] = value.strip()
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
