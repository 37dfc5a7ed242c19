"""The sign-in calls of OpenText Directory Services and how to read their answers.

Every builder takes ``base_url``: empty when the transport's own base is OTDS, else the address of the OTDS host, so
that another system's transport can carry the call. All of them are ``signed_in=False`` unless they say otherwise.
"""

import base64
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec

from connectors.calls import Call, FormBody, JSONBody, Reply, segment
from connectors.errors import ConnectorError, SignInError
from connectors.judging import error_for_status
from connectors.masking import scrub
from connectors.otds.models import BearerToken, Resource, Ticket, TokenFacts
from connectors.shape import decode

EXPIRED_TICKET: Final = 1034
"""``Expired OTDS SSO ticket``, sent with HTTP 400 (CONFIRMED, extended-ecm 2, rule 6)."""
TICKET_SCOPE: Final = "otdsssoticket"
"""Asks the token endpoint for a legacy ticket (CONFIRMED, exstream 1.1)."""

_REFUSALS: Final = frozenset({400, 401})
"""Statuses that carry a readable refusal; :func:`read_token` and :func:`read_ticket` raise what they say."""
_SIGN_IN_ERRORS: Final = frozenset({"invalid_client", "invalid_grant", "unauthorized_client", "access_denied"})
"""OAuth's words (RFC 6749, 5.2) for *we do not accept who you are*."""


class TokenPath(StrEnum):
    """Where a deployment keeps its token endpoint (exstream 1.1, all CONFIRMED)."""

    PLAIN = "/otdsws/oauth2/token"
    TENANT = "/otdstenant/{tenant}/oauth2/token"
    PRIVATE_TENANT = "/otdsws/otdstenant/{tenant}/oauth2/token"
    TENANT_LOGIN = "/otds/otdstenant/{tenant}/otdsws/login"
    CLOUD = "/tenants/{tenant}/oauth2/token"

    def for_tenant(self, tenant: str = "") -> str:
        """The path with its tenant filled in."""
        return self.value.replace("{tenant}", segment(tenant))


# Asking


def ticket_by_password(*, user_name: str, password: str, target_resource_id: str = "", base_url: str = "") -> Call:
    """A ticket for a name and a password; ``target_resource_id`` (a UUID) narrows it to one system."""
    body = {"userName": user_name, "password": password}
    if target_resource_id:
        body |= {"ticketType": "OTDSTICKET", "targetResourceId": target_resource_id}
    return _ask("OTDS sign-in", f"{base_url}/otdsws/rest/authentication/credentials", JSONBody(value=body))


def ticket_by_password_v1(*, user_name: str, password: str, base_url: str = "") -> Call:
    """The same in the newer spelling, for servers that hide the ``rest`` one."""
    body = {"user_name": user_name, "password": password}
    return _ask("OTDS sign-in", f"{base_url}/otdsws/v1/authentication/credentials", JSONBody(value=body))


def ticket_for_user(*, user_name: str, ticket: str, base_url: str = "") -> Call:
    """A ticket for somebody else (``login@partition``), proved by one's own."""
    body = {"userName": user_name, "ticket": ticket}
    return _ask("OTDS ticket for user", f"{base_url}/otdsws/rest/authentication/ticketforuser", JSONBody(value=body))


def ticket_for_resource(*, ticket: str, target_resource_id: str, base_url: str = "") -> Call:
    """A ticket that one system accepts (core-dam 3.7)."""
    body = {"ticket": ticket, "targetResourceId": target_resource_id}
    path = f"{base_url}/otdsws/rest/authentication/resource/ticketforresource"
    return _ask("OTDS ticket for resource", path, JSONBody(value=body))


def token_by_client(
    *,
    client_id: str,
    client_secret: str,
    scope: str = "",
    path: str = TokenPath.PLAIN.value,
    base_url: str = "",
    as_json: bool = False,
    as_basic: bool = False,
) -> Call:
    """A token for a service client. ``as_json``: the cloud's body form; ``as_basic``: secret in a Basic header."""
    fields = [("grant_type", "client_credentials")]
    headers = {}
    if as_basic:
        headers["Authorization"] = basic(client_id, client_secret)
    else:
        fields += [("client_id", client_id), ("client_secret", client_secret)]
    if scope:
        fields.append(("scope", scope))
    body = JSONBody(value=dict(fields)) if as_json else FormBody(fields=tuple(fields))
    return _ask("OAuth token", base_url + path, body, headers=headers)


def token_by_password(
    *,
    username: str,
    password: str,
    client_id: str,
    client_secret: str = "",
    scope: str = "",
    path: str = TokenPath.PLAIN.value,
    base_url: str = "",
    as_basic: bool = False,
) -> Call:
    """A token for a person; a public client has no secret."""
    fields = [("grant_type", "password"), ("username", username), ("password", password)]
    headers = {}
    if as_basic:
        headers["Authorization"] = basic(client_id, client_secret)
    else:
        fields.append(("client_id", client_id))
        if client_secret:
            fields.append(("client_secret", client_secret))
    if scope:
        fields.append(("scope", scope))
    return _ask("OAuth token", base_url + path, FormBody(fields=tuple(fields)), headers=headers)


def token_by_refresh(
    *,
    refresh_token: str,
    client_id: str,
    client_secret: str = "",
    path: str = TokenPath.PLAIN.value,
    base_url: str = "",
) -> Call:
    """A new token for a refresh token, which may be used up by it."""
    fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("client_id", client_id)]
    if client_secret:
        fields.append(("client_secret", client_secret))
    return _ask("OAuth refresh", base_url + path, FormBody(fields=tuple(fields)))


