"""Who is signed in: tokens, tenants, users and applications (wire contract "iconik", §2)."""

from connectors.iconik.models.nouns import Moment, Noun, UserId, VendorWord


class Token(Noun, frozen=True, kw_only=True):
    """A token record. ``token`` is only there when it was just made."""

    token: str = ""
    id: str = ""
    app_id: str = ""
    user_id: UserId = UserId("")
    system_domain_id: str = ""
    expires: Moment | None = None
    is_admin: bool = False

    def __repr__(self) -> str:
        return f"Token(id={self.id!r}, user_id={self.user_id!r}, expires={self.expires!r})"


class SystemDomain(Noun, frozen=True, kw_only=True):
    """One tenant that a password opens, with its token unless a second factor is due."""

    system_domain_id: str
    system_domain_name: str = ""
    token: str = ""
    url: str = ""
    mfa_required: bool = False
    mfa_methods: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SystemDomain(system_domain_id={self.system_domain_id!r}, mfa_required={self.mfa_required!r})"


class Login(Noun, frozen=True, kw_only=True):
    """The answer to a password: an app id and one entry per tenant."""

    app_id: str
    auth_system_domains: tuple[SystemDomain, ...] = ()
    token: str = ""
    """Deprecated by the vendor; read only when no tenant is listed."""
    expires: Moment | None = None

    def __repr__(self) -> str:
        return f"Login(app_id={self.app_id!r}, auth_system_domains={self.auth_system_domains!r})"


class UserType(VendorWord):
    """What an account may do at all, before roles and ACLs."""

    POWER = "POWER"
    STANDARD = "STANDARD"
    BROWSE_ONLY = "BROWSE_ONLY"
    BROWSE_API_ONLY = "BROWSE_API_ONLY"
    UNKNOWN = "UNKNOWN"


class User(Noun, frozen=True, kw_only=True):
    """Somebody with an account."""

    id: UserId
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    groups: tuple[str, ...] = ()
    is_admin: bool = False
    type: UserType = UserType.UNKNOWN

    def __repr__(self) -> str:
        return f"User(id={self.id!r}, type={self.type!r})"


class Group(Noun, frozen=True, kw_only=True):
    """People who are meant together."""

    id: str
    name: str = ""
    description: str = ""


class SamlAddress(Noun, frozen=True, kw_only=True):
    """Where a browser signs somebody in; it is good once, so it has no repr."""

    url: str

    def __repr__(self) -> str:
        return "SamlAddress()"


class App(Noun, frozen=True, kw_only=True):
    """An application that may sign in. ``client_secret`` is only in the answer that made it."""

    id: str
    name: str = ""
    type: str = ""
    oauth_client_type: str = ""
    redirect_uris: tuple[str, ...] = ()
    allowed_scopes: tuple[str, ...] = ()
    default_user_id: UserId = UserId("")
    client_secret: str = ""

    def __repr__(self) -> str:
        return f"App(id={self.id!r}, name={self.name!r}, type={self.type!r})"


class OAuthScopes(Noun, frozen=True, kw_only=True):
    """Names of what an application can be allowed."""

    scopes: tuple[str, ...] = ()


class OAuthToken(Noun, frozen=True, kw_only=True):
    """What the OAuth token call answers. The document says ``token``; the standard's ``access_token`` is read too."""

    token: str = ""
    access_token: str = ""
    refresh_token: str = ""
    """Under which name it comes, and whether at all, is unknown."""
    app_id: str = ""
    user_id: UserId = UserId("")
    system_domain_id: str = ""
    expires: Moment | None = None

    @property
    def value(self) -> str:
        """The token, by either name; empty when there is none."""
        return self.token or self.access_token

    def __repr__(self) -> str:
        return f"OAuthToken(app_id={self.app_id!r}, user_id={self.user_id!r}, expires={self.expires!r})"
