"""What a window remembers between two starts: where it stood, which page, how panes and columns were drawn.

The store keeps it per profile; here is only the door, and the one that forgets for tests and the gallery.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QSplitter, QWidget

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


class LayoutMemory(Protocol):
    """Keeps JSON values by key."""

    def get(self, key: str) -> Json:
        """Return what was kept, or None when nothing was."""
        ...

    def set(self, key: str, value: Json) -> None:
        """Keep ``value``; must return at once."""
        ...


class SessionMemory:
    """Remembers until the program ends."""

    def __init__(self) -> None:
        self._kept: dict[str, Json] = {}

    def get(self, key: str) -> Json:
        """Return what was kept, or None."""
        return self._kept.get(key)

    def set(self, key: str, value: Json) -> None:
        """Keep ``value``."""
        self._kept[key] = value


def remember_splitter(splitter: QSplitter, memory: LayoutMemory, key: str) -> None:
    """Restore the panes of ``splitter`` as they were drawn, and keep what becomes of them."""
    kept = memory.get(key)
    if isinstance(kept, Sequence) and not isinstance(kept, str) and len(kept) == splitter.count():
        splitter.setSizes([size for size in kept if isinstance(size, int)])
    splitter.splitterMoved.connect(lambda *_: memory.set(key, splitter.sizes()))


def remember_columns(header: QHeaderView, memory: LayoutMemory, key: str) -> None:
    """Restore the widths of a table's columns, and keep what becomes of them. Call after its columns are set."""
    kept = memory.get(key)
    if isinstance(kept, str):
        header.restoreState(QByteArray.fromBase64(QByteArray(kept.encode())))

    def keep(*_: int) -> None:
        memory.set(key, bytes(header.saveState().toBase64().data()).decode())

    header.sectionResized.connect(keep)
    header.sectionMoved.connect(keep)


def remember_geometry(window: QWidget, memory: LayoutMemory, key: str) -> bool:
    """Put ``window`` where it stood and return whether that was known."""
    kept = memory.get(key)
    return isinstance(kept, str) and window.restoreGeometry(QByteArray.fromBase64(QByteArray(kept.encode())))


def keep_geometry(window: QWidget, memory: LayoutMemory, key: str) -> None:
    """Keep where ``window`` stands now."""
    memory.set(key, bytes(window.saveGeometry().toBase64().data()).decode())
