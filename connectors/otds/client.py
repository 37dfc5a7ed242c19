"""One method per sign-in call, for those who speak to OTDS directly."""

from collections.abc import Callable

from connectors.http import Exchange, NoSignIn, Pace, SignIn, Transport, Wire
from connectors.otds import wire as calls
from connectors.otds.models import BearerToken, Resource, Ticket, TokenFacts

PACE = Pace(calls=10, per_s=1.0, at_once=4)
"""CHOSEN: no limit is published, and a sign-in service is asked seldom."""


def open_otds(
    *,
    base_url: str,
    sign_in: SignIn | None = None,
    system: str = "OTDS",
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "OtdsClient":
    """A client of the OTDS at ``base_url``; only reading a resource or a token's facts needs a ``sign_in``."""
    return OtdsClient(
        Transport(
            system=system,
            base_url=base_url,
            sign_in=sign_in or NoSignIn(),
            read_failure=calls.read_failure,
            pace=PACE,
            on_exchange=on_exchange,
            wire=wire,
        )
    )


class OtdsClient:
    """Fetches tickets and tokens. Every method raises any ConnectorError; a refusal is a SignInError.

    ``transport`` is read with :func:`connectors.otds.wire.read_failure` and has OTDS as its base.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def ticket(self, *, user_name: str, password: str, target_resource_id: str = "") -> Ticket:
        """A single sign-on ticket."""
        call = calls.ticket_by_password(user_name=user_name, password=password, target_resource_id=target_resource_id)
        return calls.read_ticket(await self._transport.send(call))

    async def ticket_v1(self, *, user_name: str, password: str) -> Ticket:
        """A single sign-on ticket by the newer spelling."""
        call = calls.ticket_by_password_v1(user_name=user_name, password=password)
        return calls.read_ticket(await self._transport.send(call))

    async def ticket_for_user(self, *, user_name: str, ticket: str) -> Ticket:
        """A ticket for somebody else, proved by one's own."""
        return calls.read_ticket(await self._transport.send(calls.ticket_for_user(user_name=user_name, ticket=ticket)))

    async def ticket_for_resource(self, *, ticket: str, target_resource_id: str) -> Ticket:
        """A ticket that one system accepts."""
        call = calls.ticket_for_resource(ticket=ticket, target_resource_id=target_resource_id)
        return calls.read_ticket(await self._transport.send(call))

    async def token_by_client(
        self, *, client_id: str, client_secret: str, scope: str = "", path: str = calls.TokenPath.PLAIN.value
    ) -> BearerToken:
        """A token for a service client."""
        call = calls.token_by_client(client_id=client_id, client_secret=client_secret, scope=scope, path=path)
        return calls.read_token(await self._transport.send(call))

    async def token_by_password(
        self,
        *,
        username: str,
        password: str,
        client_id: str,
        client_secret: str = "",
        scope: str = "",
        path: str = calls.TokenPath.PLAIN.value,
    ) -> BearerToken:
        """A token for a person."""
        call = calls.token_by_password(
            username=username,
            password=password,
            client_id=client_id,
            client_secret=client_secret,
            scope=scope,
            path=path,
        )
        return calls.read_token(await self._transport.send(call))

    async def token_by_refresh(
        self, *, refresh_token: str, client_id: str, client_secret: str = "", path: str = calls.TokenPath.PLAIN.value
    ) -> BearerToken:
        """A new token for a refresh token."""
        call = calls.token_by_refresh(
            refresh_token=refresh_token, client_id=client_id, client_secret=client_secret, path=path
        )
        return calls.read_token(await self._transport.send(call))

    async def token_for_user(self, *, user_id: str, client_id: str, client_secret: str) -> BearerToken:
        """A token with which a service client acts as a person."""
        call = calls.token_for_user(user_id=user_id, client_id=client_id, client_secret=client_secret)
        return calls.read_token(await self._transport.send(call))

    async def token_facts(self, token: str) -> TokenFacts:
        """What a token stands for; the transport must be signed in."""
        return calls.read_token_facts(await self._transport.send(calls.token_facts(token)))

    async def resource(self, name: str) -> Resource:
        """The system called ``name``; the transport must be signed in."""
        return calls.read_resource(await self._transport.send(calls.resource(name)))
