"""Tokens of a person who signed in with a browser: the code's first ones, and those that renew each other since.

OTDS's token endpoint is CONFIRMED (exstream 1.1), and so is Cloudinary's whole flow (cloudinary 1). That OTDS sends a
person to ``/otdsws/oauth2/auth`` is 3P (the vendor's own list of endpoints, as others quote it); that its clients may
be public and redirect to any loopback port is INFERRED from RFC 8252. Core DAM names both addresses in its settings
(core-dam 3.8, CONFIRMED). What is iconik's own is in :mod:`connectors.iconik.browser`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from time import monotonic
from typing import TypeAlias
from urllib.parse import urlencode

from connectors.calls import Call, FormBody, Reply
from connectors.errors import InvalidError, SignInError
from connectors.http import Send
from connectors.masking import knowing, secrets_of
from connectors.oauth.pkce import Challenge
from connectors.otds.models import BearerToken
from connectors.otds.sign_in import MARGIN
from connectors.otds.wire import read_token


def sign_in_address(
    authorize_url: str, challenge: Challenge, *, client_id: str, redirect_uri: str, scope: str = ""
) -> str:
    """Where a person signs in."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": challenge.state,
        "code_challenge": challenge.code_challenge,
        "code_challenge_method": "S256",
        **({"scope": scope} if scope else {}),
    }
    return f"{authorize_url}{'&' if '?' in authorize_url else '?'}{urlencode(asked)}"


def token_by_code(token_url: str, code: str, challenge: Challenge, *, client_id: str, redirect_uri: str) -> Call:
    """The first tokens for the code that the browser brought. A code is good once, so this is not repeatable."""
    fields = (
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", challenge.verifier),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
    )
    return _ask("OAuth token by code", token_url, fields)


def token_by_refresh(token_url: str, refresh_token: str, *, client_id: str) -> Call:
    """The next tokens. A refresh token may be used up by it, so this is not repeatable."""
    fields = (("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("client_id", client_id))
    return _ask("OAuth refresh", token_url, fields)


def _ask(name: str, url: str, fields: tuple[tuple[str, str], ...]) -> Call:
    return Call(
        name=name,
        method="POST",
        path=url,
        headers={"Accept": "application/json"},
        body=FormBody(fields=fields),
        signed_in=False,
        accepts=frozenset({400, 401}),  # whoever reads the token says what was refused
    )


ReadToken: TypeAlias = Callable[[Reply], BearerToken]
"""Reads what a token endpoint answered, refusals too. Raises: any ConnectorError."""


async def fetch_token(call: Call, send: Send, read: ReadToken = read_token) -> BearerToken:
    """The tokens that ``call`` asks for. Raises: any ConnectorError, whose words repeat nothing that was sent."""
    with knowing(lambda: secrets_of(call, {})):
        return read(await send(call))


class RefreshChain:
    """One person's tokens at one system, shared by everything that speaks to it: each refresh token is used once.

    ``keep`` stores the next refresh token before the tokens that came with it are used.
    """

    def __init__(
        self,
        refresh_token: str,
        *,
        token_url: str,
        client_id: str,
        keep: Callable[[str], Awaitable[None]],
        now_s: Callable[[], float] = monotonic,
        read: ReadToken = read_token,
    ) -> None:
        self._refresh_token = refresh_token
        self._read = read
        self._token_url = token_url
        self._client_id = client_id
        self._keep = keep
        self._now_s = now_s
        self._token: BearerToken | None = None
        self._stale_at_s: float | None = None
        self._turn = asyncio.Lock()
        self._renewing: asyncio.Task[BearerToken] | None = None

    def __repr__(self) -> str:
        return f"RefreshChain(token_url={self._token_url!r}, token={'•••' if self._token else None})"

    @property
    def refresh_token(self) -> str:
        """The newest one; a credential."""
        return self._refresh_token

    def kept_by(self, keep: Callable[[str], Awaitable[None]]) -> None:
        """From now on ``keep`` stores what comes."""
        self._keep = keep

    def is_fresh(self, token: BearerToken | None) -> bool:
        """Whether ``token`` is the newest one, and will not end within the margin."""
        is_newest = token is not None and token is self._token
        return is_newest and (self._stale_at_s is None or self._now_s() < self._stale_at_s)

    async def next(self, send: Send, *, instead_of: BearerToken | None) -> BearerToken:
        """A token that is good, and is not ``instead_of``. Raises: SignInError when the person has to sign in again.

        Whoever is cancelled meanwhile goes without it, and it is still heard and kept: the one before is used up.
        """
        async with self._turn:
            await self.settled()
            if self._token is not None and self._token is not instead_of and self.is_fresh(self._token):
                return self._token
            self._renewing = asyncio.create_task(self._renewed(send), name="renew a token")
            self._renewing.add_done_callback(_looked_at)
            return await asyncio.shield(self._renewing)

    async def settled(self) -> None:
        """Wait for what is being asked for on behalf of somebody who was cancelled."""
        if self._renewing is not None:
            await asyncio.wait([self._renewing])

    async def _renewed(self, send: Send) -> BearerToken:
        asked_at_s = self._now_s()
        token = await self._refreshed(send)
        if token.refresh_token:
            self._refresh_token = token.refresh_token
            await self._keep(token.refresh_token)
        self._token, self._stale_at_s = token, _stale_at(asked_at_s, token.expires_in)
        return token

    async def _refreshed(self, send: Send) -> BearerToken:
        call = token_by_refresh(self._token_url, self._refresh_token, client_id=self._client_id)
        try:
            return await fetch_token(call, send, self._read)
        except InvalidError as error:
            raise SignInError(
                system=error.system, call=error.call, detail=error.detail, request_id=error.request_id
            ) from error


class ChainedSignIn:
    """Proves who we are with the newest token of a :class:`RefreshChain`. Give it to a transport."""

    def __init__(self, chain: RefreshChain) -> None:
        self._chain = chain
        self._token: BearerToken | None = None

    def __repr__(self) -> str:
        return f"ChainedSignIn({self._chain!r})"

    @property
    def token(self) -> BearerToken | None:
        """Ours; None before the first sign-in."""
        return self._token

    @property
    def is_signed_in(self) -> bool:
        """Whether ours is the newest token, and good for a while."""
        return self._chain.is_fresh(self._token)

    async def sign_in(self, send: Send) -> None:
        """Take the newest token, or fetch the next. Raises: SignInError; any other ConnectorError."""
        self._token = await self._chain.next(send, instead_of=self._token)

    def headers(self) -> Mapping[str, str]:
        """``Authorization``; nothing before the first sign-in."""
        return {"Authorization": f"Bearer {self._token.value}"} if self._token else {}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401 means that the token has ended, whatever its life was said to be."""
        return reply.status == 401  # noqa: PLR2004


def _looked_at(renewing: asyncio.Task[BearerToken]) -> None:
    """Whoever asked may be gone, and then nobody has to be told what went wrong: the next who asks is."""
    if not renewing.cancelled():
        renewing.exception()


def _stale_at(asked_at_s: float, life: timedelta | None) -> float | None:
    return None if life is None else asked_at_s + (life - min(MARGIN, life / 2)).total_seconds()
