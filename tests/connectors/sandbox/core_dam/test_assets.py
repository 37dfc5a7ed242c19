"""Assets as they are read and changed: metadata in all its shapes, locks, bytes, folders, delivery."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from connectors.calls import Reply
from connectors.core_dam import (
    Asset,
    AssetId,
    ColumnEdit,
    CoreDamClient,
    FieldEdit,
    RenditionType,
    SearchQuery,
    StateAction,
    password_session,
)
from connectors.errors import ConflictError, InvalidError, NotFoundError
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import World
from tests.connectors.sandbox.core_dam.driver import ask, by_bearer, request, session_headers


async def named(dam: CoreDamClient, name: str) -> Asset:
    page = await dam.search_page(SearchQuery())
    return await dam.asset(next(asset.asset_id for asset in page.assets if asset.name == name))


def opened(sandbox: CoreDamSandbox, name: str) -> Asset:
    return ask(sandbox, lambda dam: named(dam, name))


@pytest.mark.contract("core_dam 9.4")
def test_an_asset_carries_what_the_desk_shows(sandbox: CoreDamSandbox) -> None:
    """Name, size and picture are what people know an asset by."""
    asset = opened(sandbox, "spring-banner.png")

    assert asset.master is not None
    assert (asset.master.width_px, asset.master.height_px) == (640, 320)
    assert asset.thumbnail is not None
    assert (asset.thumbnail.width_px, asset.thumbnail.height_px) == (220, 110)
    assert asset.folder_paths == ("Public Folders/marketing/campaigns",)
    assert asset.permissions["VIEW"]


@pytest.mark.contract("core_dam 5.b1", "core_dam 2.b3")
def test_metadata_comes_in_its_three_shapes(sandbox: CoreDamSandbox) -> None:
    """Text, a code with its label, a table: reading one as another loses it."""
    metadata = opened(sandbox, "spring-banner.png").metadata

    assert metadata is not None
    assert metadata.text("PD.FIELD.TITLE") == "Spring banner"
    language = metadata.fields["PD.FIELD.LANGUAGE"]
    assert language is not None
    assert (language.stored, language.label) == ("de_DE", "German (Germany)")
    assert [cell.stored for cell in metadata.column("PD.TABLE.CHANNELS", "PD.COLUMN.CHANNEL")] == ["PRINT", "EMAIL"]


@pytest.mark.contract("core_dam 5.b3")
def test_a_cascading_value_keeps_its_parts(sandbox: CoreDamSandbox) -> None:
    """The area is a path, not a word."""
    metadata = opened(sandbox, "spring-banner.png").metadata

    area = metadata.fields["PD.FIELD.AREA"] if metadata else None
    assert area is not None
    assert area.codes == ("MARKETING", "CAMPAIGNS")


def test_a_label_with_stray_spaces_is_trimmed_and_its_code_is_not_touched(sandbox: CoreDamSandbox) -> None:
    """Real vocabularies have them; a code with spaces would match nothing."""
    metadata = opened(sandbox, "spring-banner.png").metadata

    cell = metadata.column("PD.TABLE.MARKETS", "PD.COLUMN.MARKET")[0] if metadata else None
    assert cell is not None
    assert (cell.stored, cell.label) == ("NORTH", "north")


def test_an_empty_field_and_an_empty_table_are_empty(sandbox: CoreDamSandbox) -> None:
    """The server leaves the value out; that is neither an error nor the word None."""
    metadata = opened(sandbox, "spring-banner.png").metadata

    assert metadata is not None
    assert metadata.fields["PD.FIELD.ALT TEXT"] is None
    assert metadata.tables["PD.TABLE.USAGE"].rows == ()


@pytest.mark.contract("core_dam 5.b5")
def test_hard_cases_say_what_they_are(sandbox: CoreDamSandbox) -> None:
    """Expired, deleted and checked-out assets must not reach a letter."""
    assert opened(sandbox, "old.png").is_expired
    assert opened(sandbox, "winter.png").is_deleted
    assert opened(sandbox, "summer.png").is_checked_out


@pytest.mark.contract("core_dam 9.1", "core_dam 2.b5")
def test_an_asset_expires_when_its_day_comes(sandbox: CoreDamSandbox, world: World) -> None:
    """The flag is the clock's, not a recording."""

    async def work(dam: CoreDamClient) -> tuple[bool, bool]:
        banner = await named(dam, "spring-banner.png")
        await dam.edit_metadata(
            banner.asset_id, [FieldEdit(field_id="ARTESIA.FIELD.EXPIRATION DATE", text="2026-06-01T00:00:00Z")]
        )
        before = (await dam.asset(banner.asset_id)).is_expired
        world.clock.advance(timedelta(days=120))
        return before, (await dam.asset(banner.asset_id)).is_expired

    assert ask(sandbox, work, sign_in=by_bearer()) == (False, True)


