"""Whatever a server answers: the readers raise from the one tree, or read; and no secret shows in what they raise."""

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.calls import Reply
from connectors.errors import ConnectorError
from connectors.extended_ecm import NodeId
from connectors.extended_ecm.wire import (
    access,
    categories,
    documents,
    holds,
    large_files,
    nodes,
    notices,
    records,
    recycle_bin,
    renditions,
    search,
    sign_in,
    teams,
    workflows,
    workspaces,
)
from connectors.extended_ecm.wire.reading import read_failure, read_node
from connectors.otds import wire as otds

SECRET: Final = "Sup3rSecretTicket0123456789abcdef"
Read = Callable[[Reply], object]

READERS: Final[dict[str, Read]] = {
    "failure": read_failure,
    "node": lambda reply: read_node(reply, UTC),
    "ping": sign_in.read_ping,
    "server info": lambda reply: sign_in.read_server_info(reply, UTC),
    "ticket": sign_in.read_ticket,
    "user": sign_in.read_user,
    "ancestors": nodes.read_ancestors,
    "taken names": nodes.read_taken_names,
    "audit": lambda reply: nodes.read_audit(reply, UTC),
    "allowed": nodes.read_allowed,
    "edit tokens": nodes.read_edit_tokens,
    "bin": lambda reply: recycle_bin.read_contents(reply, UTC),
    "bin outcome": lambda reply: recycle_bin.read_outcome(reply, [NodeId(1)]),
    "versions": lambda reply: documents.read_versions(reply, UTC),
    "version": lambda reply: documents.read_one_version(reply, UTC),
    "content": documents.read_content,
    "large files": large_files.read_settings,
    "begun upload": large_files.read_begun,
    "renditions": lambda reply: renditions.read_renditions(reply, UTC),
    "conversions": renditions.read_conversions,
    "categories": categories.read_categories,
    "category": categories.read_category,
    "nodes with categories": lambda reply: categories.read_with_categories(reply, UTC),
    "forms": categories.read_forms,
    "enforcing": categories.read_enforcing,
    "valid values": categories.read_valid_values,
    "types": workspaces.read_types,
    "workspace": lambda reply: workspaces.read_workspace(reply, UTC),
    "made": workspaces.read_made,
    "created": workspaces.read_created,
    "around": workspaces.read_around,
    "team": teams.read_team,
    "role": teams.read_role,
    "regions": search.read_regions,
    "slices": search.read_slices,
    "permissions": access.read_permissions,
    "effective": access.read_effective,
    "shared": access.read_shared,
    "link": access.read_link,
    "holds on": lambda reply: holds.read_holds_on(reply, UTC),
    "holds": lambda reply: holds.read_holds(reply, UTC),
    "hold": lambda reply: holds.read_hold(reply, UTC),
    "hold items": lambda reply: holds.read_items(reply, UTC),
    "created hold": holds.read_created,
    "record details": lambda reply: records.read_record_details(reply, UTC),
    "record token": records.read_record_token,
    "retention": lambda reply: records.read_retention(reply, UTC),
    "schedules": records.read_schedules,
    "codes": records.read_codes,
    "classifications": records.read_classifications,
    "usable maps": workflows.read_usable,
    "definition": workflows.read_definition,
    "draft": workflows.read_draft,
    "started": workflows.read_started,
    "progress": lambda reply: workflows.read_progress(reply, UTC),
    "own workflows": lambda reply: workflows.read_mine(reply, UTC),
    "assignments": lambda reply: workflows.read_assignments(reply, UTC),
    "task form": workflows.read_task_form,
    "activities": lambda reply: workflows.read_activities(reply, UTC),
    "interests": notices.read_interests,
    "reminders": lambda reply: notices.read_reminders(reply, UTC),
    "report parameters": notices.read_report_parameters,
    "otds failure": otds.read_failure,
    "otds ticket": otds.read_ticket,
    "otds token": otds.read_token,
    "otds token facts": otds.read_token_facts,
    "otds resource": otds.read_resource,
}

