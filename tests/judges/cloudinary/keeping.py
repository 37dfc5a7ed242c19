# mypy: disable-error-code="import-not-found,no-any-return"
# The vendor's client is installed in the judge's environment alone.
"""Keeping order: renaming, versions, relations, folders, archives, triggers, profiles, and taking things away."""

import io
import zipfile
from urllib.request import urlopen

from cloudinary import api, exceptions, uploader, utils

from tests.judges.cloudinary.asking import fetched, png, refused
from tests.judges.ledger import Ledger

FIRST = png(40, 40, (1, 2, 3))
SECOND = png(50, 50, (4, 5, 6))


def run(ledger: Ledger) -> None:
    """Each block is one line of the table."""
    _triggers(ledger)
    _versions(ledger)
    _relations(ledger)
    _folders(ledger)
    _archives(ledger)
    _settings(ledger)
    _deletions(ledger)
    _refusals(ledger)


def _triggers(ledger: Ledger) -> None:
    with ledger.call("create a poll trigger"):
        trigger = api.create_trigger("poll://judge", "moderation", uri_type="poll")
        assert trigger["uri_type"] == "poll"
    with ledger.call("list triggers"):
        assert api.triggers(event_type="moderation")["total"] == 1
    with ledger.call("try a trigger's filter"):
        told = api.test_trigger(trigger["id"], {"moderation_status": "rejected"})
        assert told["filter_result"] is True
        assert told["filter_present"] is False
    with ledger.call("hear of a verdict"):
        api.update("judge/data", moderation_status="rejected")
        messages = api.notifications(channel="judge", wait_seconds=2, visibility_timeout=1)["messages"]
        assert [one["payload"]["moderation_status"] for one in messages] == ["rejected"]
        assert utils.verify_notification(messages[0])
    with ledger.call("hear of it once more after the time-out"):
        assert "messages" not in api.notifications(channel="judge", wait_seconds=0)
        again = api.notifications(channel="judge", wait_seconds=5)["messages"]
        assert [one["receipt_handle"] for one in again] == [one["receipt_handle"] for one in messages]
    with ledger.call("acknowledge"):
        told = api.ack_notifications([one["receipt_handle"] for one in messages])
        assert told["results"] == [{"status": "acked"}]
    with ledger.call("change a trigger"):
        assert api.update_trigger(trigger["id"], "poll://judge2")["message"]
    with ledger.call("delete a trigger"):
        assert api.delete_trigger(trigger["id"])["message"]
        refused(exceptions.NotFound, lambda: api.delete_trigger(trigger["id"]))


def _versions(ledger: Ledger) -> None:
    first = uploader.upload(io.BytesIO(FIRST), public_id="judge/life")
    uploader.upload(io.BytesIO(SECOND), public_id="judge/life")
    with ledger.call("read versions"):
        versions = api.resource("judge/life", versions=True)["versions"]
        assert len(versions) == 2
    with ledger.call("delete and restore"):
        assert uploader.destroy("judge/life")["result"] == "ok"
        assert uploader.destroy("judge/life")["result"] == "not found"
        assert api.restore(["judge/life"])["judge/life"]["asset_id"] == first["asset_id"]
    with ledger.call("restore an old version"):
        told = api.restore(["judge/life"], versions=[first["version_id"]])["judge/life"]
        assert told["etag"] == first["etag"]
    with ledger.call("restore by asset id"):
        told = api.restore_by_asset_ids([first["asset_id"], "f" * 32])
        assert told["f" * 32]["error"] == "no_backup"
    with ledger.call("download an old version"):
        assert urlopen(utils.download_backedup_asset(first["asset_id"], first["version_id"])).read() == FIRST
    with ledger.call("drop old versions"):
        oldest = api.resource("judge/life", versions=True)["versions"][-1]["version_id"]
        told = api.delete_backed_up_assets(first["asset_id"], [oldest, "0" * 32])
        assert told["deleted_version_ids"] == [oldest]
        assert told["failures"]
    with ledger.call("download the original"):
        assert urlopen(utils.private_download_url("judge/life", "png")).read() == FIRST
    with ledger.call("download with an old link"):
        old = utils.private_download_url("judge/life", "png", expires_at=1_700_000_000)
        assert fetched(old)[0] == 401
    with ledger.call("rename"):
        assert uploader.rename("judge/life", "judge/life2")["public_id"] == "judge/life2"
    with ledger.call("rename onto another"):
        refused(exceptions.BadRequest, lambda: uploader.rename("judge/life2", "judge/hero"))
    with ledger.call("make authenticated"):
        told = uploader.rename("judge/life2", "judge/life2", to_type="authenticated")
        assert told["type"] == "authenticated"
        assert fetched(told["secure_url"])[0] == 200
        ledger.hand("authenticated", told["asset_id"])