def test_an_edit_is_read_back_and_leaves_no_lock(sandbox: CoreDamSandbox) -> None:
    """An approval that is not there afterwards, or that locks everybody out, is worse than none."""

    async def work(dam: CoreDamClient) -> Asset:
        banner = await named(dam, "spring-banner.png")
        await dam.edit_metadata(
            banner.asset_id,
            [
                FieldEdit(field_id="PD.FIELD.STATUS", text="REJC"),
                FieldEdit(field_id="PD.FIELD.REVIEW COMMENT", text="Wrong year"),
                ColumnEdit(column_id="PD.COLUMN.USED_IN", texts=("exstream:LETTER-114",)),
                ColumnEdit(column_id="PD.COLUMN.USED_LABEL", texts=("Renewal",)),
            ],
        )
        return await dam.asset(banner.asset_id)

    edited = ask(sandbox, work)
    assert edited.metadata is not None
    assert edited.metadata.text("PD.FIELD.STATUS") == "REJC"
    row = edited.metadata.tables["PD.TABLE.USAGE"].rows[0]
    assert {column: cell.stored for column, cell in row.items()} == {
        "PD.COLUMN.USED_IN": "exstream:LETTER-114",
        "PD.COLUMN.USED_LABEL": "Renewal",
    }
    assert not edited.is_locked


def test_an_edit_moves_the_change_date(sandbox: CoreDamSandbox, world: World) -> None:
    """Polling finds changes by it."""

    async def work(dam: CoreDamClient) -> Asset:
        banner = await named(dam, "spring-banner.png")
        await dam.edit_metadata(banner.asset_id, [FieldEdit(field_id="PD.FIELD.TITLE", text="New")])
        return await dam.asset(banner.asset_id)

    changed = ask(sandbox, work).date_last_updated
    assert changed is not None
    assert abs(changed - world.clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "edit",
    [
        FieldEdit(field_id="PD.FIELD.STATUS", text="NOT_A_CODE"),
        FieldEdit(field_id="NO.SUCH.FIELD", text="x"),
        FieldEdit(field_id="PD.FIELD.EMBARGO UNTIL", text="next week"),
    ],
)
def test_a_refused_edit_gives_the_lock_back(sandbox: CoreDamSandbox, edit: FieldEdit) -> None:
    """One wrong code must not close the asset to everybody."""

    async def work(dam: CoreDamClient) -> Asset:
        banner = await named(dam, "spring-banner.png")
        with pytest.raises(InvalidError):
            await dam.edit_metadata(banner.asset_id, [edit])
        return await dam.asset(banner.asset_id)

    assert not ask(sandbox, work).is_locked


