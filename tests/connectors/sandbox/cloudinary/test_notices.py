"""What the cloud tells of each change, in the shape that the change has."""

from typing import Any

import pytest

from tests.connectors.sandbox.cloudinary.desk import Desk, picture

STORM = "/v1_1/demo/resources/image/upload/brand/storm-photo"
FORM = {"public_ids[]": "brand/storm-photo"}

CHANGES: dict[str, tuple[str, str, dict[str, Any], set[str], str]] = {
    "rename": (
        "POST",
        "/v1_1/demo/image/rename",
        {"data": {"from_public_id": "brand/storm-photo", "to_public_id": "brand/calm"}},
        {"asset_id", "resource_type", "type", "from_public_id", "to_public_id", "display_name", "asset_folder"},
        "7.5",
    ),
    "delete": (
        "POST",
        "/v1_1/demo/image/destroy",
        {"data": {"public_id": "brand/storm-photo"}},
        {"asset_id", "public_id", "resource_type", "type", "version", "asset_folder", "display_name"},
        "7.6",
    ),
    "resource_tags_changed": (
        "POST",
        "/v1_1/demo/image/tags",
        {"data": {**FORM, "tag": "new", "command": "add"}},
        {"asset_id", "public_id", "resource_type", "type", "added", "removed"},
        "7.7",
    ),
    "resource_context_changed": (
        "POST",
        "/v1_1/demo/image/context",
        {"data": {**FORM, "context": "alt=Storm", "command": "add"}},
        {"asset_id", "resource_type", "type", "added", "removed", "updated"},
        "7.8",
    ),
    "resource_metadata_changed": (
        "POST",
        "/v1_1/demo/image/metadata",
        {"data": {**FORM, "metadata": "review_note=Dark"}},
        {"asset_id", "resource_type", "type", "previous_metadata", "new_metadata"},
        "7.9",
    ),
    "resource_display_name_changed": (
        "POST",
        STORM,
        {"json": {"display_name": "Calm"}},
        {"asset_id", "resource_type", "type", "previous_display_name", "new_display_name"},
        "7.10",
    ),
    "access_control_changed": (
        "POST",
        STORM,
        {"json": {"access_control": '[{"access_type":"token"}]'}},
        {"asset_id", "public_id", "resource_type", "type", "previous_access_control", "new_access_control"},
        "7.11",
    ),
    "move": (
        "POST",
        STORM,
        {"json": {"asset_folder": "brand/weather"}},
        {"asset_id", "resource_type", "type", "from_asset_folder", "to_asset_folder"},
        "7.12",
    ),
}


def listen(desk: Desk, event_type: str, **said: Any) -> None:
    body = {"uri": "poll://desk", "uri_type": "poll", "event_type": event_type, **said}
    assert desk.ask("POST", "/v1_1/demo/triggers", json=body).status_code == 200


def heard(desk: Desk, channel: str = "desk") -> list[dict[str, Any]]:
    answer = desk.ask("GET", "/v2/notifications/demo/messages", params={"channel": channel, "wait_seconds": 0})
    return [one["payload"] for one in answer.json().get("messages", [])]


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.contract(f"cloudinary {CHANGES[kind][4]}")) for kind in CHANGES]
)
def test_a_change_is_told_with_what_it_changed(desk: Desk, kind: str) -> None:
    """A desk that keeps itself up to date by hearing would miss it."""
    method, path, said, keys, _ = CHANGES[kind]
    listen(desk, kind)

    desk.ask(method, path, **said)

    (told,) = heard(desk)
    about = told.get("resources", told)
    about = about[0] if isinstance(about, list) else about.get("brand/storm-photo", about)
    assert told["notification_type"] == kind
    assert keys <= set(about)
    assert ("request_id" in told) is (kind != "delete")


@pytest.mark.contract("cloudinary 7.13")
def test_pages_are_told_when_they_are_there(desk: Desk) -> None:
    """Whoever waits for the pages of a document would wait for ever."""
    listen(desk, "explode")

    desk.ask("POST", "/v1_1/demo/image/explode", data={"public_id": "brand/storm-photo"})

    (told,) = heard(desk)
    assert (told["pages"], set(told["image_infos"][0])) == (1, {"width", "height", "bytes", "secure_url"})


def test_a_filter_lets_through_what_it_is_true_of(desk: Desk) -> None:
    """A relay would be woken by every tag."""
    listen(desk, "moderation", filter={"==": [{"var": "moderation_status"}, "rejected"]}, filter_language="jsonlogic")

    for status in ("approved", "rejected"):
        desk.ask("POST", STORM, json={"moderation_status": status})

    assert [one["moderation_status"] for one in heard(desk)] == ["rejected"]


@pytest.mark.contract("cloudinary 7.b1")
def test_a_call_s_own_listener_stands_in_for_all_but_the_additive(desk: Desk) -> None:
    """The audit's channel would miss what somebody else listens to."""
    listen(desk, "all")
    desk.ask(
        "POST",
        "/v1_1/demo/triggers",
        json={"uri": "poll://audit", "uri_type": "poll", "event_type": "all", "additive": True},
    )

    desk.ask("POST", STORM, json={"tags": "new", "notification_url": "poll://own"})

    assert [len(heard(desk, channel)) for channel in ("desk", "audit", "own")] == [0, 1, 1]


@pytest.mark.parametrize(
    "body",
    [
        {"uri": "poll://a", "event_type": "all", "uri_type": "webhook"},
        {"uri": "https://a.test", "event_type": "all", "uri_type": "poll"},
        {"uri": "https://a.test", "event_type": "all", "auth_scheme": "none"},
        {"uri": "https://a.test", "event_type": "all", "filter": {"run": ["x"]}},
        {"uri": "https://a.test"},
    ],
)
def test_an_impossible_trigger_is_refused(desk: Desk, body: dict[str, object]) -> None:
    """It would be made, and never tell anything."""
    assert desk.ask("POST", "/v1_1/demo/triggers", json=body).status_code == 400


def test_a_cloud_has_room_for_thirty_triggers(desk: Desk) -> None:
    """Each desk that opens its own channel would seem to fit in."""
    for number in range(30):
        listen(desk, f"kind-{number}")

    answer = desk.ask("POST", "/v1_1/demo/triggers", json={"uri": "poll://x", "uri_type": "poll", "event_type": "all"})

    assert answer.status_code == 400


@pytest.mark.contract("cloudinary 5.b1", "cloudinary 8.b2")
def test_a_moderation_nobody_pays_for_is_refused(desk: Desk) -> None:
    """The desk would wait for a budget that was never short."""
    file = {"file": ("a.png", picture("red"))}

    answer = desk.ask("POST", "/v1_1/demo/image/upload", data={"moderation": "webpurify|manual"}, files=file)

    assert answer.status_code == 420
    assert "active subscription" in answer.json()["error"]["message"]
    assert "x-featureratelimit-limit" not in answer.headers
