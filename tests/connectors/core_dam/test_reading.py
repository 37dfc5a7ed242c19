"""Core DAM's answers as they are read, in the shapes and oddities that the contract records."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from connectors.calls import Reply
from connectors.core_dam import Asset, containers, reading
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    VendorFaultError,
)


def reply(body: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(system="Core DAM", call="test", status=status, headers={"content-type": media_type}, body=raw)


def read_asset(**keys: object) -> Asset:
    return reading.read_asset(reply({"asset_resource": {"asset": {"asset_id": "a1", **keys}}}))


def field(value: object) -> dict[str, object]:
    return {"id": "F", "type": "com.artesia.metadata.MetadataField", **({"value": value} if value is not ... else {})}


def stored(element: dict[str, object]) -> str | None:
    metadata = {"id": "M", "metadata_element_list": [{"id": "C", "metadata_element_list": [element]}]}
    read = read_asset(metadata=metadata).metadata
    assert read is not None
    value = read.fields["F"]
    return value.stored if value else None


@pytest.mark.contract("core_dam 5.b2", "core_dam 5.b3", "core_dam 11.1", "core_dam 11.2", "core_dam 11.5")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"value": {"type": "string", "value": "plain"}}, "plain"),
        ({"value": {"type": "decimal", "value": 4.5}}, "4.5"),
        ({"value": {"display_value": " Label ", "field_value": {"type": "string", "value": "CODE"}}}, "CODE"),
        ({"value": {"display_value": "A^B", "field_value": {"value": "12^845"}}}, "12^845"),
        ({"value": {"display_value": "only a label"}}, None),
        ({"domain_value": False}, None),
        ({}, None),
        (..., None),
    ],
)
def test_every_shape_of_a_value_is_read(value: object, expected: str | None) -> None:
    """A shape that is not known would drop the approval state in silence."""
    assert stored(field(value)) == expected


@pytest.mark.contract("core_dam 9.6", "core_dam 9.7")
def test_a_localized_value_keeps_its_languages() -> None:
    """Alternative texts are per language."""
    value = {
        "value": {
            "type": "string",
            "value": "Harbour",
            "multilingual_values": {"entry": [{"key": "de_DE", "value": {"type": "string", "value": "Hafen"}}]},
        }
    }
    metadata = {"id": "M", "metadata_element_list": [{"id": "C", "metadata_element_list": [field(value)]}]}

    read = read_asset(metadata=metadata).metadata

    assert read is not None
    title = read.fields["F"]
    assert title is not None
    assert title.by_language == {"de_DE": "Hafen"}


@pytest.mark.contract("core_dam 5.b1")
def test_table_columns_are_read_as_rows() -> None:
    """Row n is the n-th value of every column, with holes."""
    columns = [
        {"id": "A", "values": [{"value": {"value": "a1"}}, {"value": {"value": "a2"}}]},
        {"id": "B", "values": [{}, {"value": {"value": "b2"}}]},
    ]
    table = {"id": "T", "type": "com.artesia.metadata.MetadataTable", "metadata_element_list": columns}
    metadata = {"id": "M", "metadata_element_list": [{"id": "C", "metadata_element_list": [table]}]}

    read = read_asset(metadata=metadata).metadata

    assert read is not None
    rows = [{key: value.stored for key, value in row.items()} for row in read.tables["T"].rows]
    assert rows == [{"A": "a1"}, {"A": "a2", "B": "b2"}]


def test_measures_of_minus_one_are_no_measures() -> None:
    """A document has no width; -1 would break every layout."""
    asset = read_asset(master_content_info={"id": "c", "width": -1, "height": -1, "content_size": 9})

    assert asset.master is not None
    assert (asset.master.width_px, asset.master.size_bytes) == (None, 9)


@pytest.mark.contract("core_dam 2.b4", "core_dam 9.5", "core_dam 4.b2")
def test_ids_may_be_numbers_or_text() -> None:
    """Policies and users come as both."""
    asset = read_asset(security_policy_list=[{"id": 2}, {"id": "3"}])

    assert asset.security_policy_ids == ("2", "3")


def test_an_asset_without_an_original_is_its_own() -> None:
    """Older answers lack the key; the desk still needs a lasting id."""
    assert read_asset().original_asset_id == "a1"


@pytest.mark.contract("core_dam 5.b4")
def test_folders_in_a_mixed_list_are_parted_from_assets() -> None:
    """A folder drawn as an asset cannot be opened."""
    mixed = [{"asset_id": "f", "data_type": "CONTAINER", "name": "Spring"}, {"asset_id": "a", "name": "x.png"}]

    folders, assets = containers.read_children(reply({"folder_children": {"asset_list": mixed}}))

    assert [folder.name for folder in folders] == ["Spring"]
    assert [asset.name for asset in assets] == ["x.png"]


@pytest.mark.contract("core_dam 4.b1", "core_dam 4.b3")
@pytest.mark.parametrize("prefix", ["", "_"])
def test_facets_are_read_in_both_spellings(prefix: str) -> None:
    """Servers were seen with and without the underscore."""
    facet = {
        "field_name": "Mime Type",
        f"{prefix}facet_field_request": {"field_id": "M"},
        f"{prefix}facet_value_list": [{"value": "image/png", "asset_count": 17}, {"asset_count": 3}],
    }
    result = {"hit_count": 0, "total_hit_count": 0, "facet_field_response_list": [facet]}

    page = reading.read_search(reply({"search_result_resource": {"search_result": result}}))

    assert [(bucket.value, bucket.asset_count) for bucket in page.facets[0].values] == [("image/png", 17), (None, 3)]
    assert page.facets[0].field_id == "M"


@pytest.mark.parametrize(
    ("offset", "hits", "total", "following"), [(0, 200, 401, 200), (400, 1, 401, None), (200, 0, 401, None)]
)
def test_paging_stops_on_an_empty_page(offset: int, hits: int, total: int, following: int | None) -> None:
    """The total may promise more than the server ever gives; asking for ever helps nobody."""
    result = {"hit_count": hits, "total_hit_count": total, "offset": offset}

    assert (
        reading.read_search(reply({"search_result_resource": {"search_result": result}})).following(offset) == following
    )


def exception(status: int) -> dict[str, object]:
    body = {"http_response_code": status, "error_code": "X", "message": "Told so", "debug_message": "secret stack"}
    return {"exception_body": body}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidError),
        (401, SignInError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (429, RateLimitError),
        (500, VendorFaultError),
    ],
)
def test_an_exception_body_becomes_its_class(status: int, kind: type[ConnectorError]) -> None:
    """The class decides what the outbox does; the words are the vendor's message, never its debug text."""
    failure = reading.read_failure(reply(exception(status), status=status))

    assert type(failure) is kind
    assert failure.detail == "Told so"


