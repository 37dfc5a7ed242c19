"""How a call is spelled, whichever service it is for: verbs, filters in both spellings, pages, times, the driver."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from connectors.calls import Body, Call, JSONBody, RawBody, segment
from connectors.exstream.site import FilterSpelling, Site

Query: TypeAlias = tuple[tuple[str, str], ...]

COMPOSE_DEADLINE_S: Final = 120.0
"""CHOSEN: time-outs are not published, and on-demand engines queue when they are busy (contract 4)."""
PLAIN_DEADLINE_S: Final = 30.0


def get(name: str, path: str, query: Query = ()) -> Call:
    """A read, which may be repeated."""
    return Call(name=name, method="GET", path=path, query=query, repeatable=True)


def change(
    name: str,
    method: str,
    path: str,
    *,
    query: Query = (),
    body: Body | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
    deadline_s: float = PLAIN_DEADLINE_S,
) -> Call:
    """A write. None is repeated by itself: the vendor knows no idempotency key (contract 6)."""
    return Call(name=name, method=method, path=path, query=query, body=body, headers=headers, deadline_s=deadline_s)


def post(
    name: str,
    path: str,
    *,
    query: Query = (),
    body: Body | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Call:
    """A submission or a command; a second one may reach a customer or cost a transaction."""
    return change(name, "POST", path, query=query, body=body, headers=headers, deadline_s=COMPOSE_DEADLINE_S)


def driver(data: Mapping[str, object] | bytes) -> Body:
    """Driver data as JSON, or as the XML that the bytes are."""
    return RawBody(content=data, media_type="application/xml") if isinstance(data, bytes) else JSONBody(value=data)


def filtered(site: Site, filters: Mapping[str, str], *, prefix: str = "filter") -> Query:
    """Those of ``filters`` that say something, in the spelling of the site (1.2, both CONFIRMED)."""
    said = {key: value for key, value in filters.items() if value}
    if site.spelling is FilterSpelling.PAIRS:
        return ((prefix, pairs(said)),) if said else ()
    return tuple((f"{prefix}.{key}", value) for key, value in said.items())


def pairs(said: Mapping[str, str]) -> str:
    """``key:value;key:value``, without those that say nothing."""
    return ";".join(f"{key}:{value}" for key, value in said.items() if value)


def runtime_filtered(said: Mapping[str, str]) -> Query:
    """The text form that the runtime's own example shows; that it is the query's spelling is INFERRED (1.4)."""
    spelled = pairs(said)
    return (("filter", spelled),) if spelled else ()


def paged(site: Site, offset: int) -> Query:
    """Where a page begins and how long it is."""
    return (("offset", str(offset)), ("count", str(site.page_size)))


def version_of(number: int | None) -> Query:
    """A certain version; nothing for the latest."""
    return (("version", str(number)),) if number is not None else ()


def word(claim: bool) -> str:
    """``true`` or ``false``."""
    return "true" if claim else "false"


def plain_time(at: datetime | None) -> str:
    """ISO 8601 with milliseconds in UTC; empty for None."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if at else ""


def resource_path(site: Site, domain: str, resource_id: str) -> str:
    """Where a design resource lies."""
    return f"{site.design}/resources/{segment(domain)}/{segment(resource_id)}"


def runtime_path(site: Site, domain: str) -> str:
    """Where a domain's runtime lies."""
    return f"{site.orchestration}/runtime/{segment(domain)}"


def step_path(site: Site, domain: str, step_id: str) -> str:
    """Where a flow step lies."""
    return f"{runtime_path(site, domain)}/flow-steps/{segment(step_id)}"
