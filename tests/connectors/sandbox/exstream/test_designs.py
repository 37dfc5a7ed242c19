"""Domains, communications, versions and what binds them, read by the desk's client."""

import json
from datetime import timedelta

import pytest

from connectors.errors import NotFoundError, SignInError
from connectors.exstream import ExstreamClient, FilterSpelling, ResourceState, Site, client_sign_in, person_sign_in
from connectors.exstream.client import open_exstream
from connectors.otds import TokenPath
from connectors.sandbox.composer import Composer
from connectors.sandbox.exstream import Offer, build
from connectors.sandbox.exstream.designs import SAMPLES
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.plain import BASE_URL


async def renewal_id(client: ExstreamClient, domain: str) -> str:
    """The id of the renewal notice."""
    (found,) = [each async for each in client.communications(domain, search="renewal*")]
    return found.id


@pytest.mark.contract("exstream 4.5")
def test_a_service_account_is_known_by_its_client(desk: Desk, world: World) -> None:
    """The connection page shows whom the vendor takes us for."""
    user = desk(lambda client: client.current_user())

    assert user.user_name == f"{world.secrets['exstream']['client_id']}@OAuthClients"


def test_a_wrong_secret_is_a_refused_sign_in(desk: Desk) -> None:
    """It must read as a sign-in to mend, not as a fault."""

    async def sign_in(_: ExstreamClient) -> None:
        stranger = desk.open(client_secret="wrong")
        try:
            await stranger.version()
        finally:
            await stranger.close()

    with pytest.raises(SignInError):
        desk(sign_in)


@pytest.mark.contract("exstream 4.4")
@pytest.mark.parametrize("path", [TokenPath.CLOUD, TokenPath.TENANT, TokenPath.PRIVATE_TENANT])
def test_a_person_signs_in_by_every_tenant_form(desk: Desk, world: World, path: TokenPath) -> None:
    """Which form a deployment has, its administrator configures."""
    secrets = world.secrets["exstream"]

    async def name(_: ExstreamClient) -> str:
        sign_in = person_sign_in(
            otds_url=BASE_URL,
            username=secrets["username"],
            password=secrets["password"],
            tenant=secrets["tenant"],
            path=path,
        )
        client = open_exstream(base_url=BASE_URL, sign_in=sign_in, wire=desk.wire)
        try:
            return (await client.current_user()).name
        finally:
            await client.close()

    assert desk(name) == secrets["username"]


def test_an_expired_token_is_renewed_on_the_way(desk: Desk, world: World, domain: str) -> None:
    """A token lives fifteen minutes; a person works longer."""

    async def twice(client: ExstreamClient) -> int:
        await client.version()
        world.clock.advance(timedelta(minutes=16))
        return len([each async for each in client.communications(domain)])

    assert desk(twice) == 12


@pytest.mark.parametrize("spelling", FilterSpelling)
def test_both_filter_spellings_find_the_approved_communications(
    desk: Desk, domain: str, spelling: FilterSpelling
) -> None:
    """Releases differ; the sandbox takes both."""
    desk.site = Site(spelling=spelling)

    async def names(client: ExstreamClient) -> list[str]:
        return [each.name async for each in client.communications(domain, states=["APPROVED"])]

    found = desk(names)

    assert found == sorted(found, key=str.lower)
    assert len(found) == 9
    assert "Payment reminder" not in found


@pytest.mark.contract("exstream 1.2.4", "exstream 2.2")
def test_a_communication_keeps_its_versions_and_its_history(desk: Desk, domain: str) -> None:
    """A template owner compares the new with the signed one."""

    async def read(client: ExstreamClient) -> tuple[list[int], list[tuple[int, ResourceState]]]:
        renewal = await renewal_id(client, domain)
        versions = [each.version async for each in client.versions(domain, renewal)]
        history = await client.history(domain, renewal)
        return versions, [(entry.version, entry.state) for entry in history]

    versions, history = desk(read)

    assert versions == [14, 13, 12]
    assert history[0] == (12, ResourceState.DRAFT)
    assert history[-1] == (14, ResourceState.APPROVED)


