"""Full search and people (contract 7 and 8)."""

from connectors.calls import Call, FormBody
from connectors.extended_ecm.models import NodeId, NodeType


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


def search(where: str, *, page: int, limit: int, sort: str = "desc_OTModifyDate") -> Call:
    """One page of hits for an LQL query. The index lags: never use it to prove that something is not there."""
    return Call(
        name="search",
        method="POST",
        path="/api/v2/search",
        body=FormBody(
            fields=(
                ("where", where),
                ("lookfor", "complexQuery"),
                ("within", "all"),
                ("sort", sort),
                ("page", str(page)),
                ("limit", str(limit)),
            )
        ),
        repeatable=True,
    )


def members(*, name: str, kind: int, page: int, limit: int) -> Call:
    """One page of users (0) or groups (1) whose name begins with ``name``."""
    query = (("where_type", str(kind)), ("where_name", name), ("page", str(page)), ("limit", str(limit)))
    return Call(name="members", method="GET", path="/api/v2/members", query=query, repeatable=True)
