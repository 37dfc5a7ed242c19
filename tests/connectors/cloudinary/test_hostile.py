"""Whatever a vendor answers: an error out of our tree or a value, and never a secret in either."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calls import Reply
from connectors.cloudinary import (
    Asset,
    AssetPage,
    NotificationVerdict,
    SearchPage,
    Usage,
    read_tokens,
    verify_hook,
    wire,
)
from connectors.cloudinary.channel import Message, _Messages
from connectors.cloudinary.chunks import PartTaken
from connectors.cloudinary.folders import FolderPage
from connectors.cloudinary.lists import CloudConfig, _OneProfile, _Profiles, _Tags, _Transformations
from connectors.cloudinary.models import ChangedIds, MetadataField, MetadataFields, MetadataOptions
from connectors.cloudinary.oauth import read_oauth_failure
from connectors.cloudinary.triggers import FilterVerdict, Trigger, TriggerList
from connectors.cloudinary.upkeep import Destroyed, DroppedVersions, Outcomes, read_restored
from connectors.cloudinary.upload import Promise
from connectors.errors import ConnectorError
from connectors.shape import decode

SECRET = "s3cr3t-of-the-account"
NOW = datetime(2026, 11, 1, tzinfo=UTC)

KEYS = st.sampled_from(
    sorted(
        {
            field
            for shape in (Asset, SearchPage, Usage, MetadataField, Message, Trigger)
            for field in shape.__struct_fields__
        }
        | {"error", "message", "access_token", "exp", "data", "values", "resources", "messages", SECRET}
    )
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "image", "pending", "2026-01-01T00:00:00Z", "a.b.c", SECRET])
    | st.text(max_size=8)
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5))
BODIES = JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)

ASSET: dict[str, Any] = {
    "asset_id": "0" * 32,
    "public_id": "a",
    "resource_type": "image",
    "type": "upload",
    "version": 1,
    "created_at": "2026-01-01T00:00:00Z",
}
NEARLY = st.dictionaries(st.sampled_from(sorted(Asset.__struct_fields__)), JSON, max_size=4).map(
    lambda changes: json.dumps({**ASSET, **changes}).encode()
)


def reply(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(system="Cloudinary", call="any", status=status, headers=headers or {}, body=body)


def _decoded(shape: type[object]) -> Callable[[Reply], object]:
    return lambda answer: decode(answer, shape)


SHAPES = (
    *(Asset, AssetPage, SearchPage, Usage, MetadataField, MetadataFields, MetadataOptions, ChangedIds, PartTaken),
    *(FolderPage, CloudConfig, _OneProfile, _Profiles, _Tags, _Transformations, Trigger, TriggerList, FilterVerdict),
    *(Destroyed, DroppedVersions, Outcomes, Promise, _Messages),
)
READERS: dict[str, Callable[[Reply], object]] = {
    **{shape.__name__: _decoded(shape) for shape in SHAPES},
    "restored": read_restored,
    "tokens": lambda answer: read_tokens(answer, now=NOW),
}


@pytest.mark.parametrize("name", READERS)
@given(body=BODIES)
@settings(max_examples=40)
def test_any_answer_is_read_or_refused_in_our_own_terms(name: str, body: bytes) -> None:
    """An odd answer would end the task, and its text would stand in a log."""
    shown = ""
    try:
        READERS[name](reply(body))
    except ConnectorError as error:
        shown = f"{error} {error!r}"

    assert SECRET not in shown


@given(body=NEARLY)
def test_an_asset_that_could_be_read_can_be_used(body: bytes) -> None:
    """An answer that seems sound would break the page that shows it."""
    try:
        asset = decode(reply(body), Asset)
    except ConnectorError:
        return

    told = (asset.context_pairs, asset.place, asset.review, asset.renditions, asset.changed_at)

    assert len(told) == 5


@given(
    body=BODIES,
    status=st.sampled_from([200, 207, 400, 401, 403, 404, 409, 420, 423, 429, 499, 500, 502, 999]),
    headers=st.dictionaries(
        st.sampled_from(
            [
                *("x-featureratelimit-limit", "x-featureratelimit-remaining", "x-featureratelimit-reset"),
                *("x-cld-error", "retry-after", "x-request-id", "content-type"),
            ]
        ),
        st.sampled_from(["", "12", "-1", "²", "1e9", "9" * 5000, "Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 99", "\x00"])
        | st.text(max_size=20),
    ),
)
def test_any_refusal_has_a_class(body: bytes, status: int, headers: dict[str, str]) -> None:
    """A proxy's odd header would be a crash of the desk."""
    answer = reply(body, status, headers)

    for read in (wire.read_failure, wire.read_delivery_failure, read_oauth_failure):
        failure = read(answer)
        assert failure is None or isinstance(failure, ConnectorError)
    wire.read_budget(answer)


@given(
    body=st.binary(max_size=50),
    headers=st.dictionaries(
        st.sampled_from(["x-cld-timestamp", "x-cld-signature", "x-cld-signature_v2"]),
        st.text(max_size=70) | st.sampled_from(["1700000000", "9" * 30, "0" * 40, "f" * 64]),
    ),
)
def test_a_notification_that_nobody_signed_is_never_genuine(body: bytes, headers: dict[str, str]) -> None:
    """Anybody on the web could approve a picture."""
    verdict = verify_hook(body=body, headers=headers, api_secret=SECRET, now=NOW)

    assert verdict is not NotificationVerdict.GENUINE


@pytest.mark.contract("cloudinary 6.b1")
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-cld-signature_v2": "x", "x-cld-timestamp": "1"}, NotificationVerdict.UNVERIFIABLE),
        ({"x-cld-signature_v2": "x", "x-cld-signature": "0" * 40, "x-cld-timestamp": "1"}, NotificationVerdict.FORGED),
        ({"x-cld-timestamp": "1"}, NotificationVerdict.UNSIGNED),
    ],
)
def test_the_newer_signature_alone_proves_nothing_here(headers: dict[str, str], expected: NotificationVerdict) -> None:
    """What cannot be checked would be believed, or an honest relay be called a forger."""
    assert verify_hook(body=b"{}", headers=headers, api_secret=SECRET, now=NOW) is expected


@given(payload=st.text(max_size=30), signature=st.text(max_size=70), timestamp=st.integers() | st.text(max_size=20))
def test_a_damaged_message_is_judged_and_not_a_crash(payload: str, signature: str, timestamp: int | str) -> None:
    """One broken message would stop the channel for good."""
    message = Message(receipt_handle="h", signed_payload=payload, signature=signature, timestamp=timestamp)

    assert message.verdict(api_secret=SECRET, now=NOW, lifetime=timedelta(days=1)) is not NotificationVerdict.GENUINE
