"""The desk's own client on the archive: what people do with it all day."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from hashlib import sha256

import pytest

from connectors.errors import ConflictError, InvalidError, NotFoundError
from connectors.extended_ecm import (
    BusinessObject,
    ExtendedEcmClient,
    NameTakenError,
    Node,
    NodeId,
    NodeType,
    documents_like,
)
from connectors.sandbox.extended_ecm import (
    BO_TYPE,
    CUSTOMER_CATEGORY,
    CUSTOMER_TYPE_NAME,
    DOCUMENT_CATEGORY,
    EXT_SYSTEM_ID,
)
from tests.connectors.sandbox.extended_ecm.conftest import Archive
from tests.connectors.sandbox.extended_ecm.places import document_form, folder_of, workspace_of

LETTER = b"%PDF-1.7 a letter"
FILLED: Mapping[str, str] = {
    "Account": "HM-1",
    "Document date": "2026-05-12T00:00:00",
    "Document type": "Letter",
    "Channel": "print",
}


async def file_letter(client: ExtendedEcmClient, folder: NodeId, name: str = "Letter.pdf") -> Node:
    form = await document_form(client, folder)
    return await client.upload(
        folder,
        name,
        content=LETTER,
        media_type="application/pdf",
        category_values=form.keyed(FILLED, system=EXT_SYSTEM_ID),
    )


# Finding


def test_a_workspace_is_found_by_its_business_object(archive: Archive) -> None:
    """Filing would ask a person for what the customer's number already says."""

    async def act() -> Node:
        async with archive.client() as client:
            return await workspace_of(client, "HM-2")

    found = asyncio.run(act())

    assert (found.name, found.kind) == ("Caron· Frères (HM-2)", NodeType.WORKSPACE)


def test_a_business_object_without_a_workspace_is_none(archive: Archive) -> None:
    """A missing workspace must not look like a failure."""

    async def act() -> Node | None:
        async with archive.client() as client:
            return await client.find_workspace(
                BusinessObject(ext_system_id=EXT_SYSTEM_ID, bo_type=BO_TYPE, bo_id="HM-9")
            )

    assert asyncio.run(act()) is None


@pytest.mark.parametrize("name", ["contains_marchetti", "startswith_Helena", "Helena Marchetti (HM-3)"])
def test_a_workspace_is_found_by_its_name(archive: Archive, name: str) -> None:
    """People type names, in part or whole."""

    async def act() -> list[str]:
        async with archive.client() as client:
            (kind,) = await client.workspace_types()
            assert kind.wksp_type_name == CUSTOMER_TYPE_NAME
            return [each.name async for each in client.workspaces(type_id=kind.wksp_type_id, name=name)]

    assert asyncio.run(act()) == ["Helena Marchetti (HM-3)"]


@pytest.mark.contract("extended_ecm 1.b4")
def test_a_workspace_says_what_it_stands_for(archive: Archive) -> None:
    """The desk could not go from a folder back to its customer."""

    async def act() -> tuple[str, ...]:
        async with archive.client() as client:
            workspace = await client.workspace((await workspace_of(client, "HM-1")).id)
            return tuple(each.bo_id for each in workspace.references)

    assert asyncio.run(act()) == ("HM-1",)


@pytest.mark.contract("extended_ecm 1.b10")
def test_folders_are_read_to_their_last_page(archive: Archive) -> None:
    """A long folder would end at its first page without a word."""

    async def act() -> tuple[list[str], int]:
        async with archive.client(page_size=2) as client:
            folder = await folder_of(client, "HM-1")
            names = [each.name async for each in client.children(folder.id)]
            pages = [each for each in archive.exchanges if each.call == "folder" and "page=2" in each.address]
            return names, len(pages)

    names, second_pages = asyncio.run(act())

    assert names == [
        "2026-05-09 Renewal notice com-2.pdf",
        "2026-05-09 Renewal notice.pdf",
        "2026-05-09 Renewal notice.txt",
    ]
    assert second_pages >= 1


