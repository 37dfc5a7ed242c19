"""Let a person sign in to a system in their own browser, where the desk sees no password (RFC 8252, 7636)."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from app.access import Guarded, needs
from app.connections import REFRESH_TOKEN, ReadConnection
from app.credentials import Credentials
from app.errors import UserError, hint_of, sentence_of
from app.network_fields import network_of
from app.records import ConnectionState, System
from app.rules.roles import Action
from app.store import Store
from app.sync import Statuses
from app.systems.browser_tokens import BrowserTokens, BrowserWay, browser_way, pending_owner
from app.systems.opening import OnExchange
from app.use_cases.connect_system import ConnectionForm
from app.use_cases.load_connection import read_with_kept_secrets
from connectors.errors import ConnectorError
from connectors.http import Transport
from connectors.oauth import BrowserRefusedError, Challenge, Loopback, TooLateError
from connectors.oauth.chain import fetch_token, sign_in_address, token_by_code
from connectors.otds.models import BearerToken

PATIENCE_S: Final = 300.0
"""How long a person may take, with a second factor and a forgotten password."""

OpenBrowser = Callable[[str], None]
"""Opens an address in the person's browser; called on the engine's loop, and returns at once."""


class SignInWithBrowser(Guarded):
    """Hold what lets the desk in, until the connection is kept."""

    def __init__(
        self,
        *,
        store: Store,
        credentials: Credentials,
        tokens: BrowserTokens,
        statuses: Statuses,
        on_exchange: OnExchange,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._tokens = tokens
        self._statuses = statuses
        self._on_exchange = on_exchange
        self._patience_s = patience_s

    async def is_needed(self, wish: ConnectionForm) -> bool:
        """Whether a person has to sign in before ``wish`` can be tried. Raises: UserError beside a field."""
        read = await read_with_kept_secrets(self._store, self._credentials, wish.system, wish.values)
        if not read.signs_in_with_browser or read.token_owner == pending_owner(wish.system):
            return False
        status = self._statuses.all().get(wish.system)
        is_signed_out = status is not None and status.state is ConnectionState.SIGNED_OUT
        return is_signed_out or not read.secrets.get(REFRESH_TOKEN)

    @needs(Action.CONNECT)
    async def __call__(self, wish: ConnectionForm, open_browser: OpenBrowser) -> None:
        """Send the person to the browser and wait; cancel it to stop waiting.

        Raises: UserError beside a field that cannot be right, when the person or the system refuses, when nobody comes
        back, and when the code cannot be exchanged.
        """
        read = await read_with_kept_secrets(self._store, self._credentials, wish.system, wish.values)
        way = browser_way(read.connection)
        challenge = Challenge.fresh()
        async with self._ear(challenge, way) as ear:
            redirect_uri = ear.redirect_uri
            open_browser(
                sign_in_address(
                    way.authorize_url,
                    challenge,
                    client_id=way.client_id,
                    redirect_uri=redirect_uri,
                    scope=way.scope,
                )
            )
            code = await self._heard(ear, wish.system)
        token = await self._exchanged(read, way, code, challenge, redirect_uri)
        credential = way.credential_of(token)
        if not credential:
            raise UserError(
                f"{wish.system.label} let you in, but gives no refresh token, so it would ask again every few minutes.",
                hint="Ask whoever administers this OAuth client to allow refresh tokens for it.",
            )
        self._tokens.begin(read.connection, credential)

    @asynccontextmanager
    async def _ear(self, challenge: Challenge, way: BrowserWay) -> AsyncIterator[Loopback]:
        async with AsyncExitStack() as stack:
            try:
                ear = await stack.enter_async_context(Loopback(state=challenge.state, port=way.port))
            except OSError as error:
                raise UserError(
                    f"Port {way.port} of this computer is taken, so the browser could not come back.",
                    hint="Close what listens there, or register another port and type it.",
                    field="redirect_port",
                ) from error
            yield ear

    async def _heard(self, ear: Loopback, system: System) -> str:
        try:
            return await ear.code(within_s=self._patience_s)
        except TooLateError as error:
            raise UserError(
                f"Nobody signed in to {system.label} within {self._patience_s / 60:.0f} minutes.",
                hint="Try it again, and sign in on the page that your browser opens.",
            ) from error
        except BrowserRefusedError as error:
            raise UserError(
                f"The sign-in page of {system.label} let nobody in: {error.word.replace('_', ' ')}.",
                hint="Try it again. If it stays so, ask whoever administers this OAuth client.",
            ) from error

    async def _exchanged(
        self, read: ReadConnection, way: BrowserWay, code: str, challenge: Challenge, redirect_uri: str
    ) -> BearerToken:
        transport = Transport(
            system=read.connection.system.label,
            base_url=way.token_url,
            on_exchange=self._on_exchange,
            wire=network_of(read.connection.settings, read.secrets),
        )
        try:
            call = token_by_code(way.token_url, code, challenge, client_id=way.client_id, redirect_uri=redirect_uri)
            return await fetch_token(call, transport.send, way.read)
        except ConnectorError as error:
            raise UserError(sentence_of(error), hint=hint_of(error)) from error
        finally:
            await transport.close()
