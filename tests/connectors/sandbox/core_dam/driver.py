"""How these tests speak to the sandbox: with our client, or with plain requests as anybody's client would."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

from connectors.core_dam import CoreDamClient, api_bearer, open_core_dam, password_session
from connectors.http import SignIn
from connectors.sandbox.core_dam import CoreDamSandbox

T = TypeVar("T")


def by_password() -> SignIn:
    return password_session(username="desk", password="open-sesame")


def by_bearer() -> SignIn:
    return api_bearer(username="desk", password="open-sesame", client_id="proofdesk-dam", client_secret="s3cret")


class BothHosts(httpx.AsyncBaseTransport):
    """The API and the delivery host behind one wire, parted by host name as DNS would."""

    def __init__(self, sandbox: CoreDamSandbox) -> None:
        self._api = httpx.ASGITransport(app=sandbox.api)
        self._delivery = httpx.ASGITransport(app=sandbox.delivery)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        chosen = self._delivery if request.url.host == "media.test" else self._api
        return await chosen.handle_async_request(request)


def ask(sandbox: CoreDamSandbox, work: Callable[[CoreDamClient], Awaitable[T]], *, sign_in: SignIn | None = None) -> T:
    async def run() -> T:
        client = open_core_dam(base_url="http://dam.test", sign_in=sign_in or by_password(), wire=BothHosts(sandbox))
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def request(
    sandbox: CoreDamSandbox,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    data: dict[str, str] | None = None,
    json: object = None,
) -> httpx.Response:
    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=BothHosts(sandbox), base_url="http://dam.test") as http:
            return await http.request(method, url, headers=headers, data=data, json=json)

    return asyncio.run(run())


def session_headers(sandbox: CoreDamSandbox, login: str = "desk") -> dict[str, str]:
    """What a script sends that signed in by hand."""
    session = sandbox.library.sessions.open(login)
    return {"otmmauthtoken": session.digest, "X-Requested-By": str(session.session_id)}