def test_a_name_is_found_exactly_among_those_that_contain_it(archive: Archive) -> None:
    """The server matches parts of names; a version would land on the wrong document."""

    async def act() -> tuple[Node | None, Node | None]:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            return (
                await client.find_child(folder.id, "2026-05-09 Renewal notice.pdf"),
                await client.find_child(folder.id, "Renewal"),
            )

    exact, part = asyncio.run(act())

    assert exact is not None
    assert part is None


def test_search_finds_a_document_by_a_value_of_its_category(archive: Archive) -> None:
    """Support staff search by what is on the letter, not by its file name."""

    async def act() -> list[str]:
        async with archive.client() as client:
            return [each.name async for each in client.search(documents_like("com-4"))]

    assert asyncio.run(act()) == ["2026-05-09 Claim· settled.html"]


# Archived communications


def test_a_size_that_is_listed_is_the_size_that_arrives(archive: Archive) -> None:
    """A size that disagrees with the bytes would fail every read-back."""

    async def act() -> tuple[int | None, int]:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            first = (await client.children_page(folder.id)).items[0]
            return first.size, len((await client.content(first.id)).data)

    listed, arrived = asyncio.run(act())

    assert listed == arrived


def test_an_archived_document_is_composed_once(archive: Archive) -> None:
    """Each look would cost a composition."""

    async def act() -> None:
        async with archive.client() as client:
            document = await anext(client.search(documents_like("com-1")))
            await asyncio.gather(*(client.content(document.id) for _ in range(4)))

    asyncio.run(act())

    assert archive.composed == ["com-1"]


def test_the_archived_hash_is_the_hash_of_the_bytes(archive: Archive) -> None:
    """The daily comparison of archive and sender stands on this value."""

    async def act() -> tuple[object, str]:
        async with archive.client() as client:
            document = await anext(client.search(documents_like("com-3")))
            (category,) = await client.categories(document.id)
            return category.named["Hash"], (await client.content(document.id)).sha256

    said, found = asyncio.run(act())

    assert said == found


# Filing


@pytest.mark.contract("extended_ecm 5.b2", "extended_ecm 5.b4")
def test_what_was_filed_reads_back_equal(archive: Archive) -> None:
    """The receipt would promise what nobody checked."""

    async def act() -> tuple[str, object, int | None]:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            filed = await file_letter(client, folder.id)
            (category,) = await client.categories(filed.id)
            return (await client.content(filed.id)).sha256, category.named["Document type"], filed.size

    found, kind, size = asyncio.run(act())

    assert (found, kind, size) == (sha256(LETTER).hexdigest(), "Letter", len(LETTER))


def test_a_taken_name_is_an_error_of_its_own(archive: Archive) -> None:
    """The person must be offered a version, another name or nothing; a plain refusal hides the choice."""

    async def act() -> None:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            await file_letter(client, folder.id)
            await file_letter(client, folder.id)

    with pytest.raises(NameTakenError):
        asyncio.run(act())


def test_taken_names_are_told_before_the_upload(archive: Archive) -> None:
    """An upload of minutes would end in a refusal that was known at its start."""

    async def act() -> list[tuple[str, bool]]:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            await file_letter(client, folder.id)
            taken = await client.taken_names(folder.id, ["letter.PDF", "free.pdf"])
            return [(each.name, each.versioned) for each in taken]

    assert asyncio.run(act()) == [("Letter.pdf", True)]


@pytest.mark.parametrize(
    "wrong",
    [{"Document type": "Poem"}, {"Account": ""}, {"Account": "x" * 21}],
    ids=["not a valid value", "required", "too long"],
)
def test_the_server_leaves_nothing_behind_when_it_refuses_values(archive: Archive, wrong: Mapping[str, str]) -> None:
    """Half-filed documents lie in the archive without their metadata."""

    async def act() -> tuple[str, list[str]]:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            form = await document_form(client, folder.id)
            keys = {each.title: each.key for each in form.fields}
            values = {keys[name]: value for name, value in {**FILLED, **wrong}.items()}
            try:
                await client.upload(
                    folder.id, "Letter.pdf", content=LETTER, media_type="application/pdf", category_values=values
                )
            except InvalidError as error:
                names = [each.name async for each in client.children(folder.id)]
                return error.detail, names
            return "accepted", []

    detail, names = asyncio.run(act())

    assert next(iter(wrong)) in detail
    assert "Letter.pdf" not in names


