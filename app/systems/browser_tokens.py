"""The tokens of connections that a person signed in to with a browser: one chain for each, whoever speaks to it.

A refresh token works once, so a test of a connection and its synchronisation must not have one each.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from app.connections import PLACES, REFRESH_TOKEN, Connection, ReadConnection, owner_of
from app.credentials import Credentials
from app.errors import UserError
from app.records import System
from connectors.cloudinary.oauth import SCOPES
from connectors.iconik import AUTHORIZE_PATH as ICONIK_AUTHORIZE_PATH
from connectors.iconik import TOKEN_PATH as ICONIK_TOKEN_PATH
from connectors.iconik import IconikChain, credential_of, read_browser_token
from connectors.oauth.chain import ReadToken, RefreshChain
from connectors.otds.models import BearerToken
from connectors.otds.wire import read_token

PENDING: Final = "browser"
AUTHORIZE_PATH: Final = "/otdsws/oauth2/auth"
TOKEN_PATH: Final = "/otdsws/oauth2/token"  # noqa: S105 - a path
_TOKEN_URL: Final = "token_url"  # noqa: S105 - the name of a field
_CLIENT_ID: Final = "client_id"
MOST_PORTS: Final = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserWay:
    """Where a person signs in to a system, and where tokens are had."""

    authorize_url: str
    token_url: str
    client_id: str
    scope: str = ""
    port: int = 0
    """Where the browser is sent back to; 0 where any port of this machine will do."""
    read: ReadToken = read_token
    """How its token endpoint answers."""

    def credential_of(self, token: BearerToken) -> str:
        """What lets the desk in the next time; empty when nothing does."""
        return credential_of(token)

    def chain(self, credential: str, *, keep: Callable[[str], Awaitable[None]]) -> RefreshChain:
        """The tokens that follow from ``credential``; ``keep`` stores the next one."""
        if self.read is read_browser_token:
            return IconikChain(credential, token_url=self.token_url, client_id=self.client_id, keep=keep)
        return RefreshChain(credential, token_url=self.token_url, client_id=self.client_id, keep=keep)


def browser_way(connection: Connection) -> BrowserWay:
    """How ``connection`` is signed in to with a browser. Raises: UserError beside the field that is missing."""
    said = connection.settings
    if not said.get("client_id"):
        raise UserError("OAuth client is needed to sign in with a browser.", field="client_id")
    if connection.system is System.CLOUDINARY:
        return BrowserWay(
            authorize_url=f"{said['oauth_url']}/oauth2/auth",
            token_url=f"{said['oauth_url']}/oauth2/token",
            client_id=said["client_id"],
            scope=" ".join(SCOPES),
            port=_port(said["redirect_port"]),
        )
    if connection.system is System.ICONIK:
        return BrowserWay(
            authorize_url=said.get("authorize_url") or connection.base_url + ICONIK_AUTHORIZE_PATH,
            token_url=connection.base_url + ICONIK_TOKEN_PATH,
            client_id=said["client_id"],
            port=_port(said["redirect_port"]),
            read=read_browser_token,
        )
    if connection.system is System.CORE_DAM:
        return BrowserWay(authorize_url=said["authorize_url"], token_url=said["token_url"], client_id=said["client_id"])
    if not said.get("otds_url"):
        raise UserError("Address of OTDS is needed to sign in with a browser.", field="otds_url")
    return BrowserWay(
        authorize_url=said["otds_url"] + AUTHORIZE_PATH,
        token_url=said["otds_url"] + TOKEN_PATH,
        client_id=said["client_id"],
    )


def _port(typed: str) -> int:
    """The browser is taken back at the registered address alone, port included: CONFIRMED of Cloudinary (1), CHOSEN for
    iconik (2), whose rules for loopback addresses are not known."""
    if (
        len(typed) > len(str(MOST_PORTS))
        or not typed.isascii()
        or not typed.isdecimal()
        or not 0 < int(typed) <= MOST_PORTS
    ):
        raise UserError(f"A port is a number from 1 to {MOST_PORTS}.", field="redirect_port")
    return int(typed)


def pending_owner(system: System) -> str:
    """Whose the tokens of a sign-in are that no connection has been kept with yet. They are held in memory alone."""
    return f"{system}.{PENDING}"


def pending_token(credentials: Credentials, connection: Connection) -> str:
    """The newest refresh token of a sign-in that nothing has been kept with yet, which was for ``connection``.

    Empty when there is none: one that another server gave, or to another client, is sent nowhere.
    """
    held = credentials.held(pending_owner(connection.system))
    if not held.get(REFRESH_TOKEN):
        return ""
    way = browser_way(connection)
    return held[REFRESH_TOKEN] if (held[_TOKEN_URL], held[_CLIENT_ID]) == (way.token_url, way.client_id) else ""


class BrowserTokens:
    """Every chain of one profile. Used on the engine's loop."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._chains: dict[str, RefreshChain] = {}

    def chain(self, read: ReadConnection) -> RefreshChain:
        """The chain of a connection. Raises: UserError when it cannot be signed in to so, or nobody has signed in."""
        if not read.secrets.get(REFRESH_TOKEN):
            label = read.connection.system.label
            raise UserError(f"Nobody has signed in to {label} there yet.", hint="Sign in with the browser first.")
        owner = read.token_owner or read.connection.owner
        if owner not in self._chains:
            credential = read.secrets.get(REFRESH_TOKEN, "")
            way = browser_way(read.connection)
            self._chains[owner] = way.chain(credential, keep=lambda token: self._keep(owner, token))
        return self._chains[owner]

    def begin(self, connection: Connection, refresh_token: str) -> None:
        """A person has just signed in; nothing is kept before the connection is."""
        owner, way = pending_owner(connection.system), browser_way(connection)
        self._chains.pop(owner, None)
        told = {REFRESH_TOKEN: refresh_token, _TOKEN_URL: way.token_url, _CLIENT_ID: way.client_id}
        self._credentials.hold(owner, told, is_passing=True)

    def hand_over(self, read: ReadConnection, *, to: str) -> str:
        """Let ``to`` have the tokens of ``read`` from now on; the newest refresh token, for it to keep."""
        chain = self.chain(read)
        self._chains.pop(read.token_owner or read.connection.owner)
        self._chains[to] = chain
        chain.kept_by(lambda token: self._keep(to, token))
        self._credentials.drop(pending_owner(read.connection.system))
        return chain.refresh_token

    def end(self, system: System) -> None:
        """The connection is gone, and what was held for one that was never kept."""
        self._credentials.drop(pending_owner(system))
        for owner in (pending_owner(system), *(owner_of(system, place) for place in PLACES)):
            self._chains.pop(owner, None)

    async def settled(self) -> None:
        """Wait until no token is being renewed any more; await it before the systems' lines are closed."""
        for chain in list(self._chains.values()):
            await chain.settled()

    async def _keep(self, owner: str, token: str) -> None:
        if owner.endswith(f".{PENDING}"):
            self._credentials.hold(owner, {REFRESH_TOKEN: token}, is_passing=True)
        else:
            await self._credentials.save(owner, {REFRESH_TOKEN: token})
