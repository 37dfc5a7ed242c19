"""iconik, cloud media asset management: the desk's client. Nouns are in :mod:`connectors.iconik.models`."""

from connectors.iconik.client import BASE_URL, SYSTEM, IconikClient, open_iconik, open_iconik_with_password
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
from connectors.iconik.sign_in import ApplicationToken, PasswordLogin
from connectors.iconik.wire.metadata import Mode
from connectors.iconik.wire.review import Reviewed

__all__ = [
    "BASE_URL",
    "SYSTEM",
    "ApplicationToken",
    "DocType",
    "Exists",
    "Filter",
    "IconikClient",
    "Is",
    "IsBetween",
    "IsOneOf",
    "Mode",
    "Operator",
    "Order",
    "PasswordLogin",
    "Reviewed",
    "SearchCriteria",
    "Sort",
    "escaped",
    "open_iconik",
    "open_iconik_with_password",
]
