"""The sandbox's own time: real by default, set and moved by command."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Aware UTC time that runs at the real speed from wherever it was set."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = (start - datetime.now(UTC)) if start else timedelta(0)

    def now(self) -> datetime:
        """The time that every system of the sandbox believes."""
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Make it ``moment`` (aware)."""
        self._offset = moment - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on by ``by``; tickets and tokens age with it."""
        self._offset += by
