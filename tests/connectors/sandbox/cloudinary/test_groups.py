"""The desk's groups of calls on the sandbox: folders, schema, upkeep, lists, links, triggers."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.calls import FilePart
from connectors.cloudinary import (
    Asset,
    AssetId,
    CloudinaryClient,
    DeliveryType,
    Extra,
    MetadataType,
    ModerationStatus,
    ResourceType,
    SearchQuery,
    between,
    length,
    window,
)
from connectors.errors import ConflictError, InvalidError, NotFoundError, SignInError
from connectors.sandbox.clock import SandboxClock
from connectors.shape import JSONValue
from tests.connectors.sandbox.cloudinary.desk import Desk, picture

STORM = "brand/storm-photo"


async def storm(client: CloudinaryClient) -> Asset:
    return await client.asset_by_public_id(STORM)


async def uploaded(client: CloudinaryClient, public_id: str, colour: str = "teal") -> Asset:
    return await client.upload(FilePart(name="file", filename="new.png", content=picture(colour)), public_id=public_id)


@pytest.mark.contract("cloudinary 2.b5", "cloudinary 11.7")
def test_a_folder_is_made_found_renamed_and_emptied(desk: Desk) -> None:
    """The tree beside the library would show what is not there."""

    async def story(client: CloudinaryClient) -> tuple[list[str], list[str], list[str]]:
        await client.folders.create("campaigns/spring")
        found = [one.path async for one in client.folders.search("path:campaigns*", page_size=1)]
        await client.folders.rename("campaigns/spring", "campaigns/summer")
        below = [one.path async for one in client.folders.below("campaigns")]
        await client.folders.delete("campaigns")
        return found, below, [one.path async for one in client.folders.below(page_size=1)]

    found, below, top = desk.run(story)

    assert found == ["campaigns", "campaigns/spring"]
    assert below == ["campaigns/summer"]
    assert top == ["brand"]


def test_a_folder_with_assets_is_not_deleted(desk: Desk) -> None:
    """One click would take a campaign away."""
    with pytest.raises(InvalidError, match="not empty"):
        desk.run(lambda client: client.folders.delete("brand"))


@pytest.mark.contract("cloudinary 4.2")
def test_a_field_lives_from_its_making_to_its_end(desk: Desk) -> None:
    """The schema could be read and never be kept."""

    async def story(client: CloudinaryClient) -> tuple[list[str], str, bool]:
        made = await client.schema.create(
            "camp", label="Campaign", kind=MetadataType.ENUM, options={"s26": "Spring", "a26": "Autumn"}
        )
        assert made.datasource is not None
        hidden = await client.schema.hide_options("camp", ["a26"])
        shown = await client.schema.unhide_options("camp", ["a26"])
        label = (await client.schema.change("camp", {"label": "Season"})).label
        await client.schema.delete("camp")
        known = [one.external_id for one in await client.schema.fields()]
        return [one.state for one in (*hidden.values, *shown.values)], label, "camp" in known

    states, label, is_known = desk.run(story)

    assert states == ["active", "inactive", "active", "active"]
    assert (label, is_known) == ("Season", False)


@pytest.mark.contract("cloudinary 11.12")
def test_a_deleted_field_s_id_stays_taken_for_a_while(desk: Desk, clock: SandboxClock) -> None:
    """A script that makes a schema anew would pass here and fail at the vendor."""

    async def again(client: CloudinaryClient) -> None:
        await client.schema.create("rank", label="Rank", kind=MetadataType.INTEGER)
        await client.schema.delete("rank")
        with pytest.raises(ConflictError):
            await client.schema.create("rank", label="Rank", kind=MetadataType.INTEGER)
        clock.advance(timedelta(minutes=2))
        await client.schema.create("rank", label="Rank", kind=MetadataType.INTEGER)

    desk.run(again)


@pytest.mark.contract("cloudinary 4.2")
@pytest.mark.parametrize(
    ("kind", "rule", "fitting", "wrong"),
    [
        (MetadataType.INTEGER, between(1, 9), "9", "10"),
        (MetadataType.INTEGER, between(low=1, has_ends=False), "2", "1"),
        (MetadataType.DATE, between("2026-01-01", "2026-12-31"), "2026-06-01", "2027-01-01"),
        (MetadataType.STRING, length(2, 4), "abc", "abcde"),
    ],
)
def test_a_validation_is_kept(
    desk: Desk, kind: MetadataType, rule: dict[str, object], fitting: str, wrong: str
) -> None:
    """What the vendor refuses would be queued as good."""

    async def story(client: CloudinaryClient) -> object:
        await client.schema.create("rank", label="Rank", kind=kind, validation=rule)  # type: ignore[arg-type]  # JSON
        asset = await storm(client)
        await client.update(asset.asset_id, metadata={"rank": fitting})
        with pytest.raises(InvalidError):
            await client.update(asset.asset_id, metadata={"rank": wrong})
        return (await storm(client)).metadata["rank"]

    assert str(desk.run(story)) == fitting


@pytest.mark.contract("cloudinary 11.10")
def test_a_mandatory_field_makes_unrelated_uploads_fail(desk: Desk) -> None:
    """Colleagues would blame the desk for what a new field does."""

    async def story(client: CloudinaryClient) -> object:
        await client.schema.create("cost", label="Cost centre", kind=MetadataType.STRING, is_mandatory=True)
        with pytest.raises(InvalidError, match="cost"):
            await uploaded(client, "brand/new")
        await client.schema.change("cost", {"default_value": "4711"})
        return (await uploaded(client, "brand/new")).metadata["cost"]

    assert desk.run(story) == "4711"


@pytest.mark.contract("cloudinary 2.b1", "cloudinary 10.b3")
def test_another_delivery_type_changes_every_url_and_no_id(desk: Desk) -> None:
    """A withdrawn picture would stay in everybody's letters."""

    async def story(client: CloudinaryClient) -> tuple[Asset, Asset]:
        before = await storm(client)
        after = await client.upkeep.rename(before, "brand/calm", to_type=DeliveryType.AUTHENTICATED)
        with pytest.raises(NotFoundError):
            await client.fetch(before.secure_url)
        assert await client.fetch(client.host.asset_url(after))
        return before, after

    before, after = desk.run(story)

    assert (after.asset_id, after.public_id, after.type) == (before.asset_id, "brand/calm", DeliveryType.AUTHENTICATED)


