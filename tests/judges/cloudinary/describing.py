# mypy: disable-error-code="import-not-found,no-any-return"
# The vendor's client is installed in the judge's environment alone.
"""Describing assets: tags, context, metadata and its schema, moderation."""

from cloudinary import Search, api, exceptions, uploader

from tests.judges.cloudinary.asking import fetched, refused
from tests.judges.ledger import Ledger


def run(ledger: Ledger) -> None:
    """Each block is one line of the table."""
    _tags_and_context(ledger)
    _schema(ledger)
    _moderation(ledger)
    with ledger.call("update everything at once"):
        told = api.update(
            "judge/hero",
            tags="x,y",
            context={"alt": 'A=b|c "q"'},
            metadata={"review_note": 'a=b|c "q" \\ d', "channels": ["web", "print"]},
            display_name="New",
            asset_folder="judge/new",
        )
        assert told["tags"] == ["x", "y"]
        assert told["context"]["custom"]["alt"] == 'A=b|c "q"'
        assert told["metadata"]["channels"] == ["web", "print"]
        assert told["asset_folder"] == "judge/new"
        ledger.hand("context", told["context"]["custom"])
        ledger.hand("metadata", {key: told["metadata"][key] for key in ("channels", "review_note")})
    with ledger.call("update nothing"):
        refused(exceptions.NotFound, lambda: api.update("no such picture", tags="x"))


def _tags_and_context(ledger: Ledger) -> None:
    with ledger.call("add a tag"):
        assert uploader.add_tag("new tag", ["judge/hero", "nope"])["public_ids"] == ["judge/hero"]
    with ledger.call("remove a tag"):
        uploader.remove_tag("new tag", ["judge/hero"])
        assert "new tag" not in api.resource("judge/hero")["tags"]
    with ledger.call("replace tags"):
        uploader.replace_tag("z", ["judge/hero"])
        assert api.resource("judge/hero")["tags"] == ["z"]
    with ledger.call("a tag for one alone"):
        uploader.add_tag("z", ["judge/data"])
        uploader.add_tag("z", ["judge/data"], exclusive=True)
        assert [one["public_id"] for one in api.resources_by_tag("z")["resources"]] == ["judge/data"]
    with ledger.call("remove all tags"):
        uploader.remove_all_tags(["judge/data"])
        assert api.resource("judge/data")["tags"] == []
    with ledger.call("add context"):
        uploader.add_context({"k": "v|w=x"}, ["judge/hero"])
        assert api.resource("judge/hero")["context"]["custom"]["k"] == "v|w=x"
    with ledger.call("context is flat in a search"):
        found = Search().expression("public_id=judge/hero").with_field("context").execute()["resources"][0]
        assert found["context"]["k"] == "v|w=x"
    with ledger.call("remove all context"):
        uploader.remove_all_context(["judge/hero"])
        assert "context" not in api.resource("judge/hero")
    with ledger.call("set metadata of many"):
        uploader.update_metadata({"license_end": "2027-01-01"}, ["judge/hero", "judge/data"])
        assert api.resource("judge/data")["metadata"]["license_end"] == "2027-01-01"
    with ledger.call("set wrong metadata"):
        refused(exceptions.BadRequest, lambda: uploader.update_metadata({"license_end": "soon"}, ["judge/hero"]))


