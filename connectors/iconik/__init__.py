"""iconik, cloud media asset management: the desk's client. Nouns are in :mod:`connectors.iconik.models`."""

from connectors.iconik.browser import (
    AUTHORIZE_PATH,
    TOKEN_PATH,
    BrowserLogin,
    IconikChain,
    credential_of,
    read_browser_token,
)
from connectors.iconik.client import SYSTEM, IconikClient
from connectors.iconik.criteria import (
    DocType,
    Exists,
    Filter,
    Is,
    IsBetween,
    IsOneOf,
    Operator,
    Order,
    SearchCriteria,
    Sort,
    escaped,
)
from connectors.iconik.opening import (
    BASE_URL,
    open_iconik,
    open_iconik_signed_in,
    open_iconik_with_oauth,
    open_iconik_with_password,
)
from connectors.iconik.sign_in import (
    ApplicationToken,
    AuthorizationCode,
    ClientSecret,
    OAuthLogin,
    PasswordLogin,
    RefreshToken,
)
from connectors.iconik.upload import Original
from connectors.iconik.wire.metadata import Mode
from connectors.iconik.wire.review import Reviewed

__all__ = [
    "AUTHORIZE_PATH",
    "BASE_URL",
    "SYSTEM",
    "TOKEN_PATH",
    "ApplicationToken",
    "AuthorizationCode",
    "BrowserLogin",
    "ClientSecret",
    "DocType",
    "Exists",
    "Filter",
    "IconikChain",
    "IconikClient",
    "Is",
    "IsBetween",
    "IsOneOf",
    "Mode",
    "OAuthLogin",
    "Operator",
    "Order",
    "Original",
    "PasswordLogin",
    "RefreshToken",
    "Reviewed",
    "SearchCriteria",
    "Sort",
    "credential_of",
    "escaped",
    "open_iconik",
    "open_iconik_signed_in",
    "open_iconik_with_oauth",
    "open_iconik_with_password",
    "read_browser_token",
]
