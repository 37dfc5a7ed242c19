"""The recycle bin: what was deleted, and for ever or back again (contract 3).

Not every id need succeed: ``results`` lists which did and which did not, and the status is 400 as soon as one did not
(CONFIRMED by the vendor's own API description, source A of the contract).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from starlette.responses import JSONResponse

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, collection, cut, results, zulu
from connectors.sandbox.extended_ecm.nodes import TYPE_NAMES, Binned, Node
from connectors.sandbox.extended_ecm.refusal import Refusal, no_node
from connectors.sandbox.extended_ecm.server import ContentServer

KEPT: Final = timedelta(days=60)
"""The product's default (CONFIRMED, source A)."""
_MODES: Final = ("user_deleted_today", "user_deleted", "anyone_deleted_today", "anyone_deleted")


class RecycleBinApi:
    """``/v2/volumes/recyclebin``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        path = "/v2/volumes/recyclebin/nodes"
        return (
            Endpoint(method="GET", path=path, handler=self.listed),
            Endpoint(method="POST", path=f"{path}/purge", handler=self.purge),
            Endpoint(method="POST", path=f"{path}/restore", handler=self.restore),
        )

    def _binned(self, ask: Ask) -> list[Binned]:
        mode = ask.text("mode", "anyone_deleted")
        if mode not in _MODES:
            raise Refusal(403, f"Could not set feature mode, invalid value '{mode}'")
        today = self._server.now().date()
        wanted = ask.text("where_name").casefold()
        return [
            each
            for each in self._server.tree.bin()
            if self._server.rights.may(ask.who, each.node, "see")
            and each.node.name.casefold().startswith(wanted)
            and (mode.startswith("anyone") or each.deleted_by == ask.who.id)
            and (not mode.endswith("today") or each.deleted_at.date() == today)
        ]

    async def listed(self, ask: Ask) -> Json:
        """Containers first, then by ``sort``; the latest deleted is at the top by default (CONFIRMED, source A)."""
        direction, _, key = ask.text("sort", "desc_deleted_date").partition("_")
        if direction not in ("asc", "desc"):
            direction, key = "desc", ask.text("sort")
        order: dict[str, Callable[[Binned], object]] = {
            "name": lambda each: each.node.name.casefold(),
            "deleted_date": lambda each: each.deleted_at,
            "purged_date": lambda each: each.deleted_at,
            "type": lambda each: int(each.node.type),
        }
        if key not in order:
            raise Refusal(500, f"Could not set feature Sort Column, invalid value '{key}'")
        found = sorted(self._binned(ask), key=order[key], reverse=direction == "desc")  # type: ignore[arg-type]  # each key gives one type
        found.sort(key=lambda each: not each.node.is_container)
        page = cut(ask, found, default=25)
        shown = [{"data": {"properties": self._properties(each)}} for each in page.items]
        return {"collection": collection(ask, page, sort=f"{direction}_{key}"), **results(ask, shown)}

    def _properties(self, each: Binned) -> Json:
        node = each.node
        return {
            "id": node.id,
            "type": int(node.type),
            "name": node.name,
            "deleted_user_id": each.deleted_by,
            "purged_date": zulu(each.deleted_at + KEPT),
            "deleted_date": zulu(each.deleted_at),
            "parent_id": node.parent_id,
            "type_name": TYPE_NAMES[node.type],
            "mime_type": node.latest.media_type if node.latest else None,
            "version_number": node.latest.number if node.latest else None,
        }

    async def purge(self, ask: Ask) -> JSONResponse:
        """Out of the bin for ever."""
        return self._each(ask, self._server.tree.purge)

    async def restore(self, ask: Ask) -> JSONResponse:
        """Back from the bin."""
        return self._each(ask, self._server.tree.restore)

    def _each(self, ask: Ask, act: Callable[[Node], None]) -> JSONResponse:
        ids = ask.ids()
        if not ids:
            raise Refusal(400, "The parameter 'ids' is not specified.")
        done: list[int] = []
        failed: dict[str, Json] = {}
        for node_id in ids:
            try:
                each = self._server.tree.binned(node_id)
                if each is None or not self._server.rights.may(ask.who, each.node, "delete"):
                    raise no_node(node_id)
                act(each.node)
            except Refusal as refusal:
                failed[str(node_id)] = {"message": refusal.error}
            else:
                done.append(node_id)
        outcome = {"success": {"ids": done}, "failure": {"errors": failed, "ids": [int(each) for each in failed]}}
        body = results(ask, outcome)
        if failed:
            body["error"] = next(iter(failed.values()))["message"]
        return JSONResponse(body, status_code=400 if failed else 200)