def test_the_form_complains_about_each_name_before_anything_is_sent(archive: Archive) -> None:
    """The person would learn of one wrong field per upload."""

    async def act() -> Mapping[str, str]:
        async with archive.client() as client:
            form = await document_form(client, (await folder_of(client, "HM-1")).id)
            try:
                form.keyed({"Account": "x" * 30, "Document type": "Poem", "Mood": "blue"}, system="here")
            except InvalidError as error:
                return error.fields
            return {}

    assert set(asyncio.run(act())) == {"Account", "Document type", "Document date", "Mood"}


def test_versions_are_kept_and_each_can_be_fetched(archive: Archive) -> None:
    """The first letter would be lost when a corrected one is filed."""

    async def act() -> tuple[list[int], bytes, bytes]:
        async with archive.client() as client:
            filed = await file_letter(client, (await folder_of(client, "HM-1")).id)
            newest = await client.add_version(filed.id, "Letter.pdf", content=b"two", media_type="application/pdf")
            numbers = [each.version_number async for each in client.versions(filed.id)]
            assert newest.version_number == numbers[-1]
            return numbers, (await client.content(filed.id, version=1)).data, (await client.content(filed.id)).data

    assert asyncio.run(act()) == ([1, 2], LETTER, b"two")


def test_a_file_name_survives_in_any_script(archive: Archive) -> None:
    """Customers are not called in ASCII."""

    async def act() -> str:
        async with archive.client() as client:
            filed = await file_letter(client, (await folder_of(client, "HM-1")).id, "إشعار Kovač ñ.pdf")
            return (await client.content(filed.id)).file_name

    assert asyncio.run(act()) == "إشعار Kovač ñ.pdf"


# Categories


def test_values_are_changed_and_read_back(archive: Archive) -> None:
    """A corrected account number would exist on the screen alone."""

    async def act() -> object:
        async with archive.client() as client:
            filed = await file_letter(client, (await folder_of(client, "HM-1")).id)
            (category,) = await client.categories(filed.id)
            form = await client.form_for_update(filed.id, category.id)
            key = next(each.key for each in form.fields if each.title == "Deal id")
            await client.update_category(filed.id, category.id, {key: "C-88120"}, token=form.token)
            return (await client.category(filed.id, category.id)).named["Deal id"]

    assert asyncio.run(act()) == "C-88120"


@pytest.mark.contract("extended_ecm 5.8", "extended_ecm 11.9")
def test_a_change_in_between_is_a_conflict(archive: Archive) -> None:
    """Somebody else's correction would be overwritten unseen."""

    async def act() -> None:
        async with archive.client() as client:
            filed = await file_letter(client, (await folder_of(client, "HM-1")).id)
            (category,) = await client.categories(filed.id)
            form = await client.form_for_update(filed.id, category.id)
            key = next(each.key for each in form.fields if each.title == "Deal id")
            await client.update_category(filed.id, category.id, {key: "theirs"})
            await client.update_category(filed.id, category.id, {key: "ours"}, token=form.token)

    with pytest.raises(ConflictError):
        asyncio.run(act())


@pytest.mark.contract("extended_ecm 5.b8", "extended_ecm 5.b5")
def test_a_list_can_bring_the_categories_of_its_items(archive: Archive) -> None:
    """Reading sixty customers would cost sixty calls."""

    async def act() -> tuple[list[object], int]:
        async with archive.client(page_size=2) as client:
            found = [
                category.named["Customer number"]
                async for each in client.workspaces_with_categories()
                if (category := each.category(CUSTOMER_CATEGORY)) is not None
            ]
            return found, len([each for each in archive.exchanges if each.call == "workspaces"])

    assert asyncio.run(act()) == (["HM-2", "HM-3", "HM-1"], 2)


