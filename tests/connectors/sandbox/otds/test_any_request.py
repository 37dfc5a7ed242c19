"""Whatever a client sends: the directory answers in its own shapes and never breaks."""

import re
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.otds import build
from connectors.sandbox.world import Person, World
from tests.connectors.sandbox.otds.test_app import request

KEYS: Final = tuple(
    """
    userName user_name password ticket token targetResourceId grant_type client_id client_secret username scope
    subject_token subject_token_type refresh_token name description userPartitionID values stringList newPassword
    resourceName displayName id secret users groups attributes objectToConsolidate value where_filter page_size
    next_page_cookie
    """.split()  # noqa: SIM905 - thirty quoted words, one to a line, would hide the test
)
WORDS: Final[tuple[Any, ...]] = (
    *("", "x", "mira.k", "mira.k@harbour", "support", "harbour", "cs", "proofdesk", "s3cret", "open-sesame", "desk"),
    *(
        "password",
        "client_credentials",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "%20",
        "９",
    ),
    *(None, True, 0, -1, 10**17, [], {}, ["support"], [{"name": "x"}], [{"name": "sn", "values": ["y"]}], [None]),
)
values = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
wishes = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)
segments = st.sampled_from(
    ["x", "mira.k", "mira.k@harbour", "support", "cs", "proofdesk", "t-1", "%20", "Access to cs"]
)


def _world() -> World:
    clock = SandboxClock()
    return World(
        seed=7,
        clock=clock,
        began=clock.now(),
        people=(Person(login="mira.k", full_name="Mira Kovac", email="mira@harbour.example", role="support"),),
        customers=(),
        templates=(),
        assets=(),
        sent=(),
        secrets={
            "otds": {
                "username": "desk",
                "password": "open-sesame",
                "partition": "harbour",
                "client_id": "proofdesk",
                "client_secret": "s3cret",
            }
        },
    )


SANDBOX: Final = build(_world())
ROUTES: Final = [route for route in SANDBOX.app.routes if isinstance(route, Route)]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    route=st.sampled_from(ROUTES),
    parts=st.lists(segments, min_size=2, max_size=2),
    wish=wishes,
    form=st.sampled_from(["json", "fields"]),
)
def test_any_request_is_answered_in_the_services_shapes(
    route: Route, parts: list[str], wish: dict[str, Any], form: str
) -> None:
    """A sign-in service that breaks takes five systems with it."""
    left = iter(parts)
    path = re.sub(r"\{\w+\}", lambda _: next(left), route.path)
    method = next(iter(sorted((route.methods or set()) - {"HEAD"})))
    headers = {"OTDSTicket": SANDBOX.authority.issue_ticket("desk")}
    fields = {key: str(value) for key, value in wish.items()}

    reply = (
        request(SANDBOX, method, path, headers=headers, json=wish)
        if form == "json"
        else request(SANDBOX, method, path, headers=headers, data=fields)
    )

    assert reply.status_code in (200, 201, 204, 400, 401, 404, 409)
    assert reply.status_code < 400 or "error" in reply.json()
