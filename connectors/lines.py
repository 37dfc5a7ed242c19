"""Which line a request takes: straight to its host, or through the proxy that is named for it.

Lines are made when they are first needed and kept, but not over a sleep of the computer: nobody at the other end may
know of them any more, and a request over a dead line costs its whole deadline.

Who names the proxy and whom a line trusts is :mod:`connectors.network`'s; a request over TLS is always verified,
whatever the address that a connection began with.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Final
from urllib.request import getproxies, proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed lacks it

import httpx

from connectors.network import MACHINES, Network, ProxyWay, trust

MOST_CONNECTIONS: Final = 100
KEPT_CONNECTIONS: Final = 20
STALE_AFTER_S: Final = 120.0
"""A line that nobody used for longer is not trusted: routers on the way forget it, and the computer may have slept."""
_SCHEMES: Final = frozenset({"http", "https"})
_LIMITS: Final = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=KEPT_CONNECTIONS)


class Lines:
    """The lines of one connection. ``wire`` stands in for all of them in tests."""

    def __init__(
        self,
        *,
        wire: httpx.AsyncBaseTransport | None = None,
        network: Network = MACHINES,
        proxies: Mapping[str, str] | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """``proxies`` by scheme, ``no`` for the hosts without; the machine's own settings when None.

        ``wall``: seconds of a clock that goes on while the computer sleeps.
        """
        self._wall = wall
        self._used_at = wall()
        self._left: set[asyncio.Task[None]] = set()
        self._wire = wire
        self._network = network
        self._proxies = getproxies() if proxies is None else proxies
        self._made: dict[tuple[str, str], httpx.AsyncBaseTransport] = {}

    def towards(self, url: httpx.URL) -> httpx.AsyncBaseTransport:
        """The line for a request to ``url``. Raises: httpx.UnsupportedProtocol."""
        if url.scheme not in _SCHEMES or not url.host:
            raise httpx.UnsupportedProtocol("neither http nor https")
        if self._wire is not None:
            return self._wire
        key = (url.scheme, self.proxy_for(url))
        line = self._made.get(key)
        if line is None:
            line = self._made[key] = self._new(*key)
        return line

    def proxy_for(self, url: httpx.URL) -> str:
        """The address of the proxy on the way to ``url``; empty for the straight way."""
        if self._wire is not None or self._network.way is ProxyWay.NONE:
            return ""
        if self._network.way is ProxyWay.NAMED:
            return self._network.proxy
        named = self._proxies.get(url.scheme) or self._proxies.get("all") or ""
        if not named:
            return ""
        host = url.host if url.port is None else f"{url.host}:{url.port}"
        if proxy_bypass_environment(host, dict(self._proxies)):
            return ""
        return named if "://" in named else f"http://{named}"

    async def close(self) -> None:
        """Close every line."""
        lines = [self._wire] if self._wire is not None else list(self._made.values())
        self._made.clear()
        for line in lines:
            await line.aclose()
        await asyncio.gather(*self._left)

    def leave_stale(self) -> None:
        """Make new lines after a long silence; call it while no request is on its way.

        A clock that was set costs a handshake and nothing else.
        """
        now = self._wall()
        silent_s, self._used_at = abs(now - self._used_at), now
        if silent_s > STALE_AFTER_S:
            for line in self._made.values():
                closing = asyncio.ensure_future(line.aclose())
                self._left.add(closing)
                closing.add_done_callback(self._left.discard)
            self._made.clear()

    def _new(self, scheme: str, proxy: str) -> httpx.AsyncBaseTransport:
        # Reading the trust store costs a tenth of a second, which a plain line need not pay.
        to_proxy = proxy.startswith("https:")
        context = trust(self._network) if scheme == "https" or to_proxy else None
        try:
            return httpx.AsyncHTTPTransport(
                verify=context if scheme == "https" and context is not None else False,
                trust_env=False,
                limits=_LIMITS,
                proxy=self._proxy(proxy, context if to_proxy else None) if proxy else None,
            )
        except (ImportError, ValueError) as error:
            raise httpx.UnsupportedProtocol("the proxy that is named is of an unknown kind") from error

    def _proxy(self, address: str, context: ssl.SSLContext | None) -> httpx.Proxy:
        user, password = self._network.proxy_user, self._network.proxy_password
        is_ours = user and address == self._network.proxy
        return httpx.Proxy(address, ssl_context=context, auth=(user, password) if is_ours else None)
