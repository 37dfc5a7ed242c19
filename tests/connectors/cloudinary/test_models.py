"""Cloudinary's answers in their several shapes."""

import json

import pytest

from connectors.calls import Reply
from connectors.cloudinary import Asset, DeliveryHost, Derived, MetadataField, ModerationStatus, Promise
from connectors.cloudinary.lists import CloudConfig
from connectors.cloudinary.upkeep import Outcomes, read_restored
from connectors.shape import decode

ASSET = {
    "asset_id": "a" * 32,
    "public_id": "brand/hero",
    "resource_type": "image",
    "type": "upload",
    "version": 17,
    "created_at": "2025-10-09T08:53:20Z",
    "format": "jpg",
}


def reply(body: object) -> Reply:
    return Reply(system="Cloudinary", call="any", status=200, headers={}, body=json.dumps(body).encode())


@pytest.mark.contract("cloudinary 2.b5", "cloudinary 11.7")
@pytest.mark.parametrize("key", ["folder", "asset_folder"])
def test_a_folder_is_read_under_either_name(key: str) -> None:
    """Half the customers would have an empty tree."""
    assert decode(reply({**ASSET, key: "brand/spring"}), Asset).place == "brand/spring"


@pytest.mark.contract("cloudinary 2.b5")
def test_an_unknown_folder_mode_is_an_empty_word() -> None:
    """A vendor that does not tell would stop the connection."""
    assert decode(reply({"cloud_name": "demo"}), CloudConfig).settings.folder_mode == ""


@pytest.mark.contract("cloudinary 2.b3", "cloudinary 4.1")
@pytest.mark.parametrize("version", ["1759000000", 1759000000])
def test_old_versions_are_read(version: object) -> None:
    """History would be empty where the vendor writes a number as text."""
    old = {"version_id": "v", "version": version, "size": 9, "time": "2025-09-27T08:00:00Z", "restorable": True}

    (read,) = decode(reply({**ASSET, "versions": [old]}), Asset).versions

    assert str(read.version) == "1759000000"


@pytest.mark.contract("cloudinary 4.1")
@pytest.mark.parametrize("key", ["derived", "derivatives"])
def test_renditions_are_read_under_either_name(key: str) -> None:
    """A rendition that is there would be made once more."""
    asset = decode(reply({**ASSET, key: [{"transformation": "c_fit", "secure_url": "https://x"}]}), Asset)

    assert asset.renditions == (Derived(transformation="c_fit", secure_url="https://x"),)


@pytest.mark.contract("cloudinary 4.3", "cloudinary 4.b1")
def test_a_promise_and_what_is_still_processing_are_told_from_what_is_there() -> None:
    """A mailing would link pictures that do not exist."""
    eager = {"status": "processing", "batch_id": "b", "transformation": "c_fit"}

    promised = decode(reply({"status": "pending", "batch_id": "b", "type": "upload"}), Promise)
    asset = decode(reply({**ASSET, "eager": [eager], "batch_id": "b"}), Asset)

    assert promised.batch_id == asset.batch_id == "b"
    assert (asset.eager[0].status, asset.eager[0].bytes) == ("processing", None)


@pytest.mark.contract("cloudinary 4.2")
def test_a_field_is_read_with_its_rules_and_its_options() -> None:
    """A form could not say what may be entered."""
    field = decode(
        reply(
            {
                "external_id": "c",
                "label": "C",
                "type": "brand new",
                "validation": {"type": "strlen", "min": 1},
                "default_value": ["x"],
                "datasource": {"values": [{"external_id": "x", "value": "X", "state": "inactive"}]},
            }
        ),
        MetadataField,
    )

    assert field.datasource is not None
    assert (field.datasource.values[0].state, field.type.value) == ("inactive", "unknown")
    assert field.validation == {"type": "strlen", "min": 1}


@pytest.mark.contract("cloudinary 10.b1")
@pytest.mark.parametrize(("kind", "is_signed"), [("upload", False), ("private", True), ("authenticated", True)])
def test_an_original_is_signed_where_its_type_demands_it(kind: str, is_signed: bool) -> None:
    """A protected original would be a broken picture, or every public URL would carry a needless signature."""
    host = DeliveryHost(base_url="https://res.cloudinary.com", cloud_name="demo", api_secret="s3cr3t")

    url = host.asset_url(decode(reply({**ASSET, "type": kind}), Asset))

    assert ("/s--" in url) is is_signed


def test_each_asset_s_outcome_is_read() -> None:
    """One failure among ten would look like ten successes, or ten failures."""
    told = decode(reply({"success": [{"asset": "a", "status": 200}], "failed": [{"asset": "b"}]}), Outcomes)
    back = read_restored(reply({"x": ASSET, "y": {"error": "no_backup"}}))

    assert ([one.asset for one in told.success], [one.asset for one in told.failed]) == (["a"], ["b"])
    assert back["x"].asset is not None
    assert back["y"].error == "no_backup"


def test_a_rejected_film_may_be_a_stand_in() -> None:
    """A film of no bytes would be taken for a damaged one."""
    asset = decode(reply({**ASSET, "placeholder": True, "moderation_status": "rejected"}), Asset)

    assert (asset.placeholder, asset.bytes, asset.review) == (True, 0, ModerationStatus.REJECTED)
