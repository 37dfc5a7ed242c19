"""What OTDS answers: tickets, tokens, and whom they stand for. Secrets never show in a ``repr``."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A single sign-on ticket. Source: extended-ecm 2 (CONFIRMED), both spellings."""

    value: str = field(repr=False)
    user_id: str
    """``login@partition``; empty when OTDS does not say."""
    resource_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerToken:
    """An OAuth access token, or the legacy ticket that the scope ``otdsssoticket`` yields. Source: exstream 1.1."""

    value: str = field(repr=False)
    expires_in: timedelta | None
    """None when the vendor does not say; the token is then good until it is refused."""
    refresh_token: str | None = field(repr=False, default=None)
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What a token stands for. Source: extended-ecm 2 (the call is CONFIRMED, its keys are CHOSEN: never seen)."""

    user_id: str
    """``login@partition``; empty when OTDS does not say."""
    client_id: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A system that accepts tickets. Source: extended-ecm 2 (CONFIRMED keys)."""

    id: str
    """A UUID, the ``targetResourceId`` of a ticket."""
    name: str
