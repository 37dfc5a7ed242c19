"""Our client and folders, collections and whole selections."""

import pytest

from connectors.core_dam import (
    Asset,
    AssetId,
    BulkEdit,
    BulkResult,
    Collection,
    CoreDamClient,
    Descendants,
    FieldEdit,
    Folder,
    FolderAssets,
    FolderDraft,
    FolderId,
    FoundAssets,
    MetadataModel,
    NamedAssets,
    RowsEdit,
    SearchQuery,
    Selection,
    StateAction,
)
from connectors.errors import ConflictError, NotFoundError
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import World
from tests.connectors.sandbox.core_dam.driver import ask

TITLE = "PD.FIELD.TITLE"
NOWHERE = AssetId("0" * 40)


async def named(dam: CoreDamClient, name: str) -> Asset:
    page = await dam.search_page(SearchQuery(keywords=f'"{name}"'))
    return next(asset for asset in page.assets if asset.name == name)


async def folder_called(dam: CoreDamClient, *path: str) -> Folder:
    folder = (await dam.root_folders())[0]
    for name in path:
        folder = next(each for each in await dam.sub_folders(folder.folder_id) if each.name == name)
    return folder


def test_a_folder_is_made_filled_and_counted(sandbox: CoreDamSandbox) -> None:
    """An asset may lie in several folders; one that is not there is named."""

    async def work(dam: CoreDamClient) -> tuple[Folder, BulkResult, int | None, list[str]]:
        asset = await named(dam, "logo.svg")
        draft = FolderDraft(
            name="Autumn",
            metadata_model_id="PD.MARKETING.MODEL",
            fields=[FieldEdit(field_id=TITLE, text="Autumn")],
            security_policy_ids=["2"],
        )
        made = await dam.create_folder((await dam.root_folders())[0].folder_id, draft)
        result = await dam.add_to_folder(made.folder_id, [asset.asset_id, NOWHERE])
        page = await dam.folder_assets(made.folder_id)
        return (
            await dam.folder(made.folder_id),
            result,
            page.total,
            [folder.name for folder in await dam.folders_of(asset.asset_id)],
        )

    folder, result, total, homes = ask(sandbox, work)

    assert (folder.name, folder.asset_count, total) == ("Autumn", 1, 1)
    assert (len(result.succeeded), list(result.failed)) == (1, [NOWHERE])
    assert homes == ["brand", "Autumn"]


def test_a_folder_knows_the_one_above(sandbox: CoreDamSandbox) -> None:
    """The way up is how people leave a folder."""

    async def work(dam: CoreDamClient) -> tuple[list[str], list[str]]:
        root, below = (await dam.root_folders())[0], await folder_called(dam, "marketing", "campaigns")
        return (
            [each.name for each in await dam.folder_parents(below.folder_id)],
            [each.name for each in await dam.folder_parents(root.folder_id)],
        )

    assert ask(sandbox, work) == (["marketing"], [])


def test_a_folders_metadata_is_edited_under_its_lock(sandbox: CoreDamSandbox) -> None:
    """And the lock is given back, whatever becomes of the edit."""

    async def work(dam: CoreDamClient) -> FolderId:
        folder_id = (await folder_called(dam, "brand")).folder_id
        await dam.edit_folder(folder_id, [FieldEdit(field_id=TITLE, text="Our brand")])
        return folder_id

    folder = sandbox.library.folders.folder(ask(sandbox, work))

    assert (folder.fields[TITLE], folder.locked_by) == ("Our brand", "")


def test_a_folder_in_other_hands_is_left_alone(sandbox: CoreDamSandbox) -> None:
    """Writing into somebody's open form overwrites their work."""
    folder_id = ask(sandbox, lambda dam: folder_called(dam, "brand")).folder_id
    sandbox.library.folders.folder(folder_id).locked_by = "mira.k"

    with pytest.raises(ConflictError, match=r"mira\.k"):
        ask(sandbox, lambda dam: dam.edit_folder(folder_id, [FieldEdit(field_id=TITLE, text="x")]))


@pytest.mark.contract("core_dam 5.b4")
@pytest.mark.parametrize(("with_deleted", "expected"), [(True, 5), (False, 4)])
def test_children_come_page_by_page_with_or_without_the_deleted(
    sandbox: CoreDamSandbox, with_deleted: bool, expected: int
) -> None:
    """A grid that shows what was deleted gets it ordered again."""

    async def work(dam: CoreDamClient) -> list[str]:
        folder = await folder_called(dam, "marketing", "campaigns")
        pages = dam.children(folder.folder_id, page_size=2, with_deleted=with_deleted)
        return [asset.name async for _, assets in pages for asset in assets]

    names = ask(sandbox, work)

    assert len(names) == expected
    assert names == sorted(names)


def test_children_are_followed_when_the_server_caps_its_pages(world: World) -> None:
    """A page that is not full need not be the last."""
    capped = build(world, page_cap=2)

    async def work(dam: CoreDamClient) -> int:
        folder = await folder_called(dam, "marketing", "campaigns")
        return sum([len(assets) async for _, assets in dam.children(folder.folder_id, page_size=100)])

    assert ask(capped, work) == 5


def test_a_folders_assets_are_counted_beyond_the_page(sandbox: CoreDamSandbox) -> None:
    """The bar under the grid needs the whole number."""

    async def work(dam: CoreDamClient) -> tuple[int, int | None]:
        folder = await folder_called(dam, "marketing", "campaigns")
        page = await dam.folder_assets(folder.folder_id, after=1, limit=2)
        return len(page.assets), page.total

    assert ask(sandbox, work) == (2, 5)


