"""Rights: what is set is asked for, by every call, in the vendor's own words."""

import asyncio

import pytest

from connectors.errors import ForbiddenError, NotFoundError
from connectors.extended_ecm import Bearer, ExtendedEcmClient, Node, NodeId, Permission, Reach, Right
from tests.connectors.sandbox.extended_ecm.conftest import Archive
from tests.connectors.sandbox.extended_ecm.places import folder_of, plain_document

READ = (Right.SEE, Right.SEE_CONTENTS)


async def only_mine(client: ExtendedEcmClient, node: NodeId, public: tuple[Right, ...]) -> None:
    """Nobody but the owner may do more than ``public``."""
    await client.set_standard_rights(node, Bearer.GROUP, ())
    await client.set_standard_rights(node, Bearer.PUBLIC, public)


async def closed_folder(client: ExtendedEcmClient, public: tuple[Right, ...] = ()) -> Node:
    folder = await client.create_folder((await folder_of(client, "HM-1")).id, "Closed")
    await only_mine(client, folder.id, public)
    return folder


def test_a_node_that_one_may_not_see_is_not_there(archive: Archive) -> None:
    """A refusal with another text would tell that something is hidden."""
    folder = archive.asked(closed_folder)

    with pytest.raises(NotFoundError):
        archive.asked(lambda client: client.node(folder.id), who="second")


def test_lists_and_searches_leave_out_what_one_may_not_see(archive: Archive) -> None:
    """A list with the name in it would tell what the node itself does not."""

    async def seen(client: ExtendedEcmClient) -> tuple[bool, bool, int]:
        names = [each.name async for each in client.children((await folder_of(client, "HM-1")).id)]
        hits = [each.name async for each in client.search('OTName:"Closed"')]
        return "Closed" in names, "Closed" in hits, len(await client.nodes([folder.id]))

    folder = archive.asked(closed_folder)

    assert archive.asked(seen, who="second") == (False, False, 0)
    assert archive.asked(seen) == (True, True, 1)


@pytest.mark.contract("extended_ecm 2.b8")
@pytest.mark.parametrize("change", ["delete", "rename", "upload", "list", "category", "permissions"])
def test_a_missing_right_is_refused_as_such(archive: Archive, change: str) -> None:
    """An outbox that takes it for a bad request asks a person to mend what is not broken."""
    folder = archive.asked(lambda client: closed_folder(client, (Right.SEE,)))

    async def act(client: ExtendedEcmClient) -> None:
        match change:
            case "delete":
                await client.delete(folder.id)
            case "rename":
                await client.rename(folder.id, "Open")
            case "upload":
                await client.upload(folder.id, "a.pdf", content=b"a", media_type="application/pdf")
            case "list":
                _ = [each async for each in client.children(folder.id)]
            case "category":
                await client.remove_category(folder.id, 1)
            case _:
                await client.add_member_rights(folder.id, (await client.who_am_i()).id, tuple(Right))

    with pytest.raises(ForbiddenError):
        archive.asked(act, who="second")


def test_what_is_made_in_a_closed_folder_is_as_closed(archive: Archive) -> None:
    """A new letter in a closed folder would be open to everybody."""

    async def filed(client: ExtendedEcmClient) -> NodeId:
        folder = await closed_folder(client)
        document = await client.upload(folder.id, "a.pdf", content=b"a", media_type="application/pdf")
        return document.id

    document = archive.asked(filed)

    with pytest.raises(NotFoundError):
        archive.asked(lambda client: client.node(document), who="second")


def test_an_entry_of_ones_own_opens_what_is_closed(archive: Archive) -> None:
    """The desk could close a folder and never open it for one person."""

    async def open_for_anna(client: ExtendedEcmClient) -> NodeId:
        folder = await closed_folder(client)
        (anna,) = [each async for each in client.members("anna.berg")]
        await client.add_member_rights(folder.id, anna.id, READ, reach=Reach.ITEM_AND_BELOW)
        return folder.id

    folder = archive.asked(open_for_anna)

    assert archive.asked(lambda client: client.node(folder), who="second").name == "Closed"


def test_entries_are_listed_changed_and_dropped(any_archive: Archive) -> None:
    """What was set must be seen, or nobody can take it back."""

    async def act(client: ExtendedEcmClient) -> list[list[Permission]]:
        document = await plain_document(client)
        (anna,) = [each async for each in client.members("anna.berg")]
        states = []
        for step in (
            client.set_rights_of_members(document.id, [(anna.id, READ)]),
            client.change_member_rights(document.id, anna.id, ()),
            client.drop_member_rights(document.id, anna.id),
        ):
            await step
            entries = [each async for each in client.permissions(document.id)]
            states.append([each for each in entries if each.bearer is Bearer.CUSTOM])
        return states

    states = any_archive.asked(act)

    assert [[each.rights for each in state] for state in states] == [[frozenset(READ)], [frozenset()], []]


def test_effective_rights_add_up_whatever_they_come_from(archive: Archive) -> None:
    """A person who may do something through a group would be told that they may not."""

    async def act(client: ExtendedEcmClient) -> frozenset[Right]:
        document = await plain_document(client)
        await only_mine(client, document.id, READ)
        (anna,) = [each async for each in client.members("anna.berg")]
        groups = [each async for each in client.members("records manager", kind=1)]
        await client.add_member_rights(document.id, groups[0].id, (Right.DELETE,))
        return await client.effective_rights(document.id, anna.id)

    assert archive.asked(act) == {*READ, Right.DELETE}


def test_actions_are_those_that_ones_rights_allow(archive: Archive) -> None:
    """The desk would draw a button that is always refused."""
    folder = archive.asked(lambda client: closed_folder(client, READ))

    async def act(client: ExtendedEcmClient) -> frozenset[str]:
        return (await client.allowed([folder.id], ["open", "delete", "rename", "permissions"]))[folder.id]

    assert archive.asked(act, who="second") == {"open"}
    assert archive.asked(act) == {"open", "delete", "rename", "permissions"}


def test_a_document_takes_rights_for_itself_alone(archive: Archive) -> None:
    """The vendor refuses any other reach on a document (CONFIRMED)."""

    async def act() -> int:
        async with archive.bare() as http:
            reply = await http.post("v2/search", data={"where": "OTSubType:144", "limit": "1"})
            document = reply.json()["results"][0]["data"]["properties"]["id"]
            body = '{"permissions": ["see"], "apply_to": 2}'
            return (await http.put(f"v2/nodes/{document}/permissions/public", data={"body": body})).status_code

    assert asyncio.run(act()) == 400


def test_a_missing_right_on_a_rendition_is_a_401_that_ends_no_session(archive: Archive) -> None:
    """The desk would sign in again for ever, and then say that the password is wrong."""

    async def closed_document(client: ExtendedEcmClient) -> NodeId:
        document = await plain_document(client)
        await only_mine(client, document.id, READ)
        return document.id

    document = archive.asked(closed_document)

    async def act(client: ExtendedEcmClient) -> None:
        await client.add_rendition(document, "pdf", "a.pdf", content=b"%PDF", media_type="application/pdf")

    with pytest.raises(ForbiddenError):
        archive.asked(act, who="second")
