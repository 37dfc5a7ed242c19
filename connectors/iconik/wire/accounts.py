"""Sign-in, tokens and users: the ``auth`` and ``users`` services (wire contract "iconik", §2)."""

from connectors.calls import Call, JSONBody, Reply
from connectors.errors import SignInError
from connectors.iconik.models import Login, SystemDomain, Token, User, UserId
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.reading import read, read_objects


def log_in(*, email: str, password: str, app_name: str) -> Call:
    """Password login. Not repeatable: each answer makes a token (CONFIRMED; ``app_name`` "WEB" as public clients)."""
    return Call(
        name="log in",
        method="POST",
        path=path("auth", "auth", "simple", "login"),
        body=JSONBody(value={"email": email, "password": password, "app_name": app_name}),
        signed_in=False,
    )


def read_login(reply: Reply, *, system_domain_id: str = "") -> tuple[str, str]:
    """App id and token for the tenant asked for, or for the only one.

    Raises: SignInError when no such tenant is open to this account, several are and none was named, or a second
    factor is due; ShapeError.
    """
    login = read(reply, Login)
    if not login.auth_system_domains and login.token:
        return login.app_id, login.token
    domain = _domain(reply, login, system_domain_id)
    if domain.mfa_required or not domain.token:
        raise _refused(reply, "a second factor is due; use an application token instead")
    return login.app_id, domain.token


def check_token() -> Call:
    """Whether the token is good, and whose it is."""
    return Call(name="check token", method="GET", path=path("auth", "auth", "token"), repeatable=True)


def renew_token() -> Call:
    """A new token for the one sent; the old one may live on, so losing the answer loses nothing."""
    return Call(name="renew token", method="PUT", path=path("auth", "auth", "token"))


def revoke_token() -> Call:
    """End the token sent. A second time answers 401, hence not repeatable."""
    return Call(name="revoke token", method="DELETE", path=path("auth", "auth", "token"))


def current_user() -> Call:
    """Who the token acts as."""
    return Call(name="who am I", method="GET", path=path("users", "users", "current"), repeatable=True)


def user(user_id: UserId) -> Call:
    """Somebody by id; documents name people by nothing else."""
    return Call(name="user", method="GET", path=path("users", "users", user_id), repeatable=True)


def current_roles() -> Call:
    """Names of the roles of :func:`current_user`, such as ``can_read_assets``."""
    return Call(name="my roles", method="GET", path=path("users", "users", "current", "roles"), repeatable=True)


def read_token(reply: Reply) -> Token:
    """A token record. Raises: ShapeError."""
    return read(reply, Token)


def read_user(reply: Reply) -> User:
    """A user. Raises: ShapeError."""
    return read(reply, User)


def read_roles(reply: Reply) -> frozenset[str]:
    """Role names. Raises: ShapeError."""
    return frozenset(read_objects(reply, str))


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
