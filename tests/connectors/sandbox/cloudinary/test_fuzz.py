"""Whatever a client sends, the sandbox answers as a vendor would: never with a crash of its own."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from tests.connectors.sandbox.cloudinary.desk import BEGAN, DELIVERY, Desk, small_world

WORLD = small_world(SandboxClock(BEGAN))
WORLD.addresses["cloudinary_delivery"] = DELIVERY
SANDBOX = build(WORLD, calls_per_hour=10**9)
DESK = Desk(SANDBOX, WORLD.secrets["cloudinary"])

ROUTES = [
    (method, route.path)
    for route in SANDBOX.api.routes  # type: ignore[attr-defined]  # a Starlette app
    if isinstance(route, Route)
    for method in sorted((route.methods or set()) - {"HEAD"})
]
NOT_BUILT = 501
"""What the sandbox says of slideshows."""

WORDS = st.sampled_from(
    [
        *("image", "video", "raw", "auto", "upload", "private", "brand/mark", "brand/storm-photo", "nope", "pending"),
        *(
            "manual",
            "approved",
            "a=b|c=d",
            "[1",
            "{}",
            '{"a":1}',
            "true",
            "1",
            "-1",
            "99999",
            "c_fit,w_10",
            "t_x",
            "if_w_gt_3",
        ),
        *(
            "e_sepia/c_crop,w_0",
            "l_text:Arial_20:x",
            "poll://x",
            "channels",
            '["web"]',
            "tags:x",
            "(",
            "0" * 32,
            "%00",
            "²",
        ),
        *(
            "2026-01-01",
            "9" * 30,
            "asc",
            "add",
            "remove_all",
            "zip",
            "multi",
            "https://",
            "data:;base64,x",
            "duplicate|manual",
        ),
    ]
)
LEAVES = WORDS | st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=6)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2))
NAMES = st.sampled_from(
    [
        *("public_id", "public_ids", "asset_ids", "asset_id", "type", "tag", "tags", "command", "context", "metadata"),
        *("moderation", "moderation_status", "eager", "eager_async", "async", "transformation", "format", "versions"),
        *("expression", "sort_by", "aggregate", "with_field", "fields", "max_results", "next_cursor", "prefix", "all"),
        *("external_id", "label", "values", "external_ids", "datasource", "validation", "default_value", "mandatory"),
        *("uri", "uri_type", "event_type", "filter", "sample_data", "new_uri", "name", "representations", "template"),
        *("folder", "to_folder", "key", "value", "from_public_id", "to_public_id", "to_type", "access_control", "file"),
        *("version_ids", "assets_to_relate", "assets_to_unrelate", "receipt_handles", "channel", "batch_id", "mode"),
        *("version_id", "expires_at", "order_by", "direction", "condition", "result", "state", "metadata_field_id"),
        *("text", "font_size", "urls", "target_format", "transformations", "derived_resource_ids", "upload_preset"),
        *("unsigned", "image_asset_id", "analysis_type", "keep_original", "settings", "colors", "pages", "phash"),
    ]
)
SAID = st.dictionaries(NAMES, VALUES, max_size=6)


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda value: value)
@given(said=SAID, places=st.lists(WORDS, min_size=4, max_size=4), as_form=st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_is_answered_or_refused(
    method: str, path: str, said: dict[str, Any], places: list[str], as_form: bool
) -> None:
    """A crash of the sandbox would be looked for in the desk."""
    given_places = {"cloud": "demo"}
    for part in path.split("/"):
        if part.startswith("{") and part.partition(":")[0].strip("{}") != "cloud":
            given_places[part] = places.pop() if places else "x"
    where = path.replace("{cloud}", "demo")
    for part, value in given_places.items():
        where = where.replace(part, str(value).replace("%00", "x").replace("?", "x").replace("#", "x"))
    said.setdefault("wait_seconds", 0)

    if as_form or method == "GET":
        fields = {name: value if isinstance(value, str) else str(value) for name, value in said.items()}
        how: dict[str, Any] = {"params": fields} if method == "GET" else {"data": fields}
    else:
        how = {"json": said}
    answer = DESK.ask(method, where, **how)

    assert answer.status_code < 500 or answer.status_code == NOT_BUILT, answer.text


PRINTED = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8)


@given(path=st.lists(WORDS | PRINTED, max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_delivery_path_is_answered_or_refused(path: list[str]) -> None:
    """A mistyped template would take the sandbox down."""
    answer = DESK.get("/".join(["image", "upload", *path, "v1/brand/mark.png"]).replace("?", "x").replace("#", "x"))

    assert answer.status_code < 500
