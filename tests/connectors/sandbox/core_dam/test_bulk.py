"""Bulk calls and other reads that the desk does not make itself, but other clients do."""

import json
from urllib.parse import urlencode

import httpx
import pytest

from connectors.core_dam import Asset, AssetId, SearchQuery
from connectors.sandbox.core_dam import CoreDamSandbox
from tests.connectors.sandbox.core_dam.driver import ask, request, session_headers

API = "/otmmapi/v6"


def hero(sandbox: CoreDamSandbox) -> Asset:
    return ask(sandbox, lambda dam: dam.search_page(SearchQuery(keywords="hero"))).assets[0]


def selection(kind: str, **keys: object) -> str:
    context = {"type": f"com.artesia.asset.selection.{kind}", **keys}
    return json.dumps({"selection_context_param": {"selection_context": context}})


def change_state(sandbox: CoreDamSandbox, action: str, context: str) -> httpx.Response:
    return request(
        sandbox,
        "PUT",
        f"{API}/assets/state",
        headers=session_headers(sandbox),
        data={"action": action, "selection_context": context},
    )


@pytest.mark.contract("core_dam 11.3")
def test_a_bulk_lock_succeeds_in_part(sandbox: CoreDamSandbox) -> None:
    """One asset in somebody's hands must not keep the others from being worked on."""
    asset_id = hero(sandbox).asset_id
    taken = next(part.record for part in sandbox.library.assets.parts() if part.record.checked_out_by)
    ids = [asset_id, taken.asset_id]

    answer = change_state(sandbox, "lock", selection("AssetIdsSelectionContext", asset_ids=ids)).json()

    result = answer["bulk_asset_result_representation"]["bulk_asset_result"]
    assert result["successful_object_list"] == [asset_id]
    assert [failed["id"] for failed in result["failed_object_list"]] == [taken.asset_id]


@pytest.mark.parametrize(("action", "kind"), [("dance", "AssetIdsSelectionContext"), ("lock", "NoSuchContext")])
def test_an_unknown_word_is_refused(sandbox: CoreDamSandbox, action: str, kind: str) -> None:
    """A misspelt action that seems to work is found out too late."""
    assert change_state(sandbox, action, selection(kind, asset_ids=[])).status_code == 400


def test_a_folder_stands_for_its_assets(sandbox: CoreDamSandbox) -> None:
    """Selecting a folder with all below it is one click for a person."""
    context = selection("FolderSelectionContext", folder_ids=["ARTESIA.PUBLIC.TREEN"], include_descendants="ALL")

    answer = request(
        sandbox,
        "GET",
        f"{API}/assets?{httpx.QueryParams({'selection_context': context})}",
        headers=session_headers(sandbox),
    )

    assert len(answer.json()["assets_resource"]["asset_list"]) == 9


@pytest.mark.contract("core_dam 11.4")
def test_too_many_ids_in_an_address_are_answered_with_a_web_page(sandbox: CoreDamSandbox) -> None:
    """Clients must look at the content type before they parse."""
    context = selection("AssetIdsSelectionContext", asset_ids=["a" * 40] * 101)

    answer = request(
        sandbox,
        "GET",
        f"{API}/assets?{httpx.QueryParams({'selection_context': context})}",
        headers=session_headers(sandbox),
    )

    assert answer.headers["content-type"].startswith("text/html")


def test_rows_are_appended_in_the_section_of_that_name(sandbox: CoreDamSandbox) -> None:
    """Two systems that write where an asset is used must not erase each other."""
    asset_id = hero(sandbox).asset_id
    section = {
        "metadata_section_id": "METADATA_APPEND_SECTION",
        "field_id_value_entries": [
            {
                "metadata_field_id": "ARTESIA.FIELD.TAG",
                "metadata_value": [{"value": {"type": "string", "value": "autumn"}}],
            }
        ],
    }
    edit = {
        "context": {"type": "com.artesia.asset.selection.AssetIdsSelectionContext", "asset_ids": [asset_id]},
        "metadata_values": {"metadata_edit_id_value_list": [section]},
    }

    request(
        sandbox,
        "PATCH",
        f"{API}/assets",
        headers=session_headers(sandbox),
        json={"bulk_edit_request_param": {"bulk_edit_request": edit}},
    )

    metadata = ask(sandbox, lambda dam: dam.asset(asset_id)).metadata
    assert metadata is not None
    assert [tag.stored for tag in metadata.column("PD.TABLE.TAGS", "ARTESIA.FIELD.TAG")] == ["spring", "hero", "autumn"]


