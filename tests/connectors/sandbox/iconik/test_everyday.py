"""Calls of an ordinary day that no other file is about: saved searches, lives of assets, fields, rights, people."""

import pytest

from connectors.errors import ForbiddenError, InvalidError, NotFoundError
from connectors.iconik import DocType, IconikClient, SearchCriteria
from connectors.iconik.models import ApprovalStatus, AssetId, CollectionId, Permission, SegmentType, UserId, VersionId
from connectors.iconik.wire import (
    access,
    accounts,
    assets,
    collections,
    metadata,
    relations,
    review,
    search,
    segments,
)
from connectors.iconik.wire.review import Reviewed
from connectors.iconik.wire.segments import Export, Stretch
from tests.connectors.sandbox.iconik.desk import Desk

ASSET = "spring-banner-fr"


@pytest.fixture
def asset_id(desk: Desk) -> AssetId:
    """A picture with versions."""
    return AssetId(desk.hit(ASSET).id)


def test_a_saved_search_is_kept_and_forgotten(desk: Desk) -> None:
    """What one person looks for every Monday."""

    async def keep(iconik: IconikClient) -> tuple[list[str], object, int]:
        saved = await iconik.do(search.save("Films", SearchCriteria(query="spring")))
        listed = await iconik.every(search.list_saved("film"))
        await iconik.do(search.delete_saved(saved.id))
        return [one.name for one in listed], saved.criteria["query"], len(await iconik.every(search.list_saved()))

    assert desk.run(keep) == (["Films"], "spring", 0)


@pytest.mark.contract("iconik 3.7")
def test_the_second_search_finds_the_same_and_names_what_is_wrong(desk: Desk) -> None:
    """Its refusals have a shape of their own."""

    async def ask(iconik: IconikClient) -> tuple[int, int]:
        criteria = SearchCriteria(query="spring")
        second = await iconik.do(search.search(criteria, per_page=10, version="v2"))
        return (await iconik.search_page(criteria, per_page=10)).total, second.total

    async def ask_wrongly(iconik: IconikClient) -> None:
        await iconik.do(search.search(SearchCriteria(), per_page=10, search_after=("x",), version="v2"))

    first, second = desk.run(ask)
    with pytest.raises(InvalidError) as caught:
        desk.run(ask_wrongly)

    assert first == second > 0
    assert caught.value.fields.keys() == {"body.search_after"}


def test_words_are_suggested(desk: Desk) -> None:
    """Typing half a word is enough."""

    async def ask(iconik: IconikClient) -> list[str]:
        found = await iconik.do(search.suggest("spr", field="title", doc_types=(DocType.ASSETS,)))
        return [one.value for one in found]

    assert all("spr" in words.lower() for words in desk.run(ask))


def test_an_asset_goes_to_the_recycle_bin_and_comes_back(desk: Desk, asset_id: AssetId) -> None:
    """Deleting is not destroying."""

    async def there_and_back(iconik: IconikClient) -> str:
        await iconik.do(assets.delete_asset(asset_id))
        with pytest.raises(NotFoundError):
            await iconik.asset(asset_id)
        await iconik.do(assets.undelete_asset(asset_id))
        await iconik.do(assets.mark_viewed(asset_id))
        return (await iconik.asset(asset_id)).external_id

    assert desk.run(there_and_back) == ASSET


def test_the_last_changed_asset_is_the_first_recent_one(desk: Desk, asset_id: AssetId) -> None:
    """Where people go on in the morning."""

    async def look(iconik: IconikClient) -> str:
        await iconik.edit_asset(asset_id, {"title": "Just changed"})
        return (await iconik.every(assets.recent_assets()))[0].title

    assert desk.run(look) == "Just changed"


def test_versions_are_made_of_assets_changed_and_ended(desk: Desk, asset_id: AssetId) -> None:
    """A picture that was brought as an asset of its own becomes the next version."""
    other = AssetId(desk.hit("leaf-icon").id)

    async def version(iconik: IconikClient) -> tuple[int, int, str]:
        before = len((await iconik.asset(asset_id)).versions)
        await iconik.do(assets.add_version_from_asset(asset_id, other))
        asset = await iconik.asset(asset_id)
        assert asset.latest_version is not None
        newest = asset.latest_version.id
        changed = await iconik.do(assets.edit_version(asset_id, newest, {"status": "FAILED"}))
        await iconik.do(assets.delete_version(asset_id, newest))
        return len(asset.versions) - before, len((await iconik.asset(asset_id)).versions) - before, changed.status.value

    assert desk.run(version) == (1, 0, "FAILED")


def test_the_only_version_stays(desk: Desk) -> None:
    """An asset without any would be nothing."""
    hit = desk.hit("leaf-icon")

    async def end(iconik: IconikClient) -> None:
        await iconik.do(assets.delete_version(AssetId(hit.id), VersionId(hit.versions[0].id), hard=True))

    with pytest.raises(ForbiddenError):
        desk.run(end)


