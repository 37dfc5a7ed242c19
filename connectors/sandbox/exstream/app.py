"""Exstream as one ASGI app: design, orchestration and event services at one root, as in the vendor's cloud."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware

from connectors.sandbox.composer import Composer
from connectors.sandbox.exstream.csrf import HandsOutPair
from connectors.sandbox.exstream.design_calls import DesignCalls
from connectors.sandbox.exstream.design_changes import DesignChanges
from connectors.sandbox.exstream.designs import Designs
from connectors.sandbox.exstream.documents import Documents
from connectors.sandbox.exstream.door import Door
from connectors.sandbox.exstream.event_calls import EventCalls
from connectors.sandbox.exstream.flows import Flows
from connectors.sandbox.exstream.input_calls import InputCalls
from connectors.sandbox.exstream.interactive import Interactive
from connectors.sandbox.exstream.offer import SAMPLES_OFFER, Offer
from connectors.sandbox.exstream.packages import Packages
from connectors.sandbox.exstream.past import past_runs
from connectors.sandbox.exstream.refusals import Refusals
from connectors.sandbox.exstream.run_control import RunControl
from connectors.sandbox.exstream.runs import Runs
from connectors.sandbox.exstream.runtime_calls import RuntimeCalls
from connectors.sandbox.exstream.schedules import Schedules
from connectors.sandbox.exstream.server_based.communications_server import CommunicationsServer
from connectors.sandbox.exstream.server_based.empower import Empower, EmpowerError
from connectors.sandbox.exstream.server_based.engine import EngineService
from connectors.sandbox.exstream.server_based.gateway import Gateway
from connectors.sandbox.exstream.sorting import Sorting
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.authorization import Authorization
from connectors.sandbox.otds.errors import OAuthError, OtdsError, answer_oauth_error, answer_otds_error
from connectors.sandbox.otds.tokens import Tokens
from connectors.sandbox.world import World


def build(world: World, authority: TicketAuthority, composer: Composer, *, offer: Offer = SAMPLES_OFFER) -> Starlette:
    """The Exstream of ``world``. In its state: ``deliveries``, all that left for customers, and ``flows``, for jobs."""
    secrets = world.secrets["exstream"]
    domain, tenant = secrets["domain"], secrets["tenant"]
    domains = (domain, f"{domain}Test")
    door = Door(authority, domains=domains, tenant=tenant, offer=offer, dialect=world.habits.dialect)
    designs = Designs(world)
    runs = Runs(world, lambda: past_runs(world, composer, domain))
    flows = Flows(world, composer, designs, runs)
    documents = Documents()
    interactive = Interactive(world, door, runs, documents)
    empower = Empower(world, authority, runs, documents)
    inputs = InputCalls(world, door, designs=designs, flows=flows, runs=runs, interactive=interactive)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await flows.close()

    app = Starlette(
        routes=[
            *DesignChanges(world, door, designs).routes(),
            *Packages(world, door, designs).routes(),
            *DesignCalls(world, door, designs, domains=domains).routes(),
            *inputs.routes(),
            *interactive.routes(),
            *Schedules(world, door, designs, inputs).routes(),
            *Sorting(world, door, designs, runs).routes(),
            *RunControl(door, runs).routes(),
            *RuntimeCalls(door, designs, runs, inputs).routes(),
            *EngineService(authority, composer).routes(),
            *empower.routes(),
            *CommunicationsServer(authority, inputs, domain=domain).routes(),
            *Gateway(inputs, flows, domain=domain).routes(),
            *EventCalls(world, door, designs, runs, tenant=tenant).routes(),
            *Tokens(authority, Authorization(world, authority), tenant=tenant).routes(),
        ],
        exception_handlers={
            **cast("Any", Refusals(world.clock).handlers()),
            EmpowerError: empower.handle,
            OtdsError: answer_otds_error,
            OAuthError: answer_oauth_error,
        },
        middleware=[Middleware(HandsOutPair)],
        lifespan=lifespan,
    )
    app.state.deliveries = runs.deliveries
    app.state.flows = flows
    return app
