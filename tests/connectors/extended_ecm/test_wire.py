"""Content Server's wire: what is asked, what answers mean, and every way in which it says no."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from connectors.calls import Reply
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ShapeError,
    SignInError,
    VendorFaultError,
)
from connectors.extended_ecm import (
    NameTakenError,
)
from connectors.extended_ecm.wire import (
    categories,
    documents,
    nodes,
    workspaces,
)
from connectors.extended_ecm.wire.reading import read_failure, read_node
from tests.connectors.extended_ecm.replies import error, reply

PAGE = b"<html><body>Please try again</body></html>"


UNREACHABLE = "Sorry, the item you requested could not be accessed. Either it does not exist or …"


@pytest.mark.contract(
    "extended_ecm 2.b8",
    "extended_ecm 9.b1",
    "extended_ecm 9.b5",
    "extended_ecm 11.5",
    "extended_ecm 11.7",
    "extended_ecm 11.8",
    "extended_ecm 11.9",
    "extended_ecm 11.10",
    "extended_ecm 11.13",
    "extended_ecm 11.14",
    "extended_ecm 13.5",
    "extended_ecm 13.6",
)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error("An item with the name 'Proof 0147.pdf' already exists.", 500), NameTakenError),
        (error("An item with the name 'Proof 0147.pdf' already exists.", 400), NameTakenError),
        (error(UNREACHABLE, 400), NotFoundError),
        (error("Could not get a node for 4711", 500), NotFoundError),
        (error("Could not locate node: 4711", 500), NotFoundError),
        (error(UNREACHABLE, 404), NotFoundError),
        (error("The attribute group 'Letter' already exists", 400), InvalidError),
        (error("Invalid datatype specified for argument 'id'", 400), InvalidError),
        (error("Argument username is required", 500), InvalidError),
        (error("Authentication Required", 401), SignInError),
        (error("Not yours", 403), ForbiddenError),
        (error("Could not delete the item: it is on hold.", 500), InvalidError),
        (error("Insufficient permissions to perform that action", 400), ForbiddenError),
        (error("You do not have permission to promote a version for 'Letter'", 500), ForbiddenError),
        (error("Insufficient permissions to perform that action", 401), ForbiddenError),
        (error("Could not update metadata (edit conflict).", 409), ConflictError),
        (reply({"results": {"ok": False, "errMsg": "no such hold"}}), InvalidError),
        (reply(PAGE, media_type="text/html"), VendorFaultError),
        (reply(b'{"results": {"data"', media_type="application/json"), VendorFaultError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{value.status}",
)
def test_each_refusal_has_its_class(answer: Reply, kind: type[ConnectorError]) -> None:
    """The outbox would repeat what was refused, or park what would have worked a minute later."""
    assert type(read_failure(answer)) is kind


@pytest.mark.contract("extended_ecm 9.b3", "extended_ecm 11.11", "extended_ecm 11.12", "extended_ecm 13.9")
@pytest.mark.parametrize(
    "answer",
    [
        reply(PAGE, 500, media_type="text/html"),
        reply(b"bad gateway", 502, media_type="text/plain"),
        reply({"results": {}}),
        reply({}),
        reply(b""),
        reply({"results": {"ok": True, "data": {}}}),
        reply(PAGE, media_type="text/html", content_disposition='attachment; filename="letter.html"'),
    ],
    ids=["500 page", "502", "write", "empty object", "nothing", "records success", "a document that is a page"],
)
def test_what_is_no_refusal_is_left_to_the_status(answer: Reply) -> None:
    """A mail kept as HTML would be taken for a restarting server."""
    assert read_failure(answer) is None


@pytest.mark.contract("extended_ecm 10.b1")
def test_details_are_part_of_the_complaint() -> None:
    """The number by which support finds the cause would be lost."""
    failure = read_failure(error("Could not start", 400, errorDetail="662306821"))

    assert failure is not None
    assert failure.detail == "Could not start (662306821)"


# Reading


NODE = {"id": 7, "name": "n", "type": 144, "modify_date": "2026-03-01T09:30:00", "create_date": "2026-03-01T09:30:00Z"}


@pytest.mark.contract("extended_ecm 1.b4")
@pytest.mark.parametrize("results", [{"data": {"properties": NODE}}, [{"data": {"properties": NODE}}]])
def test_one_node_is_read_from_an_object_and_from_an_array(results: Any) -> None:
    """Servers differ in this (contract 13)."""
    assert read_node(reply({"results": results}), UTC).id == 7


@pytest.mark.contract("extended_ecm 1.b8")
def test_a_bare_time_is_the_servers_and_a_marked_one_is_not() -> None:
    """Timelines would be hours off, in one field and not in the next."""
    found = read_node(reply({"results": {"data": {"properties": NODE}}}), timezone(timedelta(hours=2)))

    assert found.modify_date == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert found.create_date == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_node_without_an_id_is_a_shape_error() -> None:
    """A later call would go to node None."""
    with pytest.raises(ShapeError, match="id"):
        read_node(reply({"results": {"data": {"properties": {"name": "n", "type": 0}}}}), UTC)


@pytest.mark.contract("extended_ecm 13.2")
def test_no_versions_arrive_as_an_object() -> None:
    """A folder asked for versions would be a shape error."""
    assert documents.read_versions(reply({"results": {"data": {"versions": []}}}), UTC).items == ()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=\"r'l.pdf\"; filename*=UTF-8''r%C3%A9l.pdf", "rél.pdf"),
        ('inline; filename="a b.pdf"', "a b.pdf"),
        ("inline", ""),
    ],
)
def test_the_file_name_of_content_is_read(header: str, name: str) -> None:
    """Downloads would be saved under the node's number."""
    answer = reply(b"x", media_type="application/pdf", content_disposition=header)

    assert documents.read_content(answer).file_name == name


