"""Cursors: a list is frozen when its first page is asked, and a cursor names a place in that list.

Source: contract §3.4, CONFIRMED: cursors expire and belong to one query.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.refusals import bad_value
from connectors.sandbox.cloudinary.state import Cloud

T = TypeVar("T")

MOST_ITEMS: Final = 500
"""The longest page that may be asked for (§3.1, CONFIRMED)."""
_KEPT_LISTS: Final = 200
_LIST_DIGITS: Final = 32
_LONG: Final = 10_000
_FRESH: Final = timedelta(seconds=30)
"""A long list takes seconds to find; while nothing changes it is found once and told for so long."""


class Cursors:
    """The lists that somebody may still be reading; the oldest are forgotten first."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._lists: OrderedDict[str, tuple[str, Sequence[Any]]] = OrderedDict()
        self._latest: dict[str, tuple[str, int, datetime]] = {}
        """By query: the name of its list, the cloud's changes and the time when it was found."""
        self._keeping = Lock()

    def page(
        self, query: str, *, size: int, cursor: str | None, find: Callable[[], Sequence[T]]
    ) -> tuple[Sequence[T], str | None, int]:
        """One page, the cursor of the next one (None at the end) and the length of the whole list.

        ``query`` tells one question from another; ``find`` answers it, and is asked for the first page only.
        Raises: RefusalError, 400, for a cursor of another query or one that has expired.
        """
        listed: Sequence[T]
        if cursor is None:
            name, start, listed = self._first(query, find)
        else:
            name, start, listed = self._resume(query, cursor)
        end = start + size
        if end >= len(listed):
            return listed[start:], None, len(listed)
        if not name:
            name = self._keep(query, listed)
        return listed[start:end], f"{name}{end:08x}", len(listed)

    def _first(self, query: str, find: Callable[[], Sequence[T]]) -> tuple[str, int, Sequence[T]]:
        name, changes, found_at = self._latest.get(query, ("", -1, self._cloud.now()))
        kept = self._lists.get(name)
        if kept is not None and changes == self._cloud.changes and self._cloud.now() - found_at < _FRESH:
            return name, 0, kept[1]
        return "", 0, find()

    def _resume(self, query: str, cursor: str) -> tuple[str, int, Sequence[Any]]:
        name, place = cursor[:_LIST_DIGITS], cursor[_LIST_DIGITS:]
        kept = self._lists.get(name)
        if kept is None or kept[0] != query:
            raise bad_value("next_cursor", cursor)
        try:
            return name, int(place, 16), kept[1]
        except ValueError:
            raise bad_value("next_cursor", cursor) from None

    def _keep(self, query: str, listed: Sequence[Any]) -> str:
        with self._keeping:  # long lists are answered in threads
            name = self._cloud.mint("cursor")
            self._lists[name] = (query, listed)
            if len(listed) >= _LONG:
                self._latest[query] = (name, self._cloud.changes, self._cloud.now())
            if len(self._lists) > _KEPT_LISTS:
                forgotten, (its_query, _) = self._lists.popitem(last=False)
                if self._latest.get(its_query, ("",))[0] == forgotten:
                    del self._latest[its_query]
        return name


def with_cursor(answer: Answer, cursor: str | None) -> Answer:
    """``answer`` with the cursor of its next page; without one on the last."""
    return answer if cursor is None else {**answer, "next_cursor": cursor}
