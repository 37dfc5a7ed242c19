"""The token forms of Exstream: who signs in, where the endpoint lies, what scope is asked for (contract 1.1)."""

from typing import Final

from connectors.otds import BearerSignIn, TokenPath
from connectors.otds.wire import token_by_client, token_by_password

CLOUD_SCOPE: Final = "search otds:groups subscription:{subscription}"
"""What the vendor's multi-tenant samples ask for (contract 1.1, CONFIRMED)."""
PRIVATE_SCOPE: Final = "otds:groups"
"""What its samples for private deployments ask for (contract 1.1, CONFIRMED)."""
PUBLIC_CLIENT: Final = "Exstream"
"""The client without a secret that the samples' password grant names (contract 1.1, CONFIRMED)."""


def client_sign_in(
    *,
    otds_url: str,
    client_id: str,
    client_secret: str,
    tenant: str = "",
    subscription: str = "",
    path: TokenPath = TokenPath.TENANT,
    scope: str = CLOUD_SCOPE,
    as_json: bool = False,
) -> BearerSignIn:
    """Sign in as a service client. ``as_json``: the form that the vendor's cloud gateway takes."""
    return BearerSignIn(
        token_by_client(
            client_id=client_id,
            client_secret=client_secret,
            scope=scope.replace("{subscription}", subscription),
            path=path.for_tenant(tenant),
            base_url=otds_url.rstrip("/"),
            as_json=as_json,
        )
    )


def person_sign_in(
    *,
    otds_url: str,
    username: str,
    password: str,
    client_id: str = PUBLIC_CLIENT,
    client_secret: str = "",
    tenant: str = "",
    subscription: str = "",
    path: TokenPath = TokenPath.TENANT,
    scope: str = CLOUD_SCOPE,
    as_basic: bool = False,
) -> BearerSignIn:
    """Sign in as a person. ``as_basic``: the client's secret travels in a Basic header."""
    return BearerSignIn(
        token_by_password(
            username=username,
            password=password,
            client_id=client_id,
            client_secret=client_secret,
            scope=scope.replace("{subscription}", subscription),
            path=path.for_tenant(tenant),
            base_url=otds_url.rstrip("/"),
            as_basic=as_basic,
        )
    )
