"""The three systems under one roof."""

from collections.abc import Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount

from connectors.sandbox.endpoint import crm, dashboard, preferences
from connectors.sandbox.world import World

PATHS: Final = {"crm": "/crm", "delivery_dashboard": "/delivery", "preference_centre": "/preferences"}
"""System → where it stands on the host; the keys are the ready file's."""
_CREDENTIALS: Final = {
    "crm": ("client_id", "client_secret"),
    "delivery_dashboard": ("api_key",),
    "preference_centre": ("key_id", "signing_key"),
}


def build(world: World) -> Starlette:
    """All three, over ``world``."""
    apps = {
        "crm": crm.build(world),
        "delivery_dashboard": dashboard.build(world),
        "preference_centre": preferences.build(world),
    }
    return Starlette(routes=[Mount(PATHS[name], app) for name, app in apps.items()])


def ready_part(base_url: str, secrets: Mapping[str, str]) -> Mapping[str, object]:
    """The ready file's ``endpoint``: the host, and each system's address and credentials by their slots' names."""
    return {
        "base_url": base_url,
        **{
            name: {"base_url": base_url + path, **{key: secrets[key] for key in _CREDENTIALS[name]}}
            for name, path in PATHS.items()
        },
    }