def test_a_folder_can_bring_the_categories_of_its_documents(archive: Archive) -> None:
    """The hash of each document would cost a call of its own."""

    async def act() -> bool:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-1")
            async for each in client.children_with_categories(folder.id):
                category = each.category(DOCUMENT_CATEGORY)
                assert category is not None
                assert category.named["Hash"] == (await client.content(each.node.id)).sha256
            return True

    assert asyncio.run(act())


@pytest.mark.contract("extended_ecm 5.3")
def test_rows_of_a_set_are_read_with_their_numbers(archive: Archive) -> None:
    """Contacts of a customer would fall into one."""

    async def act() -> list[object]:
        async with archive.client() as client:
            workspace = await workspace_of(client, "HM-1")
            (category,) = await client.categories(workspace.id)
            assert category.name == CUSTOMER_CATEGORY
            return [value for key, value in category.values.items() if key.startswith(f"{category.id}_6_1_")]

    assert asyncio.run(act()) == ["Mail", "hm-1@example.org"]


# Workspaces, people, records


def test_a_new_workspace_has_the_folders_of_its_template(archive: Archive) -> None:
    """A new customer would have nowhere to file to."""

    async def act() -> tuple[list[str], bool]:
        async with archive.client() as client:
            (kind,) = await client.workspace_types()
            category = next(each for each in await client.all_categories() if each.name == CUSTOMER_CATEGORY)
            reference = BusinessObject(ext_system_id=EXT_SYSTEM_ID, bo_type=BO_TYPE, bo_id="HM-4")
            made = await client.create_workspace(
                template_id=kind.templates[0].id,
                type_id=kind.wksp_type_id,
                name="New (HM-4)",
                reference=reference,
                category_values={category.id: {f"{category.id}_2": "HM-4"}},
            )
            found = await client.find_workspace(reference)
            return [each.name async for each in client.children(made)], found is not None and found.id == made

    folders, found = asyncio.run(act())

    assert folders == ["Claims", "Home and motor", "Incoming mail"]
    assert found


def test_a_document_knows_its_workspace(archive: Archive) -> None:
    """A hit of a search could not be shown with its customer."""

    async def act() -> bool:
        async with archive.client() as client:
            document = await anext(client.search(documents_like("com-4")))
            return await client.workspace_around(document.id) == (await workspace_of(client, "HM-3")).id

    assert asyncio.run(act())


@pytest.mark.contract("extended_ecm 9.b2")
def test_an_inherited_hold_is_shown_and_cannot_be_lifted_below(archive: Archive) -> None:
    """A button that the server refuses would be offered, or the hold not seen at all."""

    async def act() -> list[tuple[str, bool]]:
        async with archive.client() as client:
            folder = await folder_of(client, "HM-3", "Claims")
            document = (await client.children_page(folder.id)).items[0]
            return [(each.hold_name, each.removable) for each in await client.holds_on(document.id)]

    assert ("Marchetti v. Harbour", False) in asyncio.run(act())


@pytest.mark.contract("extended_ecm 9.b5")
def test_a_held_document_cannot_be_deleted_until_the_hold_is_lifted(archive: Archive) -> None:
    """Evidence would be gone."""

    async def act() -> bool:
        async with archive.client() as client:
            filed = await file_letter(client, (await folder_of(client, "HM-2")).id)
            hold = await anext(client.holds())
            await client.apply_hold(filed.id, hold.id)
            with pytest.raises(InvalidError):
                await client.delete(filed.id)
            await client.lift_hold(filed.id, hold.id)
            await client.delete(filed.id)
            with pytest.raises(NotFoundError):
                await client.node(filed.id)
            return True

    assert asyncio.run(act())


