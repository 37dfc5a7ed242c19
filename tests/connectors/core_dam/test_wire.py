"""Core DAM's calls as they are built, without a server."""

import json
from urllib.parse import urlencode

from connectors.calls import FormBody, JSONBody
from connectors.core_dam import (
    AssetId,
    ColumnEdit,
    ContentId,
    FacetRestriction,
    FieldCondition,
    FieldEdit,
    Joint,
    RenditionType,
    SearchQuery,
    StateAction,
    TableCondition,
    wire,
)


def form(query: SearchQuery, *, after: int = 0) -> dict[str, str]:
    body = wire.search(query, after=after).body
    assert isinstance(body, FormBody)
    return dict(body.fields)


def test_a_search_is_a_form_with_json_inside() -> None:
    """The contract's own nesting, byte for byte in meaning."""
    conditions = (
        FieldCondition(field_id="F", value="a", opens=True),
        TableCondition(table_id="T", columns=(FieldCondition(field_id="C", value="b"),), joint=Joint.OR, closes=True),
    )

    fields = form(SearchQuery(conditions=conditions, limit=50, newest_only=False), after=100)

    assert (fields["after"], fields["limit"], fields["keyword_query"]) == ("100", "50", "*")
    first, second = json.loads(fields["search_condition_list"])["search_condition_list"]["search_condition"]
    assert first == {
        "type": "com.artesia.search.SearchScalarCondition",
        "metadata_field_id": "F",
        "relational_operator_id": "ARTESIA.OPERATOR.CHAR.CONTAINS",
        "value": "a",
        "relational_operator": "and",
        "left_paren": "(",
    }
    assert second["relational_operator"] == "or"
    assert second["tabular_field_list"][0]["type"] == "com.artesia.search.SearchTabularFieldCondition"


def test_the_newest_version_is_asked_for_unless_said_otherwise() -> None:
    """Without it every old version appears in the grid."""
    fields = form(SearchQuery())

    (condition,) = json.loads(fields["search_condition_list"])["search_condition_list"]["search_condition"]
    assert (condition["metadata_field_id"], condition["value"]) == ("ARTESIA.FIELD.IS LATEST VERSION", "Y")


def test_what_is_not_asked_is_not_sent() -> None:
    """An empty parameter is not the same as none to every server."""
    fields = form(SearchQuery(newest_only=False))

    assert "" not in fields.values()
    assert "search_condition_list" not in fields


def test_an_empty_facet_value_travels_as_null() -> None:
    """It means that the field is empty."""
    fields = form(SearchQuery(facets=(FacetRestriction(field_id="F", values=("x", None)),)))

    (facet,) = json.loads(fields["facet_restriction_list"])["facet_restriction_list"]["facet_field_restriction"]
    assert facet["value_list"] == ["x", None]


def test_json_in_a_query_has_no_raw_bracket_on_the_wire() -> None:
    """Newer servers refuse raw brackets before the API sees the call."""
    encoded = urlencode(wire.asset(AssetId("a1")).query)

    assert not set("[]{}") & set(encoded)


def test_an_edit_is_flat_and_wrapped_twice() -> None:
    """Read metadata is nested, written metadata is not."""
    edits = (FieldEdit(field_id="F", text="APPR"), ColumnEdit(column_id="C", texts=("x", "y")))

    body = wire.edit_metadata(AssetId("a1"), edits).body

    assert isinstance(body, JSONBody)
    assert body.value == {
        "edited_asset": {
            "data": {
                "metadata": [
                    {
                        "id": "F",
                        "type": "com.artesia.metadata.MetadataField",
                        "value": {"value": {"type": "string", "value": "APPR"}},
                    },
                    {
                        "id": "C",
                        "type": "com.artesia.metadata.MetadataTableField",
                        "values": [
                            {"value": {"type": "string", "value": "x"}},
                            {"value": {"type": "string", "value": "y"}},
                        ],
                    },
                ]
            }
        }
    }


def test_only_the_lock_may_be_taken_twice() -> None:
    """Repeating an unlock or a deletion could hit somebody else's work."""
    repeatable = {action for action in StateAction if wire.change_state(AssetId("a"), action).repeatable}

    assert repeatable == {StateAction.LOCK}


def test_ids_cannot_leave_their_place_in_the_path() -> None:
    """Ids are opaque: a slash inside one must not reach another call."""
    assert wire.rendition(ContentId("a/../b")).path == "/otmmapi/v6/renditions/a%2F..%2Fb"


def test_an_older_server_is_reached_by_its_prefix() -> None:
    """Sites still run version 5."""
    call = wire.contents(AssetId("a"), RenditionType.THUMBNAIL, prefix="/otmmapi/v5")

    assert (call.path, call.query) == ("/otmmapi/v5/assets/a/contents", (("rendition_type", "thumbnail"),))


def test_no_sign_in_call_shows_its_secret() -> None:
    """Calls appear in error reports."""
    calls = (
        wire.open_session(username="u", password="hush"),
        wire.session_from_ticket("hush"),
        wire.api_token(username="u", password="hush", client_id="c", client_secret="hush"),
    )

    assert "hush" not in repr(calls)


def test_the_public_host_is_asked_without_credentials() -> None:
    """A token sent to a public host is a token given away."""
    assert not wire.delivery("https://media.example/x").signed_in
