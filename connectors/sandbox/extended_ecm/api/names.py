"""Names: which are taken, and the nicknames that are unique on the whole server (contract 3)."""

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.nodes import Node, NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, no_node, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer


class NamesApi:
    """``/v1/validation/nodes``, ``/v2/uniquenames``, setting nicknames."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="POST", path="/v1/validation/nodes", handler=self.taken_nodes),
            Endpoint(method="POST", path="/v1/validation/nodes/names", handler=self.taken_names),
            Endpoint(method="GET", path="/v2/uniquenames", handler=self.unique_names),
            Endpoint(method="PUT", path="/v2/nodes/{id}/nicknames", handler=self.set_nickname),
        )

    def _collisions(self, ask: Ask) -> list[Node]:
        if not ask.has("parent_id"):
            raise Refusal(400, "Body Parameter 'parent_id' is missing")
        if not ask.has("names"):
            raise Refusal(400, "Body Parameter 'names' is missing")
        parent = self._server.visible(ask.needed_integer("parent_id"), ask.who)
        if parent is None or not parent.is_container:
            raise unreachable()
        names = ask.values["names"]
        given = names if isinstance(names, list) else [names]
        found = (self._server.tree.child_named(parent.id, str(name)) for name in given)
        return [node for node in found if node is not None]

    async def taken_nodes(self, ask: Ask) -> Json:
        """Only the collisions."""
        return {
            "results": [
                {
                    "id": node.id,
                    "name": node.name,
                    "type": int(node.type),
                    "mime_type": node.latest.media_type if node.latest else None,
                    "versioned": node.type == NodeType.DOCUMENT,
                }
                for node in self._collisions(ask)
            ]
        }

    async def taken_names(self, ask: Ask) -> Json:
        """The same, shorter."""
        return {"results": [{"id": node.id, "name": node.name} for node in self._collisions(ask)]}

    async def unique_names(self, ask: Ask) -> Json:
        """Which of the given nicknames exist."""
        found = [node for name in ask.many("where_names") if (node := self._server.tree.by_nickname(name)) is not None]
        return results(ask, [{"NodeId": node.id, "NodeName": node.nickname} for node in found])

    async def set_nickname(self, ask: Ask) -> Json:
        """Raises: Refusal (500) for one that is taken or cannot be one."""
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise no_node(ask.path_id(), 400)
        self._server.demand(ask.who, node, "modify")
        nickname = ask.text("nickname")
        if nickname.isdecimal() or not nickname.replace("_", "").isalnum():
            raise Refusal(500, f"The nickname '{nickname}' is not valid.")
        taken = self._server.tree.by_nickname(nickname)
        if taken is not None and taken.id != node.id:
            raise Refusal(500, f"The nickname '{nickname}' is not unique.")
        node.nickname = nickname
        return results(ask, {})