def test_another_persons_lock_is_a_conflict_with_a_name(sandbox: CoreDamSandbox) -> None:
    """People settle it by talking to each other."""
    sandbox.library.sessions.open("mira.k")

    async def work(dam: CoreDamClient) -> None:
        banner = await named(dam, "spring-banner.png")
        sandbox.library.to_change(banner.asset_id).locked_by = "mira.k"
        await dam.edit_metadata(banner.asset_id, [FieldEdit(field_id="PD.FIELD.TITLE", text="Mine")])

    with pytest.raises(ConflictError, match=r"mira\.k"):
        ask(sandbox, work)


def test_an_edit_without_a_lock_is_refused(sandbox: CoreDamSandbox) -> None:
    """The vendor's own pages take the lock first; a client that forgets must notice here."""
    banner = opened(sandbox, "spring-banner.png")

    answer = request(
        sandbox,
        "PATCH",
        f"/otmmapi/v6/assets/{banner.asset_id}",
        headers=session_headers(sandbox),
        json={"edited_asset": {"data": {"metadata": []}}},
    )

    assert answer.status_code == 409


def test_a_bulk_edit_names_what_failed(sandbox: CoreDamSandbox) -> None:
    """200 with failures inside is partial success."""

    async def work(dam: CoreDamClient) -> tuple[int, dict[AssetId, str]]:
        banner = await named(dam, "spring-banner.png")
        result = await dam.edit_metadata_of_many(
            [banner.asset_id, AssetId("f" * 40)], [FieldEdit(field_id="PD.FIELD.STATUS", text="APPR")]
        )
        return len(result.succeeded), dict(result.failed)

    succeeded, failed = ask(sandbox, work)
    assert succeeded == 1
    assert "does not exist" in failed[AssetId("f" * 40)]


@pytest.mark.parametrize(("all_versions", "expected"), [(False, [True, False, False]), (True, [True, True, True])])
def test_a_deletion_may_reach_every_version(sandbox: CoreDamSandbox, all_versions: bool, expected: list[bool]) -> None:
    """What must be gone must be gone in its old versions too."""

    async def work(dam: CoreDamClient) -> list[bool]:
        cover = await named(dam, "policy-cover.png")
        await dam.change_state(cover.asset_id, StateAction.DELETE, all_versions=all_versions)
        return [version.is_deleted for version in await dam.versions(cover.original_asset_id)]

    assert ask(sandbox, work) == expected


def test_a_deleted_asset_stays_readable_and_says_so(sandbox: CoreDamSandbox) -> None:
    """The desk must be able to show what happened to it."""

    async def work(dam: CoreDamClient) -> Asset:
        banner = await named(dam, "spring-banner.png")
        await dam.change_state(banner.asset_id, StateAction.DELETE)
        return await dam.asset(banner.asset_id)

    assert ask(sandbox, work).content_state == "DELETED"


def test_the_original_comes_back_byte_for_byte(sandbox: CoreDamSandbox, world: World) -> None:
    """The hash in the bill of assets is taken from it."""

    async def work(dam: CoreDamClient) -> Reply:
        return await dam.contents((await named(dam, "tariff.pdf")).asset_id)

    reply = ask(sandbox, work)
    assert reply.media_type == "application/pdf"
    assert reply.body == world.assets[2].latest.file.read()


@pytest.mark.contract("core_dam 7.2", "core_dam 7.b1")
@pytest.mark.parametrize("name", ["spring-banner.png", "tariff.pdf"])
def test_a_thumbnail_is_a_real_picture_of_its_promised_size(sandbox: CoreDamSandbox, name: str) -> None:
    """The grid lays out by the size that the metadata promised."""

    async def work(dam: CoreDamClient) -> tuple[Asset, Reply, Reply]:
        asset = await named(dam, name)
        assert asset.thumbnail is not None
        by_type = await dam.picture(asset.asset_id, RenditionType.THUMBNAIL)
        return asset, by_type, await dam.rendition(asset.thumbnail.id)

    asset, by_type, by_id = ask(sandbox, work)
    assert by_type.body == by_id.body
    with Image.open(BytesIO(by_type.body)) as picture:
        assert asset.thumbnail is not None
        assert picture.size == (asset.thumbnail.width_px, asset.thumbnail.height_px)


