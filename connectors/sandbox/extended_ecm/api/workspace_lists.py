"""Lists of workspaces, which page at the top level (CONFIRMED, contract 1), and how their names are asked for."""

from collections.abc import Sequence
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask
from connectors.sandbox.extended_ecm.api.replies import Json, Page, cut, link, links
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.refusal import unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workspaces import BusinessObject, Workspace

DEFAULT_PAGE: Final = 500
"""CONFIRMED (contract 1)."""


def find_workspace(server: ContentServer, ask: Ask, name: str = "id") -> tuple[Node, Workspace]:
    """The workspace that the path names. Raises: Refusal (404)."""
    node = server.visible(ask.path_id(name), ask.who)
    workspace = server.workspaces.find(ask.path_id(name))
    if node is None or workspace is None:
        raise unreachable(404)
    return node, workspace


async def listed(views: Views, ask: Ask, found: Sequence[Node]) -> Json:
    """The page of ``found`` that was asked for."""
    page = cut(ask, found, default=DEFAULT_PAGE)
    entries = await views.entries(ask, page.items, dates_bare=True)
    for node, entry in zip(page.items, entries, strict=True):
        entry["actions"] = {
            "data": {"open": link(f"/api/v2/nodes/{node.id}/nodes", "GET")},
            "map": {"default_action": "open"},
            "order": ["open"],
        }
    return _paged(ask, entries, page)


def _paged(ask: Ask, entries: list[Json], page: Page[Node]) -> Json:
    paging = page.paging(ask)
    del paging["links"]
    actions: Json = {}
    if page.number < page.last:
        href = str(ask.request.url.include_query_params(page=page.number + 1, limit=page.limit))
        actions["next"] = link("/api" + href.partition("/api")[2], "GET")
    paging["actions"] = actions
    return {"links": links(ask), "paging": paging, "results": entries, "wksp_info": {"wksp_type_icon": None}}


def reference_in(ask: Ask) -> BusinessObject | None:
    """The business object that was sent, whole."""
    system, kind, key = (ask.text(name) for name in ("ext_system_id", "bo_type", "bo_id"))
    return BusinessObject(ext_system_id=system, bo_type=kind, bo_id=key) if system and kind and key else None


def name_matches(name: str, wanted: str) -> bool:
    """``contains_x``, ``startswith_x``, or exactly ``x`` (CONFIRMED, contract 6)."""
    name, wanted = name.casefold(), wanted.casefold()
    if wanted.startswith("contains_"):
        return wanted.removeprefix("contains_") in name
    if wanted.startswith("startswith_"):
        return name.startswith(wanted.removeprefix("startswith_"))
    return not wanted or name == wanted
