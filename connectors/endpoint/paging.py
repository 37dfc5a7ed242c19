"""Which page comes next: decided from the reply alone, without I/O. Source: RFC 8288 for links.

A list ends with an empty page or when the reply says so. Whoever walks it watches for circles (:attr:`Turn.question`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from connectors.calls import Reply
from connectors.endpoint.description import Counted, CursorPlace, Pages, PagesByCursor, PagesByLink, PagesByNumber
from connectors.endpoint.expressions import Expression
from connectors.endpoint.values import UnfitError

MOST_PAGES: Final = 100_000

_LINK: Final = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s;,=]+(?:\s*=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s;,\"]*))?)*)\s*(?:,|$)")
_LINK_PARAMETER: Final = re.compile(r";\s*([^\s;,=]+)(?:\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?")
_USUAL_PORTS: Final = {"https": 443, "http": 80}
_STEP_UP: Final = re.compile(r"(?i)(?:^|/)(?:\.|%2e){1,2}(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a request adds to its call to ask for one page."""

    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: tuple[tuple[str, str | int], ...] = field(default=(), repr=False)
    """Keys added to the top of a JSON body."""
    target: str = field(default="", repr=False)
    """Path and query below the base address, instead of the call's own; empty for the call's own."""
    number: int = 0
    """The page's place, from 0."""
    at: int = 0
    """The page's number or the first item's, as the system counts."""

    @property
    def question(self) -> tuple[object, ...]:
        """What is asked; the same question twice means that the pages run in a circle."""
        return (self.query, self.body, self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One page as it came."""

    turn: Turn
    reply: Reply
    document: object = field(repr=False)
    count: int
    """How many items were on it."""
    target: str = field(repr=False)
    """The path and query that were asked for, below the base address."""


def first_turn(pages: Pages) -> Turn:
    """The first page."""
    size = ((pages.size_parameter, str(pages.size)),) if pages.size_parameter else ()
    if isinstance(pages, PagesByNumber):
        return Turn(query=((pages.parameter, str(pages.first)), *size), at=pages.first)
    return Turn(query=size)


def next_turn(pages: Pages, seen: Seen, *, base_url: str) -> Turn | None:
    """The page after ``seen``; None when it was the last. Raises: ShapeError."""
    if seen.turn.number + 1 >= MOST_PAGES:
        raise seen.reply.odd(f"more than {MOST_PAGES} pages")
    match pages:
        case PagesByNumber():
            return _by_number(pages, seen)
        case PagesByCursor():
            return _by_cursor(pages, seen)
        case PagesByLink():
            return _by_link(seen, base_url)


def _by_number(pages: PagesByNumber, seen: Seen) -> Turn | None:
    # A full count or a promised total is no proof that more follows; an empty page is one that nothing does.
    if not seen.count:
        return None
    if pages.pages_total is not None and _is_last(pages.pages_total, seen):
        return None
    at = seen.turn.at + (1 if pages.counts is Counted.PAGES else seen.count)
    query = ((pages.parameter, str(at)), *seen.turn.query[1:])
    return Turn(query=query, at=at, number=seen.turn.number + 1)


def _is_last(expression: Expression, seen: Seen) -> bool:
    total = _found(expression, seen)
    if total is None:
        return False
    if not isinstance(total, int | float) or isinstance(total, bool):
        raise seen.reply.odd("the number of pages is no number")
    return seen.turn.number + 1 >= total


def _by_cursor(pages: PagesByCursor, seen: Seen) -> Turn | None:
    cursor = _cursor(pages, seen)
    if not cursor:
        return None
    size = ((pages.size_parameter, str(pages.size)),) if pages.size_parameter else ()
    if pages.place is CursorPlace.BODY:
        return Turn(query=size, body=((pages.parameter, cursor),), number=seen.turn.number + 1)
    return Turn(query=((pages.parameter, str(cursor)), *size), number=seen.turn.number + 1)


def _cursor(pages: PagesByCursor, seen: Seen) -> str | int | None:
    match _found(pages.cursor, seen):
        case None | False:
            return None
        case str() | int() as cursor if not isinstance(cursor, bool):
            return cursor
        case other:
            raise seen.reply.odd(f"the cursor is of type {type(other).__name__}")


def _found(expression: Expression, seen: Seen) -> object:
    try:
        return expression.find(seen.document)
    except UnfitError as error:
        raise seen.reply.odd(f"{expression.source}: {error}") from error


def _by_link(seen: Seen, base_url: str) -> Turn | None:
    link = next((target for target, names in links(seen.reply.headers.get("link", "")) if "next" in names), None)
    if link is None:
        return None
    try:
        target = below(base_url, urljoin(base_url + seen.target, link))
    except (UnfitError, ValueError) as error:
        raise seen.reply.odd("the link to the next page leads elsewhere, so it was not followed") from error
    return Turn(target=target, number=seen.turn.number + 1)


def links(header: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Target and relation names of each link in a ``Link`` header; what is no link ends the reading."""
    at = 0
    while found := _LINK.match(header, at):
        relations = next(
            (quoted or plain for name, quoted, plain in _LINK_PARAMETER.findall(found[2]) if name.lower() == "rel"), ""
        )
        yield found[1], frozenset(relations.lower().split())
        at = found.end()
        while at < len(header) and header[at] in " \t,":
            at += 1


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _USUAL_PORTS.get(parts.scheme)


def below(base_url: str, url: str) -> str:
    """The path and query of ``url`` below ``base_url``. Raises: UnfitError when it is not below; ValueError."""
    base, there = urlsplit(base_url), urlsplit(url)
    if _origin(there) != _origin(base) or "@" in there.netloc or not there.path.startswith(f"{base.path}/"):
        raise UnfitError("it is not below the base address")
    if _STEP_UP.search(there.path) or "\\" in there.path:
        raise UnfitError("it steps upwards")
    path = there.path.removeprefix(base.path)
    return f"{path}?{there.query}" if there.query else path
