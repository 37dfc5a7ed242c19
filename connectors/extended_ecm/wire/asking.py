"""How calls are put together: paths stand below ``/api``, wishes travel in the one field ``body`` (contract 1)."""

from collections.abc import Mapping

from connectors.calls import Call
from connectors.extended_ecm.wire.reading import form

Query = tuple[tuple[str, str], ...]


def ask(name: str, path: str, query: Query = ()) -> Call:
    """A question; it changes nothing, so it may be repeated."""
    return Call(name=name, method="GET", path=f"/api{path}", query=query, repeatable=True)


def page_of_list(name: str, path: str, *, page: int, limit: int, query: Query = ()) -> Call:
    """One page of a list. ``limit`` is always sent: defaults differ, and some are not documented (contract 1)."""
    return ask(name, path, (("page", str(page)), ("limit", str(limit)), *query))


def wish(
    name: str, method: str, path: str, said: Mapping[str, object] | None = None, *, repeatable: bool = False
) -> Call:
    """Something to be done. ``repeatable`` only where doing it twice ends in the same state."""
    body = None if said is None else form(said)
    return Call(name=name, method=method, path=f"/api{path}", body=body, repeatable=repeatable)


def drop(name: str, path: str, query: Query = ()) -> Call:
    """Something to be taken away."""
    return Call(name=name, method="DELETE", path=f"/api{path}", query=query)
