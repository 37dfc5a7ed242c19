"""Our channel at Cloudinary, against the sandbox: emptied when somebody made it, left alone when nobody did."""

from app.inbox.meaning import Told
from app.inbox.understanding import understand
from app.systems.cloudinary import CHANNEL, CloudinaryLibrary
from app.systems.ports import Drained
from connectors.cloudinary import CloudinaryClient, ModerationStatus
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from tests.app.inbox.arrivals_made import NOW
from tests.connectors.sandbox.cloudinary.desk import BEGAN, DELIVERY, Desk, small_world


def desk() -> Desk:
    """A small cloud and who is connected to it."""
    world = small_world(SandboxClock(BEGAN))
    world.addresses["cloudinary_delivery"] = DELIVERY
    return Desk(build(world), world.secrets["cloudinary"])


async def approved(client: CloudinaryClient) -> None:
    asset = await client.asset_by_public_id("brand/storm-photo")
    await client.moderate(asset.asset_id, ModerationStatus.APPROVED)


def test_a_verdict_given_elsewhere_waits_in_our_channel() -> None:
    """A desk behind a firewall would learn of it only by searching."""

    async def work(client: CloudinaryClient) -> tuple[Drained, Drained, Drained]:
        await client.channel(CHANNEL).open(event_type="moderation")
        library = CloudinaryLibrary(client)
        await library.probe()
        await approved(client)
        first = await library.drain()
        await library.acknowledge(first)
        return first, await library.drain(), Drained(events=(), handles=())

    drained, after, nothing = desk().run(work)

    (event,) = drained.events
    meaning = understand(event.raw, Told(event=event.id, source=event.source, received_at=NOW))
    assert (meaning.type, meaning.about) == ("asset.moderation", "brand/storm-photo")
    assert event.id.startswith("cloudinary/")
    assert after == nothing


def test_a_channel_that_nobody_made_for_us_is_not_touched() -> None:
    """Another program's messages would be taken away from it."""

    async def work(client: CloudinaryClient) -> tuple[Drained, int]:
        await client.channel("another").open(event_type="moderation")
        library = CloudinaryLibrary(client)
        await library.probe()
        await approved(client)
        return await library.drain(), len(await client.channel("another").drain())

    ours, theirs = desk().run(work)

    assert (ours.handles, theirs) == ((), 1)
