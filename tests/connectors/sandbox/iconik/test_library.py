"""Assets, versions, collections, relations, jobs and webhooks, as the desk's client meets them."""

import pytest

from connectors.errors import NotFoundError
from connectors.iconik import IconikClient
from connectors.iconik.models import Asset, AssetId, Collection, Job, Relation, SearchDocument, Webhook
from connectors.sandbox.iconik import build
from connectors.sandbox.world import Library, World
from tests.connectors.sandbox.iconik.desk import Desk


@pytest.mark.contract("iconik 1.1", "iconik 1.2", "iconik 1.6")
def test_every_asset_of_the_library_is_listed_once(desk: Desk) -> None:
    """The first synchronisation walks these pages."""

    async def look(iconik: IconikClient) -> list[str]:
        return [asset.external_id async for asset in iconik.assets()]

    found = desk.run(look)

    assert sorted(found) == sorted(asset.slug for asset in desk.world.assets if asset.library is Library.ICONIK)


@pytest.mark.contract("iconik 1.5")
def test_ids_are_the_same_for_a_seed(desk: Desk, world: World) -> None:
    """A desk that comes back to a restarted sandbox finds its assets again."""
    restarted = Desk(build(world), world)

    assert restarted.hit("leaf-icon").id == desk.hit("leaf-icon").id


def test_an_edit_changes_what_it_names(desk: Desk) -> None:
    """And moves ``date_modified``, by which polling finds it."""
    asset_id = AssetId(desk.hit("leaf-icon").id)

    async def edit(iconik: IconikClient) -> tuple[Asset, Asset]:
        before = await iconik.asset(asset_id)
        await iconik.edit_asset(asset_id, {"title": "Leaf, redrawn"})
        return before, await iconik.asset(asset_id)

    before, after = desk.run(edit)

    assert after.title == "Leaf, redrawn"
    assert after.external_id == before.external_id
    assert before.date_modified is not None
    assert after.date_modified is not None
    assert after.date_modified > before.date_modified


def test_a_promoted_version_is_the_newest(desk: Desk) -> None:
    """Going back to an older version is how a bad one is undone."""
    asset_id = AssetId(desk.hit("spring-banner-fr").id)

    async def promote(iconik: IconikClient) -> tuple[str, Asset]:
        oldest = min((await iconik.asset(asset_id)).versions, key=lambda version: version.version_number)
        await iconik.promote_version(asset_id, oldest.id)
        return oldest.id, await iconik.asset(asset_id)

    promoted, asset = desk.run(promote)

    assert asset.latest_version is not None
    assert asset.latest_version.id == promoted


def test_a_deleted_asset_is_not_found_until_it_is_restored(desk: Desk) -> None:
    """The recycle bin gives things back."""
    path = f"/API/assets/v1/assets/{desk.hit('leaf-icon').id}/"

    assert desk.ask("DELETE", path).status_code == 204
    assert desk.ask("GET", path).status_code == 404
    assert desk.ask("PUT", f"{path}restore/").status_code == 204
    assert desk.ask("GET", path).status_code == 200


def test_folders_hold_what_the_world_puts_there(desk: Desk) -> None:
    """People look for assets where they were put."""

    spring = desk.collection("spring")

    async def walk(iconik: IconikClient) -> tuple[tuple[Collection, ...], list[SearchDocument], int]:
        above = await iconik.collection_ancestors(spring)
        inside = [one async for one in iconik.collection_contents(spring)]
        return above, inside, (await iconik.collection_info(spring)).assets_count

    above, inside, count = desk.run(walk)

    expected = {
        asset.slug
        for asset in desk.world.assets
        if asset.library is Library.ICONIK and asset.folder == "campaigns/spring"
    }
    assert [one.title for one in above] == ["campaigns"]
    assert {one.external_id for one in inside if one.object_type == "assets"} == expected
    assert count == len(expected)


def test_an_asset_is_put_in_once_and_taken_out(desk: Desk) -> None:
    """Repeating either must change nothing."""
    asset_id = AssetId(desk.hit("leaf-icon").id)

    target = desk.collection("spring")

    async def move(iconik: IconikClient) -> tuple[int, int]:
        for _ in range(2):
            await iconik.put_in_collection(target, asset_id)
        held = [one.id async for one in iconik.collection_contents(target)].count(asset_id)
        for _ in range(2):
            await iconik.take_out_of_collection(target, asset_id)
        return held, [one.id async for one in iconik.collection_contents(target)].count(asset_id)

    assert desk.run(move) == (1, 0)


def test_localised_variants_are_related_to_their_master(desk: Desk) -> None:
    """The French banner is found from the English one."""
    master = AssetId(desk.hit("spring-banner-en").id)

    async def look(iconik: IconikClient) -> list[Relation]:
        return [one async for one in iconik.relations(master, relation_type="localised_variant")]

    others = {relation.related_to_asset_id for relation in desk.run(look)}

    assert others == {desk.hit(f"spring-banner-{locale}").id for locale in ("fr", "de", "es", "ar", "pl")}


def test_relating_twice_is_relating_once(desk: Desk) -> None:
    """The second answer is 200 instead of 201."""
    one, other = AssetId(desk.hit("leaf-icon").id), AssetId(desk.hit("meter-icon-small").id)

    async def relate(iconik: IconikClient) -> tuple[int, int]:
        for _ in range(2):
            await iconik.relate(one, to=other, relation_type="sibling")
        tied = len([found async for found in iconik.relations(other)])
        await iconik.unrelate(other, to=one, relation_type="sibling")
        return tied, len([found async for found in iconik.relations(one)])

    assert desk.run(relate) == (1, 0)


def test_a_job_for_the_media_team_is_kept(desk: Desk) -> None:
    """It is how work is asked of them (§13)."""
    asset_id = desk.hit("leaf-icon").id

    async def ask(iconik: IconikClient) -> tuple[Job, list[Job]]:
        made = await iconik.add_custom_job(
            title="Larger logo", custom_type="proofdesk", object_id=asset_id, message="Please.", metadata={"key": "k"}
        )
        return made, [job async for job in iconik.jobs(object_id=asset_id)]

    made, listed = desk.run(ask)

    assert listed == [made]
    assert made.metadata == {"key": "k"}


def test_webhooks_are_made_replaced_and_ended(desk: Desk) -> None:
    """A relay needs one, and nobody wants it for ever."""
    wanted = {"event_type": "assets", "url": "https://relay.example/in", "status": "ENABLED"}

    async def work(iconik: IconikClient) -> tuple[Webhook, Webhook, tuple[Webhook, ...]]:
        made = await iconik.add_webhook({**wanted, "realm": "metadata"})
        replaced = await iconik.replace_webhook(made.id, wanted)
        await iconik.delete_webhook(made.id)
        await iconik.delete_webhook(made.id)
        return made, replaced, await iconik.webhooks()

    made, replaced, left = desk.run(work)

    assert (made.realm, replaced.realm) == ("metadata", "")
    assert left == ()


@pytest.mark.contract("iconik 3.5")
def test_an_unknown_asset_is_not_found(desk: Desk) -> None:
    """The page offers a refresh."""

    async def look(iconik: IconikClient) -> Asset:
        return await iconik.asset(AssetId("00000000-0000-0000-0000-000000000000"))

    with pytest.raises(NotFoundError):
        desk.run(look)
