"""The ``search`` service: questions, suggestions, saved searches (wire contract "iconik", §6)."""

from collections.abc import Sequence

import msgspec

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.criteria import DocType, SearchCriteria
from connectors.iconik.models import SavedSearch, SearchPage, Suggestion
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import Listing, Operation, drop, given, make, pages
from connectors.iconik.wire.reading import read, read_objects
from connectors.shape import decode


def search(
    criteria: SearchCriteria,
    *,
    per_page: int,
    page: int | None = None,
    search_after: Sequence[object] = (),
    with_signed_urls: bool = True,
    with_signed_proxy_urls: bool = False,
    version: str = "v1",
) -> Operation[SearchPage]:
    """One page of hits, by number or behind the ``_sort`` of the last hit seen (P1, P4).

    Never recorded in the user's search history: the desk polls (§16.2). Signing makes lists slower (§16.3).
    ``version`` "v2" takes the same question and names what is wrong with it by its place (CONFIRMED).
    """
    call = Call(
        name="search",
        method="POST",
        path=path("search", "search", version=version),
        query=query(
            {
                "page": page,
                "per_page": per_page,
                "generate_signed_url": with_signed_urls,
                "generate_signed_proxy_url": with_signed_proxy_urls,
                "save_search_history": False,
            }
        ),
        body=JSONBody(value=_body(criteria, search_after)),
        repeatable=True,
    )
    return Operation(call=call, read=lambda reply: read(reply, SearchPage))


class _Hit(msgspec.Struct, frozen=True, kw_only=True):
    sort: tuple[object, ...] | None = msgspec.field(default=None, name="_sort")


class _Hits(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[_Hit, ...] | None = None


def position_behind(reply: Reply) -> tuple[object, ...] | None:
    """Behind which the next page begins (P4); None after an empty page, which alone is the end.

    Read without the hits, so that the next page can be asked for before they are. Raises: ShapeError.
    """
    hits = decode(reply, _Hits).objects
    return (hits[-1].sort or None) if hits else None


def suggest(
    words: str, *, field: str, doc_types: Sequence[DocType] = (DocType.ASSETS,)
) -> Operation[tuple[Suggestion, ...]]:
    """Values of one field that begin like ``words`` (P5)."""
    call = Call(
        name="suggest",
        method="POST",
        path=path("search", "search", "suggest"),
        body=JSONBody(
            value={"query": words, "field_name": field, "doc_types": [doc_type.value for doc_type in doc_types]}
        ),
        repeatable=True,
    )
    return Operation(call=call, read=lambda reply: read_objects(reply, Suggestion))


def list_saved(words: str = "") -> Listing[SavedSearch]:
    """Saved searches (P1)."""
    return pages("saved searches", path("search", "search", "saved"), SavedSearch, query=query({"query": words}))


def save(name: str, criteria: SearchCriteria) -> Operation[SavedSearch]:
    """Keep a question under a name."""
    body = given(name=name, criteria=_body(criteria, ()))
    return make("save search", path("search", "search", "saved"), SavedSearch, body)


def delete_saved(search_id: str) -> Operation[None]:
    """Forget a saved search."""
    return drop("delete saved search", path("search", "search", "saved", search_id))


def _body(criteria: SearchCriteria, search_after: Sequence[object]) -> dict[str, object]:
    written: dict[str, object] = {
        "doc_types": [doc_type.value for doc_type in criteria.doc_types],
        "query": criteria.query,
        "filter": criteria.filter.to_json() if criteria.filter else None,
        "facets": list(criteria.facets),
        "facets_filters": [
            {"name": name, "value_in": list(values)} for name, values in criteria.facets_filters.items()
        ],
        "search_fields": list(criteria.search_fields),
        "sort": [{"name": sort.name, "order": sort.order.value} for sort in criteria.sort],
        "include_fields": list(criteria.include_fields),
        "exclude_fields": list(criteria.exclude_fields),
        "metadata_view_id": criteria.metadata_view_id,
        "search_after": list(search_after),
    }
    return {key: value for key, value in written.items() if value}