@pytest.mark.parametrize("by_public_id", [True, False])
def test_what_is_deleted_is_told_once_and_comes_back(desk: Desk, by_public_id: bool) -> None:
    """A slip of the hand would be for ever."""

    async def story(client: CloudinaryClient) -> tuple[bool, bool, Asset | None]:
        asset = await storm(client)

        async def delete() -> bool:
            if by_public_id:
                return await client.upkeep.delete_by_public_id(asset)
            return await client.upkeep.delete(asset.asset_id)

        outcome = await delete(), await delete()
        back = await client.upkeep.restore([asset.asset_id])
        return *outcome, back[asset.asset_id].asset

    first, second, back = desk.run(story)

    assert (first, second) == (True, False)
    assert back is not None


@pytest.mark.contract("cloudinary 2.b3")
def test_an_old_version_is_made_the_newest_and_then_dropped(desk: Desk) -> None:
    """History would be shown and be of no use."""

    async def story(client: CloudinaryClient) -> tuple[bool, tuple[str, ...], int]:
        first = await uploaded(client, "brand/life", "olive")
        second = await uploaded(client, "brand/life", "maroon")
        assert first.version_id
        assert second.version_id
        back = await client.upkeep.restore_version(first, first.version_id)
        dropped = await client.upkeep.drop_versions(first.asset_id, [second.version_id, "0" * 32])
        return back.etag == first.etag, dropped.deleted_version_ids, len(dropped.failures)

    is_same, dropped, failures = desk.run(story)

    assert is_same
    assert (len(dropped), failures) == (1, 1)


def test_a_version_that_the_backup_does_not_have_is_not_found(desk: Desk) -> None:
    """A button would do nothing and say nothing."""

    async def story(client: CloudinaryClient) -> None:
        await client.upkeep.restore_version(await storm(client), "0" * 32)

    with pytest.raises(NotFoundError, match="no_backup"):
        desk.run(story)