def _relations(ledger: Ledger) -> None:
    with ledger.call("relate by public id"):
        told = api.add_related_assets("judge/hero", ["image/upload/judge/data", "image/upload/nope"])
        assert [one["asset"] for one in told["success"]] == ["image/upload/judge/data"]
        assert told["failed"]
    with ledger.call("read relations"):
        related = api.resource("judge/hero", related=True)["related_assets"]
        assert [one["public_id"] for one in related] == ["judge/data"]
    hero, data = (api.resource(one)["asset_id"] for one in ("judge/hero", "judge/data"))
    with ledger.call("unrelate by asset id"):
        assert api.delete_related_assets_by_asset_ids(hero, [data])["success"]
    with ledger.call("relate by asset id"):
        assert api.add_related_assets_by_asset_ids(hero, [data])["success"][0]["status"] == 200


def _folders(ledger: Ledger) -> None:
    with ledger.call("create a folder"):
        assert api.create_folder("judge/empty")["path"] == "judge/empty"
    with ledger.call("rename a folder"):
        assert api.rename_folder("judge/empty", "judge/full")["to"]["path"] == "judge/full"
    with ledger.call("delete a folder"):
        assert api.delete_folder("judge/full")["deleted"] == ["judge/full"]
    with ledger.call("delete a folder with assets"):
        refused(exceptions.BadRequest, lambda: api.delete_folder("judge/new"))


def _archives(ledger: Ledger) -> None:
    with ledger.call("create an archive"):
        told = uploader.create_zip(public_ids=["judge/hero", "judge/data"], target_public_id="judge/both")
        assert told["resource_count"] == 2
        assert told["resource_type"] == "raw"
        names = zipfile.ZipFile(io.BytesIO(fetched(told["secure_url"])[2])).namelist()
        assert names == ["judge/hero.png", "judge/data.png"]
    with ledger.call("download an archive"):
        url = utils.download_zip_url(tags=["qr"], resource_type="image", transformations=[{"width": 10}])
        assert zipfile.ZipFile(io.BytesIO(urlopen(url).read())).testzip() is None
    with ledger.call("download a folder"):
        assert zipfile.ZipFile(io.BytesIO(urlopen(utils.download_folder("codes")).read())).namelist()
    with ledger.call("archive of nothing"):
        refused(exceptions.NotFound, lambda: uploader.create_zip(tags=["nobody has this"]))
    with ledger.call("sprite"):
        told = uploader.generate_sprite("qr", transformation=[{"width": 20, "height": 20, "crop": "fill"}])
        assert {(one["width"], one["height"]) for one in told["image_infos"].values()} == {(20, 20)}
    with ledger.call("animation"):
        assert uploader.multi("qr", transformation=[{"width": 20, "crop": "scale"}])["url"].endswith(".gif")
    with ledger.call("pages of a document"):
        assert uploader.explode("judge/hero", page="all")["status"] == "processing"
    with ledger.call("picture of words"):
        assert uploader.text("Hello", public_id="judge/words", font_family="Arial", font_size=20)["type"] == "text"
    with ledger.call("what a picture shows"):
        address = api.resource("judge/hero")["secure_url"]
        assert api.analyze("uri", "captioning", address)["data"]["analysis"]["data"]["caption"]


