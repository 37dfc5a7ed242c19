"""Sharing with named people outside, through the share provider (contract 8). Needs a module that this server has.

There is no list of shares (CONFIRMED as undocumented); that an item is shared stands in its history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.refusal import Refusal
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event

PROVIDERS: Final = frozenset({"CORE"})
ROLES: Final = frozenset({1, 2, 3, 4})
"""Viewer, collaborator, manager, owner (CONFIRMED)."""
_NOT_SHARED: Final = "Could not share the specified item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One item as it was shared."""

    node_id: int
    invitees: tuple[str, ...]
    """Mail addresses; the provider forces them to lower case (CONFIRMED)."""
    ends_on: date | None
    coordinator_ids: tuple[int, ...]


class SharesApi:
    """``/v2/shares``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._shares: dict[int, Share] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="POST", path="/v2/shares", handler=self.share),
            Endpoint(method="DELETE", path="/v2/shares/{id}", handler=self.stop),
        )

    async def share(self, ask: Ask) -> Json:
        """``partial`` as soon as one item could not be shared; all of them failing is a 500 (CONFIRMED)."""
        ids = ask.ids("IDs") or ask.ids("ids")
        if not ids or ask.text("shareProvider", "CORE").upper() not in PROVIDERS:
            raise Refusal(500, _NOT_SHARED)
        invitees = _addresses(ask.mapping("providerParams"))
        ends_on = _end(ask.mapping("shareOptions"), today=self._server.now().date())
        coordinators = tuple(ask.ids("coordinators"))
        shared = 0
        for node_id in ids:
            node = self._server.visible(node_id, ask.who)
            if node is None or not self._server.rights.may(ask.who, node, "see_contents"):
                continue
            again = node.id in self._shares
            self._shares[node.id] = Share(
                node_id=node.id, invitees=invitees, ends_on=ends_on, coordinator_ids=coordinators
            )
            event = Event.COORDINATORS_CHANGED if again else Event.SHARED
            self._server.trail.add(node.id, event, at=self._server.now(), user_id=ask.who.id)
            shared += 1
        if not shared:
            raise Refusal(500, _NOT_SHARED)
        said = f"{shared} item shared." if shared == 1 else f"{shared} items shared."
        return results(ask, {"data": {"msg": said, "partial": shared < len(ids)}})

    async def stop(self, ask: Ask) -> Json:
        """Raises: Refusal for what is not shared."""
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None or self._shares.pop(node.id, None) is None:
            raise Refusal(500, "Could not delete the share")
        self._server.trail.add(node.id, Event.COORDINATORS_CHANGED, at=self._server.now(), user_id=ask.who.id)
        return results(ask, {"data": {"msg": "The item is no longer shared."}})


def _addresses(params: Mapping[str, object]) -> tuple[str, ...]:
    """Whoever is invited. Raises: Refusal for nobody, or a part that does not exist."""
    invitees = params.get("invitees")
    if not isinstance(invitees, Sequence) or isinstance(invitees, str) or not invitees:
        raise Refusal(500, _NOT_SHARED)
    addresses = []
    for each in invitees:
        if not isinstance(each, Mapping) or each.get("perm", 1) not in ROLES:
            raise Refusal(500, _NOT_SHARED)
        address = str(each.get("business_email") or each.get("id") or "").lower()
        if "@" not in address:
            raise Refusal(500, _NOT_SHARED)
        addresses.append(address)
    return tuple(addresses)


def _end(options: Mapping[str, object], *, today: date) -> date | None:
    """The end date; one that has passed is refused (CHOSEN)."""
    said = options.get("expire_date")
    if not said:
        return None
    try:
        ends_on = date.fromisoformat(str(said)[:10])
    except ValueError:
        raise Refusal(500, _NOT_SHARED) from None
    if ends_on < today:
        raise Refusal(500, _NOT_SHARED)
    return ends_on
