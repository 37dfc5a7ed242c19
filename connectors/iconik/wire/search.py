"""The ``search`` service (wire contract "iconik", §6)."""

from collections.abc import Sequence

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.criteria import SearchCriteria
from connectors.iconik.models import SearchPage
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.reading import read


def search(
    criteria: SearchCriteria,
    *,
    per_page: int,
    page: int | None = None,
    search_after: Sequence[object] = (),
    with_signed_urls: bool = True,
    with_signed_proxy_urls: bool = False,
) -> Call:
    """One page of hits, by number or behind the ``_sort`` of the last hit seen (P1, P4).

    Never recorded in the user's search history: the desk polls (§16.2). Signing makes lists slower (§16.3).
    """
    return Call(
        name="search",
        method="POST",
        path=path("search", "search"),
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


def read_page(reply: Reply) -> SearchPage:
    """Hits, facets and total. Raises: ShapeError."""
    return read(reply, SearchPage)


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
