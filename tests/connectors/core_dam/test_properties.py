"""Whatever a server answers: a reader returns a model or raises from our tree, and shows no secret."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calls import Reply
from connectors.core_dam import containers, jobs, reading
from connectors.errors import ConnectorError

SECRET: Final = "d1gest-0f-mira"  # what no error may repeat
ASSET: Final[dict[str, Any]] = {
    "asset_id": "a1",
    "name": SECRET,
    "version": 3,
    "content_size": 9,
    "date_imported": "2026-01-11T20:56:26Z",
    "master_content_info": {"id": "c", "width": -1, "height": 2, "content_size": 9, "url": "/x"},
    "rendition_content": {"thumbnail_content": {"id": "t"}},
    "access_control_descriptor": {"permissions_map": {"entry": [{"key": "VIEW", "value": True}]}},
    "security_policy_list": [{"id": 2}, {"id": "3"}],
    "path_list": [{"path": "Public Folders"}],
    "links": {"links": [{"link_type": 7, "destination_id": "a2"}]},
    "metadata": {
        "id": "M",
        "metadata_element_list": [
            {
                "id": "C",
                "metadata_element_list": [
                    {"id": "F", "value": {"value": {"type": "string", "value": SECRET}}},
                    {"id": "D", "value": {"value": {"display_value": "A", "field_value": {"value": "a"}}}},
                    {
                        "id": "T",
                        "type": "com.artesia.metadata.MetadataTable",
                        "metadata_element_list": [{"id": "K", "values": [{}, {"value": {"value": 1}}]}],
                    },
                ],
            }
        ],
    },
}
FOLDER: Final = {"asset_id": "f1", "data_type": "CONTAINER", "container_child_counts": {"asset_count": 1}}
SEARCH: Final = {
    "search_result": {
        "hit_count": 1,
        "total_hit_count": 2,
        "asset_id_list": ["a1"],
        "facet_field_response_list": [
            {"field_name": "Mime", "_facet_value_list": [{"value": "x", "asset_count": 1}, {"asset_count": 2}]}
        ],
    },
    "asset_list": [ASSET, FOLDER],
}
SESSION: Final = {"id": 5, "message_digest": SECRET, "login_name": "mira.k", "user_id": "2044"}
BULK: Final = {"successful_object_list": ["a"], "failed_object_list": [{"id": "b", "exception_body": {"message": "x"}}]}
MODEL: Final = {"id": "M", "metadata_element_list": [{"id": "C", "metadata_element_list": [{"id": "F"}]}]}
DOMAIN: Final = {"domainId": "D", "domainValues": [{"display_value": " x ", "field_value": {"value": "X"}}]}
JOB: Final = {"job_id": 7, "job_status": "DONE?", "asset_ids": ["a"], "failures": [{"asset_id": "b", "message": "m"}]}
EXPORT: Final = {"job_id": "7", "export_response": {"exportable_count": 1, "unexportable_count": 0}}

Reader = Callable[[Reply], object]
READERS: Final[list[tuple[Reader, object]]] = [
    (reading.read_session, {"session_resource": {"session": SESSION}}),
    (reading.read_api_token, {"token_info": {"oauth_token": {"accessToken": SECRET}}}),
    (reading.read_search, {"search_result_resource": SEARCH}),
    (reading.read_asset, {"asset_resource": {"asset": ASSET}}),
    (reading.read_assets, {"assets_resource": {"asset_list": [ASSET, FOLDER]}}),
    (reading.read_bulk_result, {"bulk_asset_result_representation": {"bulk_asset_result": BULK}}),
    (reading.read_lookup_domains, {"lookup_domains_resource": {"lookup_domains": [DOMAIN]}}),
    (reading.read_lookup_domain, {"lookup_domain_resource": {"lookup_domain": DOMAIN}}),
    (reading.read_security_policies, {"security_policies_resource": {"security_policy_list": [{"id": 2}]}}),
    (reading.read_metadata_models, {"metadata_models_resource": {"metadata_models": [MODEL]}}),
    (reading.read_metadata_model, {"metadata_model_resource": {"metadata_model": MODEL}}),
    (reading.read_me, {"user_resource": {"user": {"login_name": "mira.k"}}}),
    (reading.read_failure, {"exception_body": {"http_response_code": 404, "message": "x", "debug_message": SECRET}}),
    (containers.read_children, {"folder_children": {"asset_list": [ASSET, FOLDER]}}),
    (containers.read_folder, {"folder_resource": {"folder": FOLDER}}),
    (containers.read_folders, {"folders_resource": {"folder_list": [FOLDER]}}),
    (containers.read_asset_page, {"assets_resource": {"asset_list": [ASSET], "collection_summary": {}}}),
    (
        containers.read_membership,
        {"folder_operation_resource": {"folder_operation_result": {"valid_children": ["a"], "failed_children": []}}},
    ),
    (containers.read_collections, {"collection_resource": {"collection": [{"id": 1, "name": "x"}]}}),
    (containers.read_collection, {"collection_resource": {"collection": {"id": "1", "name": "x"}}}),
    (jobs.read_handle, {"job_handle": {"job_id": "7"}}),
    (jobs.read_export_handle, {"export_job_handle": EXPORT}),
    (jobs.read_job, {"job_resource": {"job": JOB}}),
    (jobs.read_quick_review, {"review": {"id": "7", "url": "https://dam.test/x"}}),
]

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def bent(body: object, data: st.DataObject) -> object:
    """``body`` with one place in it replaced, dropped or doubled."""
    if isinstance(body, dict) and body and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(body)))
        if not data.draw(st.integers(0, 6)):
            return {name: value for name, value in body.items() if name != key}
        return {**body, key: bent(body[key], data)}
    if isinstance(body, list) and body and data.draw(st.integers(0, 5)):
        place = data.draw(st.integers(0, len(body) - 1))
        return [*body, bent(body[place], data)]
    return data.draw(ANY_JSON)


def judge(read: Reader, body: bytes, status: int = 200) -> None:
    reply = Reply(
        system="Core DAM", call="test", status=status, headers={"content-type": "application/json"}, body=body
    )
    try:
        answer = read(reply)
    except ConnectorError as error:
        answer = error
    if isinstance(answer, ConnectorError):
        assert SECRET not in f"{answer!s}{answer!r}{answer.detail}"


def named(pair: tuple[Reader, object]) -> str:
    return getattr(pair[0], "__name__", "")


@pytest.mark.parametrize("pair", READERS, ids=named)
def test_what_the_contract_describes_is_read(pair: tuple[Reader, object]) -> None:
    """The bent replies below begin with these: were they unreadable, nothing would be tried."""
    read, body = pair

    assert read(Reply(system="s", call="c", status=200, headers={}, body=json.dumps(body).encode())) is not None


@pytest.mark.parametrize("pair", READERS, ids=named)
@settings(deadline=None)
@given(data=st.data())
def test_a_bent_reply_stays_in_our_tree(pair: tuple[Reader, object], data: st.DataObject) -> None:
    """A page that meets an unknown exception shows an apology instead of what to do."""
    read, body = pair

    judge(read, json.dumps(bent(body, data)).encode(), data.draw(st.sampled_from((200, 404, 500))))


@pytest.mark.parametrize("read", [pair[0] for pair in READERS], ids=lambda read: getattr(read, "__name__", ""))
@settings(deadline=None)
@given(body=st.binary(max_size=64) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all_stays_in_our_tree(read: Reader, body: bytes) -> None:
    """A proxy, a login page or a torn line may stand where JSON was promised."""
    judge(read, body)


@pytest.mark.parametrize("read", [pair[0] for pair in READERS], ids=lambda read: getattr(read, "__name__", ""))
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"metadata_element_list":[', b'{"asset_resource":{"asset":'])
def test_endless_nesting_stays_in_our_tree(read: Reader, opening: bytes) -> None:
    """A reply that exhausts the stack must not end the program."""
    judge(read, opening * 50_000)


@pytest.mark.parametrize("depth", [10, 100, 200, 400])
def test_deep_metadata_is_read_or_refused(depth: int) -> None:
    """The category level is read at any depth, since its own type was never seen."""
    metadata: dict[str, Any] = {"id": "F", "value": {"value": {"value": "x"}}}
    for _ in range(depth):
        metadata = {"id": "C", "metadata_element_list": [metadata]}

    judge(
        reading.read_asset, json.dumps({"asset_resource": {"asset": {"asset_id": "a", "metadata": metadata}}}).encode()
    )
