"""Connections to iconik, one function for each way in."""

from collections.abc import Callable
from typing import Final

from connectors.http import Exchange, Pace, SignIn, Transport, Wire
from connectors.iconik.browser import BrowserLogin
from connectors.iconik.client import SYSTEM, IconikClient
from connectors.iconik.sign_in import ApplicationToken, OAuthLogin, PasswordLogin
from connectors.iconik.wire.reading import read_failure

BASE_URL: Final = "https://app.iconik.io"
"""EU tenants have ``https://eu.iconik.io`` (CONFIRMED)."""
PACE: Final = Pace(calls=40, per_s=1.0, at_once=8, refills_in_s=20.0, budget=1_000)
"""CHOSEN, below the documented 50 a second and 1,000 in 20 seconds (the window: CONFIRMED)."""
STORAGE_PACE: Final = Pace(calls=60, per_s=1.0, at_once=12)
"""CHOSEN: signed addresses are the storage provider's and cost no iconik call."""


def open_iconik(
    *,
    app_id: str,
    auth_token: str,
    base_url: str = BASE_URL,
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> IconikClient:
    """A connection by application token. ``wire`` replaces the network."""
    return _opened(ApplicationToken(app_id=app_id, auth_token=auth_token), base_url, pace, on_exchange, wire)


def open_iconik_with_password(
    *,
    email: str,
    password: str,
    system_domain_id: str = "",
    base_url: str = BASE_URL,
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> IconikClient:
    """A connection by password, which signs in again when its token expires."""
    sign_in = PasswordLogin(email=email, password=password, system_domain_id=system_domain_id)
    return _opened(sign_in, base_url, pace, on_exchange, wire)


def open_iconik_with_oauth(
    *,
    login: OAuthLogin,
    base_url: str = BASE_URL,
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> IconikClient:
    """A connection by OAuth, with whatever grant ``login`` holds."""
    return _opened(login, base_url, pace, on_exchange, wire)


def open_iconik_signed_in(
    sign_in: BrowserLogin,
    *,
    base_url: str = BASE_URL,
    pace: Pace = PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> IconikClient:
    """A connection of somebody who signed in with a browser."""
    return _opened(sign_in, base_url, pace, on_exchange, wire)


def _opened(
    sign_in: SignIn, base_url: str, pace: Pace, on_exchange: Callable[[Exchange], None], wire: Wire | None
) -> IconikClient:
    api = Transport(
        system=SYSTEM,
        base_url=base_url,
        sign_in=sign_in,
        read_failure=read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire,
    )
    storage = Transport(system=SYSTEM, base_url=base_url, pace=STORAGE_PACE, on_exchange=on_exchange, wire=wire)
    return IconikClient(api, storage)