def test_an_asset_without_a_picture_has_no_thumbnail(sandbox: CoreDamSandbox) -> None:
    """The grid shows a sign instead of a broken picture."""

    async def work(dam: CoreDamClient) -> None:
        logo = await named(dam, "logo.svg")
        assert logo.thumbnail is None
        await dam.picture(logo.asset_id, RenditionType.THUMBNAIL)

    with pytest.raises(NotFoundError):
        ask(sandbox, work)


@pytest.mark.contract("core_dam 11.1")
def test_an_unknown_asset_is_absent_or_invisible(sandbox: CoreDamSandbox) -> None:
    """The vendor does not say which, so the sentence says both."""
    with pytest.raises(NotFoundError, match="do not have access"):
        ask(sandbox, lambda dam: dam.asset(AssetId("0" * 40)))


def test_many_assets_are_fetched_in_batches(sandbox: CoreDamSandbox) -> None:
    """A long address is answered with a web page."""

    async def work(dam: CoreDamClient) -> int:
        ids = list((await dam.search_page(SearchQuery(newest_only=False))).asset_ids)
        return len(await dam.assets(ids + [AssetId(f"{number:040x}") for number in range(200)]))

    assert ask(sandbox, work) == 9


def test_the_public_host_serves_the_newest_version_in_any_size(sandbox: CoreDamSandbox) -> None:
    """Mails and web pages show pictures from there."""

    async def work(dam: CoreDamClient) -> tuple[str, Reply, Reply]:
        cover = await named(dam, "policy-cover.png")
        url = cover.delivery_service_url
        return url, await dam.delivered(url), await dam.delivered(f"{url}&wd=64&format=webp")

    url, whole, small = ask(sandbox, work)
    assert url.startswith("http://media.test/adaptivemedia/rendition?id=")
    with Image.open(BytesIO(whole.body)) as picture:
        assert picture.convert("RGB").getpixel((0, 0)) == (0, 128, 0)
    with Image.open(BytesIO(small.body)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (64, 32))


@pytest.mark.contract("core_dam 7.b4")
def test_approval_publishes_and_deletion_withdraws(sandbox: CoreDamSandbox) -> None:
    """What is not approved must not be reachable by the public."""

    async def work(dam: CoreDamClient) -> list[bool]:
        said = []
        banner = await named(dam, "spring-banner.png")
        said.append(await dam.is_delivered(banner))
        await dam.edit_metadata(banner.asset_id, [FieldEdit(field_id="PD.FIELD.STATUS", text="REVW")])
        said.append(await dam.is_delivered(banner))
        await dam.edit_metadata(banner.asset_id, [FieldEdit(field_id="PD.FIELD.STATUS", text="APPR")])
        said.append(await dam.is_delivered(banner))
        await dam.change_state(banner.asset_id, StateAction.DELETE)
        said.append(await dam.is_delivered(banner))
        return said

    assert ask(sandbox, work) == [True, False, True, False]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("rendition/file.jpg?id={id}", 200),
        ("rendition/id_{id}/name_file.jpg", 200),
        ("rendition?id={id}&prid=100Wx100H", 200),
        ("rendition?id={id}&wd=99999", 400),
        ("rendition?id={id}&format=bmp", 400),
        ("rendition?id=unknown", 404),
    ],
)
def test_every_public_address_form_answers(sandbox: CoreDamSandbox, path: str, status: int) -> None:
    """All of them are in public use."""
    banner = opened(sandbox, "spring-banner.png")

    answer = request(sandbox, "GET", f"http://media.test/adaptivemedia/{path.format(id=banner.original_asset_id)}")

    assert answer.status_code == status


