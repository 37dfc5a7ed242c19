"""A driver: the shipped descriptions, asked of the sandbox as the desk asks them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

import httpx

import resources.endpoints
from connectors.endpoint import EndpointClient, Record, load_description, open_endpoint
from connectors.sandbox.endpoint import PATHS, build
from connectors.sandbox.world import World

FOLDER = Path(resources.endpoints.__file__).parent
HOST = "http://localhost"
FILES = {
    "crm": "crm.toml",
    "delivery_dashboard": "delivery-dashboard.toml",
    "preference_centre": "preference-centre.toml",
}
T = TypeVar("T")


class Desk:
    """Speaks with the three systems."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.secrets = dict(world.secrets["endpoint"])
        self.wire = httpx.ASGITransport(app=build(world))

    def run(
        self, system: str, work: Callable[[EndpointClient], Awaitable[T]], *, secrets: Mapping[str, str] | None = None
    ) -> T:
        """``work`` with the client of a system."""

        async def whole() -> T:
            client = open_endpoint(
                load_description(FOLDER / FILES[system]),
                base_url=HOST + PATHS[system],
                credentials={**self.secrets, **(secrets or {})},
                wire=self.wire,
            )
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(whole())

    def all(self, system: str, call: str, **given: object) -> list[Record]:
        """Every record of a list."""

        async def work(client: EndpointClient) -> list[Record]:
            return [record async for record in client.all(call, given)]

        return self.run(system, work)

    def one(self, system: str, call: str, *, key: str | None = None, **given: object) -> Record | None:
        """One record."""
        return self.run(system, lambda client: client.one(call, given, request_key=key))

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        """A bare request as it is."""

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.wire, base_url=HOST) as http:
                return await http.request(method, path, headers=headers, content=content)

        return asyncio.run(send())
