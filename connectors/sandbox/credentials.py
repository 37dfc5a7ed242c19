"""The credentials of the ready file: made up, derived from the seed, worth nothing outside the sandbox."""

import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from connectors.sandbox.people import SIGNED_IN

PARTITION: Final = "harbour"
DOMAIN: Final = "HarbourMutual"


def derive_secret(seed: int, purpose: str) -> str:
    """40 characters that are the same for a seed and a purpose, and different for any other."""
    return hashlib.sha256(f"harbour-mutual:{seed}:{purpose}".encode()).hexdigest()[:40]


def _identifier(seed: int, purpose: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"harbour-mutual:{seed}:{purpose}"))


def build_secrets(seed: int) -> Mapping[str, Mapping[str, str]]:
    """System → key → value, with the keys of the ready file (design.md §5).

    One directory account signs in to the three OpenText systems, as it would behind one OTDS.
    """
    account = {"username": SIGNED_IN.login, "password": derive_secret(seed, "password")[:20]}
    return {
        "otds": {
            **account,
            "partition": PARTITION,
            "client_id": "proofdesk",
            "client_secret": derive_secret(seed, "otds:client"),
        },
        "exstream": {
            **account,
            "tenant": _identifier(seed, "tenant"),
            "subscription": "harbour-exstream-demo",
            "client_id": "proofdesk-exstream",
            "client_secret": derive_secret(seed, "exstream:client"),
            "domain": DOMAIN,
        },
        "extended_ecm": dict(account),
        "core_dam": {
            **account,
            "client_id": "proofdesk-dam",
            "client_secret": derive_secret(seed, "core_dam:client"),
        },
        "iconik": {
            "app_id": _identifier(seed, "iconik:app"),
            "auth_token": f"{derive_secret(seed, 'iconik:head')}.{derive_secret(seed, 'iconik:token')}",
            "email": SIGNED_IN.email,
            "password": derive_secret(seed, "iconik:password")[:20],
        },
        "cloudinary": {
            "cloud_name": "harbour-mutual",
            "api_key": str(int(derive_secret(seed, "cloudinary:key")[:12], 16) % 10**15).zfill(15),
            "api_secret": derive_secret(seed, "cloudinary:secret")[:27],
        },
        "endpoint": {
            "client_id": "proofdesk-crm",
            "client_secret": derive_secret(seed, "endpoint:crm"),
            "api_key": derive_secret(seed, "endpoint:delivery"),
            "key_id": "proofdesk",
            "signing_key": derive_secret(seed, "endpoint:preferences"),
        },
    }
