"""Content Server's calls as methods of one client, put together from the topics in the package ``calls``.

Errors: any :class:`~connectors.errors.ConnectorError`; :class:`NameTakenError` where a name is taken. Iterators fetch
page by page while they are consumed.
"""

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Final

from connectors.extended_ecm.calls.access import AccessCalls
from connectors.extended_ecm.calls.categories import CategoryCalls
from connectors.extended_ecm.calls.changing import ChangingCalls
from connectors.extended_ecm.calls.connection import AHEAD
from connectors.extended_ecm.calls.documents import DocumentCalls
from connectors.extended_ecm.calls.finding import FindingCalls
from connectors.extended_ecm.calls.holds import HoldCalls
from connectors.extended_ecm.calls.notices import NoticeCalls
from connectors.extended_ecm.calls.records import RecordCalls
from connectors.extended_ecm.calls.search import SearchCalls
from connectors.extended_ecm.calls.session import SessionCalls
from connectors.extended_ecm.calls.teams import TeamCalls
from connectors.extended_ecm.calls.workflows import WorkflowCalls
from connectors.extended_ecm.calls.workspaces import WorkspaceCalls
from connectors.extended_ecm.wire.reading import LARGEST_PAGE, read_failure
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

SYSTEM: Final = "Extended ECM"
PACE: Final = Pace(calls=40, per_s=1.0, at_once=AHEAD)
"""CHOSEN (contract 11): the server's capacity is its thread pool, and no limit is published."""


class ExtendedEcmClient(
    SessionCalls,
    CategoryCalls,
    FindingCalls,
    ChangingCalls,
    DocumentCalls,
    WorkspaceCalls,
    TeamCalls,
    SearchCalls,
    AccessCalls,
    HoldCalls,
    RecordCalls,
    WorkflowCalls,
    NoticeCalls,
):
    """One connection to Content Server. Build it, use it and close it on one event loop."""


def open_extended_ecm(
    *,
    base_url: str,
    cs_path: str,
    sign_in: SignIn,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    pace: Pace = PACE,
    page_size: int = LARGEST_PAGE,
    zone: tzinfo = UTC,
    wire: Wire | None = None,
) -> ExtendedEcmClient:
    """A client for Content Server at ``base_url`` + ``cs_path`` (``/otcs/cs.exe``, ``/cs/cs`` …; never guessed).

    ``sign_in``: one of :mod:`connectors.extended_ecm.sign_in`. ``zone``: the server's, for times without one.
    """
    transport = Transport(
        system=SYSTEM,
        base_url=base_url.rstrip("/") + "/" + cs_path.strip("/"),
        sign_in=sign_in,
        read_failure=read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire,
    )
    return ExtendedEcmClient(transport, page_size=page_size, zone=zone)
