"""What differs from one installation to the next: dialect, CSRF pair, edition, subscription, the time of jobs."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.errors import ForbiddenError, NotFoundError
from connectors.exstream import ExstreamClient, FilterSpelling, Job, RunState, Site
from connectors.exstream.site import SAMPLES_SITE
from connectors.sandbox.composer import Composer
from connectors.sandbox.exstream import Edition, Offer, build
from connectors.sandbox.exstream.designs import DATA_SOURCE
from connectors.sandbox.exstream.offer import SAMPLES_OFFER
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import QUIET, Dialect, Habits, World
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.test_designs import renewal_id
from tests.connectors.sandbox.exstream.test_desk_control import a_batch

OpenDesk = Callable[..., Desk]


@pytest.fixture
def at(world: World, authority: TicketAuthority, composer: Composer) -> OpenDesk:
    """A desk at an installation with these habits and this offer."""

    def opened(*, offer: Offer = SAMPLES_OFFER, habits: Habits = QUIET, site: Site = SAMPLES_SITE) -> Desk:
        installed = replace(world, habits=habits)
        installed.clock = world.clock
        desk = Desk(installed, build(installed, authority, composer, offer=offer))
        desk.site = site
        return desk

    return opened


async def approved(client: ExstreamClient, domain: str) -> int:
    """How many communications are approved."""
    return len([each async for each in client.communications(domain, states=["APPROVED"])])


@pytest.mark.contract("exstream 1.2.3", "exstream 7.e")
@pytest.mark.parametrize(
    ("dialect", "spelling", "count"),
    [
        (Dialect.CURRENT, FilterSpelling.KEYS, 9),
        (Dialect.CURRENT, FilterSpelling.PAIRS, 9),
        (Dialect.OLDER, FilterSpelling.PAIRS, 9),
        (Dialect.CURRENT, FilterSpelling.FIND_OUT, 9),
        (Dialect.OLDER, FilterSpelling.FIND_OUT, 9),
    ],
)
def test_the_spelling_that_a_release_knows_is_found_out(
    at: OpenDesk, domain: str, dialect: Dialect, spelling: FilterSpelling, count: int
) -> None:
    """Nobody at a house knows which it is, and a filter that is passed over shows everything there is."""
    desk = at(habits=Habits(dialect=dialect), site=Site(spelling=spelling))

    assert desk(lambda client: approved(client, domain)) == count


@pytest.mark.contract("exstream 1.2.3", "exstream 7.e")
def test_an_older_release_passes_over_filters_key_by_key(at: OpenDesk, domain: str) -> None:
    """It answers everything; what was not asked for is left out here, and found after many pages."""
    desk = at(habits=Habits(dialect=Dialect.OLDER), site=Site(spelling=FilterSpelling.KEYS))
    exchanges: list[object] = []

    async def count(client: ExstreamClient) -> int:
        client._transport._on_exchange = exchanges.append
        return await approved(client, domain)

    assert desk(count) >= 9
    assert len(exchanges) > 3


def batch(world: World, domain: str) -> Callable[[ExstreamClient], Awaitable[str]]:
    """A submission."""
    return lambda client: a_batch(client, world, domain)


@pytest.mark.contract("exstream 1.1.8", "exstream 7.e")
@pytest.mark.parametrize(
    ("offer", "habits"),
    [(Offer(demands_csrf=True), Habits()), (Offer(), Habits(dialect=Dialect.OLDER))],
)
def test_a_channel_that_wants_the_pair_refuses_what_comes_without(
    at: OpenDesk, world: World, domain: str, offer: Offer, habits: Habits
) -> None:
    """A house that switched the demand on would see every re-sending fail."""
    desk = at(offer=offer, habits=habits, site=Site(csrf_cookie=""))

    with pytest.raises(ForbiddenError, match="CSRF"):
        desk(batch(world, domain))


@pytest.mark.contract("exstream 1.1.8", "exstream 7.e")
@pytest.mark.parametrize("asks", [True, False])
def test_the_pair_is_taken_up_and_sent_back(at: OpenDesk, world: World, domain: str, *, asks: bool) -> None:
    """Fetched with the token, or taken up from the refusal that hands it out."""
    desk = at(offer=Offer(demands_csrf=True), site=Site(asks_for_csrf=asks))

    assert desk(batch(world, domain))


@pytest.mark.contract("exstream 1.1.8")
def test_a_renewed_token_has_a_pair_of_its_own(at: OpenDesk, world: World, domain: str) -> None:
    """The old pair is refused, the new one comes with the refusal."""
    desk = at(offer=Offer(demands_csrf=True))

    async def twice(client: ExstreamClient) -> str:
        await a_batch(client, world, domain)
        world.clock.advance(timedelta(minutes=16))
        return await a_batch(client, world, domain)

    assert desk(twice)


@pytest.mark.contract("exstream 4.8")
def test_a_base_subscription_opens_no_monitoring(at: OpenDesk, domain: str) -> None:
    """It says so in its config, and composes all the same."""
    desk = at(offer=Offer(base_subscription=True))

    async def read(client: ExstreamClient) -> tuple[bool, int]:
        return (await client.config()).base_subscription, await approved(client, domain)

    with pytest.raises(ForbiddenError, match="subscription"):
        desk(lambda client: anext(client.jobs(domain)))
    assert desk(read) == (True, 9)


@pytest.mark.contract("exstream 4.2", "exstream 4.7")
def test_a_private_installation_has_only_its_own_channels(at: OpenDesk, world: World, domain: str) -> None:
    """``generate`` belongs to the cloud."""
    desk = at(offer=Offer(edition=Edition.PRIVATE))
    record = world.record(world.customers[0], "renewal-notice")

    async def generated(client: ExstreamClient) -> object:
        communication = await renewal_id(client, domain)
        return await client.generate(domain, communication_id=communication, data_source=DATA_SOURCE, data=record)

    async def channels(client: ExstreamClient) -> set[str]:
        return {name for flow in await client.published_flows(domain) for name in flow.input_channels}

    with pytest.raises(NotFoundError):
        desk(generated)
    assert desk(channels) == {"Resend", "NightlyLetters"}
    assert desk(batch(world, domain))


def test_a_job_takes_as_long_as_the_world_says(at: OpenDesk, world: World, domain: str) -> None:
    """A page that polls must see a job that runs."""
    desk = at(habits=Habits(job_s=600))

    async def run(client: ExstreamClient) -> tuple[Job, Job]:
        job_id = await a_batch(client, world, domain)
        early = await client.job(domain, job_id)
        world.clock.advance(timedelta(seconds=601))
        await desk.settle()
        return early, await client.job(domain, job_id)

    early, late = desk(run)

    assert (early.state, late.state) == (RunState.STARTED, RunState.COMPLETE)
    assert late.ended_at is not None
    assert early.started_at is not None
    assert late.ended_at - early.started_at > timedelta(seconds=600)


def test_a_job_that_takes_long_can_be_stopped(at: OpenDesk, world: World, domain: str) -> None:
    """Before it has made anything."""
    desk = at(habits=Habits(job_s=600))

    async def run(client: ExstreamClient) -> tuple[Job, list[str]]:
        job_id = await a_batch(client, world, domain)
        await client.stop_job(domain, job_id)
        await desk.settle()
        instance = await anext(client.flow_instances(domain, job_id))
        kinds = [step.step_type async for step in client.flow_steps(domain, instance.id)]
        return await client.job(domain, job_id), kinds

    job, kinds = desk(run)

    assert (job.state, kinds) == (RunState.CANCELED, ["input"])
