"""A sandbox in this process, fresh for each round, and the clients of its systems on a wire that can be tapped."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx
from starlette.types import ASGIApp

from connectors import otds
from connectors.cloudinary import open_cloudinary
from connectors.core_dam import open_core_dam, password_session
from connectors.exstream import client_sign_in, open_exstream
from connectors.extended_ecm import by_directory_password, open_extended_ecm
from connectors.gate import Gate
from connectors.http import Exchange, Pace, Transport
from connectors.iconik import open_iconik
from connectors.otds import open_otds
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.extended_ecm import CS_PATH
from connectors.sandbox.seed import build_world
from connectors.sandbox.systems import HOSTS, Systems, build_systems
from connectors.sandbox.world import World

UNPACED_CALLS: Final = 1e9
SYSTEMS: Final = ("cloudinary", "core_dam", "exstream", "extended_ecm", "iconik", "otds")
"""Every system that has a client; two of them answer from a second host too."""

OnExchange = Callable[[Exchange], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harbour:
    """One world and its systems."""

    world: World
    systems: Systems

    async def close(self) -> None:
        """End what runs in the background."""
        await self.systems.close()

    def secrets(self) -> frozenset[str]:
        """Everything that must never be seen again once it was handed to a client."""
        named = ("password", "client_secret", "auth_token", "api_secret")
        return frozenset(value for each in self.world.secrets.values() for key, value in each.items() if key in named)


def arrive(seed: int, *, assets: int = 0) -> Harbour:
    """A small world that is the same for a seed."""
    world = build_world(seed=seed % 7 + 1, clock=SandboxClock(), assets=assets, customers=8, events=20)
    world.addresses.update({host: address(host) for host in HOSTS})
    return Harbour(world=world, systems=build_systems(world))


def address(host: str) -> str:
    """Where a host of the sandbox is, on no network."""
    return f"http://{host.replace('_', '-')}.example"


class Streets(httpx.AsyncBaseTransport):
    """Every host of the sandbox, without a network between. What an app raises comes through."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._lines = {
            address(host).removeprefix("http://"): httpx.ASGITransport(app=app) for host, app in apps.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the host would. Raises: httpx.ConnectError for a host that is none of the sandbox's."""
        line = self._lines.get(request.url.host)
        if line is None:
            raise httpx.ConnectError("no such host")
        return await line.handle_async_request(request)


def open_client(harbour: Harbour, system: str, *, wire: httpx.AsyncBaseTransport, on_exchange: OnExchange) -> object:
    """The client of ``system`` with the ready file's credentials, without a pace."""
    said, base_url = harbour.world.secrets[system], address(system)
    client: object
    match system:
        case "cloudinary":
            client = open_cloudinary(
                cloud_name=said["cloud_name"],
                api_key=said["api_key"],
                api_secret=said["api_secret"],
                base_url=base_url,
                delivery_url=address("cloudinary_delivery"),
                on_exchange=on_exchange,
                wire_to_api=wire,
                wire_to_delivery=wire,
            )
        case "core_dam":
            sign_in = password_session(username=said["username"], password=said["password"])
            client = open_core_dam(base_url=base_url, sign_in=sign_in, on_exchange=on_exchange, wire=wire)
        case "exstream":
            client = open_exstream(
                base_url=base_url,
                sign_in=client_sign_in(
                    otds_url=address("otds"),
                    client_id=said["client_id"],
                    client_secret=said["client_secret"],
                    tenant=said["tenant"],
                    subscription=said["subscription"],
                ),
                on_exchange=on_exchange,
                wire=wire,
            )
        case "extended_ecm":
            client = open_extended_ecm(
                base_url=base_url,
                cs_path=CS_PATH,
                sign_in=by_directory_password(
                    otds_url=address("otds"), username=said["username"], password=said["password"]
                ),
                on_exchange=on_exchange,
                wire=wire,
            )
        case "iconik":
            client = open_iconik(
                app_id=said["app_id"],
                auth_token=said["auth_token"],
                base_url=base_url,
                on_exchange=on_exchange,
                wire=wire,
            )
        case "otds":
            bearer = otds.BearerSignIn(
                otds.wire.token_by_client(
                    client_id=said["client_id"], client_secret=said["client_secret"], base_url=base_url
                )
            )
            client = open_otds(base_url=base_url, sign_in=bearer, on_exchange=on_exchange, wire=wire)
        case _:
            raise ValueError(f"there is no client of {system}")
    _hurry(client)
    return client


def _hurry(client: object) -> None:
    """Pacing is a promise to the vendors; nobody is asked here."""
    for transport in vars(client).values():
        owner = getattr(transport, "__self__", transport)
        if isinstance(owner, Transport):
            owner._gate = Gate(Pace(calls=UNPACED_CALLS), system=owner.system)


async def close(client: object) -> None:
    """Close a client, whichever it is."""
    ending: Callable[[], Awaitable[None]] = client.close  # type: ignore[attr-defined]  # every client has it
    await ending()
