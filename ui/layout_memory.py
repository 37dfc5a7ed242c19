"""What the window remembers between two starts. Reads are from memory at once, writes follow into the store."""

from collections.abc import Callable, Mapping

from ui.shell.memory import Json


class StoredMemory:
    """Implements :class:`ui.shell.LayoutMemory`. Until it is attached to a profile it forgets at the end."""

    def __init__(self) -> None:
        self._kept: dict[str, Json] = {}
        self._keep: Callable[[str, Json], None] = lambda _key, _value: None

    def attach(self, kept: Mapping[str, Json], keep: Callable[[str, Json], None]) -> None:
        """From now on this is what was kept, and ``keep`` is called with what changes."""
        self._kept = {**self._kept, **kept}
        self._keep = keep

    def get(self, key: str) -> Json:
        """What was kept under ``key``, or None."""
        return self._kept.get(key)

    def set(self, key: str, value: Json) -> None:
        """Keep ``value``; it reaches the store a moment later."""
        if key not in self._kept or self._kept[key] != value:
            self._kept[key] = value
            self._keep(key, value)
