"""The delay of the index: what a write changed is found as it was, and what it made not at all, until a refresh.

iconik refreshes its index periodically (CONFIRMED); the delay is not published, so it is the world's
(:class:`~connectors.sandbox.world.Habits`), counted from the first write since the last refresh. Things named by a
write, in its path or its body, are kept as the index has them just before it.
"""

import re
from collections.abc import Iterator, Reversible
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from starlette.requests import Request

from connectors.sandbox.iconik.comments import Comments
from connectors.sandbox.iconik.documents import Documents, Found, Indexed
from connectors.sandbox.iconik.tenant import Tenant

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(slots=True, kw_only=True)
class _Sizes:
    """How many things there were before a write."""

    assets: int
    collections: int
    segments: int


@dataclass(slots=True, kw_only=True)
class Lag:
    """What the index does not know yet."""

    tenant: Tenant
    comments: Comments
    index: Documents
    _request: Request | None = field(default=None, repr=False)
    _refreshed_at: datetime | None = None

    def __post_init__(self) -> None:
        self.tenant.watchers.append(self.keep)

    @property
    def is_on(self) -> bool:
        """Whether this world's index lags at all."""
        return self.tenant.world.habits.index_lag_s > 0

    def arrive(self, request: Request) -> None:
        """A request has come: refresh the index when that is due."""
        self._request = request
        if self._refreshed_at is not None and self._refreshed_at <= self.tenant.now():
            self.index.held.clear()
            self._refreshed_at = None
            self.tenant.revision += 1

    def before(self, path: str, body: bytes) -> _Sizes:
        """A write is about to be done: keep what it names."""
        for key in {*_ID.findall(path), *_ID.findall(body.decode("utf-8", "replace"))}:
            self.keep(key)
        tenant = self.tenant
        return _Sizes(
            assets=len(tenant.assets.made), collections=len(tenant.collections), segments=len(self.comments.by_id)
        )

    def after(self, before: _Sizes) -> None:
        """The write was done: hide what it made."""
        made = (
            (self.tenant.assets.made, before.assets),
            (self.tenant.collections, before.collections),
            (self.comments.by_id, before.segments),
        )
        for things, size in made:
            for key in _newest(things, len(things) - size):
                self._hold(key, None)

    def keep(self, key: str) -> None:
        """Show a thing as it is now until the next refresh."""
        found: Found | None = (
            self.tenant.assets.get(key) or self.tenant.collections.get(key) or self.comments.by_id.get(key)
        )
        if not self.is_on or found is None or key in self.index.held or self._request is None:
            return
        document = self.index.write(self._request, found, signed=True, signed_proxies=True, signed_files=True)
        self._hold(key, Indexed(id=key, document=document))

    def _hold(self, key: str, document: Indexed | None) -> None:
        self.index.held.setdefault(key, document)
        if self._refreshed_at is None:
            self._refreshed_at = self.tenant.now() + timedelta(seconds=self.tenant.world.habits.index_lag_s)


def _newest(things: Reversible[str], count: int) -> Iterator[str]:
    return islice(reversed(things), max(0, count))
