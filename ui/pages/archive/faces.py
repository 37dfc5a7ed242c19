"""Which of the five faces the queue has, from what is known of the archive and of the outbox."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QAction

from app.records import ConnectionState, SystemStatus
from app.wording import age, clock_time
from ui.theme import Icon
from ui.widgets import Empty, Face, Failed, Fresh, Stale

_DOWN = frozenset({ConnectionState.UNREACHABLE, ConnectionState.SIGNED_OUT, ConnectionState.TROUBLED})
_KEPT = "What is queued is kept and leaves by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """What a face may offer."""

    choose: QAction
    connections: QAction
    try_now: QAction


def face_of(*, status: SystemStatus | None, is_set_up: bool, has_rows: bool, ways: WaysOut, now: datetime) -> Face:
    """``status`` is that of the archive, None before it was first spoken to; ``is_set_up``: it has a connection."""
    if status is None and not is_set_up:
        return _unconnected(has_rows=has_rows, ways=ways)
    if status is not None and status.state in _DOWN:
        return _down(status, has_rows=has_rows, ways=ways, now=now)
    if has_rows:
        return Fresh(word="")
    return Empty(
        title="Nothing waits to be filed",
        sentence="Documents land here when a proof is filed, or when you drop a file on this page.",
        action=ways.choose,
        icon=Icon.ARCHIVE,
        word="",
    )


def _unconnected(*, has_rows: bool, ways: WaysOut) -> Face:
    if has_rows:
        return Stale(
            word="not connected",
            sentence=f"**No archive is connected.** {_KEPT}",
            action=ways.connections,
        )
    return Empty(
        title="No archive is connected",
        sentence="Connect Extended ECM; then documents can be filed into the customers’ workspaces.",
        action=ways.connections,
        icon=Icon.ARCHIVE,
        word="not connected",
    )


def _down(status: SystemStatus, *, has_rows: bool, ways: WaysOut, now: datetime) -> Face:
    way_out = ways.connections if status.state is ConnectionState.SIGNED_OUT else ways.try_now
    if has_rows:
        seen = status.last_sync or status.since
        return Stale(
            word=f"{age(seen, now=now)} old",
            sentence=f"{status.sentence} Since **{clock_time(status.since)}**. What is queued is kept.",
            action=way_out,
        )
    others = (ways.try_now,) if way_out is ways.connections else (ways.connections,)
    return Failed(
        title="The archive cannot be used just now",
        sentence=f"{status.sentence} {_KEPT}",
        actions=(way_out, *others),
        facts=(("Since", clock_time(status.since)), ("Queued here", "nothing")),
        word=f"failed {clock_time(status.since)}",
    )
