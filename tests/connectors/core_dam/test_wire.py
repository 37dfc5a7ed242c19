"""Core DAM's calls as they are built, without a server."""

import json
from urllib.parse import urlencode

import pytest

from connectors.calls import Call, FormBody, JSONBody
from connectors.core_dam import (
    AssetId,
    BulkEdit,
    ColumnEdit,
    ContentId,
    FacetRestriction,
    FieldCondition,
    FieldEdit,
    FolderAssets,
    FolderDraft,
    FolderId,
    FoundAssets,
    Joint,
    KeywordScope,
    NamedAssets,
    RenditionType,
    RowsEdit,
    SearchQuery,
    Selection,
    StateAction,
    TableCondition,
    TextCondition,
    containers,
    wire,
)


def form(query: SearchQuery, *, after: int = 0) -> dict[str, str]:
    body = wire.search(query, after=after).body
    assert isinstance(body, FormBody)
    return dict(body.fields)


@pytest.mark.contract("core_dam 2.b2", "core_dam 4.15", "core_dam 4.6", "core_dam 4.3")
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


@pytest.mark.contract("core_dam 2.b6")
def test_json_in_a_query_has_no_raw_bracket_on_the_wire() -> None:
    """Newer servers refuse raw brackets before the API sees the call."""
    encoded = urlencode(wire.asset(AssetId("a1")).query)

    assert not set("[]{}") & set(encoded)


@pytest.mark.contract("core_dam 2.b3")
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


@pytest.mark.contract("core_dam 2.b4")
def test_ids_cannot_leave_their_place_in_the_path() -> None:
    """Ids are opaque: a slash inside one must not reach another call."""
    assert wire.rendition(ContentId("a/../b")).path == "/otmmapi/v6/renditions/a%2F..%2Fb"


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


@pytest.mark.contract(
    "core_dam 4.4",
    "core_dam 4.5",
    "core_dam 4.7",
    "core_dam 4.8",
    "core_dam 4.9",
    "core_dam 4.10",
    "core_dam 4.11",
    "core_dam 4.12",
    "core_dam 4.13",
    "core_dam 4.14",
)
def test_everything_that_a_search_may_say_has_its_parameter() -> None:
    """A parameter under another name is ignored in silence."""
    query = SearchQuery(
        keywords="harbour",
        scope=KeywordScope.BOTH,
        newest_only=False,
        sort="desc_NAME",
        load_type="custom",
        metadata_to_return=("A", "B C"),
        folder_id=FolderId("f1"),
        with_descendants=False,
        facet_config_id="7",
        search_config_id="4",
        ids_only=True,
        preference_id="P",
        language="de_DE",
    )

    assert form(query) == {
        "keyword_query": "harbour",
        "keyword_scope_id": "3",
        "search_config_id": "4",
        "after": "0",
        "limit": "200",
        "sort": "desc_NAME",
        "load_type": "custom",
        "level_of_detail": "full",
        "metadata_to_return": "A,B C",
        "folder_filter": "f1",
        "folder_filter_type": "direct",
        "preference_id": "P",
        "load_multilingual_values": "true",
        "multilingual_language_code": "de_DE",
        "facet_config_id": "7",
        "return_type": "ids",
    }


@pytest.mark.contract("core_dam 4.15")
def test_words_can_be_one_condition_among_others() -> None:
    """So that they can stand in brackets."""
    condition = TextCondition(words="quay", scope=KeywordScope.CONTENT, joint=Joint.OR, opens=True, closes=True)

    assert condition.as_json() == {
        "type": "com.artesia.search.SearchFulltextCondition",
        "keyword": "quay",
        "scope_id": "2",
        "relational_operator": "or",
        "left_paren": "(",
        "right_paren": ")",
    }


def selected(call: Call) -> dict[str, object]:
    assert isinstance(call.body, FormBody)
    context = json.loads(dict(call.body.fields)["selection_context"])["selection_context_param"]["selection_context"]
    assert isinstance(context, dict)
    return context