def test_subscribing_is_the_callers_own(sandbox: CoreDamSandbox) -> None:
    """Nobody subscribes for somebody else."""
    asset_id = hero(sandbox).asset_id

    request(
        sandbox,
        "POST",
        f"{API}/assets/subscriptions",
        headers=session_headers(sandbox),
        data={"action": "subscribe", "selection_context": selection("AssetIdsSelectionContext", asset_ids=[asset_id])},
    )

    def subscribed(login: str) -> object:
        answer = request(sandbox, "GET", f"{API}/assets/{asset_id}", headers=session_headers(sandbox, login))
        return answer.json()["asset_resource"]["asset"]["subscribed_to"]

    assert (subscribed("desk"), subscribed("mira.k")) == (True, False)


def test_recent_assets_come_newest_first(sandbox: CoreDamSandbox) -> None:
    """The start page of other clients."""
    answer = request(sandbox, "GET", f"{API}/assets/recent?limit=1", headers=session_headers(sandbox))

    assert answer.json()["assets_resource"]["asset_list"][0]["name"] == "policy-cover.png"


@pytest.mark.contract("core_dam 4.8")
@pytest.mark.parametrize("words", [True, "true"])
def test_loading_flags_are_booleans_or_words(sandbox: CoreDamSandbox, words: object) -> None:
    """Both travel in the wild."""
    flags = httpx.QueryParams(
        {"load_type": "custom", "data_load_request": json.dumps({"data_load_request": {"load_path": words}})}
    )

    answer = request(sandbox, "GET", f"{API}/assets/{hero(sandbox).asset_id}?{flags}", headers=session_headers(sandbox))

    asset = answer.json()["asset_resource"]["asset"]
    assert asset["path_list"]
    assert "metadata" not in asset


@pytest.mark.contract("core_dam 5.b2")
def test_no_value_on_the_wire_is_null(sandbox: CoreDamSandbox) -> None:
    """A known client crashes on it."""
    answer = request(
        sandbox, "GET", f"{API}/assets/{hero(sandbox).asset_id}?load_type=full", headers=session_headers(sandbox)
    )

    assert "null" not in answer.text


@pytest.mark.parametrize(("said", "expected"), [({}, 1), ({"include_deleted_assets": False}, 0)])
def test_a_selection_may_leave_out_what_was_deleted(
    sandbox: CoreDamSandbox, said: dict[str, bool], expected: int
) -> None:
    """Other clients say so in every selection."""
    deleted = next(part.record.asset_id for part in sandbox.library.assets.parts() if part.record.is_deleted)
    text = selection("AssetIdsSelectionContext", asset_ids=[deleted], **said)

    answer = request(
        sandbox, "GET", f"{API}/assets?{urlencode({'selection_context': text})}", headers=session_headers(sandbox)
    )

    assert len(answer.json()["assets_resource"]["asset_list"]) == expected


def test_an_unknown_asset_in_a_selection_is_named(sandbox: CoreDamSandbox) -> None:
    """Partial success must say which part failed."""
    missing = AssetId("f" * 40)

    answer = change_state(sandbox, "lock", selection("AssetIdsSelectionContext", asset_ids=[missing])).json()

    failed = answer["bulk_asset_result_representation"]["bulk_asset_result"]["failed_object_list"]
    assert failed[0]["exception_body"]["http_response_code"] == 404


def test_a_folders_metadata_is_edited_under_its_lock(sandbox: CoreDamSandbox) -> None:
    """Folders carry the same fields as assets, and the same rule guards them."""
    headers, path = session_headers(sandbox), f"{API}/folders/ARTESIA.PUBLIC.TREEN"
    element = {
        "id": "PD.FIELD.TITLE",
        "type": "com.artesia.metadata.MetadataField",
        "value": {"value": {"type": "string", "value": "All pictures"}},
    }
    edit = {"edited_folder": {"data": {"metadata": [element]}}}
    early = request(sandbox, "PATCH", path, headers=headers, json=edit)
    request(sandbox, "PUT", f"{path}/state", headers=headers, data={"action": "lock"})

    request(sandbox, "PATCH", path, headers=headers, json=edit)

    folder = request(sandbox, "GET", f"{path}?load_type=metadata", headers=headers).json()["folder_resource"]["folder"]
    title = folder["metadata"]["metadata_element_list"][0]["metadata_element_list"][0]
    assert early.status_code == 409
    assert folder["locked"]
    assert title["value"]["value"]["value"] == "All pictures"
