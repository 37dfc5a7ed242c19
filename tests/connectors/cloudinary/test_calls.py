"""The requests of the client's groups, without I/O: one line per call of the contract."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.calls import Call, FilePart, FormBody, JSONBody, MultipartBody
from connectors.cloudinary import (
    AssetId,
    DeliveryType,
    Extra,
    MetadataType,
    ResourceType,
    between,
    length,
    window,
    wire,
)
from connectors.cloudinary.channel import acknowledge, drain
from connectors.cloudinary.folders import create_folder, delete_folder, list_folders, rename_folder, search_folders
from connectors.cloudinary.lists import (
    by_context,
    by_public_ids,
    by_tag,
    config,
    named_transformations,
    streaming_profile,
    streaming_profiles,
    tags,
)
from connectors.cloudinary.oauth import exchange, renew, revoke
from connectors.cloudinary.rules import TOKEN_ONLY
from connectors.cloudinary.schema import (
    change_field,
    create_field,
    delete_field,
    hide_options,
    list_fields,
    one_field,
    put_options,
    unhide_options,
)
from connectors.cloudinary.triggers import change_trigger, create_trigger, delete_trigger, list_triggers, try_trigger
from connectors.cloudinary.upkeep import (
    destroy,
    destroy_by_public_id,
    drop_versions,
    relate,
    rename,
    restore,
    restore_by_public_id,
    unrelate,
)
from connectors.cloudinary.upload import add_context, explicit, set_metadata, tag, upload
from connectors.oauth import Challenge

A = AssetId("a" * 32)
B = AssetId("b" * 32)
IMAGE: Any = {"resource_type": ResourceType.IMAGE, "delivery_type": DeliveryType.UPLOAD}
ALL = {"tags": "true", "context": "true", "metadata": "true", "moderations": "true"}
FILE = FilePart(name="x", filename="a.png", content=b"1")


def told(call: Call) -> dict[str, Any]:
    """What a call says, wherever it says it; repeated names as lists."""
    match call.body:
        case JSONBody(value=dict() as value):
            pairs = [*call.query, *value.items()]
        case FormBody(fields=fields) | MultipartBody(fields=fields):
            pairs = [*call.query, *fields]
        case _:
            pairs = [*call.query]
    said: dict[str, Any] = {}
    for name, value in pairs:
        said[name] = [*said.get(name, []), value] if name.endswith("[]") else value
    return said


@pytest.mark.contract("cloudinary 1.1", "cloudinary 1.3")
@pytest.mark.parametrize(
    ("call", "line", "said", "is_repeatable"),
    [
        (config("demo"), "GET config", {"settings": "true"}, True),
        (list_folders("demo"), "GET folders", {"max_results": "500"}, True),
        (list_folders("demo", "a b/ü"), "GET folders/a%20b/%C3%BC", {"max_results": "500"}, True),
        (search_folders("demo", "path:a*"), "POST folders/search", {"expression": "path:a*", "max_results": 500}, True),
        (create_folder("demo", "a/b"), "POST folders/a/b", {}, True),
        (rename_folder("demo", "a", "b"), "PUT folders/a", {"to_folder": "b"}, False),
        (delete_folder("demo", "a"), "DELETE folders/a", {}, False),
        (by_public_ids("demo", ["a,b", "c"], **IMAGE), "GET resources/image/upload",
         {"public_ids[]": ["a,b", "c"], **ALL}, True),
        (by_tag("demo", "a/b", resource_type=ResourceType.VIDEO, max_results=9), "GET resources/video/tags/a%2Fb",
         {**ALL, "max_results": "9"}, True),
        (by_context("demo", "alt", resource_type=ResourceType.IMAGE, next_cursor="c"), "GET resources/image/context",
         {"key": "alt", **ALL, "max_results": "500", "next_cursor": "c"}, True),
        (tags("demo", resource_type=ResourceType.RAW, prefix="s"), "GET tags/raw",
         {"prefix": "s", "max_results": "500"}, True),
        (streaming_profiles("demo"), "GET streaming_profiles", {}, True),
        (streaming_profile("demo", "hd"), "GET streaming_profiles/hd", {}, True),
        (named_transformations("demo"), "GET transformations", {"named": "true", "max_results": "500"}, True),
        (wire.assets_by_id("demo", [A, B]), "GET resources/by_asset_ids", {"asset_ids[]": [A, B], **ALL}, True),
        (wire.folder("demo", "a b"), "GET resources/by_asset_folder",
         {"asset_folder": "a b", **ALL, "max_results": "100"}, True),
        (wire.asset("demo", A, extras=[Extra.RELATED, Extra.COLORS]), f"GET resources/{A}",
         {"related": "true", "colors": "true"}, True),
        (list_fields("demo"), "GET metadata_fields", {}, True),
        (one_field("demo", "a b"), "GET metadata_fields/a%20b", {}, True),
        (create_field("demo", external_id="c", label="C", kind=MetadataType.ENUM, options={"x": "X"}),
         "POST metadata_fields",
         {"external_id": "c", "label": "C", "type": "enum", "mandatory": False,
          "datasource": {"values": [{"external_id": "x", "value": "X"}]}}, False),
        (create_field("demo", external_id="c", label="C", kind=MetadataType.INTEGER, default=1,
                      validation=between(0, 9)),
         "POST metadata_fields",
         {"external_id": "c", "label": "C", "type": "integer", "mandatory": False, "default_value": 1,
          "validation": {"type": "and", "rules": [{"type": "greater_than", "value": 0, "equals": True},
                                                  {"type": "less_than", "value": 9, "equals": True}]}}, False),
        (change_field("demo", "c", {"label": "D"}), "PUT metadata_fields/c", {"label": "D"}, True),
        (delete_field("demo", "c"), "DELETE metadata_fields/c", {}, False),
        (put_options("demo", "c", {"x": "X"}), "PUT metadata_fields/c/datasource",
         {"values": [{"external_id": "x", "value": "X"}]}, True),
        (hide_options("demo", "c", ["x"]), "DELETE metadata_fields/c/datasource", {"external_ids": ["x"]}, True),
        (unhide_options("demo", "c", ["x"]), "POST metadata_fields/c/datasource_restore",
         {"external_ids": ["x"]}, True),
        (rename("demo", "a", "b", **IMAGE, to_type=DeliveryType.PRIVATE), "POST image/rename",
         {"from_public_id": "a", "to_public_id": "b", "type": "upload", "to_type": "private", "overwrite": "0",
          "invalidate": "1"}, False),
        (destroy("demo", A), "POST asset/destroy", {"asset_id": A, "invalidate": True}, True),
        (destroy_by_public_id("demo", "a", **IMAGE), "POST image/destroy",
         {"public_id": "a", "type": "upload", "invalidate": "1"}, True),
        (restore("demo", [A], ["v"]), "POST resources/restore", {"asset_ids": [A], "versions": ["v"]}, False),
        (restore_by_public_id("demo", ["a"], **IMAGE), "POST resources/image/upload/restore",
         {"public_ids": ["a"]}, False),
        (drop_versions("demo", A, ["v"]), f"DELETE resources/backup/{A}", {"version_ids": ["v"]}, True),
        (relate("demo", A, [B]), f"POST resources/related_assets/{A}", {"assets_to_relate": [B]}, True),
        (unrelate("demo", A, [B]), f"DELETE resources/related_assets/{A}", {"assets_to_unrelate": [B]}, True),
        (list_triggers("demo", event_type="all"), "GET triggers", {"event_type": "all"}, True),
        (create_trigger("demo", uri="https://a.test", event_type="all", uri_type="webhook", auth_scheme="legacy_hmac"),
         "POST triggers",
         {"uri": "https://a.test", "uri_type": "webhook", "event_type": "all", "auth_scheme": "legacy_hmac"}, False),
        (change_trigger("demo", "t", uri="poll://a"), "PUT triggers/t", {"new_uri": "poll://a"}, True),
        (try_trigger("demo", "t", {"a": 1}), "POST triggers/t/test", {"sample_data": {"a": 1}}, True),
        (delete_trigger("demo", "t"), "DELETE triggers/t", {}, False),
        (explicit("demo", "a", **IMAGE, eager=["c_fit,w_1/jpg", "e_sepia"], is_async=True, notify="poll://*",
                  batch_id="b"),
         "POST image/explicit",
         {"public_id": "a", "type": "upload", "eager": "c_fit,w_1/jpg|e_sepia", "eager_async": "1",
          "notification_url": "poll://*", "batch_id": "b"}, True),
        (tag("demo", ["a"], ["x", "y"], command="add", **IMAGE), "POST image/tags",
         {"public_ids[]": ["a"], "tag": "x,y", "command": "add", "type": "upload"}, True),
        (add_context("demo", ["a"], {}, **IMAGE), "POST image/context",
         {"public_ids[]": ["a"], "command": "remove_all", "type": "upload"}, True),
        (set_metadata("demo", ["a"], {"x": 1}, **IMAGE, clears_invalid=True), "POST image/metadata",
         {"public_ids[]": ["a"], "metadata": "x=1", "type": "upload", "clear_invalid": "1"}, True),
        (upload("demo", "https://a.test/x.png", is_async=True, resource_type=ResourceType.IMAGE,
                access_control=[TOKEN_ONLY]), "POST image/upload",
         {"type": "upload", "access_control": '[{"access_type":"token"}]', "async": "1", "file": "https://a.test/x.png"},
         False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_request_is_the_contract_s(call: Call, line: str, said: dict[str, Any], is_repeatable: bool) -> None:
    """A path that is a little off is a 404 on the real host, and a write that is repeated is done twice."""
    method, _, where = line.partition(" ")

    assert (call.method, call.path) == (method, f"/v1_1/demo/{where}")
    assert told(call) == said
    assert call.repeatable is is_repeatable


@pytest.mark.contract("cloudinary 1.3", "cloudinary 3.3.b1")
def test_a_drain_names_a_channel_or_a_batch_and_waits_longer_than_it_asks() -> None:
    """The connection would be cut off before the vendor answers."""
    wait, hidden = timedelta(seconds=20), timedelta(seconds=30)

    by_name = drain("demo", channel="desk", most=50, wait=wait, hidden=hidden)
    by_batch = drain("demo", batch_id="b", most=50, wait=wait, hidden=hidden)

    assert by_name.path == "/v2/notifications/demo/messages"
    assert told(by_name) == {
        "channel": "desk",
        "max_messages": "50",
        "wait_seconds": "20",
        "visibility_timeout": "30",
    }
    assert "channel" not in told(by_batch)
    assert by_name.deadline_s > 20
    assert told(acknowledge("demo", ["h"])) == {"receipt_handles": ["h"]}


def test_a_sign_in_asks_without_a_proof_and_repeats_nothing() -> None:
    """A code or a refresh token that is sent twice is worthless and takes its successor along."""
    challenge = Challenge(verifier="v", state="s")
    calls = [
        exchange("c", challenge, client_id="desk", redirect_uri="http://127.0.0.1:1/"),
        renew("r", client_id="desk"),
    ]

    assert [call.path for call in calls] == ["/oauth2/token"] * 2
    assert not any(call.signed_in or call.repeatable for call in calls)
    assert revoke("t", client_id="desk").path == "/oauth2/revoke"


@pytest.mark.contract("cloudinary 10.b2", "cloudinary 10.b3")
def test_a_window_travels_as_a_text_of_json() -> None:
    """An array in its place is refused, and the picture stays public."""
    rules = [window(datetime(2026, 11, 1, tzinfo=UTC), None)]

    call = wire.update("demo", A, access_control=rules)

    assert told(call) == {"access_control": '[{"access_type":"anonymous","start":"2026-11-01T00:00:00+00:00"}]'}
    assert told(wire.update("demo", A, access_control=[])) == {"access_control": "[]"}


@pytest.mark.parametrize(("made", "rule"), [
    (between(high="2026-12-31"), {"type": "less_than", "value": "2026-12-31", "equals": True}),
    (length(1, 5), {"type": "strlen", "min": 1, "max": 5}),
    (length(1), {"type": "strlen", "min": 1}),
])  # fmt: skip
def test_a_validation_is_the_contract_s(made: dict[str, object], rule: dict[str, object]) -> None:
    """The vendor refuses a field whose rule it cannot read."""
    assert made == rule


def test_a_range_without_an_end_is_no_range() -> None:
    """It would let everything through and look like a rule."""
    with pytest.raises(ValueError, match="end"):
        between()


@pytest.mark.parametrize(
    "build", [restore, lambda cloud, ids, versions: restore_by_public_id(cloud, ids, versions, **IMAGE)]
)
def test_versions_are_as_many_as_assets(build: Any) -> None:
    """Each asset would get its neighbour's version."""
    with pytest.raises(ValueError, match="as many"):
        build("demo", [A], ["v", "w"])


@pytest.mark.contract("cloudinary 11.11")
def test_an_upload_may_take_minutes() -> None:
    """A film would be given up and stored all the same."""
    assert upload("demo", FILE).deadline_s >= 600
