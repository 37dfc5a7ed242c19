"""iconik's list envelopes: by page number (P1), behind an id (P2), or whole (P5). Wire contract "iconik", §5."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from connectors.sandbox.iconik.faults import Fault

T = TypeVar("T")

DEFAULT_PER_PAGE: Final = 10
MAX_PER_PAGE: Final = 1000
DEEPEST_PAGE: Final = 10_000
"""The cap of the older list calls (CONFIRMED)."""


def page_size(request: Request, *, most: int = MAX_PER_PAGE, default: int = DEFAULT_PER_PAGE) -> int:
    """``per_page``. Raises: Fault outside 1 to ``most``."""
    return _number(request, "per_page", default, most)


def page_number(request: Request) -> int:
    """``page``, 1-based. Raises: Fault."""
    return _number(request, "page", 1, DEEPEST_PAGE)


def numbered(
    request: Request, items: Sequence[T], write: Callable[[T], object], *, most: int = MAX_PER_PAGE
) -> dict[str, Any]:
    """P1. Raises: Fault 404 for a page beyond the end (CONFIRMED)."""
    page, per_page = page_number(request), page_size(request, most=most)
    pages = max(1, -(-len(items) // per_page))
    if page > pages:
        raise Fault(404, "Page not found")
    chosen = items[(page - 1) * per_page : page * per_page]
    return envelope(request, [write(item) for item in chosen], page=page, per_page=per_page, total=len(items))


def envelope(request: Request, objects: Sequence[object], *, page: int, per_page: int, total: int) -> dict[str, Any]:
    """Objects of one page with the links around it, host-relative."""
    pages = max(1, -(-total // per_page))
    return {
        "objects": objects,
        "page": page,
        "pages": pages,
        "per_page": per_page,
        "total": total,
        "first_url": _link(request, page=1, per_page=per_page),
        "last_url": _link(request, page=pages, per_page=per_page),
        "next_url": _link(request, page=page + 1, per_page=per_page) if page < pages else None,
        "prev_url": _link(request, page=page - 1, per_page=per_page) if page > 1 else None,
        "scroll_id": None,
    }


def behind(request: Request, items: Sequence[dict[str, Any]], *, default: int = DEFAULT_PER_PAGE) -> dict[str, Any]:
    """P2: the items behind ``last_id``, each already written with its ``id``. Raises: Fault for an id not in the list.

    ``default`` is the page size when the caller names none.
    """
    per_page = page_size(request, default=default)
    return _behind(request, items, key="id", parameter="last_id", per_page=per_page)


def behind_name(request: Request, items: Sequence[dict[str, Any]], *, default: int = 500) -> dict[str, Any]:
    """P3: as P2, by name and ``last_field_name``."""
    per_page = page_size(request, default=default)
    return _behind(request, items, key="name", parameter="last_field_name", per_page=per_page)


def _behind(
    request: Request, items: Sequence[dict[str, Any]], *, key: str, parameter: str, per_page: int
) -> dict[str, Any]:
    last = request.query_params.get(parameter)
    start = 0
    if last:
        start = next((index + 1 for index, item in enumerate(items) if item[key] == last), -1)
        if start < 0:
            raise Fault(400, {parameter: "Unknown id."})
    chosen = list(items[start : start + per_page])
    more = start + per_page < len(items)
    written = envelope(request, chosen, page=start // per_page + 1, per_page=per_page, total=len(items))
    written["first_url"] = _link(request, per_page=per_page)
    written["last_url"] = _link(request, per_page=per_page)
    written["prev_url"] = None
    written["next_url"] = _link(request, **{parameter: chosen[-1][key]}, per_page=per_page) if more else None
    return written


def _link(request: Request, **changes: object) -> str:
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changes]
    kept = [(key, value) for key, value in kept if key not in {"page", "last_id", "last_field_name"}]
    return f"{request.url.path.rstrip('/')}/?{urlencode([*kept, *changes.items()])}"


def _number(request: Request, name: str, default: int, most: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise Fault(400, {name: f"Must be between 1 and {most}."})
    return int(given)
