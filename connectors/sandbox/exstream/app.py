"""Exstream as one ASGI app: design, orchestration and event services at one root, as in the vendor's cloud."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from starlette.applications import Starlette

from connectors.sandbox.composer import Composer
from connectors.sandbox.exstream.design_calls import DesignCalls
from connectors.sandbox.exstream.design_changes import DesignChanges
from connectors.sandbox.exstream.designs import Designs
from connectors.sandbox.exstream.door import Door
from connectors.sandbox.exstream.event_calls import EventCalls
from connectors.sandbox.exstream.flows import Flows
from connectors.sandbox.exstream.input_calls import InputCalls
from connectors.sandbox.exstream.interactive import Interactive
from connectors.sandbox.exstream.past import past_runs
from connectors.sandbox.exstream.refusals import Refusals
from connectors.sandbox.exstream.run_control import RunControl
from connectors.sandbox.exstream.runs import Runs
from connectors.sandbox.exstream.runtime_calls import RuntimeCalls
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.otds.errors import OAuthError, OtdsError, answer_oauth_error, answer_otds_error
from connectors.sandbox.otds.tokens import Tokens
from connectors.sandbox.world import World


def build(
    world: World, authority: TicketAuthority, composer: Composer, *, offset_counts_pages: bool = False
) -> Starlette:
    """The Exstream of ``world``. ``app.state.deliveries`` lists what left for customers; ``app.state.flows`` runs jobs.

    ``offset_counts_pages``: the vendor's sources disagree on what ``offset`` counts (exstream 2.1).
    """
    secrets = world.secrets["exstream"]
    domain, tenant = secrets["domain"], secrets["tenant"]
    domains = (domain, f"{domain}Test")
    door = Door(authority, domains=domains, tenant=tenant, offset_counts_pages=offset_counts_pages)
    designs = Designs(world)
    runs = Runs(world, lambda: past_runs(world, composer, domain))
    flows = Flows(world, composer, designs, runs)
    interactive = Interactive(world, door, runs)
    inputs = InputCalls(world, door, designs=designs, flows=flows, runs=runs, interactive=interactive)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await flows.close()

    app = Starlette(
        routes=[
            *DesignChanges(world, door, designs).routes(),
            *DesignCalls(world, door, designs, domains=domains).routes(),
            *inputs.routes(),
            *interactive.routes(),
            *RunControl(door, runs).routes(),
            *RuntimeCalls(door, designs, runs, inputs).routes(),
            *EventCalls(world, door, designs, runs, tenant=tenant).routes(),
            *Tokens(authority, tenant=tenant).routes(),
        ],
        exception_handlers={
            **cast("Any", Refusals(world.clock).handlers()),
            OtdsError: answer_otds_error,
            OAuthError: answer_oauth_error,
        },
        lifespan=lifespan,
    )
    app.state.deliveries = runs.deliveries
    app.state.flows = flows
    return app
