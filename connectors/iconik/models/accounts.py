"""Who is signed in: tokens, tenants and users (wire contract "iconik", §2)."""

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
