"""The recycle bin (contract 3). Not every item need succeed, so an outcome is read from a refusal too."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.access_models import BinnedNode, BinOutcome
from connectors.extended_ecm.models import NodeId, Page
from connectors.extended_ecm.wire.asking import page_of_list
from connectors.extended_ecm.wire.reading import read_failure, read_page
from connectors.shape import decode

PATH = "/v2/volumes/recyclebin/nodes"
PARTIAL = frozenset({400})
"""What an outcome with failures in it comes with (CONFIRMED by the vendor's API description)."""


class _Done(msgspec.Struct, frozen=True):
    ids: tuple[NodeId, ...] = ()


class _Message(msgspec.Struct, frozen=True):
    message: str = ""


class _Failed(msgspec.Struct, frozen=True):
    ids: tuple[NodeId, ...] = ()
    errors: Mapping[str, _Message] = {}


class _Outcome(msgspec.Struct, frozen=True):
    success: _Done | None = None
    failure: _Failed | None = None


class _Answer(msgspec.Struct, frozen=True):
    results: _Outcome


def contents(*, page: int, limit: int) -> Call:
    """What everybody deleted, latest first."""
    return page_of_list("recycle bin", PATH, page=page, limit=limit, query=(("mode", "anyone_deleted"),))


def read_contents(reply: Reply, zone: tzinfo) -> Page[BinnedNode]:
    """Raises: ShapeError."""
    return read_page(reply, BinnedNode, zone)


def restore(node_ids: Sequence[NodeId]) -> Call:
    """Back to where they were."""
    return _each("restore", node_ids)


def purge(node_ids: Sequence[NodeId]) -> Call:
    """Gone for ever."""
    return _each("purge", node_ids)


def _each(verb: str, node_ids: Sequence[NodeId]) -> Call:
    fields = tuple(("ids", str(each)) for each in node_ids)
    return Call(
        name=f"{verb} items", method="POST", path=f"/api{PATH}/{verb}", body=FormBody(fields=fields), accepts=PARTIAL
    )


def read_outcome(reply: Reply, asked: Sequence[NodeId]) -> BinOutcome:
    """Which succeeded; an answer without lists means all of ``asked``. Raises: ConnectorError, ShapeError."""
    if reply.status in PARTIAL and b'"results"' not in reply.body:
        raise read_failure(reply) or reply.odd("a refusal without a reason")
    said = decode(reply, _Answer).results
    failed = said.failure or _Failed()
    words = {node_id: failed.errors.get(str(node_id), _Message()).message for node_id in failed.ids}
    done = said.success.ids if said.success else tuple(each for each in asked if each not in words)
    return BinOutcome(done=done, failed=words)