def test_a_collection_is_made_changed_and_looked_into(desk: Desk, asset_id: AssetId) -> None:
    """Campaigns come and go."""

    async def work(iconik: IconikClient) -> tuple[str, list[str], list[str]]:
        outer = await iconik.do(collections.add_collection("Campaign"))
        inner = await iconik.do(collections.add_collection("Banners", parent_id=outer.id, external_id="c-1"))
        renamed = await iconik.do(collections.edit_collection(inner.id, {"title": "All banners"}))
        await iconik.put_in_collection(inner.id, asset_id)
        inside = await iconik.every(collections.list_contents(outer.id, object_types=["collections"]))
        above = await iconik.collection_ancestors(inner.id)
        await iconik.do(collections.delete_collection(outer.id))
        return renamed.title, [one.title for one in inside], [one.title for one in above]

    assert desk.run(work) == ("All banners", ["All banners"], ["Campaign"])


@pytest.mark.contract("iconik 5.2")
def test_lists_go_on_behind_the_last_id(desk: Desk, asset_id: AssetId) -> None:
    """The second way of paging: two thumbnails, one to a page."""
    path, seen, last = f"/API/files/v1/assets/{asset_id}/keyframes/?per_page=1", list[str](), ""
    for _ in range(2):
        answer = desk.ask("GET", path + (f"&last_id={last}" if last else "")).json()
        (last,) = [one["id"] for one in answer["objects"]]
        seen.append(last)

    assert len(set(seen)) == 2
    assert answer["next_url"] is None


@pytest.mark.contract("iconik 5.3")
def test_fields_are_read_behind_the_last_name(desk: Desk) -> None:
    """The third way of paging, for one list alone."""

    async def read(iconik: IconikClient) -> tuple[int, str, int]:
        fields = await iconik.every(metadata.list_fields())
        one = await iconik.do(metadata.get_field("Language"))
        category = await iconik.do(metadata.category_views("assets", "default"))
        return len({field.name for field in fields}), one.field_type.value, len(category.views)

    assert desk.run(read) == (9, "drop_down", 2)


def test_a_comment_and_a_collection_have_values_too(desk: Desk, asset_id: AssetId) -> None:
    """What was decided about a remark is kept with the remark."""
    view, collection = desk.view("Marketing"), CollectionId(desk.hit(ASSET).in_collections[0])

    async def write(iconik: IconikClient) -> list[tuple[object, ...]]:
        comment = await iconik.add_comment(asset_id, "Why?", external_id="k")
        found = []
        for described in (metadata.comment(asset_id, comment.id), metadata.collection(collection)):
            assert (await iconik.do(metadata.get_values(described, view))).metadata_values == {}
            await iconik.do(metadata.put_values(described, view, {"Keywords": ["said"]}))
            found.append((await iconik.do(metadata.get_values(described, view))).values("Keywords"))
        return found

    assert desk.run(write) == [("said",), ("said",)]


def test_the_values_of_a_version_are_read(desk: Desk, asset_id: AssetId) -> None:
    """What was said of the old picture is still known."""
    view = desk.view("Marketing")

    async def read(iconik: IconikClient) -> tuple[str, str]:
        first = (await iconik.asset(asset_id)).versions[0].id
        return first, (await iconik.metadata_values(asset_id, view, version_id=first)).version_id

    asked, answered = desk.run(read)

    assert asked == answered


def test_one_change_is_written_to_many(desk: Desk, asset_id: AssetId) -> None:
    """Bulk metadata by hand is slow (§17)."""
    view, other = desk.view("Marketing"), AssetId(desk.hit("leaf-icon").id)

    async def write(iconik: IconikClient) -> list[tuple[object, ...]]:
        await iconik.do(metadata.put_values_of_many([asset_id, other], view, {"Owner": ["Lea Moreau"]}))
        return [(await iconik.metadata_values(one, view)).values("Owner") for one in (asset_id, other)]

    assert desk.run(write) == [("Lea Moreau",), ("Lea Moreau",)]


def test_a_relation_type_of_ones_own_ties_two_assets(desk: Desk, asset_id: AssetId) -> None:
    """Masters and their localised variants are found through it."""
    other = AssetId(desk.hit("leaf-icon").id)

    async def tie(iconik: IconikClient) -> list[str]:
        kind = (await iconik.relation_types())[0]
        await iconik.add_relation_type(type(kind)(name="judged_with", source_label="With", destination_label="By"))
        await iconik.relate(asset_id, to=other, relation_type="judged_with")
        found = await iconik.every(relations.list_relations(asset_id, relation_type="judged_with"))
        await iconik.unrelate(asset_id, to=other, relation_type="judged_with")
        return [one.related_to_asset_id for one in found]

    assert desk.run(tie) == [other]


