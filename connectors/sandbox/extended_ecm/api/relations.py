"""Workspaces that belong to each other (contract 6)."""

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.api.workspace_lists import find_workspace, listed, name_matches
from connectors.sandbox.extended_ecm.refusal import Refusal
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workspaces import CHILD, PARENT


class RelationsApi:
    """``…/relateditems``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        path = "/v2/businessworkspaces/{id}/relateditems"
        return (
            Endpoint(method="GET", path=path, handler=self.related),
            Endpoint(method="POST", path=path, handler=self.relate),
            Endpoint(method="DELETE", path=f"{path}/{{other}}", handler=self.part),
        )

    async def related(self, ask: Ask) -> Json:
        """Children by default; ``where_relationtype`` and ``where_rel_types`` both occur."""
        _, workspace = find_workspace(self._server, ask)
        kinds = set(ask.many("where_rel_types") or ask.many("where_relationtype") or [CHILD])
        found = [
            node
            for kind, other in workspace.related
            if kind in kinds
            and (node := self._server.tree.find(other)) is not None
            and name_matches(node.name, ask.text("where_name"))
        ]
        return await listed(self._views, ask, found)

    async def relate(self, ask: Ask) -> Json:
        """Make another workspace a child or parent."""
        _, workspace = find_workspace(self._server, ask)
        other = self._server.workspaces.find(ask.needed_integer("rel_bw_id"))
        kind = ask.text("rel_type", CHILD)
        if other is None or kind not in (CHILD, PARENT):
            raise Refusal(400, "One or more parameters are invalid")
        self._server.workspaces.relate(workspace, other, kind)
        return results(ask, {})

    async def part(self, ask: Ask) -> Json:
        """Undo it."""
        _, workspace = find_workspace(self._server, ask)
        _, other = find_workspace(self._server, ask, "other")
        if not self._server.workspaces.part(workspace, other):
            raise Refusal(400, "One or more parameters are invalid")
        return results(ask, {})