def test_one_version_can_be_asked_for(desk: Desk, domain: str) -> None:
    """Without it the older one could not be shown."""

    async def read(client: ExstreamClient) -> tuple[int, bool]:
        found = await client.resource(domain, await renewal_id(client, domain), number=13)
        return found.version, found.latest_version

    assert desk(read) == (13, False)


def test_a_set_names_the_data_source_and_the_queues(desk: Desk, domain: str) -> None:
    """Without the data source's name nothing can be composed."""

    async def read(client: ExstreamClient) -> tuple[str, list[str]]:
        sets = [link async for link in client.communication_sets(domain, await renewal_id(client, domain))]
        manifest = await client.set_manifest(domain, sets[0].link_object_id)
        return manifest.data_sources[0].prod_dsn, [queue.name for queue in manifest.queues]

    assert desk(read) == ("CustomerDriver", ["Print", "Email", "Web", "SMS"])


def test_sample_files_hold_records_of_the_world(desk: Desk, domain: str) -> None:
    """They are the records that proofs are composed from."""

    async def read(client: ExstreamClient) -> tuple[int, object]:
        links = [link async for link in client.sample_files(domain, await renewal_id(client, domain))]
        first = json.loads(await client.content(domain, links[0].link_object_id))
        return len(links), first["customer"]["number"]

    assert desk(read) == (SAMPLES, "HM-204881")


def test_a_sample_file_knows_who_uses_it(desk: Desk, domain: str) -> None:
    """Where-used, from the vendor's side."""

    async def read(client: ExstreamClient) -> list[str]:
        links = [link async for link in client.sample_files(domain, await renewal_id(client, domain))]
        return [each.name async for each in client.users_of(domain, links[0].link_object_id)]

    assert desk(read) == ["Renewal notice"]


def test_a_thumbnail_is_a_picture(desk: Desk, domain: str) -> None:
    """A broken picture in every row of a list is worse than none."""

    async def read(client: ExstreamClient) -> bytes:
        return await client.thumbnail(domain, await renewal_id(client, domain))

    assert desk(read).startswith(b"\x89PNG")


@pytest.mark.contract("exstream 4.3")
@pytest.mark.parametrize("place", ["domain", "resource"])
def test_what_is_not_there_is_not_found(desk: Desk, domain: str, place: str) -> None:
    """An unknown id must not read as an empty list."""

    async def read(client: ExstreamClient) -> object:
        if place == "domain":
            return [each async for each in client.communications("Elsewhere")]
        return await client.resource(domain, "6b1d0000-0000-0000-0000-000000000000")

    with pytest.raises(NotFoundError, match="not found"):
        desk(read)


@pytest.mark.contract("exstream 2.1", "exstream 7.e")
@pytest.mark.parametrize("counts_pages", [True, False])
def test_long_lists_come_whole_whatever_offset_counts(
    world: World, authority: TicketAuthority, composer: Composer, domain: str, *, counts_pages: bool
) -> None:
    """The vendor's own sources disagree, so the sandbox can be either."""
    desk = Desk(world, build(world, authority, composer, offer=Offer(offset_counts_pages=counts_pages)))
    desk.site = Site(page_size=10)

    async def read(client: ExstreamClient) -> list[str]:
        communication = await renewal_id(client, domain)
        return [link.link_object_id async for link in client.sample_files(domain, communication)]

    found = desk(read)

    assert len(found) == len(set(found)) == SAMPLES


def test_a_service_client_signs_in_with_json(desk: Desk, world: World) -> None:
    """The form of the vendor's cloud gateway."""
    secrets = world.secrets["exstream"]

    async def name(_: ExstreamClient) -> str:
        sign_in = client_sign_in(
            otds_url=BASE_URL,
            client_id=secrets["client_id"],
            client_secret=secrets["client_secret"],
            tenant=secrets["tenant"],
            path=TokenPath.CLOUD,
            as_json=True,
        )
        client = open_exstream(base_url=BASE_URL, sign_in=sign_in, wire=desk.wire)
        try:
            return (await client.current_user()).name
        finally:
            await client.close()

    assert desk(name).startswith(secrets["client_id"])
