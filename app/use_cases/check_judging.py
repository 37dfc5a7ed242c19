"""At the moment of giving a verdict: whether the library still has the version that was judged."""

from collections.abc import Awaitable, Callable

from app.errors import NotSentError
from app.records import OutboxEntry, Receipt, Verb
from app.systems.judgement import Judgement
from app.systems.ports import AssetLibrary


class CheckedLibrary:
    """A deliverer that gives a verdict to the version that was looked at, and to no other.

    Libraries take verdicts for whatever is newest. A wish may wait for hours while its library is down, and nobody has
    seen what came meanwhile. What comes between the look and the verdict, milliseconds, is not noticed.
    """

    def __init__(self, library: AssetLibrary, *, still: Callable[[OutboxEntry], Awaitable[None]]) -> None:
        """``still`` raises NotSentError when it must not leave after all: looking takes its time."""
        self._library = library
        self._still = still

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """As the library does. Raises: NotSentError when it has another version now; any ConnectorError."""
        if entry.verb is Verb.JUDGE_ASSET:
            await self._look(Judgement.from_payload(entry.payload))
            await self._still(entry)
        return await self._library.deliver(entry)

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """As the library does."""
        return await self._library.look_up(entry)

    async def _look(self, judged: Judgement) -> None:
        if not judged.version:
            return  # It was wished by an earlier release, which did not note it.
        newest = (await self._library.open(judged.key)).version
        if newest != judged.version:
            raise NotSentError(
                f"Not given: {judged.version} was judged, and {judged.key.system.label} has {newest} now."
                f" Look at {newest} and judge that one."
            )
