"""The two ways in that the desk uses: a pasted application token, or a mail address and its password.

Both end in the headers ``App-ID`` and ``Auth-Token``, without a ``Bearer`` word (wire contract "iconik", §2).
"""

from collections.abc import Mapping

from connectors.calls import Reply
from connectors.errors import InvalidError, SignInError
from connectors.http import Send
from connectors.iconik.wire import accounts


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
        call = accounts.log_in(email=self._email, password=self._password, app_name=self._app_name)
        try:
            reply = await send(call)
        except InvalidError as error:
            # A wrong password is a 400 here (CONFIRMED), and for the desk no less a refused sign-in.
            raise SignInError(
                system=error.system,
                call=error.call,
                detail=error.detail,
                request_id=error.request_id,
                status=error.status,
            ) from error
        self._app_id, self._auth_token = accounts.read_login(reply, system_domain_id=self._system_domain_id)

    def headers(self) -> Mapping[str, str]:
        """The two headers of every signed-in call."""
        return {"App-ID": self._app_id, "Auth-Token": self._auth_token}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """401: the token has expired or was revoked."""
        return reply.status == 401  # noqa: PLR2004
