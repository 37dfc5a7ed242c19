"""The five systems and their sign-in, built over one world: which app answers at which address.

Refuses to know ports, faults and latency; :mod:`connectors.sandbox.server` puts those around the apps.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp

from connectors.sandbox import cloudinary, core_dam, endpoint, exstream, extended_ecm, iconik, otds
from connectors.sandbox.composer import Composer, WorldPictures
from connectors.sandbox.control import Notify
from connectors.sandbox.exstream import Delivery
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import SentCommunication, World

HOSTS: Final = (
    "otds",
    "exstream",
    "extended_ecm",
    "core_dam",
    "core_dam_delivery",
    "iconik",
    "cloudinary",
    "cloudinary_delivery",
    "endpoint",
)
"""Every host that is served, by its key in :attr:`World.addresses`; two systems deliver from a second one, and
``endpoint`` holds the examples of systems that are described instead of programmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """The apps by host, and what the control may ask of them."""

    apps: Mapping[str, ASGIApp]
    deliveries: Callable[[], Sequence[Delivery]]
    notify: Mapping[str, Notify]
    composer: Composer
    close: Callable[[], Awaitable[None]]


def build_systems(world: World) -> Systems:
    """All of them. Addresses are read from the world when they are needed, so ports may be bound before or after."""
    authority = TicketAuthority(world)
    dam = core_dam.build(world, authority)
    pictures = WorldPictures(world=world)
    composer = Composer(world=world, fetch=pictures)
    customers = {customer.number: customer for customer in world.customers}

    async def archived_bytes(sent: SentCommunication) -> bytes:
        record = world.record(customers[sent.customer], sent.template)
        return (await composer.compose(sent.template, None, sent.channel, record, at=sent.composed_at)).content

    cloud = cloudinary.build(world)
    streams = exstream.build(world, authority, composer)

    async def close() -> None:
        await streams.state.flows.close()
        await cloud.notices.close()
        await pictures.close()

    return Systems(
        apps={
            "otds": otds.build(world, authority).app,
            "exstream": streams,
            "extended_ecm": extended_ecm.build(world, authority, documents=archived_bytes),
            "core_dam": dam.api,
            "core_dam_delivery": dam.delivery,
            "iconik": iconik.build(world),
            "cloudinary": cloud.api,
            "cloudinary_delivery": cloud.delivery,
            "endpoint": endpoint.build(world),
        },
        deliveries=lambda: tuple(streams.state.deliveries),
        notify={"cloudinary": cloud.notices.emit},
        composer=composer,
        close=close,
    )
