"""Whatever somebody sends: the sandbox answers in the vendor's shape and never breaks."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Mount, Route

from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import World
from tests.connectors.sandbox.core_dam.driver import BothHosts, session_headers

API: Final = "/otmmapi/v6"
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CONTEXT: Final = {
    "selection_context_param": {
        "selection_context": {
            "type": "com.artesia.asset.selection.SearchSelectionContext",
            "keyword_query": "hero",
            "folder_filter_id": "x",
            "asset_ids": ["a"],
            "folder_id": "f",
        }
    }
}
CONDITIONS: Final = {
    "search_condition_list": {
        "search_condition": [
            {
                "type": "com.artesia.search.SearchScalarCondition",
                "metadata_field_id": "ARTESIA.FIELD.ORIGINAL ASSET ID",
                "relational_operator_id": "ARTESIA.OPERATOR.CHAR.CONTAINS",
                "value": "0" * 40,
                "left_paren": "(",
            },
            {
                "type": "com.artesia.search.SearchTabularCondition",
                "metadata_table_id": "PD.TABLE.MARKETS",
                "tabular_field_list": [{"metadata_field_id": "PD.COLUMN.MARKET", "value": "DE"}],
            },
        ]
    }
}
FACETS: Final = {
    "facet_restriction_list": {
        "facet_field_restriction": [
            {
                "type": "com.artesia.search.facet.FacetSimpleFieldRestriction",
                "field_id": "PD.FIELD.STATUS",
                "value_list": [None, "APPR"],
            }
        ]
    }
}
ELEMENTS: Final = [
    {
        "id": "PD.FIELD.TITLE",
        "value": {"value": {"type": "string", "value": "x", "multilingual_values": {"entry": []}}},
    },
    {"id": "PD.COLUMN.USED_IN", "values": [{"value": {"value": "y"}}]},
]
ASSET: Final = {
    "asset_resource": {"asset": {"metadata": {"metadata_element_list": ELEMENTS}, "security_policy_list": []}}
}
JOB: Final = {"job_request_param": {"job_request": {"asset_ids": ["a"], "job_type": "x", "job_context_map": []}}}
FORM: Final[dict[str, object]] = {
    "action": "lock",
    "type": "add",
    "keyword_query": "a and (b or c)",
    "limit": "5",
    "after": "0",
    "sort": "desc_NAME",
    "load_type": "custom",
    "data_load_request": {"data_load_request": {"load_metadata": True}},
    "selection_context": CONTEXT,
    "search_condition_list": CONDITIONS,
    "facet_restriction_list": FACETS,
    "asset_representation": ASSET,
    "manifest": {"upload_manifest": {"master_files": [{"file": {"file_name": "x"}, "uoi_id": "a"}]}},
    "export_request": {"export_request_param": {"export_request": {"content_request": {}}}},
    "job_request": JOB,
    "asset_ids": "a,b",
    "import_job_id": "1125",
    "rendition_type": "thumbnail",
}
BODIES: Final[list[object]] = [
    {"edited_asset": {"data": {"metadata": ELEMENTS}}},
    {"edited_folder": {"data": {"metadata": ELEMENTS}}},
    {"folder_resource": {"folder": {"name": "x", **ASSET["asset_resource"]["asset"]}}},
    {"collection_resource": {"collection": {"name": "x"}}},
    {
        "bulk_edit_request_param": {
            "bulk_edit_request": {
                "context": CONTEXT["selection_context_param"]["selection_context"],
                "metadata_values": {
                    "metadata_edit_id_value_list": [
                        {
                            "metadata_section_id": "METADATA_APPEND_SECTION",
                            "field_id_value_entries": [
                                {"metadata_field_id": "PD.COLUMN.USED_IN", "metadata_value": []}
                            ],
                        }
                    ]
                },
            }
        }
    },
]


def bent(body: Any, data: st.DataObject) -> Any:
    """``body`` with one place in it replaced or dropped."""
    if isinstance(body, dict) and body and data.draw(st.integers(0, 6)):
        key = data.draw(st.sampled_from(sorted(body)))
        if not data.draw(st.integers(0, 6)):
            return {name: value for name, value in body.items() if name != key}
        return {**body, key: bent(body[key], data)}
    if isinstance(body, list) and body and data.draw(st.integers(0, 6)):
        return [*body, bent(body[data.draw(st.integers(0, len(body) - 1))], data)]
    return data.draw(ANY_JSON)


def calls(sandbox: CoreDamSandbox) -> Iterator[tuple[str, str]]:
    """Every method and path below the API but the one that ends the session."""
    for mount in sandbox.api.routes:
        for route in mount.routes if isinstance(mount, Mount) else ():
            assert isinstance(route, Route)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                if (method, route.path) != ("DELETE", "/sessions"):
                    yield method, route.path


def drawn(sandbox: CoreDamSandbox, data: st.DataObject) -> tuple[str, str, dict[str, Any]]:
    """One request of any kind, on something that is there or is not."""
    method, path = data.draw(st.sampled_from(sorted(calls(sandbox))))
    known = [part.record.asset_id for part in sandbox.library.assets.parts()] + list(sandbox.library.folders.by_id)
    name = data.draw(st.sampled_from([*known, "1125", "1126", "0" * 40]))
    before, bracket, after = path.partition("{")
    url = API + before + (name + after.partition("}")[2] if bracket else "")
    if data.draw(st.booleans()):
        return method, url, {"json": bent(data.draw(st.sampled_from(BODIES)), data)}
    key = data.draw(st.sampled_from(sorted(FORM)))
    said = {**FORM, key: bent(FORM[key], data)}
    form = {name: text if isinstance(text, str) else json.dumps(text) for name, text in said.items()}
    if method == "GET":
        return method, url, {"params": form}
    files = {"file": ("x.svg", b"<svg/>", "image/svg+xml")} if data.draw(st.booleans()) else None
    return method, url, {"data": form, "files": files}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_bent_request_is_answered(world: World, data: st.DataObject) -> None:
    """A sandbox that breaks teaches the desk to expect what no vendor does."""
    sandbox = build(world)
    headers = session_headers(sandbox)

    async def ask(method: str, url: str, sent: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=BothHosts(sandbox), base_url="http://dam.test") as http:
            return await http.request(method, url, headers=headers, **sent)

    for _ in range(data.draw(st.integers(1, 4))):
        answer = asyncio.run(ask(*drawn(sandbox, data)))

        assert answer.status_code < 500
        if answer.status_code >= 400 and answer.headers["content-type"].startswith("application/json"):
            assert answer.json()["exception_body"]["http_response_code"] == answer.status_code


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_bent_delivery_address_is_answered(world: World, data: st.DataObject) -> None:
    """These addresses stand in mails, where anybody may change them."""
    sandbox = build(world)
    ids = [part.record.original_asset_id for part in sandbox.library.assets.parts()]
    said = st.sampled_from(
        ["0", "1", "64", "-1", "9" * 30, "99999", "webp", "jpg", "515Wx515H", "0Wx0H", ""]
    ) | st.text(max_size=6)
    names = ["id", "wd", "ht", "width", "height", "prid", "format", "vid"]
    params = {name: data.draw(said) for name in data.draw(st.lists(st.sampled_from(names), unique=True))}
    asset_id = data.draw(st.sampled_from([*ids, "0" * 40, ""]))
    path = data.draw(st.sampled_from(["rendition", "rendition/x.jpg", f"rendition/id_{asset_id}/name_x.jpg"]))

    answer = asyncio.run(_delivered(sandbox, path, {"id": asset_id, **params}))

    assert answer.status_code in {200, 400, 404}


async def _delivered(sandbox: CoreDamSandbox, path: str, params: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(transport=BothHosts(sandbox), base_url="http://media.test") as http:
        return await http.get(f"/adaptivemedia/{path}", params=params)