def test_a_failure_inside_a_200_is_a_failure() -> None:
    """Otherwise an edit that was refused counts as done."""
    assert isinstance(reading.read_failure(reply(exception(404))), NotFoundError)


@pytest.mark.parametrize(
    "answer", [reply(b"<html>", status=502, media_type="text/html"), reply({"asset_resource": {}}), reply(b"")]
)
def test_other_answers_are_left_to_their_status(answer: Reply) -> None:
    """The doorway judges those."""
    assert reading.read_failure(answer) is None


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (reply(b"<html>", media_type="text/html"), reading.read_asset),
        (reply({}), reading.read_session),
        (reply({"asset_resource": {"asset": {"asset_id": 7}}}), reading.read_asset),
        (reply({"asset_resource": {"asset": {"asset_id": "a", "date_imported": "yesterday"}}}), reading.read_asset),
        (
            reply({"asset_resource": {"asset": {"asset_id": "a", "date_imported": "0001-01-01T00:00:00+14:00"}}}),
            reading.read_asset,
        ),
        (reply({"search_result_resource": {"search_result": {"hit_count": "1"}}}), reading.read_search),
        (reply({"token_info": {}}), reading.read_api_token),
    ],
)
def test_an_unknown_shape_says_where_it_differs(answer: Reply, read: Callable[[Reply], object]) -> None:
    """A changed vendor must be noticed at once and by name."""
    with pytest.raises(ShapeError):
        read(answer)


