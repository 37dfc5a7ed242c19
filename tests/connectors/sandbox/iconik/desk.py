"""A driver: pieces of work with the desk's client, and bare requests, on one tenant without a network."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import httpx
from starlette.applications import Starlette

from connectors.iconik import IconikClient, SearchCriteria, escaped, open_iconik, open_iconik_with_password
from connectors.iconik.models import CollectionId, SearchDocument, ViewId
from connectors.sandbox.world import World

BASE_URL = "http://iconik.test"
T = TypeVar("T")


class Desk:
    """Speaks with a tenant as its users do."""

    def __init__(self, app: Starlette, world: World) -> None:
        self.world = world
        self.secrets = world.secrets["iconik"]
        self.wire = httpx.ASGITransport(app=app)

    def run(self, work: Callable[[IconikClient], Awaitable[T]]) -> T:
        """``work`` with the client of the ready file's token."""
        return self.run_with(self.open(), work)

    def run_as(self, full_name: str, work: Callable[[IconikClient], Awaitable[T]]) -> T:
        """``work`` with the client of another person, who signs in by password."""
        return self.run_with(self.open_with_password(self.email_of(full_name), self.secrets["password"]), work)

    def run_with(self, client: IconikClient, work: Callable[[IconikClient], Awaitable[T]]) -> T:
        """``work`` with ``client``, closed afterwards."""

        async def whole() -> T:
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(whole())

    def open(self, *, app_id: str = "", auth_token: str = "") -> IconikClient:
        """A client by token, the ready file's unless another is given."""
        return open_iconik(
            base_url=BASE_URL,
            app_id=app_id or self.secrets["app_id"],
            auth_token=auth_token or self.secrets["auth_token"],
            wire=self.wire,
        )

    def open_with_password(self, email: str, password: str) -> IconikClient:
        """A client by password."""
        return open_iconik_with_password(base_url=BASE_URL, email=email, password=password, wire=self.wire)

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A bare request with good credentials."""
        proof = {"App-ID": self.secrets["app_id"], "Auth-Token": self.secrets["auth_token"]}
        return self.ask_unsigned(method, path, json=json, form=form, headers={**proof, **(headers or {})})

    def ask_unsigned(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A bare request as it is."""

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.wire, base_url=BASE_URL) as http:
                return await http.request(method, path, json=json, content=content, data=form, headers=headers)

        return asyncio.run(send())

    def email_of(self, full_name: str) -> str:
        """A person's address."""
        return next(person.email for person in self.world.people if person.full_name == full_name)

    def find(self, criteria: SearchCriteria) -> list[SearchDocument]:
        """Every hit."""

        async def look(iconik: IconikClient) -> list[SearchDocument]:
            return [hit async for hit in iconik.search(criteria)]

        return self.run(look)

    def hit(self, slug: str) -> SearchDocument:
        """The asset of the world with this slug."""
        return next(hit for hit in self.find(SearchCriteria()) if hit.external_id == slug)

    def collection(self, title: str) -> CollectionId:
        """The collection with this title."""

        async def look(iconik: IconikClient) -> CollectionId:
            return {one.title: one.id async for one in iconik.collections()}[title]

        return self.run(look)

    def view(self, name: str) -> ViewId:
        """The metadata view with this name."""

        async def look(iconik: IconikClient) -> ViewId:
            return next(view.id for view in await iconik.metadata_views() if view.name == name)

        return self.run(look)

    def find_words(self, words: str) -> list[SearchDocument]:
        """What a person finds who types ``words``."""
        return self.find(SearchCriteria(query=escaped(words)))
