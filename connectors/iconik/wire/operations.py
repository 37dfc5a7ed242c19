"""What an operation is: a call described, and how its answer is read; and the few forms that nearly all of them have.

A module of this package is a list of such operations. :class:`~connectors.iconik.client.IconikClient` performs any of
them, so adding one means describing it and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.wire.addressing import Query
from connectors.iconik.wire.reading import read, read_objects

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MOST_PER_PAGE: Final = 1000
"""Of most lists; users, groups, storages, shares and jobs give at most :data:`FEW_PER_PAGE` (CONFIRMED, §5)."""
FEW_PER_PAGE: Final = 100
GONE: Final = frozenset({404})
"""For calls after which a thing is not there: that it was gone already is an answer."""


class Identified(Protocol):
    """A noun with an id."""

    @property
    def id(self) -> str:
        """Its id."""


Known = TypeVar("Known", bound=Identified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T_co]):
    """One call. ``read`` raises ShapeError for an answer that is not in its documented shape."""

    call: Call
    read: Callable[[Reply], T_co] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind(Generic[T]):
    """How a list that has no page numbers goes on: ``parameter`` takes the ``key`` of the last item seen (P2, P3)."""

    parameter: str
    key: Callable[[T], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[T]):
    """A list that comes in pages. ``call`` is without any page parameter."""

    call: Call
    read: Callable[[Reply], tuple[T, ...]] = field(repr=False)
    behind: Behind[T] | None = None
    """None: its pages have numbers (P1)."""
    most: int = MOST_PER_PAGE
    """How many items a page may have at most."""


def fetch(name: str, path: str, shape: type[T], *, query: Query = ()) -> Operation[T]:
    """Read one thing."""
    call = Call(name=name, method="GET", path=path, query=query, repeatable=True)
    return Operation(call=call, read=lambda reply: read(reply, shape))


def fetch_text(name: str, path: str, *, query: Query = ()) -> Operation[str]:
    """Read an export: plain text, UTF-8."""
    call = Call(name=name, method="GET", path=path, query=query, repeatable=True)
    return Operation(call=call, read=_text)


def fetch_all(name: str, path: str, shape: type[T], *, query: Query = ()) -> Operation[tuple[T, ...]]:
    """Read a list that comes whole (P5)."""
    call = Call(name=name, method="GET", path=path, query=query, repeatable=True)
    return Operation(call=call, read=lambda reply: read_objects(reply, shape))


def pages(name: str, path: str, shape: type[T], *, query: Query = (), most: int = MOST_PER_PAGE) -> Listing[T]:
    """Read a list by page numbers (P1)."""
    call = Call(name=name, method="GET", path=path, query=query, repeatable=True)
    return Listing(call=call, read=lambda reply: read_objects(reply, shape), most=most)


def pages_behind(name: str, path: str, shape: type[Known], *, query: Query = ()) -> Listing[Known]:
    """Read a list behind the last id seen (P2)."""
    call = Call(name=name, method="GET", path=path, query=query, repeatable=True)
    behind: Behind[Known] = Behind(parameter="last_id", key=lambda item: item.id)
    return Listing(call=call, read=lambda reply: read_objects(reply, shape), behind=behind)


def change(
    name: str,
    method: str,
    path: str,
    shape: type[T],
    body: Mapping[str, object] | None = None,
    *,
    query: Query = (),
    repeatable: bool = True,
    signed_in: bool = True,
) -> Operation[T]:
    """Write something that is there, and read what it is now."""
    call = Call(
        name=name,
        method=method,
        path=path,
        query=query,
        body=None if body is None else JSONBody(value=body),
        repeatable=repeatable,
        signed_in=signed_in,
    )
    return Operation(call=call, read=lambda reply: read(reply, shape))


def make(
    name: str, path: str, shape: type[T], body: Mapping[str, object] | None = None, *, query: Query = ()
) -> Operation[T]:
    """Make something new. Never repeated by itself: iconik knows no idempotency key (§16.17)."""
    return change(name, "POST", path, shape, body, query=query, repeatable=False)


def act(
    name: str,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
    *,
    query: Query = (),
    repeatable: bool = False,
) -> Operation[None]:
    """Do something whose answer says nothing more, or differently from release to release (§16.13)."""
    call = Call(
        name=name,
        method=method,
        path=path,
        query=query,
        body=None if body is None else JSONBody(value=body),
        repeatable=repeatable,
    )
    return Operation(call=call, read=_nothing)


def drop(name: str, path: str, *, query: Query = ()) -> Operation[None]:
    """End something; that it is gone already is an answer."""
    call = Call(name=name, method="DELETE", path=path, query=query, repeatable=True, accepts=GONE)
    return Operation(call=call, read=_nothing)


def given(**fields: object) -> dict[str, object]:
    """A body without what was left out: iconik reads null as a value to store."""
    return {name: value for name, value in fields.items() if value is not None}


def _nothing(reply: Reply) -> None:
    del reply


def _text(reply: Reply) -> str:
    return reply.body.decode("utf-8", "replace")