KEYS: Final = tuple(
    """
    results data properties versions categories metadata permissions collection paging page page_total
    total_count id name type error errorDetail ok errMsg holds hold contents forms schema options fields
    state metadata_token audit audit_event_types assignments wfstatus wf_details step_list definition
    data_packages definitions tasks followups followup interests workspace_references members success
    failure ids errors message ticket access_token expires_in 98 98_1 98_2 98_6_1_7 items enum maxItems
    create_date audit_date event_type right_id values code
    """.split()  # noqa: SIM905 - seventy quoted words, one to a line, would hide the test
)

words = st.one_of(
    st.sampled_from([*KEYS, SECRET, "", "2026-02-30T00:00:00", "2026-02-03T10:12:00Z", "0001-01-01T00:00:00+14:00"]),
    st.text(max_size=12),
)
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), words)
json_values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=25,
)
bodies = st.one_of(
    json_values.map(lambda value: json.dumps(value).encode()),
    st.builds(lambda value: json.dumps({"results": value}).encode(), json_values),
    st.builds(lambda value: json.dumps({"data": value}).encode(), json_values),
    st.binary(max_size=60),
)
replies = st.builds(
    lambda body, status, media_type: Reply(
        system="Extended ECM",
        call="anything",
        status=status,
        headers={"content-type": media_type, "otcsticket": SECRET},
        body=body,
    ),
    bodies,
    st.sampled_from([200, 201, 204, 400, 401, 403, 404, 409, 429, 500, 503]),
    st.sampled_from(["application/json", "application/json; charset=UTF-8", "text/html", ""]),
)
DEEP: Final = Reply(
    system="Extended ECM",
    call="anything",
    status=200,
    headers={"content-type": "application/json"},
    body=b'{"results":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
)


EDGE: Final = Reply(
    system="Extended ECM",
    call="anything",
    status=200,
    headers={"content-type": "application/json"},
    body=json.dumps(
        {
            "results": {
                "data": {"properties": {"id": 1, "name": "n", "type": 0, "create_date": "0001-01-01T00:00:00+14:00"}},
                "wf_details": {"status": "ontime", "due_date": "9999-12-31T23:59:59-14:00"},
            }
        }
    ).encode(),
)
"""Times that have no twin in UTC."""


def raised_by(read: Read, reply: Reply) -> ConnectorError | None:
    """What reading ``reply`` came to; any other exception passes through and fails the test."""
    try:
        read(reply)
    except ConnectorError as error:
        return error
    return None


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reply=replies)
@example(reply=DEEP)
@example(reply=EDGE)
def test_a_reader_reads_or_raises_from_the_tree(name: str, reply: Reply) -> None:
    """A stray exception would end the relay, and an entry would wait for ever."""
    raised = raised_by(READERS[name], reply)

    assert raised is None or raised.system == "Extended ECM"


@pytest.mark.parametrize(
    "hidden",
    [
        {"ticket": {"value": SECRET}},
        {"results": {"data": SECRET}},
        {"results": [{"data": {"properties": {"id": SECRET, "name": SECRET}}}]},
        {"data": [{"hold_id": SECRET}]},
        {"access_token": [SECRET], "ticket": [SECRET]},
        {"forms": [{"data": SECRET, "schema": SECRET}]},
    ],
    ids=["ticket", "data", "properties", "list", "token", "form"],
)
def test_an_odd_reply_is_named_by_its_shape_and_never_by_its_values(hidden: Any) -> None:
    """What a server sends by mistake may be anybody's secret, and errors go to the log."""
    reply = Reply(
        system="Extended ECM",
        call="anything",
        status=200,
        headers={"content-type": "application/json", "otcsticket": SECRET},
        body=json.dumps(hidden).encode(),
    )

    raised = [error for read in READERS.values() if (error := raised_by(read, reply)) is not None]

    told = " ".join(f"{error!r} {error} {error.detail} {error.sentence}" for error in raised)
    assert raised
    assert SECRET not in told + repr(reply)
