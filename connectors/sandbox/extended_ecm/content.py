"""The bytes behind a version: stored by an upload, or composed when somebody first asks for them."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256


class Content:
    """Bytes that never change. Size and hash are those of the bytes, never a guess."""

    __slots__ = ("_bytes", "_load", "_loading")

    def __init__(self, load: Callable[[], Awaitable[bytes]]) -> None:
        """``load`` is called at most once with success."""
        self._load = load
        self._bytes: bytes | None = None
        self._loading: asyncio.Lock | None = None

    @classmethod
    def of(cls, stored: bytes) -> "Content":
        """Content that is already here."""

        async def load() -> bytes:
            return stored

        content = cls(load)
        content._bytes = stored
        return content

    async def read(self) -> bytes:
        """The bytes. Raises: whatever the composer raises."""
        if self._bytes is None:
            self._loading = self._loading or asyncio.Lock()
            async with self._loading:
                if self._bytes is None:
                    self._bytes = await self._load()
        return self._bytes

    async def size_bytes(self) -> int:
        """How many they are."""
        return len(await self.read())

    async def sha256(self) -> str:
        """Their SHA-256, in hex."""
        return sha256(await self.read()).hexdigest()
