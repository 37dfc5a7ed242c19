"""Search over names, descriptions and category values (contract 7). How far the index lags is a habit of the world."""

import re
from collections.abc import Mapping

from connectors.sandbox.extended_ecm import lql
from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, cut, links
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.categories import Attribute
from connectors.sandbox.extended_ecm.nodes import VOLUMES, Node
from connectors.sandbox.extended_ecm.refusal import Refusal
from connectors.sandbox.extended_ecm.server import ContentServer


class SearchApi:
    """``/v2/search``, ``/v1/regions``, ``/v1/slices``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)
        self._asked = 0

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="POST", path="/v2/search", handler=self.search),
            Endpoint(method="GET", path="/v2/search", handler=self.search),
            Endpoint(method="GET", path="/v1/regions", handler=self.regions),
            Endpoint(method="GET", path="/v1/slices", handler=self.slices),
        )

    async def search(self, ask: Ask) -> Json:
        """``where`` is LQL unless ``lookfor`` says that it is words."""
        where = ask.text("where")
        question = lql.parse(_as_query(where, ask.text("lookfor", "complexQuery").lower()))
        below = {value for key in ask.values if key.startswith("location_id") and (value := ask.integer(key))}
        found = [
            node
            for node, seen in self._server.index.candidates()
            if node.type not in VOLUMES
            and not node.hidden
            and self._server.rights.may(ask.who, node, "see")
            and self._lies_in(node, below)
            and self._asks(seen, question)
        ]
        sort = ask.text("sort")
        order = {
            "OTName": lambda node: node.name.casefold(),
            "OTModifyDate": lambda node: node.modified_at,
            "OTCreateDate": lambda node: node.created_at,
        }.get(sort.partition("_")[2], lambda node: node.modified_at)
        found.sort(key=order, reverse=not sort.startswith("asc"))
        page = cut(ask, found, default=10)
        self._asked += 1
        entries = await self._views.entries(ask, page.items, groups=("properties", "versions"))
        for node, entry in zip(page.items, entries, strict=True):
            entry["search_result_metadata"] = {"current_version": True, "object_href": None, "object_id": str(node.id)}
            entry["links"] = {"data": {"self": {"href": f"/api/v2/nodes/{node.id}", "method": "GET"}}}
        return {
            "collection": {
                "paging": {**page.paging(ask), "result_header_string": f"Results {page.total}"},
                "searching": {
                    "cache_id": self._asked,
                    "facets": None,
                    "regions_metadata": {"OTName": {"description": "", "multi_value": False, "name": "Name"}},
                    "result_title": f"Search Results for: {where}",
                },
                "sorting": {"links": {}},
            },
            "links": links(ask),
            "results": entries,
        }

    def _lies_in(self, node: Node, below: set[int]) -> bool:
        return not below or any(above.id in below for above in self._server.tree.ancestors(node))

    def _asks(self, node: Node, question: lql.Question) -> bool:
        return question(lambda region, words: self._matches(node, region, words))

    def _matches(self, node: Node, region: str, words: str) -> bool:
        match region:
            case "":
                return _has(self._full_text(node), words)
            case "OTName":
                return _has(node.name, words)
            case "OTDComment":
                return _has(node.description, words)
            case "OTDataID":
                return words == str(node.id)
            case "OTSubType":
                return words == str(int(node.type))
            case "OTMIMEType":
                return node.latest is not None and node.latest.media_type == words
            case "OTLocation":
                return words.isdecimal() and self._lies_in(node, {int(words)})
            case "OTParentID":
                return words == str(node.parent_id)
            case "OTCreateDate" | "OTModifyDate":
                moment = node.created_at if region == "OTCreateDate" else node.modified_at
                return moment.strftime("%Y%m%d") == words.replace("-", "")
            case _ if region.startswith("Attr_"):
                return _has(str(self._flat_values(node).get(region.removeprefix("Attr_"), "") or ""), words)
            case _:
                raise Refusal(400, f"Error Evaluating Query, unknown region {region}")

    def _flat_values(self, node: Node) -> Mapping[str, object]:
        return {key: value for values in node.categories.values() for key, value in values.items()}

    def _full_text(self, node: Node) -> str:
        return " ".join((node.name, node.description, *(str(v) for v in self._flat_values(node).values() if v)))

    async def regions(self, ask: Ask) -> Json:
        """What can be asked for by name; category values are ``Attr_{cat}_{attr}`` (INFERRED)."""
        del ask
        known = {"OTName": "Name", "OTDComment": "Description", "OTSubType": "Type", "OTLocation": "Location"}
        for category in self._server.categories.values():
            for each in category.fields:
                if isinstance(each, Attribute):
                    known[f"Attr_{category.id}_{each.number}"] = f"{category.name}: {each.name}"
        sortable = {"OTName"}
        return {
            "data": [
                {
                    "displayable": True,
                    "display_name": name,
                    "facet": False,
                    "name": key,
                    "queryable": True,
                    "search_by_default": not key.startswith("Attr_"),
                    "sortable": key in sortable,
                }
                for key, name in known.items()
            ]
        }

    async def slices(self, ask: Ask) -> Json:
        """One slice: everything."""
        del ask
        return {"data": [{"default_slice": True, "id": 1, "name": "Enterprise"}]}


def _as_query(where: str, lookfor: str) -> str:
    if lookfor == "complexquery":
        return where
    words = [f'"{word}"' for word in re.findall(r"[^\s\"]+", where)]
    if not words:
        raise Refusal(400, "Error Evaluating Query, You have not specified any search criterion at all")
    match lookfor:
        case "exactphrase":
            return '"{}"'.format(where.replace('"', ""))
        case "anywords":
            return " or ".join(words)
        case _:
            return " and ".join(words)


def _has(text: str, words: str) -> bool:
    """Whether ``words`` stand in ``text`` next to each other, as whole words; ``*`` is any rest of one."""
    if words == "*":
        return True
    pattern = r"\s+".join(re.escape(word).replace(r"\*", r"\S*") for word in words.split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None