def test_named_assets_are_written_with_the_vendors_three_s() -> None:
    """The server reads that key and no other."""
    call = wire.change_state_of_many(NamedAssets(asset_ids=["a"]), StateAction.UNLOCK)

    assert selected(call) == {
        "type": "com.artesia.asset.selection.AssetIdsSelectionContext",
        "asset_ids": ["a"],
        "include_descendants": "NONE",
        "child_type": "ASSETS",
        "include_deleted_assets": False,
        "asssetContentType": [],
    }


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (FolderAssets(folder_id=FolderId("f")), {"folder_id": "f", "include_descendants": "IMMEDIATE"}),
        (FoundAssets(keywords="x"), {"keyword_query": "x"}),
        (
            FoundAssets(keywords="x", folder_id=FolderId("f")),
            {"keyword_query": "x", "folder_filter_id": "f", "folder_filter_type": "all"},
        ),
    ],
)
def test_a_folder_or_a_search_can_be_meant(selection: Selection, expected: dict[str, str]) -> None:
    """A thousand hits need not be named one by one."""
    assert expected.items() <= selected(wire.subscribe(selection)).items()


@pytest.mark.contract("core_dam 10.b2")
def test_a_bulk_edit_parts_new_values_from_new_rows() -> None:
    """In one section rows are added, in the other they would be replaced."""
    edits: list[BulkEdit] = [FieldEdit(field_id="F", text="x"), RowsEdit(column_id="C", texts=["y", "z"])]

    call = wire.edit_metadata_of_many(NamedAssets(asset_ids=["a"]), edits)

    assert isinstance(call.body, JSONBody)
    request = call.body.value["bulk_edit_request_param"]["bulk_edit_request"]  # type: ignore[index]  # JSON
    plain, added = request["metadata_values"]["metadata_edit_id_value_list"]
    assert request["context"]["asset_ids"] == ["a"]
    assert plain["metadata_section_id"] == "METADATA_MISC_EDIT_SECTION"
    assert added == {
        "metadata_section_id": "METADATA_APPEND_SECTION",
        "field_id_value_entries": [
            {
                "metadata_field_id": "C",
                "metadata_value": [
                    {"value": {"type": "string", "value": "y"}},
                    {"value": {"type": "string", "value": "z"}},
                ],
            }
        ],
    }
    assert not call.repeatable  # rows would be added twice


@pytest.mark.contract("core_dam 5.7")
def test_a_check_out_is_taken_back_by_a_word_of_our_choice() -> None:
    """No public client was seen to do it."""
    call = wire.change_state(AssetId("a"), StateAction.UNDO_CHECK_OUT)

    assert isinstance(call.body, FormBody)
    assert dict(call.body.fields)["action"] == "undo_check_out"


@pytest.mark.contract("core_dam 7.2", "core_dam 7.b2")
def test_bytes_are_asked_of_the_api_itself() -> None:
    """The vendor's own client does not trust the delivery address."""
    original, preview = wire.contents(AssetId("a")), wire.contents(AssetId("a"), RenditionType.PREVIEW)

    assert {original.path, preview.path} == {"/otmmapi/v6/assets/a/contents"}
    assert preview.query == (("rendition_type", "preview"),)


def test_a_folder_is_described_by_what_is_known_of_it() -> None:
    """An empty model or policy list would take the parent's away."""
    bare, whole = (
        FolderDraft(name="x"),
        FolderDraft(
            name="x", metadata_model_id="M", fields=[FieldEdit(field_id="F", text="y")], security_policy_ids="2"
        ),
    )

    assert bare.as_json() == {"folder_resource": {"folder": {"name": "x", "container_type_id": "ARTESIA.BASIC.FOLDER"}}}
    assert whole.as_json()["folder_resource"]["folder"].keys() == {  # type: ignore[index]  # JSON
        "name",
        "container_type_id",
        "metadata_model_id",
        "metadata",
        "security_policy_list",
    }


def test_making_a_container_twice_makes_two() -> None:
    """So neither call is repeated by itself."""
    calls = (containers.create_folder(FolderId("f"), FolderDraft(name="x")), containers.create_collection("x"))

    assert not any(call.repeatable for call in calls)