@pytest.mark.contract("iconik 12.b2", "iconik 12.b3")
def test_a_comment_is_drawn_answered_changed_and_exported(desk: Desk, asset_id: AssetId) -> None:
    """A rectangle around the logo says more than words; the thread is taken along as text."""
    drawing = {
        "primitives": [
            {"type": "RECTANGLE", "color": "#ff0000", "width": 3, "opacity": 1, "points": [{"x": 1.5, "y": 2}]}
        ]
    }

    async def talk(iconik: IconikClient) -> tuple[object, list[str], str, int]:
        made = await iconik.do(
            segments.add_segment(
                asset_id,
                SegmentType.COMMENT,
                words="Logo too small",
                stretch=Stretch(start_ms=480, end_ms=900),
                drawing=drawing,
                is_internal=True,
            )
        )
        await iconik.add_comment(asset_id, "Done", external_id="k", parent_id=made.id)
        changed = await iconik.do(
            segments.edit_segment(asset_id, made.id, SegmentType.COMMENT, {"segment_text": "Logo is too small"})
        )
        exports = [await iconik.do(segments.export(asset_id, form)) for form in Export]
        late = await iconik.every(segments.list_segments(asset_id, starting_from_ms=400))
        read = await iconik.do(segments.get_segment(asset_id, made.id))
        await iconik.do(segments.delete_segment(asset_id, made.id))
        assert read.drawing == drawing
        assert [one.id for one in late] == [made.id]
        return changed.segment_text, exports, exports[1][:6], len([one async for one in iconik.comments(asset_id)])

    words, exports, webvtt, left = desk.run(talk)

    assert words == "Logo is too small"
    assert all("Logo is too small" in text for text in exports)
    assert (webvtt, left) == ("WEBVTT", 0)


def test_decisions_of_others_are_withdrawn_and_many_are_cleared(desk: Desk) -> None:
    """An approval given by mistake must not stay for ever."""
    waiting = desk.hit("claim-in-3-steps-fr").id
    lea = desk.run_as("Lea Moreau", lambda iconik: _decided(iconik, waiting))

    async def clear(iconik: IconikClient) -> list[int]:
        left = [len(await iconik.decisions(waiting))]
        await iconik.do(review.withdraw_of_user(Reviewed.ASSETS, waiting, lea))
        await iconik.do(review.withdraw_of_external(Reviewed.ASSETS, waiting, "guest@example.com"))
        left.append(len(await iconik.decisions(waiting)))
        await iconik.do(review.decide_many(Reviewed.ASSETS, [waiting], ApprovalStatus.NOT_APPROVED))
        left.append(len(await iconik.decisions(waiting)))
        await iconik.do(review.withdraw_many(Reviewed.ASSETS, [waiting]))
        return [*left, len(await iconik.decisions(waiting))]

    assert desk.run(clear) == [1, 0, 1, 0]


async def _decided(iconik: IconikClient, asset_id: str) -> UserId:
    await iconik.decide(asset_id, ApprovalStatus.APPROVED)
    return (await iconik.current_user()).id


def test_a_request_is_changed(desk: Desk) -> None:
    """Two must agree after all."""
    waiting = desk.hit("claim-in-3-steps-fr").id

    async def change(iconik: IconikClient) -> int:
        return (await iconik.do(review.edit_request(Reviewed.ASSETS, waiting, {"min_number": 2}))).min_number

    assert desk.run(change) == 2


def test_rights_are_read_and_granted(desk: Desk, asset_id: AssetId) -> None:
    """A button that would be refused is disabled beforehand."""

    async def look(iconik: IconikClient) -> tuple[frozenset[Permission], list[tuple[Permission, ...]], int]:
        me = (await iconik.current_user()).id
        await iconik.do(access.grant("assets", [asset_id], [Permission.READ], users=[me]))
        collection = (await iconik.asset(asset_id)).in_collections[0]
        await iconik.do(access.grant("collections", [collection], [Permission.WRITE], users=[me]))
        lists = await iconik.do(access.access_list("assets", asset_id))
        mine = await iconik.do(access.permissions("assets", asset_id))
        return mine, [one.permissions for one in lists.users_acl], len(lists.inherited_users_acl)

    mine, own, inherited = desk.run(look)

    assert mine == {Permission.READ, Permission.WRITE, Permission.DELETE, Permission.CHANGE_ACL}
    assert own == [(Permission.READ,)]
    assert inherited == 1


@pytest.mark.contract("iconik 1.8")
def test_people_groups_and_the_tenant_are_known(desk: Desk) -> None:
    """Whom to ask, and where one is."""

    async def look(iconik: IconikClient) -> tuple[list[str], list[str], bool]:
        people = await iconik.every(accounts.find_people("moreau"))
        groups = await iconik.every(accounts.find_groups())
        tenant = await iconik.do(access.system_settings())
        merged = await iconik.do(access.system_settings(merged=True))
        return (
            [one.last_name for one in people],
            [one.name for one in groups],
            bool(tenant.system_domain_id) and tenant.system_domain_id == merged.system_domain_id,
        )

    assert desk.run(look) == (["Moreau"], ["Everyone"], True)
