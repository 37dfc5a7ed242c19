"""Core DAM as two ASGI apps: the API, and the public host that delivers its pictures."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount

from connectors.sandbox.core_dam.access import Access
from connectors.sandbox.core_dam.addresses import StrictAddresses
from connectors.sandbox.core_dam.collecting import Collecting
from connectors.sandbox.core_dam.delivery import build_delivery
from connectors.sandbox.core_dam.editing import Editing
from connectors.sandbox.core_dam.errors import OtmmError, answer_http_error, answer_otmm_error
from connectors.sandbox.core_dam.foldering import Foldering
from connectors.sandbox.core_dam.importing import Importing
from connectors.sandbox.core_dam.library import MediaLibrary, open_library
from connectors.sandbox.core_dam.reading import Reading
from connectors.sandbox.core_dam.reference import Reference
from connectors.sandbox.core_dam.searching import Searching
from connectors.sandbox.core_dam.working import Working
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import Dialect, World

PREFIXES: Final = {Dialect.CURRENT: ("/otmmapi/v6",), Dialect.OLDER: ("/otmmapi/v5", "/otmmapi/v4")}
"""Where each release answers (CONFIRMED; that an older one does not know the newer path: INFERRED)."""
PAGE_CAP: Final = 200
"""The most that one page of a search holds (the vendor's pages ask for up to 200; the cap is CHOSEN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreDamSandbox:
    """Both apps and the state behind them."""

    api: Starlette
    delivery: Starlette
    library: MediaLibrary


def build(
    world: World,
    authority: TicketAuthority | None = None,
    *,
    page_cap: int = PAGE_CAP,
    ask_on_reads: bool = False,
) -> CoreDamSandbox:
    """Core DAM for ``world``; share ``authority`` with the sign-in service so that its tickets and tokens are good.

    ``page_cap`` keeps pages below what was asked for; ``ask_on_reads`` demands ``X-Requested-By`` on GET too.
    """
    prefixes = PREFIXES[world.habits.dialect]
    library = open_library(
        world,
        authority or TicketAuthority(world),
        prefix=prefixes[0],
        job_takes=timedelta(seconds=world.habits.job_s or 0.0),
    )
    access = Access(library, ask_on_reads=ask_on_reads)
    working = Working(library)
    calls = [
        *access.routes(),
        *Searching(library, page_cap=page_cap).routes(access),
        *Editing(library).routes(access),
        *Reading(library).routes(access),
        *Foldering(library, page_cap=page_cap).routes(access),
        *Collecting(library).routes(access),
        *working.routes(access),
        *Importing(library).routes(access),
        *Reference(library).routes(access),
    ]
    api = Starlette(
        routes=[*working.pages(), *(Mount(prefix, routes=calls) for prefix in prefixes)],
        middleware=[] if world.habits.dialect is Dialect.OLDER else [Middleware(StrictAddresses)],
        exception_handlers={OtmmError: answer_otmm_error, HTTPException: answer_http_error},
    )
    return CoreDamSandbox(api=api, delivery=build_delivery(library), library=library)
