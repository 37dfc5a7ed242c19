"""What a person may say about the reading of a system: now, stop, not by itself, go on."""

from app.access import Guarded, needs
from app.records import System
from app.rules.roles import Action
from app.sync import Synchroniser


class ReadNow:
    """Begin the next round at once."""

    def __init__(self, *, synchroniser: Synchroniser) -> None:
        self._synchroniser = synchroniser

    async def __call__(self, system: System) -> None:
        """Nothing is waited for; the status tells how far it is."""
        self._synchroniser.wake(system)


class StopReading:
    """Stop the round that runs; the next one goes on from where it was."""

    def __init__(self, *, synchroniser: Synchroniser) -> None:
        self._synchroniser = synchroniser

    async def __call__(self, system: System) -> None:
        """Returns when it has stopped."""
        await self._synchroniser.cancel(system)


class PauseReading(Guarded):
    """Read nothing of a system by itself, today or after a restart."""

    def __init__(self, *, synchroniser: Synchroniser) -> None:
        self._synchroniser = synchroniser

    @needs(Action.STEER_SYSTEM)
    async def __call__(self, system: System) -> None:
        """A round that runs is stopped. Raises: UserError when the disk takes no more."""
        await self._synchroniser.pause(system)


class GoOnReading(Guarded):
    """End the pause."""

    def __init__(self, *, synchroniser: Synchroniser) -> None:
        self._synchroniser = synchroniser

    @needs(Action.STEER_SYSTEM)
    async def __call__(self, system: System) -> None:
        """The next round begins at once. Raises: UserError when the disk takes no more."""
        await self._synchroniser.go_on(system)
