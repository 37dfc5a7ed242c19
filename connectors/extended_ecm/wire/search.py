"""Full search and people (contract 7 and 8)."""

from enum import StrEnum

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.access_models import SearchRegion, Slice
from connectors.extended_ecm.models import NodeId, NodeType
from connectors.extended_ecm.wire.asking import ask
from connectors.extended_ecm.wire.reading import read_data


class LookFor(StrEnum):
    """How the words of a search are meant."""

    LQL = "complexQuery"
    ALL_WORDS = "allwords"
    ANY_WORDS = "anywords"
    PHRASE = "exactphrase"


class Within(StrEnum):
    """What is searched."""

    ALL = "all"
    CONTENT = "content"
    METADATA = "metadata"


def quoted(words: str) -> str:
    """``words`` as one LQL phrase; what a person typed must not become a query (CONFIRMED, contract 7)."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def documents_like(words: str, *, within: NodeId | None = None) -> str:
    """LQL for documents with all ``words``, below ``within`` if given."""
    parts = [quoted(word) for word in words.split()]
    parts.append(f"OTSubType:{int(NodeType.DOCUMENT)}")
    if within is not None:
        parts.append(f"OTLocation:{within}")
    return " and ".join(parts)


def search(
    where: str,
    *,
    page: int,
    limit: int,
    sort: str = "desc_OTModifyDate",
    lookfor: LookFor = LookFor.LQL,
    within: Within = Within.ALL,
    location: NodeId | None = None,
) -> Call:
    """One page of hits. The index lags: never use it to prove that something is not there."""
    fields = [
        ("where", where),
        ("lookfor", lookfor.value),
        ("within", within.value),
        ("sort", sort),
        ("page", str(page)),
        ("limit", str(limit)),
    ]
    if location is not None:
        fields.append(("location_id1", str(location)))
    return Call(
        name="search", method="POST", path="/api/v2/search", body=FormBody(fields=tuple(fields)), repeatable=True
    )


def regions() -> Call:
    """What can be asked for by name, category values among it."""
    return ask("search regions", "/v1/regions", (("queryable", "true"),))


def read_regions(reply: Reply) -> tuple[SearchRegion, ...]:
    """Raises: ShapeError."""
    return read_data(reply, tuple[SearchRegion, ...])


def slices() -> Call:
    """The parts of the index."""
    return ask("search slices", "/v1/slices")


def read_slices(reply: Reply) -> tuple[Slice, ...]:
    """Raises: ShapeError."""
    return read_data(reply, tuple[Slice, ...])


def members(*, name: str, kind: int, page: int, limit: int) -> Call:
    """One page of users (0) or groups (1) whose name begins with ``name``."""
    query = (("where_type", str(kind)), ("where_name", name), ("page", str(page)), ("limit", str(limit)))
    return Call(name="members", method="GET", path="/api/v2/members", query=query, repeatable=True)
