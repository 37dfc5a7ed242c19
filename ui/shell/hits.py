"""What the command palette finds, and how words find it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction

from ui.theme import Icon
from ui.widgets import StateMark, key_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row. ``act`` runs on Enter; ``act_apart`` on Ctrl+Enter, for what can open in a window of its own."""

    key: str
    title: str
    group: str
    act: Callable[[], None]
    act_apart: Callable[[], None] | None = None
    detail: str = ""
    icon: Icon | None = None
    mark: StateMark | None = None
    word: str = ""
    """The word of ``mark``; its own when empty."""
    keys: str = ""
    """The key that does the same without the palette, as a cap shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A narrower search: chosen with Tab, a click, or its prefix typed first."""

    key: str
    word: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Answers a question in its own time; ``find`` gets the words and the key of the scope (``all`` or its own)."""

    scope: Scope
    find: Callable[[str, str], Awaitable[Sequence[Hit]]]


ALL = Scope(key="all", word="All")
ACTIONS = Scope(key="actions", word="Actions", prefix=">")


def hit_spans(query: str, title: str) -> tuple[tuple[int, int], ...] | None:
    """Return where the words of ``query`` stand in ``title`` as (start, end), or None when one of them does not.

    A word at the start of a word is preferred to one inside it; neighbours with only a hyphen or a space between them
    become one span, so ``spring ban`` marks ``spring-ban`` in ``spring-banner``.
    """
    low = title.casefold()
    spans: list[tuple[int, int]] = []
    for word in query.casefold().split():
        starts = [at for at in range(len(low)) if low.startswith(word, at)]
        if not starts:
            return None
        best = min(starts, key=lambda start: (start > 0 and low[start - 1].isalnum(), start))
        spans.append((best, best + len(word)))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if (merged and low[merged[-1][1] : start] in ("", "-", " ", "_", ".")) or (merged and start < merged[-1][1]):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def action_hits(actions: Sequence[QAction], query: str, group: str) -> list[Hit]:
    """Return the enabled actions that ``query`` finds, those that begin with it first."""
    found: list[tuple[int, Hit]] = []
    for action in actions:
        title = action.text().replace("&", "")
        spans = hit_spans(query, title) if title and action.isEnabled() and not action.isSeparator() else None
        if spans is None:
            continue
        detail = action.toolTip() if action.toolTip() not in (action.text(), title) else ""
        hit = Hit(
            key=f"action:{action.objectName() or title}",
            title=title,
            group=group,
            act=action.trigger,
            detail=detail,
            icon=_icon_of(action),
            keys=key_words(action.shortcut()),
        )
        found.append((spans[0][0] if spans else 0, hit))
    return [hit for _, hit in sorted(found, key=lambda pair: pair[0])]


ICON_PROPERTY = "deskIcon"
"""Dynamic property of a QAction: the value of the Icon that stands before it in the palette."""


def _icon_of(action: QAction) -> Icon | None:
    value = action.property(ICON_PROPERTY)
    return Icon(value) if isinstance(value, str) else None
