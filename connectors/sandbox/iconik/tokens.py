"""Tokens: the ready file's application token, and those that a password or a renewal makes. They age with the clock."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec

from connectors.sandbox.iconik.faults import Fault
from connectors.sandbox.iconik.identity import stamp
from connectors.sandbox.iconik.records import UserRecord
from connectors.sandbox.iconik.tenant import Tenant

LOGIN_LASTS: Final = timedelta(hours=12)
"""CHOSEN: the lifetime of a login token is not published."""
APPLICATION_LASTS: Final = timedelta(days=365)
"""CHOSEN, as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """One token. Its id is not a credential: sending that instead of the value gives 401 (CONFIRMED)."""

    id: str
    value: str = field(repr=False)
    app_id: str
    user: UserRecord
    made_at: datetime
    expires_at: datetime

    def write(self, tenant: Tenant, *, with_value: bool) -> dict[str, Any]:
        """As the vendor shows it; ``with_value`` for one that was just made."""
        shown = {
            "id": self.id,
            "app_id": self.app_id,
            "user_id": self.user.id,
            "system_domain_id": tenant.system_domain_id,
            "system_domains": [tenant.system_domain_id],
            "is_admin": self.user.is_admin,
            "is_super_admin": False,
            "is_mfa_authenticated": False,
            "is_saml_authenticated": False,
            "date_created": stamp(self.made_at),
            "date_modified": stamp(self.made_at),
            "expires": stamp(self.expires_at),
        }
        return {**shown, "token": self.value} if with_value else shown


class Tokens:
    """Every token that is good."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._key = f"harbour-iconik:{tenant.world.seed}".encode()
        secrets = tenant.world.secrets["iconik"]
        application = TokenRecord(
            id=tenant.ids.of("token", "application"),
            value=secrets["auth_token"],
            app_id=secrets["app_id"],
            user=tenant.default_user,
            made_at=tenant.world.began,
            expires_at=tenant.world.began + APPLICATION_LASTS,
        )
        self._by_value = {application.value: application}

    def now(self) -> datetime:
        """The sandbox's time."""
        return self._tenant.now()

    def check(self, app_id: str, value: str) -> TokenRecord:
        """The token behind two headers. Raises: Fault 401."""
        token = self._by_value.get(value)
        if token is None or not hmac.compare_digest(token.app_id, app_id) or token.expires_at <= self.now():
            raise Fault(401, "Token is invalid")
        return token

    def make(self, user: UserRecord, *, app_id: str, lasts: timedelta = LOGIN_LASTS) -> TokenRecord:
        """A new token, a JWT as real ones are."""
        token_id = self._tenant.ids.fresh("token")
        expires_at = self.now() + lasts
        claims = {"jti": token_id, "sub": user.id, "aid": app_id, "exp": int(expires_at.timestamp())}
        signed = f"{_base64({'alg': 'HS256', 'typ': 'JWT'})}.{_base64(claims)}"
        signature = urlsafe_b64encode(hmac.digest(self._key, signed.encode(), sha256)).rstrip(b"=").decode()
        token = TokenRecord(
            id=token_id,
            value=f"{signed}.{signature}",
            app_id=app_id,
            user=user,
            made_at=self.now(),
            expires_at=expires_at,
        )
        self._by_value[token.value] = token
        return token

    def revoke(self, token: TokenRecord) -> None:
        """End a token."""
        self._by_value.pop(token.value, None)

    def revoke_all(self, app_id: str) -> None:
        """End every token of an application."""
        self._by_value = {value: token for value, token in self._by_value.items() if token.app_id != app_id}


def _base64(claims: dict[str, Any]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(claims)).rstrip(b"=").decode()