@pytest.mark.contract("extended_ecm 5.b4", "extended_ecm 5.b5")
def test_a_form_names_its_fields_their_rules_and_its_token() -> None:
    """Values would be sent under keys of another installation."""
    answer = {
        "forms": [
            {"data": {"name": ""}, "options": {}, "schema": {"properties": {"name": {"type": "string"}}}},
            {
                "data": {"98_1": {"metadata_token": "aa11"}, "98_2": None, "98_5": ["a"]},
                "options": {},
                "schema": {
                    "properties": {
                        "98_1": {"readonly": True, "required": False, "type": "object"},
                        "98_2": {"type": "string", "title": "Account", "required": True, "maxLength": 20},
                        "98_5": {"type": "array", "title": "Kind", "items": {"type": "string", "enum": ["a", "b"]}},
                    }
                },
            },
        ]
    }

    (form,) = categories.read_forms(reply(answer))

    assert (form.category_id, form.token) == (98, "aa11")
    assert [(each.key, each.title, each.required, each.max_length, each.choices) for each in form.fields] == [
        ("98_2", "Account", True, 20, ()),
        ("98_5", "Kind", False, None, ("a", "b")),
    ]


def test_two_attributes_of_one_name_are_not_guessed_between() -> None:
    """A value would land in the wrong one of the two (contract 5)."""
    entry = {"98": {"key": "98", "name": "Letter", "persona": "category"}}
    twins = {key: {"key": key, "name": "Date", "persona": ""} for key in ("98_2", "98_3")}
    entries = [{"data": {"categories": {"98_2": "x", "98_3": "y"}}, "metadata": {"categories": entry | twins}}]

    (category,) = categories.read_categories(reply({"results": entries}))

    assert category.named == {}


@pytest.mark.contract("extended_ecm 5.b8", "extended_ecm 5.1")
@pytest.mark.parametrize("as_list", [True, False], ids=["list", "object"])
def test_categories_of_a_list_arrive_in_either_shape(as_list: bool) -> None:
    """Servers send a list of objects or one object (contract 5)."""
    values = [{"98_2": "x"}, {"99_2": "y"}]
    schemas = [
        {head: {"key": head, "name": head}, f"{head}_2": {"key": f"{head}_2", "name": "A"}} for head in ("98", "99")
    ]
    entry = {
        "data": {"properties": NODE, "categories": values if as_list else values[0] | values[1]},
        "metadata": {"categories": schemas if as_list else schemas[0] | schemas[1]},
    }

    (found,) = categories.read_with_categories(reply({"results": [entry]}), UTC).items

    assert [each.named for each in found.categories] == [{"A": "x"}, {"A": "y"}]


def test_a_created_workspace_is_read_without_data() -> None:
    """The id stands directly in results here, and nowhere else (contract 6)."""
    assert workspaces.read_created(reply({"results": {"id": 70010, "direct_open": True}})) == 70010


@pytest.mark.contract("extended_ecm 13.3")
def test_history_takes_names_from_its_own_table() -> None:
    """Localised names of events would be blank."""
    answer = {
        "collection": {"paging": {"page": 1, "page_total": 1, "total_count": 1}},
        "results": {
            "data": {
                "audit": [{"id": 1, "event_type": 10, "audit_date": "2026-02-03T10:12:00Z", "user_id": 1001}],
                "audit_event_types": [{"id": 10, "name": "Attribute value changed"}],
            }
        },
    }

    (entry,) = nodes.read_audit(reply(answer), UTC).items

    assert entry.audit_name == "Attribute value changed"
