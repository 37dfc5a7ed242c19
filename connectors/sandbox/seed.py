"""Builds the world of the sandbox: the same seed and the same start time make the same world."""

from typing import Final

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.composer.catalogue import load_templates
from connectors.sandbox.credentials import build_secrets
from connectors.sandbox.customers import build_customers
from connectors.sandbox.history import build_history
from connectors.sandbox.library import build_assets
from connectors.sandbox.people import PEOPLE
from connectors.sandbox.world import QUIET, Habits, World

DEFAULT_ASSETS: Final = 120
DEFAULT_CUSTOMERS: Final = 60
DEFAULT_EVENTS: Final = 600


def build_world(
    *,
    seed: int = 1,
    clock: SandboxClock | None = None,
    assets: int = DEFAULT_ASSETS,
    customers: int = DEFAULT_CUSTOMERS,
    events: int = DEFAULT_EVENTS,
    habits: Habits = QUIET,
) -> World:
    """The world of Harbour Mutual as it stands at the clock's present minute.

    ``events`` is the number of communications that were sent before, each with the facts of its delivery. Assets and
    customers never fall below those that were made by hand. Long lists are derived item by item when they are read.
    """
    running = clock or SandboxClock()
    began = running.now().replace(second=0, microsecond=0)
    people = build_customers(seed, customers)
    templates = load_templates()
    return World(
        seed=seed,
        clock=running,
        began=began,
        people=PEOPLE,
        customers=people,
        templates=templates,
        assets=build_assets(began, assets),
        sent=build_history(seed, began, customers=people, templates=templates, count=events),
        habits=habits,
        secrets=build_secrets(seed),
    )
