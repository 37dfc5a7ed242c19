# mypy: disable-error-code="import-not-found,no-any-return"
# The vendor's client is installed in the judge's environment alone.
"""Taking files in: whole, in parts, by address, unsigned, later; and renditions made beforehand."""

import base64
import io
from typing import Any

from cloudinary import api, exceptions, uploader, utils

from tests.judges.cloudinary.asking import fetched, png, refused
from tests.judges.ledger import Ledger

PICTURE = png(120, 80, (20, 120, 90))
OTHER = png(60, 60, (200, 40, 40))


def run(ledger: Ledger) -> None:
    """Each block is one line of the table."""
    with ledger.call("upload a picture"):
        made = uploader.upload(
            io.BytesIO(PICTURE),
            public_id="judge/hero",
            tags=["a&b", "c"],
            context={"alt": "x & y"},
            moderation="manual",
            metadata={"locale": "fr"},
            eager=[{"width": 50, "crop": "scale"}, {"width": 20, "height": 20, "crop": "fill", "format": "jpg"}],
        )
        assert (made["width"], made["height"]) == (120, 80)
        assert made["moderation"][0]["status"] == "pending"
        assert "moderation_status" not in made
        assert [one["width"] for one in made["eager"]] == [50, 20]
        assert utils.verify_api_response_signature(made["public_id"], made["version"], made["signature"])
        ledger.hand("hero", made["asset_id"])
    with ledger.call("upload a new version"):
        again = uploader.upload(io.BytesIO(OTHER), public_id="judge/hero")
        assert again["asset_id"] == made["asset_id"]
        assert again["version"] > made["version"]
    with ledger.call("upload without overwriting"):
        kept = uploader.upload(io.BytesIO(PICTURE), public_id="judge/hero", overwrite=False)
        assert kept["existing"]
        assert kept["etag"] == again["etag"]
    with ledger.call("upload a data URI"):
        data = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
        assert uploader.upload(data, public_id="judge/data")["format"] == "png"
    with ledger.call("upload from an address"):
        assert uploader.upload(made["secure_url"], public_id="judge/remote", overwrite=True)["width"] == 60
    with ledger.call("upload from nowhere"):
        refused(exceptions.Error, lambda: uploader.upload(made["secure_url"] + "/nothing.png"))
    with ledger.call("upload with letters of the world"):
        named = uploader.upload(io.BytesIO(PICTURE), public_id="judge/fête été ~1", display_name="Fête")
        assert fetched(named["secure_url"])[0] == 200
        ledger.hand("named", named["public_id"])
    with ledger.call("upload by its file name"):
        file = io.BytesIO(PICTURE)
        assert uploader.upload(file, filename="berth.png", use_filename=True)["public_id"].startswith("berth_")
    _other_kinds(ledger)
    _large(ledger)
    _later(ledger)
    _presets(ledger)
    _eager(ledger)


def _other_kinds(ledger: Ledger) -> None:
    with ledger.call("ids with commas"):
        uploader.upload(io.BytesIO(PICTURE), public_id="judge/a,b")
        assert [one["public_id"] for one in api.resources_by_ids(["judge/a,b", "nope"])["resources"]] == ["judge/a,b"]
        assert uploader.add_tag("comma", ["judge/a,b", "judge/hero"])["public_ids"] == ["judge/a,b", "judge/hero"]
    with ledger.call("upload raw"):
        raw = uploader.upload(io.BytesIO(b"id,name\n1,a\n"), resource_type="raw", public_id="judge/list.csv")
        assert raw["resource_type"] == "raw"
        assert "format" not in raw
    with ledger.call("upload of whatever it is"):
        assert uploader.upload(io.BytesIO(b"words"), resource_type="auto")["resource_type"] == "raw"
    with ledger.call("upload of what is no picture"):
        refused(exceptions.BadRequest, lambda: uploader.upload(io.BytesIO(b"words")))
    with ledger.call("upload private"):
        assert uploader.upload(io.BytesIO(PICTURE), public_id="judge/private", type="private")["type"] == "private"
    with ledger.call("upload with a forged signature"):
        forged = refused(exceptions.AuthorizationRequired, lambda: uploader.upload(io.BytesIO(PICTURE), api_secret="x"))
        assert "String to sign - 'timestamp=" in str(forged)
    with ledger.call("upload with wrong metadata"):
        refused(exceptions.BadRequest, lambda: uploader.upload(io.BytesIO(PICTURE), metadata={"nothing": "1"}))
    with ledger.call("upload transformed on its way in"):
        small = uploader.upload(io.BytesIO(PICTURE), transformation=[{"width": 30, "crop": "limit"}], format="jpg")
        assert (small["width"], small["format"]) == (30, "jpg")