def test_folders_are_listed_with_their_counts(sandbox: CoreDamSandbox) -> None:
    """People look where they know things lie."""

    async def work(dam: CoreDamClient) -> tuple[list[str], list[str], list[str]]:
        root = (await dam.root_folders())[0]
        tops = await dam.sub_folders(root.folder_id)
        marketing = next(each for each in tops if each.name == "marketing")
        campaigns = (await dam.sub_folders(marketing.folder_id))[0]
        assert (await dam.folder(campaigns.folder_id)).asset_count == 5
        pages = [page async for page in dam.children(campaigns.folder_id, page_size=2)]
        assets = [asset.name for _, found in pages for asset in found]
        mixed = [page async for page in dam.children(root.folder_id)]
        return [each.name for each in tops], assets, [each.name for folders, _ in mixed for each in folders]

    tops, assets, mixed = ask(sandbox, work)
    assert tops == mixed == ["brand", "marketing", "service"]
    assert assets == ["old.png", "policy-cover.png", "spring-banner.png", "summer.png", "winter.png"]


def test_a_folder_is_made_and_filled(sandbox: CoreDamSandbox) -> None:
    """Other clients file assets; calls that the desk never makes must work too."""
    banner = opened(sandbox, "spring-banner.png")
    headers = session_headers(sandbox)
    made = request(
        sandbox,
        "POST",
        "/otmmapi/v6/folders/ARTESIA.PUBLIC.TREEN",
        headers=headers,
        json={"folder_resource": {"folder": {"name": "Autumn"}}},
    ).json()["folder_resource"]["folder"]

    selection = (
        '{"selection_context_param":{"selection_context":{'
        '"type":"com.artesia.asset.selection.AssetIdsSelectionContext","asset_ids":["%s","nothing"]}}}'
    )
    answer = request(
        sandbox,
        "PUT",
        f"/otmmapi/v6/folders/{made['asset_id']}/children",
        headers=headers,
        data={"type": "add", "selection_context": selection % banner.asset_id},
    ).json()["folder_operation_resource"]["folder_operation_result"]

    assert answer == {"valid_children": [banner.asset_id], "failed_children": ["nothing"]}
    parents = request(sandbox, "GET", f"/otmmapi/v6/assets/{banner.asset_id}/parents", headers=headers).json()
    assert "Autumn" in [folder["name"] for folder in parents["folders_resource"]["folder_list"]]


def test_vocabularies_and_policies_are_listed(sandbox: CoreDamSandbox) -> None:
    """Site-specific codes cannot be guessed."""

    async def work(dam: CoreDamClient) -> tuple[dict[str, str], list[str], int]:
        status = await dam.lookup_domain("PD.DOMAIN.STATUS")
        policies = await dam.security_policies()
        return (
            {value.code: value.label for value in status.values},
            [policy.name for policy in policies],
            len(await dam.lookup_domains()),
        )

    codes, policies, domains = ask(sandbox, work)
    assert codes["APPR"] == "Approved"
    assert policies == ["Administrators", "Marketing"]
    assert domains == 8


@pytest.mark.contract("core_dam 9.8")
def test_the_languages_of_one_thing_are_tied_together() -> None:
    """Who replaces the German banner must see the French one."""
    seeded = build(build_world(seed=1, clock=SandboxClock(), assets=0))
    keys = seeded.library.world.secrets["core_dam"]
    sign_in = password_session(username=keys["username"], password=keys["password"])

    async def work(dam: CoreDamClient) -> set[str]:
        (german,) = [
            asset
            for asset in (await dam.search_page(SearchQuery(keywords="heat and pump and banner"))).assets
            if asset.metadata and asset.metadata.text("PD.FIELD.LANGUAGE").startswith("de")
        ]
        linked = (await dam.asset(german.asset_id)).links
        others = await dam.assets([link.destination_id for link in linked])
        return {other.metadata.text("PD.FIELD.LANGUAGE")[:2] for other in others if other.metadata}

    assert ask(seeded, work, sign_in=sign_in) == {"ar", "en", "es", "fr"}
