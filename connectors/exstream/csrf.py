"""The CSRF pair of HTTP input channels: what a service hands out as a cookie comes back as a cookie and a header.

The help demands it, the vendor's own samples send none (contract 1.1), so nothing is sent until something was handed
out. Some installations demand it of the first submission: :attr:`Site.asks_for_csrf` fetches it with the token.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from connectors.calls import Reply
from connectors.exstream.site import Site
from connectors.exstream.wire import config
from connectors.http import Send, SignIn

_FORBIDDEN: Final = 403


class CsrfPair:
    """A sign-in with the pair around it."""

    def __init__(self, sign_in: SignIn, *, site: Site) -> None:
        self._sign_in = sign_in
        self._site = site
        self._token = ""
        self._has_new_pair = False
        self._is_demanded = site.asks_for_csrf

    def __repr__(self) -> str:
        return f"CsrfPair({self._sign_in!r}, token={'•••' if self._token else None})"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a good token, and the pair where it is asked for."""
        return self._sign_in.is_signed_in and bool(self._token or not self._is_demanded)

    async def sign_in(self, send: Send) -> None:
        """Fetch a token, and the pair where it is demanded. Raises: any ConnectorError.

        Where only the pair was refused the token stays: the new pair belongs to its session.
        """
        if self._has_new_pair and self._sign_in.is_signed_in:
            self._has_new_pair = False
            return
        await self._sign_in.sign_in(send)
        if self._is_demanded:
            call = config(self._site)
            self.observe(await send(replace(call, headers={**self._sign_in.headers(), **call.headers})))

    def headers(self) -> Mapping[str, str]:
        """The token's, and the pair once there is one."""
        if not self._token:
            return self._sign_in.headers()
        pair = {"Cookie": f"{self._site.csrf_cookie}={self._token}", self._site.csrf_header: self._token}
        return {**self._sign_in.headers(), **pair}

    def observe(self, reply: Reply) -> None:
        """Take up the pair that a service hands out."""
        self._sign_in.observe(reply)
        self._token = reply.cookies.get(self._site.csrf_cookie) or self._token

    def refused(self, reply: Reply) -> bool:
        """A refused token; or a refusal that hands out another pair, which is taken up for the next attempt."""
        if self._sign_in.refused(reply):
            return True
        offered = reply.cookies.get(self._site.csrf_cookie, "")
        if reply.status != _FORBIDDEN or not offered or offered == self._token:
            return False
        self._token, self._has_new_pair, self._is_demanded = offered, True, True
        return True