def _settings(ledger: Ledger) -> None:
    with ledger.call("list streaming profiles"):
        assert {"hd", "sd", "4k"} <= {one["name"] for one in api.list_streaming_profiles()["data"]}
    with ledger.call("read a streaming profile"):
        assert api.get_streaming_profile("hd")["data"]["representations"]
    with ledger.call("create a streaming profile"):
        api.create_streaming_profile("judge", representations=[{"width": 300, "crop": "limit"}])
        assert api.get_streaming_profile("judge")["data"]["predefined"] is False
    with ledger.call("change a streaming profile"):
        api.update_streaming_profile("judge", representations=[{"width": 400, "crop": "limit"}])
        told = api.get_streaming_profile("judge")["data"]["representations"]
        assert told[0]["transformation"][0]["width"] == "400"
    with ledger.call("delete a streaming profile"):
        assert api.delete_streaming_profile("judge")["message"] == "deleted"
    with ledger.call("name a transformation"):
        api.create_transformation("judge", {"width": 10, "height": 10, "crop": "fill"})
        assert "t_judge" in [one["name"] for one in api.transformations(named=True)["transformations"]]
    with ledger.call("read a transformation"):
        assert api.transformation("judge")["info"][0]["crop"] == "fill"
    with ledger.call("change a transformation"):
        api.update_transformation("judge", unsafe_update={"width": 12, "height": 12, "crop": "fill"})
        assert api.transformation("judge")["info"][0]["width"] == "12"
    with ledger.call("list transformations"):
        assert api.transformations(max_results=500)["transformations"]
    with ledger.call("delete a transformation"):
        assert api.delete_transformation("judge")["message"] == "deleted"
        refused(exceptions.NotFound, lambda: api.transformation("judge"))


def _deletions(ledger: Ledger) -> None:
    for number in range(6):
        uploader.upload(io.BytesIO(FIRST), public_id=f"judge/gone/{number}", tags=["gone"] if number > 3 else [])
    with ledger.call("delete by public ids"):
        told = api.delete_resources(["judge/gone/0", "nope"])["deleted"]
        assert told == {"judge/gone/0": "deleted", "nope": "not_found"}
    with ledger.call("delete by asset ids"):
        asset_id = api.resource("judge/gone/1")["asset_id"]
        assert api.delete_resources_by_asset_ids([asset_id])["deleted"] == {asset_id: "deleted"}
    with ledger.call("delete by tag"):
        assert len(api.delete_resources_by_tag("gone")["deleted"]) == 2
    with ledger.call("delete by prefix"):
        assert len(api.delete_resources_by_prefix("judge/gone/")["deleted"]) == 2
    with ledger.call("publish by ids"):
        uploader.upload(io.BytesIO(FIRST), public_id="judge/secret", type="authenticated")
        assert api.publish_by_ids(["judge/secret"], type="authenticated")["published"][0]["type"] == "upload"
    with ledger.call("restrict to a window"):
        told = api.update("judge/remote", access_control={"access_type": "anonymous", "start": "2040-01-01T00:00:00Z"})
        assert told["access_control"][0]["access_type"] == "anonymous"
        status, headers, _ = fetched(told["secure_url"])
        assert (status, headers["x-cld-error"]) == (401, "ACL deny")


def _refusals(ledger: Ledger) -> None:
    with ledger.call("refused: wrong secret"):
        refused(exceptions.AuthorizationRequired, lambda: api.ping(api_secret="x"))
    with ledger.call("refused: unknown cloud"):
        refused(exceptions.AuthorizationRequired, lambda: api.ping(cloud_name="x"))
    with ledger.call("refused: worthless token"):
        refused(exceptions.AuthorizationRequired, lambda: api.ping(oauth_token="x"))
    token = ledger.given.get("oauth_token")
    if token:
        with ledger.call("read with a person's token"):
            assert api.resources(oauth_token=token, max_results=1)["resources"]
        with ledger.call("upload with a person's token"):
            assert uploader.upload(io.BytesIO(FIRST), public_id="judge/person", oauth_token=token)["asset_id"]
    with ledger.call("refused: a rule that does not exist"):
        rule = {"access_type": "somebody"}
        error = refused(exceptions.BadRequest, lambda: api.update("judge/hero", access_control=rule))
        assert "access_control" in str(error)