def test_a_collection_is_made_filled_and_read(sandbox: CoreDamSandbox) -> None:
    """Designers gather pictures there before a campaign."""

    async def work(dam: CoreDamClient) -> tuple[tuple[Collection, ...], BulkResult, list[str]]:
        made = await dam.create_collection("Autumn")
        result = await dam.add_to_collection(made.collection_id, [(await named(dam, "logo.svg")).asset_id, NOWHERE])
        assets = await dam.collection_assets(made.collection_id)
        return await dam.collections(), result, [asset.name for asset in assets]

    collections, result, names = ask(sandbox, work)

    assert [(each.name, each.owner_name) for each in collections] == [("Autumn", "desk")]
    assert (names, list(result.failed)) == (["logo.svg"], [NOWHERE])


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (NamedAssets(asset_ids=[NOWHERE]), 0),
        (FoundAssets(keywords="hero"), 1),
        (FoundAssets(keywords="no-such-word"), 0),
    ],
)
def test_a_state_is_changed_for_a_selection(sandbox: CoreDamSandbox, selection: Selection, expected: int) -> None:
    """Some may fail while others succeed: the answer names both."""
    result = ask(sandbox, lambda dam: dam.change_state_of_many(selection, StateAction.LOCK))

    assert len(result.succeeded) == expected
    assert set(result.failed) == ({NOWHERE} if isinstance(selection, NamedAssets) else set())


@pytest.mark.parametrize(("descendants", "expected"), [(Descendants.IMMEDIATE, 0), (Descendants.ALL, 5)])
def test_a_folder_is_a_selection_as_deep_as_asked(
    sandbox: CoreDamSandbox, descendants: Descendants, expected: int
) -> None:
    """Everything in a campaign is subscribed to at once."""

    async def work(dam: CoreDamClient) -> int:
        folder = await folder_called(dam, "marketing")
        await dam.subscribe(FolderAssets(folder_id=folder.folder_id, descendants=descendants))
        recent = await dam.recent()
        return sum(asset.is_subscribed for asset in recent if asset.is_latest_version)

    assert ask(sandbox, work) == expected


def test_a_search_within_a_folder_is_a_selection(sandbox: CoreDamSandbox) -> None:
    """The words alone would reach into other people's folders."""

    async def work(dam: CoreDamClient) -> tuple[AssetId, ...]:
        brand = await folder_called(dam, "brand")
        selection = FoundAssets(keywords="*", folder_id=brand.folder_id, with_descendants=False)
        return (await dam.change_state_of_many(selection, StateAction.LOCK)).succeeded

    assert len(ask(sandbox, work)) == 1


@pytest.mark.contract("core_dam 10.b2")
def test_a_bulk_edit_sets_fields_and_adds_rows(sandbox: CoreDamSandbox) -> None:
    """Where an asset is used is a row that must not replace the others."""

    async def work(dam: CoreDamClient) -> list[str]:
        asset_id = (await named(dam, "logo.svg")).asset_id
        for place in ("letter-1", "letter-2"):
            edits: list[BulkEdit] = [
                FieldEdit(field_id=TITLE, text=place),
                RowsEdit(column_id="PD.COLUMN.USED_IN", texts=[place]),
            ]
            await dam.edit_metadata_of_many([asset_id], edits)
        metadata = (await dam.asset(asset_id)).metadata
        assert metadata is not None
        used = metadata.column("PD.TABLE.USAGE", "PD.COLUMN.USED_IN")
        return [metadata.text(TITLE), *(value.stored for value in used)]

    assert ask(sandbox, work) == ["letter-2", "letter-1", "letter-2"]


@pytest.mark.contract("core_dam 9.6", "core_dam 9.7", "core_dam 4.11")
def test_a_text_per_language_is_written_and_read(sandbox: CoreDamSandbox) -> None:
    """The plain value stays for whoever does not ask for languages."""
    edit = FieldEdit(field_id=TITLE, text="Harbour", by_language={"de_DE": "Hafen", "fr_FR": "Port"})

    async def work(dam: CoreDamClient) -> tuple[str, dict[str, str], int]:
        asset_id = (await named(dam, "logo.svg")).asset_id
        await dam.edit_metadata(asset_id, [edit])
        metadata = (await dam.asset(asset_id)).metadata
        found = await dam.search_page(SearchQuery(keywords="hafen", language="de_DE"))
        assert metadata is not None
        assert metadata.is_multilingual
        value = metadata.fields[TITLE]
        assert value is not None
        return value.stored, dict(value.by_language), found.total_hit_count

    assert ask(sandbox, work) == ("Harbour", {"de_DE": "Hafen", "fr_FR": "Port"}, 1)


@pytest.mark.contract("core_dam 9.2")
def test_the_models_fields_are_read_with_their_tables(sandbox: CoreDamSandbox) -> None:
    """A site that is not tuned to its field ids finds nothing."""

    async def work(dam: CoreDamClient) -> tuple[MetadataModel, MetadataModel]:
        (listed,) = await dam.metadata_models()
        return listed, await dam.metadata_model(listed.id)

    listed, alone = ask(sandbox, work)

    fields = {field.id: field for field in alone.fields}
    assert listed == alone
    assert (fields["PD.COLUMN.MARKET"].table_id, fields["PD.COLUMN.MARKET"].domain_id) == (
        "PD.TABLE.MARKETS",
        "PD.DOMAIN.MARKET",
    )
    assert (fields["PD.FIELD.EMBARGO UNTIL"].table_id, fields["PD.FIELD.EMBARGO UNTIL"].data_type) == ("", "DATE")


def test_an_unknown_model_is_not_found(sandbox: CoreDamSandbox) -> None:
    """A mistyped id must not look like an empty model."""
    with pytest.raises(NotFoundError):
        ask(sandbox, lambda dam: dam.metadata_model("NO.SUCH.MODEL"))
