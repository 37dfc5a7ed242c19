"""Collections and what lies in them: the ``assets`` service (wire contract "iconik", §7)."""

from connectors.calls import Call, JSONBody, Reply
from connectors.iconik.models import AssetId, Collection, CollectionId, CollectionInfo, SearchDocument
from connectors.iconik.wire.addressing import numbered, path
from connectors.iconik.wire.reading import read, read_objects


def list_collections(*, page: int, per_page: int) -> Call:
    """All collections (P1)."""
    return Call(
        name="list collections", method="GET", path=_collections(), query=numbered(page, per_page), repeatable=True
    )


def get_collection(collection_id: CollectionId) -> Call:
    """One collection."""
    return Call(name="get collection", method="GET", path=_collections(collection_id), repeatable=True)


def list_contents(collection_id: CollectionId, *, page: int, per_page: int) -> Call:
    """Assets and collections inside, each with its ``object_type`` (P1)."""
    return Call(
        name="collection contents",
        method="GET",
        path=_collections(collection_id, "contents"),
        query=numbered(page, per_page),
        repeatable=True,
    )


def put_in(collection_id: CollectionId, asset_id: AssetId) -> Call:
    """Put an asset into a collection; it stays in the others. One that is in stays in, hence repeatable (INFERRED)."""
    return Call(
        name="add to collection",
        method="POST",
        path=_collections(collection_id, "contents"),
        body=JSONBody(value={"object_id": asset_id, "object_type": "assets"}),
        repeatable=True,
    )


def take_out(collection_id: CollectionId, asset_id: AssetId) -> Call:
    """Take an asset out of a collection; one that is not in is an answer."""
    return Call(
        name="remove from collection",
        method="DELETE",
        path=_collections(collection_id, "contents", "assets", asset_id),
        repeatable=True,
        accepts=frozenset({404}),
    )


def get_info(collection_id: CollectionId) -> Call:
    """How much lies inside, subcollections included."""
    return Call(
        name="collection size", method="GET", path=_collections(collection_id, "content", "info"), repeatable=True
    )


def list_ancestors(collection_id: CollectionId) -> Call:
    """The way from the root to a collection."""
    return Call(
        name="collection breadcrumb", method="GET", path=_collections(collection_id, "ancestors"), repeatable=True
    )


def read_collection(reply: Reply) -> Collection:
    """One collection. Raises: ShapeError."""
    return read(reply, Collection)


def read_collections(reply: Reply) -> tuple[Collection, ...]:
    """A page of collections. Raises: ShapeError."""
    return read_objects(reply, Collection)


def read_contents(reply: Reply) -> tuple[SearchDocument, ...]:
    """A page of contents, in the form of search hits. Raises: ShapeError."""
    return read_objects(reply, SearchDocument)


def read_info(reply: Reply) -> CollectionInfo:
    """Counts and sizes. Raises: ShapeError."""
    return read(reply, CollectionInfo)


def _collections(*steps: str) -> str:
    return path("assets", "collections", *steps)
