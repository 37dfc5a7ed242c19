"""What a group of calls needs of its client: the cloud's name, and ways to send.

Groups (``client.folders``, ``client.schema``, …) keep one idea each; the client itself keeps what every desk does.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from connectors.calls import Call, JSONBody, Reply, segment
from connectors.shape import JSONValue, decode


class _Page(Protocol):
    @property
    def next_cursor(self) -> str | None: ...


P = TypeVar("P", bound=_Page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One cloud, and how its calls are sent. Both ways raise any ConnectorError."""

    cloud: str
    send: Callable[[Call], Awaitable[Reply]]
    send_form: Callable[[Call], Awaitable[Reply]]
    """As ``send``, but forms are signed in themselves where the client was told so."""

    async def pages(self, call: Callable[[str | None], Call], shape: type[P]) -> AsyncIterator[P]:
        """Every page, each with the cursor of the one before, until a page has none or repeats its own."""
        cursor: str | None = None
        while True:
            page = decode(await self.send(call(cursor)), shape)
            yield page
            if page.next_cursor is None or page.next_cursor == cursor:
                return
            cursor = page.next_cursor


def admin(
    cloud: str,
    method: str,
    where: str,
    *,
    name: str,
    query: tuple[tuple[str, str], ...] = (),
    body: dict[str, JSONValue] | None = None,
    repeatable: bool | None = None,
) -> Call:
    """One Admin call. ``where`` is already encoded; empty query values are left out.

    Reads are repeatable, and so is what ends in the same state however often it is sent: PUT and DELETE.
    """
    return Call(
        name=name,
        method=method,
        path=f"/v1_1/{segment(cloud)}/{where}",
        query=tuple((key, value) for key, value in query if value),
        body=JSONBody(value=body) if body is not None else None,
        repeatable=method != "POST" if repeatable is None else repeatable,
    )


def public(public_id: str) -> str:
    """A public id or a folder as path: its slashes stay, everything else is encoded."""
    return "/".join(segment(part) for part in public_id.split("/"))
