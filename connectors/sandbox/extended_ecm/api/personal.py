"""What belongs to whoever asks: favourites, what they used lately; and the reports that one can run by nickname."""

from starlette.responses import JSONResponse, Response

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, results
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.nodes import Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event


class PersonalApi:
    """``/v2/members/favorites``, ``/v2/members/accessed``, ``/v1/webreports``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)
        self._favourites: dict[int, dict[int, None]] = {}
        """By member, in the order in which they were added."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        report = "/v1/webreports/{nickname}"
        return (
            Endpoint(method="GET", path="/v2/members/favorites", handler=self.favourites),
            Endpoint(method="POST", path="/v2/members/favorites/{id}", handler=self.add_favourite),
            Endpoint(method="DELETE", path="/v2/members/favorites/{id}", handler=self.drop_favourite),
            Endpoint(method="GET", path="/v2/members/accessed", handler=self.accessed),
            Endpoint(method="GET", path=report, handler=self.report),
            Endpoint(method="POST", path=report, handler=self.run_report),
            Endpoint(method="GET", path=f"{report}/parameters", handler=self.parameters),
        )

    async def _listed(self, ask: Ask, nodes: list[Node]) -> Json:
        wanted = ask.text("where_name").casefold()
        page = cut(ask, [node for node in nodes if wanted in node.name.casefold()], default=25)
        return {"collection": collection(ask, page), **results(ask, await self._views.entries(ask, page.items))}

    async def favourites(self, ask: Ask) -> Json:
        """One's own, as far as one still sees them."""
        ids = self._favourites.get(ask.who.id, {})
        return await self._listed(ask, [node for each in ids if (node := self._server.visible(each, ask.who))])

    async def add_favourite(self, ask: Ask) -> Json:
        """A second time changes nothing."""
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise unreachable()
        self._favourites.setdefault(ask.who.id, {})[node.id] = None
        return results(ask, {})

    async def drop_favourite(self, ask: Ask) -> Json:
        """Raises: Refusal for what is none."""
        mine = self._favourites.get(ask.who.id, {})
        if ask.path_id() not in mine:
            raise unreachable()
        del mine[ask.path_id()]
        return results(ask, {})

    async def accessed(self, ask: Ask) -> Json:
        """What one's history says that one has fetched or changed, latest first."""
        when = {
            node.id: max(mine)
            for node in self._server.tree.everything()
            if (
                mine := [
                    entry.at
                    for entry in self._server.trail.of(node.id)
                    if entry.user_id == ask.who.id and entry.at > self._server.world.began
                ]
            )
        }
        latest = sorted(when, key=lambda each: when[each], reverse=True)
        return await self._listed(ask, [node for each in latest if (node := self._server.visible(each, ask.who))])

    # Reports

    def _report(self, ask: Ask) -> Node:
        node = self._server.tree.by_nickname(ask.path_text("nickname"))
        if node is None or self._server.visible(node.id, ask.who) is None:
            raise Refusal(400, f"Could not get node for {ask.path_text('nickname')}")
        if node.type != NodeType.WEB_REPORT:
            raise Refusal(500, "Specified node is not a WebReport node.")
        return node

    async def report(self, ask: Ask) -> Response:
        """A report prints what it likes (CONFIRMED, contract 11); this one counts documents by their age."""
        node = self._report(ask)
        since = ask.integer("days", 30) or 30
        now = self._server.now()
        kept = [each for each in self._server.tree.everything() if each.type == NodeType.DOCUMENT]
        young = sum((now - each.created_at).days < since for each in kept)
        self._server.trail.add(node.id, Event.FETCHED, at=now, user_id=ask.who.id)
        return JSONResponse({"title": node.name, "days": since, "documents": len(kept), "new": young})

    async def run_report(self, ask: Ask) -> Json:
        """For reports that go elsewhere than to a browser."""
        node = self._report(ask)
        return {"data": {"output_type": "node", "destination": node.name}}

    async def parameters(self, ask: Ask) -> Json:
        """v1: flat."""
        self._report(ask)
        parameter = {
            "type": "number",
            "parm_name": "days",
            "display_text": "Days",
            "prompt": True,
            "prompt_order": 1,
            "default_value": 30,
            "description": "How young a document is to count as new.",
            "mandatory": False,
        }
        return {"data": [parameter]}