def test_relations_are_told_by_both_and_parted_again(desk: Desk) -> None:
    """A picture and its translation would be parted."""

    async def story(client: CloudinaryClient) -> tuple[int, list[str], list[str]]:
        asset = await storm(client)
        others = [one.asset_id async for one in client.assets(ResourceType.IMAGE) if one.asset_id != asset.asset_id]
        told = await client.upkeep.relate(asset.asset_id, [*others, AssetId("0" * 32)])
        related = (await client.asset(asset.asset_id, extras=[Extra.RELATED])).related_assets
        await client.upkeep.unrelate(asset.asset_id, others)
        after = (await client.asset(asset.asset_id, extras=[Extra.RELATED])).related_assets
        return len(told.failed), [one.public_id for one in related], [one.public_id for one in after]

    failed, related, after = desk.run(story)

    assert failed == 1
    assert set(related) == {"brand/spring/spring-banner", "brand/old-logo", "brand/mark"}
    assert after == []


@pytest.mark.contract("cloudinary 3.1.5", "cloudinary 11.1", "cloudinary 11.4")
def test_many_assets_cost_one_call(desk: Desk) -> None:
    """The hourly budget would be gone by noon."""

    async def story(client: CloudinaryClient) -> tuple[set[str], int]:
        await uploaded(client, "brand/a,b")
        await client.ping()
        before = client.budget
        found = await client.lists.by_public_ids([STORM, "brand/a,b", "nope"])
        assert before is not None
        assert client.budget is not None
        return set(found), before.remaining - client.budget.remaining

    assert desk.run(story) == ({STORM, "brand/a,b"}, 1)


def test_lists_by_tag_and_context_are_followed_to_their_end(desk: Desk) -> None:
    """A campaign would lack what stands on its second page."""

    async def story(client: CloudinaryClient) -> tuple[list[str], list[str], tuple[str, ...]]:
        tagged = [one.public_id async for one in client.lists.by_tag("logo", page_size=1)]
        said = [one.public_id async for one in client.lists.by_context("alt", "A meadow in spring", page_size=1)]
        return tagged, said, await client.lists.tags(prefix="s", page_size=1)

    tagged, said, tags = desk.run(story)

    assert set(tagged) == {"brand/old-logo", "brand/mark"}
    assert said == ["brand/spring/spring-banner"]
    assert tags == ("spring", "storm")


def test_the_cloud_tells_of_itself(desk: Desk) -> None:
    """The desk would not know which folders it is shown."""

    async def story(client: CloudinaryClient) -> tuple[str, bool, tuple[str, ...]]:
        mode = (await client.lists.config()).settings.folder_mode
        profiles = {one.name for one in await client.lists.streaming_profiles()}
        assert (await client.lists.streaming_profile("hd")).predefined
        named = await client.lists.named_transformations()
        return mode, {"hd", "4k"} <= profiles, tuple(one.name for one in named)

    desk.ask("POST", "/v1_1/demo/transformations", json={"name": "small", "transformation": "c_fit,w_10"})

    assert desk.run(story) == ("dynamic", True, ("t_small",))


def test_one_folder_and_one_set_of_ids_are_read(desk: Desk) -> None:
    """What is below would be shown as lying here."""

    async def story(client: CloudinaryClient) -> tuple[set[str], int]:
        here = [one async for one in client.folder("brand", page_size=2)]
        return {one.public_id for one in here}, len(await client.assets_by_id([one.asset_id for one in here]))

    here, count = desk.run(story)

    assert "brand/spring/spring-banner" not in here
    assert count == len(here) == 4


@pytest.mark.contract("cloudinary 3.1.11", "cloudinary 4.1")
def test_a_detail_tells_what_it_is_asked(desk: Desk) -> None:
    """A grid could not be coloured like its pictures."""
    asked = [Extra.COLORS, Extra.PHASH, Extra.PAGES, Extra.MEDIA_METADATA, Extra.QUALITY_ANALYSIS]

    async def story(client: CloudinaryClient) -> Asset:
        return await client.asset((await storm(client)).asset_id, extras=asked)

    asset = desk.run(story)

    assert asset.colors[0][1] >= asset.colors[-1][1]
    assert sum(share for _, share in asset.colors) == pytest.approx(100, abs=1)
    assert asset.pages == 1
    assert len(asset.phash or "") == 16


