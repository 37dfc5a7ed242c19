# mypy: disable-error-code="import-not-found,no-any-return"
# The vendor's client is installed in the judge's environment alone.
"""Reading: the cloud, its lists, details, tags, folders, searches."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cloudinary import Search, SearchFolders, api, exceptions

from tests.judges.cloudinary.asking import every, refused
from tests.judges.ledger import Ledger

EXPRESSIONS = (
    "uploaded_at<1d",
    "tags=ca*",
    "public_id:codes/*",
    "moderation_status=pending",
    "-tags:qr AND (format=png OR format:jpg)",
    "created_at:[2020-01-01 TO 2030-02-01]",
    "metadata.lifecycle=retired",
    'context.alt:"QR code"',
    '"storm damage"',
    "width>=1000 height<900",
    'last_updated>="2020-01-01T00:00:00Z"',
    "NOT resource_type:video",
    "duration>2",
    "folder=codes",
    "tags:(qr OR meter)",
    "metadata.license_end<2040-01-01",
    "bytes>1k AND bytes<100m",
    "aspect_ratio>1",
)


def run(ledger: Ledger) -> None:
    """Each block is one line of the table."""
    with ledger.call("ping"):
        assert api.ping()["status"] == "ok"
    with ledger.call("usage"):
        assert api.usage()["media_limits"]["image_max_px"] > 0
    with ledger.call("usage of a day"):
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        assert "plan" in api.usage(date=yesterday)
    with ledger.call("config"):
        assert api.config(settings="true")["settings"]["folder_mode"] == "dynamic"
    with ledger.call("resource types"):
        assert {"image", "video"} <= set(api.resource_types()["resource_types"])

    first = api.resources(max_results=5)["resources"]
    _lists(ledger, first)
    _details(ledger, first[0])
    _searches(ledger)
    with ledger.call("tags"):
        assert every(api.tags, "tags", max_results=5) == sorted(api.tags(max_results=500)["tags"])
    with ledger.call("tags by prefix"):
        assert all(tag.startswith("s") for tag in api.tags(prefix="s")["tags"])
    with ledger.call("root folders"):
        assert api.root_folders()["folders"][0]["path"]
    with ledger.call("subfolders"):
        assert [api.subfolders(one["path"]) for one in api.root_folders()["folders"]]
    with ledger.call("subfolders of nowhere"):
        refused(exceptions.NotFound, lambda: api.subfolders("no/such/folder"))
    with ledger.call("search folders"):
        assert SearchFolders().expression("path:codes*").execute()["total_count"] >= 1


def _lists(ledger: Ledger, first: list[Any]) -> None:
    with ledger.call("list with everything"):
        answer = api.resources(max_results=5, tags=True, context=True, metadata=True, moderations=True)
        assert answer["resources"][0]["asset_id"]
        assert answer.rate_limit_allowed > answer.rate_limit_remaining > 0
        assert answer.request_id
        assert answer.rate_limit_reset_at
    with ledger.call("list to the end"):
        found = every(api.resources, "resources", max_results=7)
        ids = [one["asset_id"] for one in found]
        assert len(set(ids)) == len(ids) > 30
        ledger.hand("images", sorted(one["public_id"] for one in found))
    with ledger.call("list with a foreign cursor"):
        refused(exceptions.BadRequest, lambda: api.resources(next_cursor="nonsense"))
    with ledger.call("list by prefix"):
        found = api.resources(type="upload", prefix="codes/", max_results=500)["resources"]
        assert found
        assert all(one["public_id"].startswith("codes/") for one in found)
    with ledger.call("list ascending"):
        found = api.resources(direction="asc", max_results=50)["resources"]
        assert [one["created_at"] for one in found] == sorted(one["created_at"] for one in found)
    with ledger.call("list by public ids"):
        wanted = [one["public_id"] for one in first]
        assert [one["public_id"] for one in api.resources_by_ids(wanted)["resources"]] == wanted
    with ledger.call("list by asset ids"):
        assert len(api.resources_by_asset_ids([one["asset_id"] for one in first])["resources"]) == len(first)
    with ledger.call("list by folder"):
        assert {one["asset_folder"] for one in api.resources_by_asset_folder("codes")["resources"]} == {"codes"}
    with ledger.call("list by tag"):
        assert all("qr" in one["tags"] for one in api.resources_by_tag("qr", tags=True)["resources"])
    with ledger.call("list by context"):
        assert api.resources_by_context("alt", context=True)["resources"][0]["context"]["custom"]["alt"]
    with ledger.call("review queue"):
        waiting = every(
            lambda **said: api.resources_by_moderation("manual", "pending", **said), "resources", max_results=2
        )
        assert waiting
        ledger.hand("pending", sorted(one["public_id"] for one in waiting))
    with ledger.call("review queue of an unknown kind"):
        refused(exceptions.BadRequest, lambda: api.resources_by_moderation("nobody", "pending"))
    with ledger.call("list with chosen fields"):
        assert set(api.resources(fields=["tags"], tags=True)["resources"][0]) == {"asset_id", "public_id", "tags"}


def _details(ledger: Ledger, one: dict[str, Any]) -> None:
    with ledger.call("detail by public id"):
        told = api.resource(one["public_id"], versions=True)
        assert told["asset_id"] == one["asset_id"]
        assert told["versions"][0]["version_id"]
    with ledger.call("detail by asset id"):
        assert api.resource_by_asset_id(one["asset_id"])["public_id"] == one["public_id"]
    with ledger.call("detail with everything"):
        told = api.resource(
            one["public_id"],
            colors=True,
            faces=True,
            phash=True,
            pages=True,
            coordinates=True,
            media_metadata=True,
            quality_analysis=True,
            accessibility_analysis=True,
        )
        assert told["colors"]
        assert len(told["phash"]) == 16
        assert told["pages"] == 1
    with ledger.call("detail of nothing"):
        refused(exceptions.NotFound, lambda: api.resource("no such picture"))


def _searches(ledger: Ledger) -> None:
    with ledger.call("search page by page"):
        query = Search().expression("resource_type:image").sort_by("public_id", "asc").max_results(7).with_field("tags")
        found = every(lambda **said: _page(query, **said), "resources")
        assert [one["public_id"] for one in found] == sorted((one["public_id"] for one in found), key=str.casefold)
        assert len(found) == query.execute()["total_count"]
    with ledger.call("search with counts"):
        told = Search().expression("bytes>1k").aggregate("format").aggregate("resource_type").max_results(1).execute()
        assert sum(told["aggregations"]["resource_type"].values()) == told["total_count"]
    with ledger.call("search with ranges"):
        ranges = [{"key": "small", "to": 50_000}, {"key": "large", "from": 50_000}]
        told = Search().aggregate({"type": "bytes", "ranges": ranges}).max_results(1).execute()
        assert sum(told["aggregations"]["bytes"].values()) == told["total_count"]
    with ledger.call("search with chosen fields"):
        told = Search().expression("tags:qr").fields("tags").fields("context").execute()["resources"][0]
        assert set(told) <= {"asset_id", "public_id", "tags", "context"}
    with ledger.call("search with a leading star"):
        error = refused(exceptions.BadRequest, lambda: Search().expression("tags:*x").execute())
        assert "Query Error" in str(error)
    with ledger.call("visual search by words"):
        assert api.visual_search(text="storm")["resources"]
    for expression in EXPRESSIONS:
        with ledger.call(f"search {expression}"):
            assert _total(expression) >= 0


def _page(query: Search, **said: Any) -> Any:
    if "next_cursor" in said:
        query = query.next_cursor(said["next_cursor"])
    return query.execute()


def _total(expression: str) -> int:
    return int(Search().expression(expression).max_results(500).execute()["total_count"])
