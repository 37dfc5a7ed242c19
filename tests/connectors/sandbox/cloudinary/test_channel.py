"""The desk's poll channel on the sandbox."""

import json
from datetime import timedelta

import pytest

from connectors.cloudinary import CloudinaryClient, Message, ModerationStatus, NotificationVerdict
from connectors.errors import SignInError
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import CloudinarySandbox
from connectors.sandbox.world import World
from tests.connectors.sandbox.cloudinary.desk import Desk

NO_WAIT = timedelta(0)
DAY = timedelta(days=1)


async def verdict_and_drain(client: CloudinaryClient) -> tuple[Message, ...]:
    channel = client.channel("desk")
    await channel.open(event_type="moderation")
    asset = await client.asset_by_public_id("brand/storm-photo")
    await client.moderate(asset.asset_id, ModerationStatus.APPROVED)
    return await channel.drain(wait=NO_WAIT)


def test_a_verdict_arrives_signed(desk: Desk, clock: SandboxClock) -> None:
    """Somebody else's approval would only be seen at the next synchronisation."""
    (message,) = desk.run(verdict_and_drain)

    told = json.loads(message.body)

    assert (told["public_id"], told["moderation_status"]) == ("brand/storm-photo", "approved")
    genuine = message.verdict(api_secret="s3cr3t", now=clock.now(), lifetime=DAY)
    forged = message.verdict(api_secret="other", now=clock.now(), lifetime=DAY)
    assert (genuine, forged) == (NotificationVerdict.GENUINE, NotificationVerdict.FORGED)


@pytest.mark.contract("cloudinary 3.3.b1")
def test_what_is_not_acknowledged_comes_again(desk: Desk, clock: SandboxClock) -> None:
    """A crash between reading and storing would lose an event."""
    first = desk.run(verdict_and_drain)

    hidden = desk.run(lambda client: client.channel("desk").drain(wait=NO_WAIT))
    clock.advance(timedelta(seconds=31))
    again = desk.run(lambda client: client.channel("desk").drain(wait=NO_WAIT))
    desk.run(lambda client: client.channel("desk").acknowledge(again))
    clock.advance(timedelta(seconds=31))

    assert hidden == ()
    assert again == first
    assert desk.run(lambda client: client.channel("desk").drain(wait=NO_WAIT)) == ()


def test_a_channel_is_opened_once(desk: Desk, sandbox: CloudinarySandbox) -> None:
    """Each start of the desk would add a trigger until the vendor's thirty are used up."""

    async def twice(client: CloudinaryClient) -> bool:
        return await client.channel("desk").open() == await client.channel("desk").open()

    assert desk.run(twice)
    assert len(sandbox.notices.triggers) == 1


def test_a_stranger_drains_nothing(sandbox: CloudinarySandbox, world: World) -> None:
    """Notifications name customers' campaigns."""
    stranger = Desk(sandbox, {**world.secrets["cloudinary"], "api_secret": "wrong"})

    with pytest.raises(SignInError):
        stranger.run(lambda client: client.channel("desk").drain(wait=NO_WAIT))


def test_a_damaged_payload_is_forged_and_not_a_crash(clock: SandboxClock) -> None:
    """One bad message would stop the channel for ever."""
    message = Message(receipt_handle="r", signed_payload="é", signature="0" * 40, timestamp=1)

    assert message.verdict(api_secret="x", now=clock.now(), lifetime=DAY) is NotificationVerdict.FORGED
