"""The server, and who we are (contract 2)."""

from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import Member, ServerInfo
from connectors.extended_ecm.wire import sign_in


class SessionCalls(Connection):
    """Ping, facts, signing out."""

    async def ping(self) -> None:
        """Return when the server answers."""
        sign_in.read_ping(await self._send(sign_in.ping()))

    async def server_info(self) -> ServerInfo:
        """Version and settings; needs a sign-in, so that it also tests the credentials."""
        return sign_in.read_server_info(await self._send(sign_in.server_info()), self._zone)

    async def who_am_i(self) -> Member:
        """The signed-in user."""
        return sign_in.read_user(await self._send(sign_in.who_am_i()))

    async def sign_out(self) -> None:
        """End the session; the next call begins another."""
        await self._send(sign_in.sign_out())