@pytest.mark.contract("cloudinary 10.b2")
def test_a_window_closes_and_is_lifted(desk: Desk) -> None:
    """A price would be public a day too early."""

    async def story(client: CloudinaryClient) -> bytes:
        asset = await storm(client)
        await client.restrict(asset.asset_id, [window(datetime(2040, 1, 1, tzinfo=UTC), None)])
        with pytest.raises(SignInError, match="ACL deny"):
            await client.fetch(asset.secure_url)
        await client.restrict(asset.asset_id, [])
        return await client.fetch(asset.secure_url)

    assert desk.run(story)


@pytest.mark.contract("cloudinary 6.5", "cloudinary 10.b4", "cloudinary 11.8")
def test_links_open_without_an_account_until_they_end(desk: Desk, clock: SandboxClock) -> None:
    """A press office would be sent a link that asks for a password, or one that never ends."""

    async def story(client: CloudinaryClient) -> dict[str, str]:
        asset = await storm(client)
        now = clock.now()
        assert client.links is not None
        assert asset.version_id
        soon = now + timedelta(minutes=10)
        return {
            "original": client.links.original(asset, now=now, file_name="Storm.jpg", expires_at=soon),
            "small": client.links.original(asset, now=now, transformation="c_scale,w_20", extension="png"),
            "version": client.links.version(asset.asset_id, asset.version_id, now=now),
            "archive": client.links.archive(now=now, folder="brand", resource_type=ResourceType.IMAGE, is_flat=True),
            "search": client.links.search(SearchQuery(expression="tags:storm", fields=("tags",))),
        }

    links = desk.run(story)
    answers = {name: desk.follow(link) for name, link in links.items()}
    clock.advance(timedelta(minutes=11))
    later = {name: desk.follow(link).status_code for name, link in links.items()}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert "Storm.jpg" in answers["original"].headers["content-disposition"]
    assert answers["small"].content.startswith(b"\x89PNG")
    assert answers["archive"].content.startswith(b"PK")
    assert answers["search"].json()["total_count"] == 1
    assert later == {"original": 401, "small": 200, "version": 200, "archive": 200, "search": 401}


def test_a_raw_file_asked_for_as_a_picture_is_not_found(desk: Desk) -> None:
    """People would search the library for a fault of the link."""
    answer = desk.ask("GET", "/v1_1/demo/image/download?public_id=brand/clip&format=mp4")

    assert answer.status_code == 404


def test_a_hook_s_filter_is_tried_before_it_is_relied_on(desk: Desk) -> None:
    """A filter with a slip lets nothing through, and nobody notices."""

    async def story(client: CloudinaryClient) -> tuple[list[bool], int]:
        rule: dict[str, JSONValue] = {"==": [{"var": "moderation_status"}, "approved"]}
        made = await client.triggers.create_hook("https://relay.test/", event_type="moderation", rule=rule)
        told = [
            (await client.triggers.try_out(made.id, {"moderation_status": status})).filter_result
            for status in ("approved", "rejected")
        ]
        await client.triggers.change(made.id, uri="https://relay.test/2")
        assert [one.uri for one in await client.triggers.all(event_type="moderation")] == ["https://relay.test/2"]
        await client.triggers.delete(made.id)
        return told, len(await client.triggers.all())

    assert desk.run(story) == ([True, False], 0)


def test_a_verdict_changes_what_search_finds(desk: Desk) -> None:
    """An approved picture would stay in the queue."""

    async def story(client: CloudinaryClient) -> list[str]:
        asset = await storm(client)
        await client.moderate(asset.asset_id, ModerationStatus.APPROVED)
        query = SearchQuery(expression="moderation_status=pending")
        return [one.public_id async for one in client.search(query)]

    assert desk.run(story) == []


def test_context_is_taken_away_as_a_whole(desk: Desk) -> None:
    """A wrong alternative text would stay for ever."""

    async def story(client: CloudinaryClient) -> tuple[dict[str, str], dict[str, str]]:
        asset = await storm(client)
        await client.add_context(asset, {"alt": "Storm"})
        before = await storm(client)
        await client.add_context(asset, {})
        return dict(before.context_pairs), dict((await storm(client)).context_pairs)

    assert desk.run(story) == ({"alt": "Storm"}, {})