@pytest.mark.contract("core_dam 11.3")
def test_bulk_results_are_read_whatever_their_entries_are() -> None:
    """The form of an entry was never seen: text and objects are both read."""
    result = {
        "successful_object_list": ["a", {"id": "b"}],
        "failed_object_list": [{"asset_id": "c", "exception_body": {"message": "locked"}}],
    }

    read = reading.read_bulk_result(reply({"bulk_asset_result_representation": {"bulk_asset_result": result}}))

    assert read.succeeded == ("a", "b")
    assert read.failed == {"c": "locked"}


def test_a_vocabulary_is_trimmed_and_keeps_its_codes() -> None:
    """Stray spaces in labels are the vendor's; codes are matched as they are."""
    values = [{"display_value": " Germany ", "field_value": {"type": "string", "value": "DE"}, "expired_value": True}]

    domain = reading.read_lookup_domain(
        reply({"lookup_domain_resource": {"lookup_domain": {"domainId": "D", "domainValues": values}}})
    )

    assert (domain.values[0].code, domain.values[0].label, domain.values[0].is_expired) == ("DE", "Germany", True)


@pytest.mark.contract("core_dam 2.b5")
def test_times_are_utc() -> None:
    """A time without its zone is an hour off for half of the year."""
    asset = read_asset(date_imported="2026-03-01T09:30:00Z", date_last_updated="2026-03-01T10:30:00+01:00")

    assert asset.date_imported == asset.date_last_updated == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.contract("core_dam 5.b5", "core_dam 9.1", "core_dam 9.4", "core_dam 7.b1", "core_dam 9.8")
def test_what_stands_in_the_way_of_an_asset_is_read() -> None:
    """Its state, its last day, the caller's rights, and where its bytes and its other languages are."""
    asset = read_asset(
        content_type="BITMAP",
        content_state="SEL_DEL",
        expired=True,
        access_control_descriptor={"permissions_map": {"entry": [{"key": "EXPORT", "value": False}]}},
        master_content_info={"id": "c", "url": "/otmmapi/v6/renditions/c"},
        links={"source_id": "a1", "links": [{"link_type": "L", "destination_id": "a2"}, {"link_type": "L"}, {}]},
    )

    assert (asset.content_type, asset.content_state, asset.is_expired) == ("BITMAP", "SEL_DEL", True)
    assert asset.permissions == {"EXPORT": False}
    assert asset.master is not None
    assert asset.master.url == "/otmmapi/v6/renditions/c"
    assert [(link.link_type, link.destination_id) for link in asset.links] == [("L", "a2")]


@pytest.mark.contract("core_dam 4.b4")
@pytest.mark.parametrize("said", [True, False])
def test_a_condition_that_was_left_out_is_told(said: bool) -> None:
    """A person who believes in a filter that was dropped sends the wrong picture."""
    result = {"hit_count": 0, "total_hit_count": 0, "contains_invalid_conditions": said}

    page = reading.read_search(reply({"search_result_resource": {"search_result": result}}))

    assert page.has_invalid_conditions is said


def test_a_page_of_assets_may_come_without_its_summary() -> None:
    """Then nobody counts, and nothing is promised."""
    page = containers.read_asset_page(reply({"assets_resource": {"asset_list": [{"asset_id": "a"}]}}))

    assert (len(page.assets), page.total) == (1, None)


def test_a_column_of_a_model_knows_its_table() -> None:
    """A column is written through its own id and searched through its table's."""
    columns = [{"id": "K", "name": "Market", "data_type": "CHAR", "domain_id": "D"}]
    table = {"id": "T", "type": "com.artesia.metadata.MetadataTable", "metadata_element_list": columns}
    model = {"id": "M", "metadata_element_list": [{"id": "C", "metadata_element_list": [{"id": "F"}, table]}]}

    read = reading.read_metadata_model(reply({"metadata_model_resource": {"metadata_model": model}}))

    assert [(field.id, field.table_id, field.domain_id) for field in read.fields] == [("F", "", ""), ("K", "T", "D")]
