"""The ways in: a pasted application token, a mail address with its password, or one of OAuth's grants.

All end in the headers ``App-ID`` and ``Auth-Token``, without a ``Bearer`` word (wire contract "iconik", §2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from connectors.calls import Reply
from connectors.errors import InvalidError, SignInError
from connectors.http import Send
from connectors.iconik.models import OAuthToken
from connectors.iconik.wire import accounts, oauth
from connectors.iconik.wire.operations import Operation


class ApplicationToken:
    """App id and token as an administrator made them. Nothing renews it here: a refused one needs a person."""

    is_signed_in = True

    def __init__(self, *, app_id: str, auth_token: str) -> None:
        self._app_id = app_id
        self._auth_token = auth_token

    def __repr__(self) -> str:
        return f"ApplicationToken(app_id={self._app_id!r})"

    async def sign_in(self, send: Send) -> None:
        """Do nothing: the token is all there is."""

    def headers(self) -> Mapping[str, str]:
        """The two headers of every signed-in call."""
        return {"App-ID": self._app_id, "Auth-Token": self._auth_token}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401 cannot be mended by signing in again."""
        del reply
        return False


class PasswordLogin:
    """Logs in with a password, and again when the token has expired."""

    def __init__(self, *, email: str, password: str, system_domain_id: str = "", app_name: str = "WEB") -> None:
        """``system_domain_id`` chooses among tenants; ``app_name`` as a working public client sends it (CONFIRMED)."""
        self._email = email
        self._password = password
        self._system_domain_id = system_domain_id
        self._app_name = app_name
        self._app_id = ""
        self._auth_token = ""

    def __repr__(self) -> str:
        return f"PasswordLogin(signed_in={self.is_signed_in})"

    @property
    def is_signed_in(self) -> bool:
        """Whether a token is at hand."""
        return bool(self._auth_token)

    async def sign_in(self, send: Send) -> None:
        """Obtain a token. Raises: SignInError for a wrong password, a second factor or a tenant to choose; others."""
        log_in = accounts.log_in(
            email=self._email,
            password=self._password,
            app_name=self._app_name,
            system_domain_id=self._system_domain_id,
        )
        try:
            reply = await send(log_in.call)
        except InvalidError as error:
            raise _refused(error) from error
        self._app_id, self._auth_token = log_in.read(reply)

    def headers(self) -> Mapping[str, str]:
        """The two headers of every signed-in call."""
        return {"App-ID": self._app_id, "Auth-Token": self._auth_token}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """401: the token has expired or was revoked."""
        return reply.status == 401  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """The code that a browser brought back from the consent page; good once, and only with its ``verifier``."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """What an earlier consent left behind."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """A backend service's own secret."""

    value: str = field(repr=False)
    scope: str = ""


Grant: TypeAlias = AuthorizationCode | RefreshToken | ClientSecret


class OAuthLogin:
    """Obtains tokens by OAuth, and goes on with the refresh token when the answer brought one."""

    def __init__(
        self, *, client_id: str, grant: Grant, on_refresh_token: Callable[[str], None] = lambda _value: None
    ) -> None:
        """``on_refresh_token`` keeps what lets the desk in the next time; it is a credential."""
        self._client_id = client_id
        self._grant: Grant | None = grant
        self._on_refresh_token = on_refresh_token
        self._app_id = client_id
        self._auth_token = ""

    def __repr__(self) -> str:
        return f"OAuthLogin(client_id={self._client_id!r}, signed_in={self.is_signed_in})"

    @property
    def is_signed_in(self) -> bool:
        """Whether a token is at hand."""
        return bool(self._auth_token)

    async def sign_in(self, send: Send) -> None:
        """Obtain a token. Raises: SignInError for a grant that is used up, refused or answered without one; others."""
        asked = self._asked()
        try:
            reply = await send(asked.call)
        except InvalidError as error:
            raise _refused(error) from error
        token = asked.read(reply)
        if not token.value:
            raise SignInError(system=reply.system, call=reply.call, detail="the answer has no token")
        self._auth_token = token.value
        self._app_id = token.app_id or self._client_id
        if isinstance(self._grant, AuthorizationCode):
            self._grant = None
        if token.refresh_token:
            self._grant = RefreshToken(value=token.refresh_token)
            self._on_refresh_token(token.refresh_token)

    def headers(self) -> Mapping[str, str]:
        """The two headers of every signed-in call; that OAuth tokens travel in them too is INFERRED."""
        return {"App-ID": self._app_id, "Auth-Token": self._auth_token}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """401: the token has expired or was revoked."""
        return reply.status == 401  # noqa: PLR2004

    def _asked(self) -> Operation[OAuthToken]:
        match self._grant:
            case AuthorizationCode(code=code, verifier=verifier, redirect_uri=redirect_uri):
                return oauth.exchange_code(
                    client_id=self._client_id, code=code, verifier=verifier, redirect_uri=redirect_uri
                )
            case RefreshToken(value=value):
                return oauth.refresh(client_id=self._client_id, refresh_token=value)
            case ClientSecret(value=value, scope=scope):
                return oauth.by_client_credentials(client_id=self._client_id, client_secret=value, scope=scope)
            case None:
                raise SignInError(
                    system="iconik", call="OAuth token", detail="the consent is used up; sign in with the browser again"
                )


def _refused(error: InvalidError) -> SignInError:
    """A wrong password or grant is a 400 here (CONFIRMED), and for the desk no less a refused sign-in."""
    return SignInError(
        system=error.system,
        call=error.call,
        detail=error.detail,
        request_id=error.request_id,
        status=error.status,
    )
