"""Ping, server facts, and getting a ticket (contract 2)."""

from datetime import tzinfo

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.models import Member, ServerInfo, localised
from connectors.extended_ecm.wire.reading import read_data
from connectors.shape import decode, json_object


class _TicketReply(msgspec.Struct, frozen=True):
    ticket: str


class _ServerReply(msgspec.Struct, frozen=True):
    server: ServerInfo


def ping() -> Call:
    """Whether the server answers at all."""
    return Call(name="ping", method="GET", path="/api/v1/ping", repeatable=True, signed_in=False)


def read_ping(reply: Reply) -> None:
    """Any JSON object counts (CONFIRMED). Raises: ShapeError."""
    json_object(reply)


def server_info() -> Call:
    """Version and settings."""
    return Call(name="server info", method="GET", path="/api/v1/serverinfo", repeatable=True)


def read_server_info(reply: Reply, zone: tzinfo) -> ServerInfo:
    """Raises: ShapeError."""
    return localised(decode(reply, _ServerReply).server, zone)


def password_sign_in(*, username: str, password: str, domain: str = "") -> Call:
    """A ticket for a name and a password."""
    fields = [("username", username), ("password", password)]
    if domain:
        fields.append(("domain", domain))
    return Call(
        name="sign in",
        method="POST",
        path="/api/v1/auth",
        body=FormBody(fields=tuple(fields)),
        repeatable=True,
        signed_in=False,
    )


def read_ticket(reply: Reply) -> str:
    """Raises: ShapeError."""
    ticket = decode(reply, _TicketReply).ticket
    if not ticket:
        raise reply.odd("an empty ticket")
    return ticket


def swap_directory_ticket(ticket: str) -> Call:
    """An OTCS ticket for an OTDS ticket."""
    return _swap({"OTDSTicket": ticket})


def swap_bearer_token(token: str) -> Call:
    """An OTCS ticket for an OAuth token of OTDS."""
    return _swap({"Authorization": f"Bearer {token}"})


def _swap(headers: dict[str, str]) -> Call:
    return Call(
        name="sign in with a directory proof",
        method="GET",
        path="/api/v1/auth",
        headers=headers,
        signed_in=False,
    )


def read_swapped(reply: Reply) -> str:
    """The new ticket stands in a header (CONFIRMED). Raises: ShapeError."""
    ticket = reply.headers.get("otcsticket")
    if not ticket:
        raise reply.odd("no OTCSTicket header")
    return ticket


def who_am_i() -> Call:
    """The signed-in user."""
    return Call(name="current user", method="GET", path="/api/v1/auth", repeatable=True)


def read_user(reply: Reply) -> Member:
    """Raises: ShapeError."""
    return read_data(reply, Member)


def sign_out() -> Call:
    """End the session."""
    return Call(name="sign out", method="DELETE", path="/api/v1/auth")
