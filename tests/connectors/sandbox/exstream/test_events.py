"""What became of communications: the world's history, and what the sandbox sent itself."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from connectors.errors import NotFoundError
from connectors.exstream import ChannelEvent, ExstreamClient, Site
from connectors.sandbox.exstream.event_calls import schema_type
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.test_resend import order, sent


def about(events: Sequence[ChannelEvent], communication: str) -> list[str]:
    """The words for one communication, in the order of reporting."""
    facts = [(event.schema_type, event.exstream_email_statistics or event.exstream_job or {}) for event in events]
    return [schema for schema, fact in facts if fact.get("communicationId") == communication]


def test_a_bounced_mail_is_told_with_its_reason(desk: Desk, world: World, domain: str) -> None:
    """It is why the person calls."""
    secrets = world.secrets["exstream"]

    async def read(client: ExstreamClient) -> Sequence[tuple[str, str | None]]:
        events = await client.email_events(
            secrets["tenant"], domain, since=world.began - timedelta(days=2), until=world.clock.now()
        )
        return [(event.event_type, event.event_ref) for event in events if event.tracker_id == "S-caron-1"]

    assert desk(read)[-1] == ("NDLV", "5.1.1 mailbox unknown")


def test_the_same_fact_told_twice_has_one_id(desk: Desk, world: World, domain: str) -> None:
    """A desk folds by id; two ids would count two mails."""
    tenant = world.secrets["exstream"]["tenant"]

    async def read(client: ExstreamClient) -> Sequence[str | int]:
        events = await client.email_events(
            tenant, domain, since=world.began - timedelta(days=2), until=world.clock.now()
        )
        return [event.event_id for event in events if event.tracker_id == "S-caron-1"]

    ids = desk(read)

    assert len(ids) == len(set(ids)) + 1


@pytest.mark.contract("exstream 2.8")
def test_a_delivery_of_today_tells_its_own_story(desk: Desk, world: World, domain: str) -> None:
    """A re-sending that nobody ever hears of again would be sent once more."""
    tenant = world.secrets["exstream"]["tenant"]

    async def run(client: ExstreamClient) -> tuple[Sequence[ChannelEvent], Sequence[ChannelEvent]]:
        body = order(channel="email", address="new@lamer.example", communication="again-1")
        await sent(client, desk, domain, body)
        since = world.clock.now() - timedelta(minutes=1)
        at_once = await client.channel_events(tenant, domain, since=since, until=since + timedelta(hours=1))
        world.clock.advance(timedelta(seconds=30))
        return at_once, await client.channel_events(tenant, domain, since=since, until=since + timedelta(hours=1))

    at_once, later = desk(run)

    assert about(at_once, "again-1") == ["Exstream-Generated"]
    assert about(later, "again-1") == [
        "Exstream-Generated",
        "Exstream-Email-Submit",
        "Exstream-Email-Submit",
        "Exstream-Email-POST",
    ]


def test_a_mail_to_the_bad_address_bounces_again(desk: Desk, world: World, domain: str) -> None:
    """The world stays true to itself."""
    tenant = world.secrets["exstream"]["tenant"]

    async def run(client: ExstreamClient) -> Sequence[ChannelEvent]:
        await sent(client, desk, domain, order(channel="email", communication="again-2"))
        since = world.clock.now() - timedelta(minutes=1)
        world.clock.advance(timedelta(seconds=30))
        return await client.channel_events(tenant, domain, since=since, until=since + timedelta(hours=1))

    assert about(desk(run), "again-2")[-1] == "Exstream-Email-NDLV"


def test_events_are_off_until_they_are_switched_on(desk: Desk, world: World, domain: str) -> None:
    """The vendor labels these calls internal."""
    desk.site = Site()

    async def read(client: ExstreamClient) -> Sequence[object]:
        return await client.channel_events("t", domain, since=world.began, until=world.began)

    assert desk(read) == ()


def test_another_tenants_events_are_not_there(desk: Desk, world: World, domain: str) -> None:
    """Tenants do not see each other."""
    with pytest.raises(NotFoundError):
        desk(lambda client: client.channel_events("other", domain, since=world.began, until=world.began))


@pytest.mark.contract("exstream 3.d")
@pytest.mark.parametrize(
    ("kind", "channel", "word"),
    [
        ("generated", "sms", "Exstream-Generated"),
        ("handed_over", "print", "Exstream-Print"),
        ("failed", "sms", "Exstream-SMS-Failed"),
        ("opened", "email", "Exstream-Email-OPEN"),
    ],
)
def test_facts_have_the_vendors_words(kind: str, channel: str, word: str) -> None:
    """The desk's mapping table is written in them."""
    assert schema_type(kind, channel) == word