def _schema(ledger: Ledger) -> None:
    with ledger.call("list metadata fields"):
        assert "channels" in [one["external_id"] for one in api.list_metadata_fields()["metadata_fields"]]
    with ledger.call("read a metadata field"):
        assert api.metadata_field_by_field_id("channels")["datasource"]["values"][0]["state"] == "active"
    with ledger.call("read no metadata field"):
        refused(exceptions.NotFound, lambda: api.metadata_field_by_field_id("nothing"))
    with ledger.call("create a metadata field"):
        values = [{"external_id": "s26", "value": "Spring"}]
        field = {"external_id": "camp", "label": "Campaign", "type": "enum", "datasource": {"values": values}}
        assert api.add_metadata_field(field)["external_id"] == "camp"
    with ledger.call("create a metadata field twice"):
        refused(exceptions.AlreadyExists, lambda: api.add_metadata_field(field))
    with ledger.call("create a metadata field with a validation"):
        validation = {
            "type": "and",
            "rules": [
                {"type": "greater_than", "value": 0, "equals": True},
                {"type": "less_than", "value": 10, "equals": False},
            ],
        }
        api.add_metadata_field({"external_id": "rank", "label": "Rank", "type": "integer", "validation": validation})
        uploader.update_metadata({"rank": 9}, ["judge/hero"])
        refused(exceptions.BadRequest, lambda: uploader.update_metadata({"rank": 10}, ["judge/hero"]))
    with ledger.call("change a metadata field"):
        assert api.update_metadata_field("camp", {"label": "C"})["label"] == "C"
    with ledger.call("add an option"):
        told = api.update_metadata_field_datasource("camp", [{"external_id": "a26", "value": "Autumn"}])
        assert [one["external_id"] for one in told["values"]] == ["s26", "a26"]
    with ledger.call("order options"):
        told = api.reorder_metadata_field_datasource("camp", "value", "asc")
        assert [one["external_id"] for one in told["values"]] == ["a26", "s26"]
    with ledger.call("hide an option"):
        told = api.delete_datasource_entries("camp", ["s26"])
        assert {one["external_id"]: one["state"] for one in told["values"]}["s26"] == "inactive"
        refused(exceptions.BadRequest, lambda: uploader.update_metadata({"camp": "s26"}, ["judge/hero"]))
    with ledger.call("offer an option again"):
        told = api.restore_metadata_field_datasource("camp", ["s26"])
        assert {one["state"] for one in told["values"]} == {"active"}
    with ledger.call("order metadata fields"):
        fields = api.reorder_metadata_fields("label", "asc")["metadata_fields"]
        assert [one["label"] for one in fields] == sorted((one["label"] for one in fields), key=str.casefold)
    with ledger.call("metadata rules"):
        rule = api.add_metadata_rule(
            {
                "metadata_field_id": "camp",
                "condition": {"metadata_field_id": "locale", "equals": "fr"},
                "result": {"enable": False},
                "name": "No campaign in French",
            }
        )
        changed = api.update_metadata_rule(rule["external_id"], {"state": "inactive"})
        assert changed["state"] == "inactive"
        assert len(api.list_metadata_rules()["metadata_rules"]) == 1
        assert api.delete_metadata_rule(rule["external_id"])["message"] == "ok"
    with ledger.call("delete a metadata field"):
        assert api.delete_metadata_field("camp")["message"] == "ok"
        assert api.delete_metadata_field("rank")["message"] == "ok"
        refused(exceptions.NotFound, lambda: api.metadata_field_by_field_id("camp"))


def _moderation(ledger: Ledger) -> None:
    with ledger.call("reject with a reason"):
        told = api.update("judge/data", moderation_status="rejected", metadata={"review_note": "too dark"})
        assert told["moderation"][0]["status"] == "rejected"
        assert told["metadata"]["review_note"] == "too dark"
        ledger.hand("rejected", told["asset_id"])
    with ledger.call("deliver what was rejected"):
        assert fetched(told["secure_url"])[0] == 200
    with ledger.call("a verdict moves the queues"):
        rejected = api.resources_by_moderation("manual", "rejected", max_results=500)["resources"]
        assert "judge/data" in [one["public_id"] for one in rejected]
    with ledger.call("approve"):
        assert api.update("judge/hero", moderation_status="approved")["moderation"][0]["status"] == "approved"
    with ledger.call("a verdict that does not exist"):
        error = refused(exceptions.BadRequest, lambda: api.update("judge/hero", moderation_status="maybe"))
        assert "Illegal moderation status" in str(error)
    given = ledger.given
    if "reviewed" in given:
        with ledger.call("read what the desk decided"):
            told = api.resource_by_asset_id(given["reviewed"])
            assert told["moderation"][0]["status"] == "rejected"
            assert told["metadata"]["review_note"] == given["note"]
            assert told["context"]["custom"]["alt"] == given["alt"]
