"""Requests as somebody else's client would send them, one at a time."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

BASE_URL = "http://exstream.test"


class PlainClient:
    """Signed in by a token, and otherwise without any knowledge."""

    def __init__(self, app: Starlette, token: str) -> None:
        self._app = app
        self._token = token

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **request: Any) -> httpx.Response:
        """The answer to one request; an empty token sends none."""
        proof = {"Authorization": f"Bearer {self._token}"} if self._token else {}

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self._app), base_url=BASE_URL) as http:
                return await http.request(method, path, headers={**proof, **(headers or {})}, **request)

        return asyncio.run(send())

    def communication(self, domain: str, name: str) -> dict[str, Any]:
        """The newest version of the communication called ``name``."""
        path = f"/design/api/v1/resources/{domain}?filter.types=exstrapplication&filter.latestVersion=true"
        (found,) = self.ask("GET", f"{path}&filter.name={name}").json()["data"]
        return dict(found)
