"""Sign-in, tokens, users and groups: the ``auth`` and ``users`` services (wire contract "iconik", §2 and §15)."""

from collections.abc import Sequence

from connectors.calls import Call, JSONBody, Reply
from connectors.errors import SignInError
from connectors.iconik.models import Group, Login, SamlAddress, SystemDomain, Token, User, UserId
from connectors.iconik.wire.addressing import Query, path, query
from connectors.iconik.wire.operations import FEW_PER_PAGE, Listing, Operation, act, change, fetch, pages
from connectors.iconik.wire.reading import read, read_objects


def log_in(*, email: str, password: str, app_name: str, system_domain_id: str = "") -> Operation[tuple[str, str]]:
    """App id and token for the tenant asked for, or for the only one.

    Not repeatable: each answer makes a token (CONFIRMED; ``app_name`` "WEB" as public clients). Raises: SignInError
    when no such tenant is open to this account, several are and none was named, or a second factor is due.
    """
    call = Call(
        name="log in",
        method="POST",
        path=path("auth", "auth", "simple", "login"),
        body=JSONBody(value={"email": email, "password": password, "app_name": app_name}),
        signed_in=False,
    )
    return Operation(call=call, read=lambda reply: _credentials(reply, system_domain_id))


def choose_tenant(*, email: str, system_domain_id: str, otp: str = "", otp_type: str = "") -> Operation[Token]:
    """A token for one tenant of several, or behind a second factor: TOTP or MAIL_2SV (CONFIRMED)."""
    body = {"email": email, "system_domain_id": system_domain_id}
    if otp:
        body |= {"otp": otp, "otp_type": otp_type}
    return change(
        "choose tenant",
        "POST",
        path("auth", "auth", "multidomain", "login"),
        Token,
        body,
        repeatable=False,
        signed_in=False,
    )


def saml_address(email: str) -> Operation[SamlAddress]:
    """Where the browser signs somebody in; 404 when the tenant has no identity provider (INFERRED)."""
    return change(
        "SAML address", "POST", path("auth", "auth", "saml", "login"), SamlAddress, {"email": email}, signed_in=False
    )


def check_token() -> Operation[Token]:
    """Whether the token is good, and whose it is."""
    return fetch("check token", path("auth", "auth", "token"), Token)


def renew_token() -> Operation[Token]:
    """A new token for the one sent; the old one may live on, so losing the answer loses nothing."""
    return change("renew token", "PUT", path("auth", "auth", "token"), Token, repeatable=False)


def revoke_token() -> Operation[None]:
    """End the token sent. A second time answers 401, hence not repeatable; 200 or 204 by release (CONFIRMED)."""
    return act("revoke token", "DELETE", path("auth", "auth", "token"))


def current_user() -> Operation[User]:
    """Who the token acts as."""
    return fetch("who am I", path("users", "users", "current"), User)


def current_roles() -> Operation[frozenset[str]]:
    """Names of the roles of :func:`current_user`, such as ``can_read_assets``."""
    call = Call(name="my roles", method="GET", path=path("users", "users", "current", "roles"), repeatable=True)
    return Operation(call=call, read=lambda reply: frozenset(read_objects(reply, str)))


def user(user_id: UserId) -> Operation[User]:
    """Somebody by id; documents name people by nothing else."""
    return fetch("user", path("users", "users", user_id), User)


def find_people(words: str = "", *, ids: Sequence[UserId] = (), emails: Sequence[str] = ()) -> Listing[User]:
    """People to choose from, by part of a name or address, by ids or by addresses (P1)."""
    asked = query({"query": words, "ids": ",".join(ids), "emails": ",".join(emails)})
    return pages("find people", path("users", "users", "basic"), User, query=asked, most=FEW_PER_PAGE)


def find_groups(words: str = "", *, ids: Sequence[str] = ()) -> Listing[Group]:
    """Groups to choose from (P1)."""
    asked: Query = query({"query": words, "ids": ",".join(ids)})
    return pages("find groups", path("users", "groups", "basic"), Group, query=asked, most=FEW_PER_PAGE)


def _credentials(reply: Reply, system_domain_id: str) -> tuple[str, str]:
    login = read(reply, Login)
    if not login.auth_system_domains and login.token:
        return login.app_id, login.token
    domain = _domain(reply, login, system_domain_id)
    if domain.mfa_required or not domain.token:
        raise _refused(reply, "a second factor is due; use an application token instead")
    return login.app_id, domain.token


def _domain(reply: Reply, login: Login, wanted: str) -> SystemDomain:
    domains = login.auth_system_domains
    if wanted:
        domains = tuple(domain for domain in domains if domain.system_domain_id == wanted)
    match domains:
        case (only,):
            return only
        case ():
            raise _refused(reply, "this account does not belong to the chosen tenant" if wanted else "no tenant")
        case _:
            raise _refused(reply, "this account belongs to several tenants; choose one in the connection")


def _refused(reply: Reply, why: str) -> SignInError:
    return SignInError(
        system=reply.system, call=reply.call, detail=why, request_id=reply.request_id, status=reply.status
    )
