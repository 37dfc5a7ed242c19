"""The index that Search reads: it has what was written ``lag`` ago, in the sandbox's time.

Source: contract §3.4, CONFIRMED: the index trails writes by seconds; a detail call tells the truth. Without a lag the
index is the shelf itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.shelf import Handle, Shelf


@dataclass(slots=True, kw_only=True)
class _History:
    """What the index knows of one resource: what it shows, and what it will."""

    shown: Resource | None
    coming: list[tuple[datetime, Resource | None]] = field(default_factory=list)


class Index:
    """The state of every resource as Search knows it."""

    def __init__(self, shelf: Shelf, *, clock: SandboxClock, lag_s: float) -> None:
        self._shelf = shelf
        self._clock = clock
        self._lag = timedelta(seconds=lag_s)
        self._histories: dict[str, _History] = {}

    def note(self, resource: Resource, *, is_gone: bool = False) -> None:
        """Take up what has just become of ``resource``."""
        if not self._lag:
            return
        history = self._histories.get(resource.asset_id)
        if history is None:
            history = self._histories[resource.asset_id] = _History(shown=self._shelf.as_it_was(resource.asset_id))
        history.coming.append((self._clock.now() + self._lag, None if is_gone else _copied(resource)))

    def kept(self) -> Iterable[Resource] | None:
        """The resources that somebody touched, as the index has them; None when it has no view of its own."""
        if not self._lag:
            return None
        untouched = (one for one in self._shelf.kept() if one.asset_id not in self._histories)
        shown = (self._shown(asset_id) for asset_id in self._histories)
        return [*untouched, *(one for one in shown if one is not None)]

    def peek(self, handle: Handle) -> Resource | None:
        """One resource as the index has it; None when it is not in it."""
        if isinstance(handle, str) and handle in self._histories:
            return self._shown(handle)
        return self._shelf.peek(handle)

    def _shown(self, asset_id: str) -> Resource | None:
        history, now = self._histories[asset_id], self._clock.now()
        while history.coming and history.coming[0][0] <= now:
            history.shown = history.coming.pop(0)[1]
        return history.shown


def _copied(resource: Resource) -> Resource:
    return replace(
        resource,
        revisions=list(resource.revisions),
        tags=list(resource.tags),
        context=dict(resource.context),
        metadata=dict(resource.metadata),
        moderation=[replace(step) for step in resource.moderation],
        access_control=list(resource.access_control) if resource.access_control is not None else None,
    )
