"""Collections and what lies in them: the ``assets`` service (wire contract "iconik", §7)."""

from collections.abc import Mapping, Sequence

from connectors.iconik.models import Collection, CollectionId, CollectionInfo, SearchDocument
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import (
    Listing,
    Operation,
    act,
    change,
    drop,
    fetch,
    fetch_all,
    given,
    make,
    pages,
)


def list_collections() -> Listing[Collection]:
    """All collections (P1)."""
    return pages("list collections", _collections(), Collection)


def get_collection(collection_id: CollectionId) -> Operation[Collection]:
    """One collection."""
    return fetch("get collection", _collections(collection_id), Collection)


def add_collection(
    title: str, *, parent_id: CollectionId | None = None, external_id: str = ""
) -> Operation[Collection]:
    """A collection, at the root or inside another."""
    body = given(title=title, parent_id=parent_id, external_id=external_id or None)
    return make("new collection", _collections(), Collection, body)


def edit_collection(collection_id: CollectionId, changes: Mapping[str, object]) -> Operation[Collection]:
    """Change only the fields named in ``changes``, by the vendor's names."""
    return change("edit collection", "PATCH", _collections(collection_id), Collection, changes)


def delete_collection(collection_id: CollectionId) -> Operation[None]:
    """End a collection; 202 or 204 by its size (CONFIRMED), so it may still be seen for a while."""
    return drop("delete collection", _collections(collection_id))


def list_contents(
    collection_id: CollectionId, *, object_types: Sequence[str] = (), external_id: str = ""
) -> Listing[SearchDocument]:
    """Assets and collections inside, each with its ``object_type``, in the form of search hits (P1)."""
    asked = query({"object_types": ",".join(object_types), "external_id": external_id})
    return pages("collection contents", _collections(collection_id, "contents"), SearchDocument, query=asked)


def put_in(collection_id: CollectionId, object_id: str, *, object_type: str = "assets") -> Operation[None]:
    """Put a thing into a collection; it stays in the others. One that is in stays in, hence repeatable (INFERRED)."""
    body = {"object_id": object_id, "object_type": object_type}
    return act("add to collection", "POST", _collections(collection_id, "contents"), body, repeatable=True)


def take_out(collection_id: CollectionId, object_id: str, *, object_type: str = "assets") -> Operation[None]:
    """Take a thing out of a collection; one that is not in is an answer."""
    return drop("remove from collection", _collections(collection_id, "contents", object_type, object_id))


def get_info(collection_id: CollectionId) -> Operation[CollectionInfo]:
    """How much lies inside, subcollections included."""
    return fetch("collection size", _collections(collection_id, "content", "info"), CollectionInfo)


def list_ancestors(collection_id: CollectionId) -> Operation[tuple[Collection, ...]]:
    """The way from the root to a collection."""
    return fetch_all("collection breadcrumb", _collections(collection_id, "ancestors"), Collection)


def _collections(*steps: str) -> str:
    return path("assets", "collections", *steps)