def token_for_user(
    *,
    user_id: str,
    client_id: str,
    client_secret: str,
    path: str = TokenPath.PLAIN.value,
    base_url: str = "",
) -> Call:
    """A token that lets a service client act as ``user_id`` (``login@partition``); needs impersonation rights."""
    fields = (
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token_type", "urn:opentext.com:oauth:string:user_id"),
        ("subject_token", user_id),
        ("client_id", client_id),
        ("client_secret", client_secret),
    )
    return _ask("OAuth token for user", base_url + path, FormBody(fields=fields))


def token_facts(token: str, *, base_url: str = "") -> Call:
    """What a token stands for; needs a signed-in transport."""
    return Call(
        name="OTDS token facts",
        method="POST",
        path=f"{base_url}/otdsws/rest/authentication/oauth/tokeninfo",
        headers={"Accept": "application/json"},
        body=JSONBody(value={"token": token}),
        repeatable=True,
    )


def resource(name: str, *, base_url: str = "") -> Call:
    """The id of a system that accepts tickets; needs a signed-in transport."""
    return Call(
        name="OTDS resource", method="GET", path=f"{base_url}/otdsws/rest/resources/{segment(name)}", repeatable=True
    )


def basic(client_id: str, client_secret: str) -> str:
    """An HTTP Basic header value."""
    return "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()


# Reading


class _TicketReply(msgspec.Struct, frozen=True):
    ticket: str | None = None
    user_id: str | None = None
    user_id_camel: str | None = msgspec.field(name="userId", default=None)
    resource_id: str | None = None
    resource_id_camel: str | None = msgspec.field(name="resourceID", default=None)
    failure_reason: str | None = None
    failure_reason_camel: str | None = msgspec.field(name="failureReason", default=None)


class _TokenReply(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float | str | None = None
    refresh_token: str | None = None
    scope: str | None = None


class _TokenFactsReply(msgspec.Struct, frozen=True):
    user_id: str | None = msgspec.field(name="userId", default=None)
    client_id: str | None = msgspec.field(name="clientId", default=None)
    scope: str | None = None


class _ResourceReply(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="resourceID")
    name: str = msgspec.field(name="resourceName")


class _Complaint(msgspec.Struct, frozen=True):
    """Either shape of a refusal: OTDS's own and OAuth's."""

    error: str | None = None
    error_description: str | None = None
    status: int | None = None


def read_ticket(reply: Reply) -> Ticket:
    """A ticket in either spelling. Raises: SignInError, ShapeError."""
    _raise_refusal(reply)
    answer = decode(reply, _TicketReply)
    if not answer.ticket:
        reason = answer.failure_reason or answer.failure_reason_camel
        if reason:
            raise _sign_in_error(reply, reason)
        raise reply.odd("no ticket in the answer")
    return Ticket(
        value=answer.ticket,
        user_id=answer.user_id or answer.user_id_camel or "",
        resource_id=answer.resource_id or answer.resource_id_camel,
    )


def read_token(reply: Reply) -> BearerToken:
    """An OAuth token. Raises: SignInError, InvalidError, ShapeError."""
    _raise_refusal(reply)
    answer = decode(reply, _TokenReply)
    if not answer.access_token:
        raise reply.odd("an empty access_token")
    return BearerToken(
        value=answer.access_token,
        expires_in=_seconds(reply, answer.expires_in),
        refresh_token=answer.refresh_token or None,
        scope=answer.scope or "",
    )


def read_token_facts(reply: Reply) -> TokenFacts:
    """Raises: ShapeError."""
    answer = decode(reply, _TokenFactsReply)
    return TokenFacts(user_id=answer.user_id or "", client_id=answer.client_id or "", scope=answer.scope or "")


def read_resource(reply: Reply) -> Resource:
    """A resource. Raises: ShapeError."""
    answer = decode(reply, _ResourceReply)
    return Resource(id=answer.id, name=answer.name)


def read_failure(reply: Reply) -> ConnectorError | None:
    """The error that OTDS's own words stand for; None leaves the judgement to the status."""
    if reply.status < 400 or reply.media_type != "application/json":  # noqa: PLR2004 - the HTTP class boundary
        return None
    try:
        complaint = msgspec.json.decode(reply.body, type=_Complaint)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    words = complaint.error_description or complaint.error or ""
    if complaint.status == EXPIRED_TICKET or complaint.error in _SIGN_IN_ERRORS:
        return _sign_in_error(reply, words)
    return error_for_status(reply, detail=words) if words else None


def _ask(name: str, path: str, body: JSONBody | FormBody, *, headers: dict[str, str] | None = None) -> Call:
    return Call(
        name=name,
        method="POST",
        path=path,
        headers={"Accept": "application/json", **(headers or {})},
        body=body,
        repeatable=True,
        signed_in=False,
        accepts=_REFUSALS,
    )


def _raise_refusal(reply: Reply) -> None:
    if reply.status not in _REFUSALS:
        return
    raise read_failure(reply) or error_for_status(reply, detail=f"HTTP {reply.status}")


def _sign_in_error(reply: Reply, words: str) -> SignInError:
    return SignInError(
        system=reply.system, call=reply.call, detail=scrub(words), request_id=reply.request_id, status=reply.status
    )


def _seconds(reply: Reply, said: float | str | None) -> timedelta | None:
    if said is None:
        return None
    try:
        return timedelta(seconds=max(float(said), 0.0))
    except (ValueError, OverflowError) as error:
        raise reply.odd("expires_in is not a number of seconds") from error