def _large(ledger: Ledger) -> None:
    noise = png(800, 800, (1, 2, 3)) + bytes(range(256)) * 400
    with ledger.call("upload in parts"):
        made = uploader.upload_large(
            io.BytesIO(noise), chunk_size=20_000, resource_type="image", public_id="judge/large"
        )
        assert made["bytes"] == len(noise)
        assert made["public_id"] == "judge/large"
    with ledger.call("upload in parts as raw"):
        made = uploader.upload_large(io.BytesIO(noise), chunk_size=30_000, filename="noise.bin")
        assert made["resource_type"] == "raw"
        assert made["bytes"] == len(noise)


def _later(ledger: Ledger) -> None:
    with ledger.call("upload later"):
        told = uploader.upload(
            io.BytesIO(PICTURE),
            public_id="judge/later",
            notification_url="poll://*",
            batch_id="judge-batch",
            **{"async": True},
        )
        assert told["status"] == "pending"
    with ledger.call("hear of one batch"):
        messages = api.notifications(batch_id="judge-batch", wait_seconds=5)["messages"]
        assert [one["payload"]["public_id"] for one in messages] == ["judge/later"]
        assert all(utils.verify_notification(one) for one in messages)


def _presets(ledger: Ledger) -> None:
    with ledger.call("create a preset"):
        assert (
            api.create_upload_preset(name="judge", unsigned=True, tags="preset", folder="judge/open")["name"] == "judge"
        )
    with ledger.call("create a preset twice"):
        refused(exceptions.AlreadyExists, lambda: api.create_upload_preset(name="judge"))
    with ledger.call("list presets"):
        assert "judge" in [one["name"] for one in api.upload_presets()["presets"]]
    with ledger.call("read a preset"):
        assert api.upload_preset("judge")["settings"]["tags"] == "preset"
    with ledger.call("upload unsigned"):
        assert uploader.unsigned_upload(io.BytesIO(PICTURE), "judge")["tags"] == ["preset"]
    with ledger.call("upload unsigned with an unknown preset"):
        refused(exceptions.BadRequest, lambda: uploader.unsigned_upload(io.BytesIO(PICTURE), "nobody"))
    with ledger.call("change a preset"):
        assert api.update_upload_preset("judge", unsigned=False)["message"] == "updated"
    with ledger.call("upload unsigned with a signed preset"):
        refused(exceptions.BadRequest, lambda: uploader.unsigned_upload(io.BytesIO(PICTURE), "judge"))
    with ledger.call("delete a preset"):
        assert api.delete_upload_preset("judge")["message"] == "deleted"
    with ledger.call("upload mappings"):
        api.create_upload_mapping("mapped", template="https://example.test/")
        assert api.upload_mapping("mapped")["template"] == "https://example.test/"
        api.update_upload_mapping("mapped", template="https://example.test/2/")
        assert [one["folder"] for one in api.upload_mappings()["mappings"]] == ["mapped"]
        assert api.delete_upload_mapping("mapped")["message"] == "deleted"


def _eager(ledger: Ledger) -> None:
    with ledger.call("make renditions of what is there"):
        made = uploader.explicit("judge/hero", type="upload", eager=[{"width": 33, "crop": "scale"}])
        assert made["existing"]
        assert made["eager"][0]["width"] == 33
    with ledger.call("make renditions later"):
        told = uploader.explicit("judge/hero", type="upload", eager=[{"width": 34, "crop": "scale"}], eager_async=True)
        assert told["eager"][0]["status"] == "processing"
    with ledger.call("put into review"):
        told = uploader.explicit("judge/data", type="upload", moderation="manual")
        assert told["moderation"] == [{"kind": "manual", "status": "pending"}]
    with ledger.call("put into a review nobody pays for"):
        refused(exceptions.Error, lambda: uploader.explicit("judge/data", type="upload", moderation="webpurify"))
    with ledger.call("explicit of nothing"):
        refused(exceptions.NotFound, lambda: uploader.explicit("no such picture", type="upload"))
    with ledger.call("list what was derived"):
        derived: list[Any] = api.resource("judge/hero", max_results=1)["derived"]
        assert len(derived) == 1
    with ledger.call("delete what was derived"):
        assert set(api.delete_derived_resources([derived[0]["id"]])["deleted"].values()) == {"deleted"}
    with ledger.call("delete by transformation"):
        told = api.delete_derived_by_transformation(["judge/hero"], [{"width": 33, "crop": "scale"}])
        assert told["deleted_counts"]["judge/hero"]["original"] == 0