def test_retention_ends_when_the_schedule_says(archive: Archive) -> None:
    """The desk would promise a date of its own."""

    async def act() -> tuple[str, str]:
        async with archive.client() as client:
            document = await anext(client.search(documents_like("com-4")))
            details = await client.record_details(document.id)
            assert details is not None
            (stage,) = await client.retention(document.id, details.rsi)
            assert stage.ends_at is not None
            return details.rsi, stage.ends_at.date().isoformat()

    assert asyncio.run(act()) == ("CLM-10", "2036-05-09")


@pytest.mark.contract("extended_ecm 13.3")
def test_history_tells_who_did_what(archive: Archive) -> None:
    """An audit could not be answered."""

    async def act() -> list[str]:
        async with archive.client() as client:
            filed = await file_letter(client, (await folder_of(client, "HM-2")).id)
            await client.rename(filed.id, "Renamed.pdf")
            return [each.audit_name async for each in client.history(filed.id)]

    assert asyncio.run(act()) == ["Rename", "Create"]


# What is left of the day


@pytest.mark.contract("extended_ecm 1.b8", "extended_ecm 13.14")
def test_times_come_in_either_form_and_mean_the_same(archive: Archive) -> None:
    """Workspaces bring bare times and nodes marked ones (contract 1)."""

    async def act(client: ExtendedEcmClient) -> tuple[bool, bool]:
        workspace = await workspace_of(client, "HM-1")
        node = await client.node(workspace.id)
        return workspace.create_date == node.create_date, node.size == 3

    assert archive.asked(act) == (True, True)


def test_the_server_is_greeted_and_left(archive: Archive) -> None:
    """A session that nobody ends stays open until it ages."""

    async def act(client: ExtendedEcmClient) -> tuple[str, str, bool]:
        await client.ping()
        version, who = (await client.server_info()).version, (await client.who_am_i()).name
        await client.sign_out()
        return version, who, (await client.who_am_i()).name == who

    assert archive.asked(act) == ("25.4", "mira.kovac", True)


def test_the_way_down_to_a_document_is_told(archive: Archive) -> None:
    """People ask where a document lies."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        return [each.name for each in await client.ancestors((await folder_of(client, "HM-1")).id)]

    assert archive.asked(act) == ["Enterprise", "Customers", "Inès Caron (HM-1)", "Home and motor"]


def test_a_category_is_given_and_taken(any_archive: Archive) -> None:
    """A document filed under the wrong form could not be mended."""

    async def act(client: ExtendedEcmClient) -> list[list[str]]:
        folder = await folder_of(client, "HM-1")
        (delivery,) = [each for each in await client.all_categories() if each.name == "Delivery"]
        seen = []
        await client.apply_category(folder.id, delivery.id, {f"{delivery.id}_2": "sent"})
        seen.append([each.name for each in await client.categories(folder.id)])
        await client.remove_category(folder.id, delivery.id)
        seen.append([each.name for each in await client.categories(folder.id)])
        return seen

    assert any_archive.asked(act) == [["Delivery"], []]


async def folder_of_boxes(client: ExtendedEcmClient) -> NodeId:
    folder = await folder_of(client, "HM-3")
    for number in range(30):
        await client.create_folder(folder.id, f"Box {number:02d}")
    return folder.id


def test_a_list_that_is_read_ahead_stays_in_order(archive: Archive) -> None:
    """Fifty thousand documents, one answer after the other, would take the whole morning."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        folder = await folder_of_boxes(client)
        async with archive.client(page_size=3) as reader:
            return [each.name async for each in reader.children(folder)]

    assert archive.asked(act) == [f"Box {number:02d}" for number in range(30)]


def test_a_list_that_is_left_is_not_read_to_its_end(archive: Archive) -> None:
    """Whoever finds a name on the second page has no use for the hundredth."""

    async def act(client: ExtendedEcmClient) -> int:
        folder = await folder_of_boxes(client)
        async with archive.client(page_size=1) as reader:
            await reader.find_child(folder, "Box 02")
            archive.exchanges.clear()
            async with aclosing(reader.children(folder)) as boxes:
                _ = [await anext(boxes) for _ in range(3)]
        return len([each for each in archive.exchanges if each.call == "folder"])

    assert archive.asked(act) < 10
