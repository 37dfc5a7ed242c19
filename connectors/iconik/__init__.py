"""iconik, cloud media asset management: the desk's client. Nouns are in :mod:`connectors.iconik.models`."""

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
from connectors.iconik.opening import BASE_URL, open_iconik, open_iconik_with_oauth, open_iconik_with_password
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
    "BASE_URL",
    "SYSTEM",
    "ApplicationToken",
    "AuthorizationCode",
    "ClientSecret",
    "DocType",
    "Exists",
    "Filter",
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
    "escaped",
    "open_iconik",
    "open_iconik_with_oauth",
    "open_iconik_with_password",
]
