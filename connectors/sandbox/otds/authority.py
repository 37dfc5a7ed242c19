"""Who may sign in, and whose ticket or token is still good: one authority for every OpenText system of the sandbox.

The sign-in service issues here, the other systems ask here. Times are the world's, so a clock that is moved forward
ends tickets and tokens as waiting would. Tickets and tokens are opaque and, for a seed, the same on every run.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from connectors.sandbox.world import World

HOME_PARTITION: Final = "harbourmutual"
"""Where people live when the world's secrets name no partition."""
CLIENT_PARTITION: Final = "OAuthClients"
"""Service clients act as ``{client id}@OAuthClients`` (CONFIRMED, exstream 1.1)."""
PUBLIC_CLIENTS: Final = frozenset({"Exstream", "Proofdesk"})
"""Clients without a secret: for the password grant (CONFIRMED, exstream 1.1), and for people's browsers (CHOSEN)."""

TICKET_LIFE: Final = timedelta(hours=2)
"""CHOSEN: it is an administrator's setting."""
TOKEN_LIFE: Final = timedelta(minutes=15)
"""CONFIRMED as the default (exstream 1.1); deployments change it."""
REFRESH_LIFE: Final = timedelta(hours=24)
"""CHOSEN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """What the token endpoint hands out. ``expires_at`` is aware UTC."""

    value: str = field(repr=False)
    user: str
    client_id: str
    scope: str
    issued_at: datetime
    expires_at: datetime
    refresh_value: str = field(repr=False)
    """Empty for service clients: they hold the secret that would renew it."""

    @property
    def expires_in_s(self) -> int:
        """The whole life of the token in seconds, as OAuth counts it."""
        return int((self.expires_at - self.issued_at).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issued:
    user: str
    expires_at: datetime


class TicketAuthority:
    """Accounts, tickets and bearer tokens. Share one among the systems that must accept each other's proofs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: dict[str, _Issued] = {}
        self._tokens: dict[str, IssuedToken] = {}
        self._refresh: dict[str, IssuedToken] = {}
        self._passwords: dict[str, set[str]] = {}
        self._secrets: dict[str, set[str]] = {}
        self._added: set[str] = set()
        self._dropped: set[str] = set()
        self._issued = 0
        for keys in world.secrets.values():
            if "username" in keys and "password" in keys:
                self._passwords.setdefault(keys["username"].lower(), set()).add(keys["password"])
            if "client_id" in keys and "client_secret" in keys:
                self._secrets.setdefault(keys["client_id"], set()).add(keys["client_secret"])

    @property
    def partition(self) -> str:
        """The partition that people sign in to when they name none."""
        return self._world.secrets.get("otds", {}).get("partition") or HOME_PARTITION

    @property
    def logins(self) -> tuple[str, ...]:
        """Everybody with an account, in order of name; most are people who have no password here."""
        people = {person.login.lower() for person in self._world.people}
        return tuple(sorted((people | set(self._passwords) | self._added) - self._dropped))

    @property
    def client_ids(self) -> tuple[str, ...]:
        """The service clients, in order of name."""
        return tuple(sorted(self._secrets))

    # Who is who

    def login_of(self, name: str) -> str | None:
        """The plain login behind ``name``, ``name@partition`` or ``partition\\name``; None for a stranger."""
        plain = name.rpartition("\\")[2]
        login, _, partition = plain.partition("@")
        if partition == CLIENT_PARTITION:
            return plain if login in self._secrets else None
        if partition and partition.lower() != self.partition.lower():
            # A login may be a mail address, and then the @ is part of it.
            return plain.lower() if plain.lower() in self.logins else None
        return login.lower() if login.lower() in self.logins else None

    def check_password(self, name: str, password: str) -> str | None:
        """The login that ``name`` and ``password`` prove, or None."""
        login = self.login_of(name)
        return login if login is not None and password in self._passwords.get(login, ()) else None

    def check_client(self, client_id: str, client_secret: str | None) -> bool:
        """Whether the secret is the client's; a public client has none to show."""
        if client_secret:
            return client_secret in self._secrets.get(client_id, ())
        return client_id in PUBLIC_CLIENTS

    # Accounts that come and go

    def add_account(self, login: str) -> None:
        """Somebody new, without a password yet."""
        self._added.add(login.lower())
        self._dropped.discard(login.lower())

    def set_password(self, login: str, password: str) -> None:
        """From now on this password alone is the right one."""
        self._passwords[login.lower()] = {password}

    def drop_account(self, login: str) -> None:
        """Nobody signs in as ``login`` any more, and what they hold is no longer good."""
        self._dropped.add(login.lower())
        self._passwords.pop(login.lower(), None)
        self._tickets = {value: each for value, each in self._tickets.items() if each.user != login.lower()}
        self._tokens = {value: each for value, each in self._tokens.items() if each.user != login.lower()}

    def add_client(self, client_id: str, client_secret: str) -> None:
        """A new service client; an empty secret lets nobody in."""
        self._secrets[client_id] = {client_secret} if client_secret else set()

    # Tickets

    def issue_ticket(self, user: str, *, life: timedelta = TICKET_LIFE) -> str:
        """A new single sign-on ticket for ``user`` (a plain login), good for ``life``."""
        ticket = f"*OTDSSSO*{self._opaque('ticket', user)}*"
        self._tickets[ticket] = _Issued(user=user, expires_at=self._world.clock.now() + life)
        return ticket

    def user_of_ticket(self, ticket: str) -> str | None:
        """Whose ticket this is; None when it was never issued, was withdrawn or has expired."""
        issued = self._tickets.get(ticket)
        return issued.user if issued and issued.expires_at > self._world.clock.now() else None

    def is_expired_ticket(self, ticket: str) -> bool:
        """Whether it once was good: OTDS tells an expired ticket from an invented one."""
        issued = self._tickets.get(ticket)
        return issued is not None and issued.expires_at <= self._world.clock.now()

    # Bearer tokens

    def issue_token(self, user: str, *, client_id: str, scope: str = "", life: timedelta = TOKEN_LIFE) -> IssuedToken:
        """A new bearer token for ``user``, with a refresh token unless the user is the client itself."""
        now = self._world.clock.now()
        service = user.endswith(f"@{CLIENT_PARTITION}")
        token = IssuedToken(
            value=self._opaque("token", user),
            user=user,
            client_id=client_id,
            scope=scope,
            issued_at=now,
            expires_at=now + life,
            refresh_value="" if service else self._opaque("refresh", user),
        )
        self._tokens[token.value] = token
        if token.refresh_value:
            self._refresh[token.refresh_value] = token
        return token

    def renew_token(self, refresh_value: str, *, client_id: str) -> IssuedToken | None:
        """A new token for a refresh token, which is used up by it; None when it is unknown, foreign or too old."""
        old = self._refresh.get(refresh_value)
        if old is None or old.client_id != client_id or old.issued_at + REFRESH_LIFE <= self._world.clock.now():
            return None
        del self._refresh[refresh_value]
        return self.issue_token(old.user, client_id=client_id, scope=old.scope, life=old.expires_at - old.issued_at)

    def token(self, value: str) -> IssuedToken | None:
        """What is known about a living token; None when it was never issued, was withdrawn or has expired."""
        issued = self._tokens.get(value)
        return issued if issued and issued.expires_at > self._world.clock.now() else None

    def user_of_token(self, value: str) -> str | None:
        """Whose token this is: a login, or ``{client id}@OAuthClients``; None when it is not good (any more)."""
        issued = self.token(value)
        return issued.user if issued else None

    def user_of_bearer(self, authorization: str | None) -> str | None:
        """Whose ``Authorization: Bearer …`` header this is, or None."""
        scheme, _, value = (authorization or "").partition(" ")
        return self.user_of_token(value.strip()) if scheme.lower() == "bearer" else None

    # Endings

    def withdraw(self, value: str) -> None:
        """End one ticket or token at once; unknown ones are ignored."""
        self._tickets.pop(value, None)
        if token := self._tokens.pop(value, None):
            self._refresh.pop(token.refresh_value, None)

    def withdraw_all(self) -> None:
        """End every ticket and token, as a restart of the sign-in service would."""
        self._tickets.clear()
        self._tokens.clear()
        self._refresh.clear()

    def _opaque(self, kind: str, user: str) -> str:
        self._issued += 1
        digest = sha256(f"{self._world.seed}:{kind}:{user}:{self._issued}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
