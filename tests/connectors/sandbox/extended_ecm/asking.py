"""Plain requests to the archive, as clients send them that we did not write."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from connectors.sandbox.extended_ecm import DOCUMENT_CATEGORY
from tests.connectors.sandbox.extended_ecm.conftest import Archive

Ask = Callable[[httpx.AsyncClient], Awaitable[Any]]


def asked(archive: Archive, ask: Ask) -> Any:
    async def act() -> Any:
        async with archive.bare() as http:
            return await ask(http)

    return asyncio.run(act())


async def first_document(http: httpx.AsyncClient) -> int:
    reply = await http.post("v2/search", data={"where": "OTSubType:144", "limit": "1"})
    return int(reply.json()["results"][0]["data"]["properties"]["id"])


async def category_id(http: httpx.AsyncClient, name: str = DOCUMENT_CATEGORY) -> int:
    reply = await http.post("v2/search", data={"where": f'OTName:"{name}" and OTSubType:131'})
    found = [entry["data"]["properties"] for entry in reply.json()["results"]]
    return next(int(each["id"]) for each in found if each["name"] == name)
