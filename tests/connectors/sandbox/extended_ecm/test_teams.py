"""Workspaces beyond finding them: made many at once, bound, related, and the people in them."""

import pytest

from connectors.errors import ForbiddenError, InvalidError, NotFoundError
from connectors.extended_ecm import (
    ExtendedEcmClient,
    MadeWorkspace,
    NodeId,
    Right,
    WorkspaceType,
    WorkspaceWish,
)
from connectors.sandbox.extended_ecm import CUSTOMER_CATEGORY, CUSTOMER_TYPE_NAME
from tests.connectors.sandbox.extended_ecm.conftest import Archive
from tests.connectors.sandbox.extended_ecm.places import customer_object, workspace_of


async def customer_type(client: ExtendedEcmClient) -> WorkspaceType:
    (kind,) = await client.workspace_types()
    return kind


async def wish_for(
    client: ExtendedEcmClient, name: str, number: str, *, team_from: NodeId | None = None
) -> WorkspaceWish:
    kind = await customer_type(client)
    (form,) = await client.form_for_new_workspace(kind.templates[0].id)
    return WorkspaceWish(
        template_id=kind.templates[0].id,
        type_id=kind.wksp_type_id,
        name=name,
        reference=customer_object(number),
        category_values={form.category_id: form.keyed({"Customer number": number}, system="test")},
        team_from=team_from,
    )


def test_many_workspaces_have_an_outcome_each(any_archive: Archive) -> None:
    """A 200 with errors inside would be read as success for all (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> tuple[MadeWorkspace, ...]:
        good = await wish_for(client, "Customer 4711", "4711")
        bad = WorkspaceWish(template_id=good.template_id, type_id=good.type_id, name="")
        again = await wish_for(client, "Customer 4711 b", "4711")
        return await client.create_workspaces([good, bad, again])

    made, failed, updated = any_archive.asked(act)

    assert (made.error_message, made.id == updated.id) == ("", True)
    assert failed.error_message


def test_the_forms_before_and_after_are_those_of_the_categories(any_archive: Archive) -> None:
    """The desk fills a workspace by what its type asks for."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], object]:
        kind = await customer_type(client)
        assert await client.workspace_type_name(kind.wksp_type_id) == CUSTOMER_TYPE_NAME
        (fresh,) = await client.form_for_new_workspace(kind.templates[0].id)
        (filled,) = await client.form_of_workspace((await workspace_of(client, "HM-1")).id)
        return [each.title for each in fresh.fields][:2], filled.values[f"{filled.category_id}_2"]

    assert any_archive.asked(act) == (["Customer number", "Name"], "HM-1")


@pytest.mark.contract("extended_ecm 5.2", "extended_ecm 5.4", "extended_ecm 5.6")
def test_rows_of_a_set_are_filled_by_name(any_archive: Archive) -> None:
    """Each site numbers its attributes in its own way; a row under a wrong key is refused as a whole."""

    async def act(client: ExtendedEcmClient) -> tuple[object, object, object]:
        workspace = await workspace_of(client, "HM-1")
        (form,) = await client.form_of_workspace(workspace.id)
        rows = [{"Medium": "Mail", "Address": "a@example.org"}, {"Medium": "Post", "Address": "Quai 2"}]
        values = form.keyed(
            {"Customer number": "HM-1", "Contacts": rows, "Segments": ["home", None, "life"]}, system="t"
        )
        await client.update_category(workspace.id, form.category_id, values)
        await client.remove_set_row(workspace.id, form.category_id, 6, 1)
        now = (await client.category(workspace.id, form.category_id)).values
        head = form.category_id
        return now[f"{head}_6_1_7"], now.get(f"{head}_6_2_7"), now[f"{head}_5"]

    assert any_archive.asked(act) == ("Post", None, ["home", None, "life"])


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([{"Medium": "Pigeon"}], "Medium in row 1 must be one of: Mail, Mobile, Post"),
        ([{"Colour": "red"}], "has no Colour in row 1"),
        ([{}] * 6, "takes at most 5 rows"),
        ("Mail", "takes rows of named values"),
    ],
)
def test_a_wrong_row_is_complained_about_before_it_is_sent(archive: Archive, rows: object, complaint: str) -> None:
    """The server's refusal would name a number, and the person typed a name."""

    async def act(client: ExtendedEcmClient) -> None:
        (form,) = await client.form_of_workspace((await workspace_of(client, "HM-1")).id)
        form.keyed({"Customer number": "HM-1", "Contacts": rows}, system="t")

    with pytest.raises(InvalidError) as refused:
        archive.asked(act)

    assert refused.value.fields["Contacts"] == complaint


@pytest.mark.contract("extended_ecm 13.1")
def test_a_workspace_is_bound_to_one_object_at_a_time(any_archive: Archive) -> None:
    """Two workspaces for one customer would each hold half of the letters."""

    async def act(client: ExtendedEcmClient) -> tuple[str, bool]:
        workspace = await workspace_of(client, "HM-1")
        with pytest.raises(InvalidError):
            await client.bind_workspace(workspace.id, customer_object("HM-2"))
        await client.bind_workspace(workspace.id, customer_object("HM-77"))
        (reference,) = (await client.workspace(workspace.id)).references
        found = await client.workspace_for(customer_object("HM-77"))
        await client.unbind_workspace(workspace.id, customer_object("HM-77"))
        with pytest.raises(NotFoundError):
            await client.workspace_for(customer_object("HM-77"))
        return reference.bo_id, found.id == workspace.id

    assert any_archive.asked(act) == ("HM-77", True)


def test_related_workspaces_are_seen_from_both_sides(any_archive: Archive) -> None:
    """A company and its branches belong together, whichever one opens."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], list[str], int]:
        company, branch = await workspace_of(client, "HM-2"), await workspace_of(client, "HM-1")
        await client.relate_workspaces(company.id, branch.id)
        below = [each.name async for each in client.related_workspaces(company.id)]
        above = [each.name async for each in client.related_workspaces(branch.id, kind="parent")]
        await client.part_workspaces(company.id, branch.id)
        return below, above, len([each async for each in client.related_workspaces(company.id)])

    assert any_archive.asked(act) == (["Inès Caron (HM-1)"], ["Caron· Frères (HM-2)"], 0)


def test_people_get_and_lose_a_role(any_archive: Archive) -> None:
    """Somebody who has left the team would go on reading."""

    async def act(client: ExtendedEcmClient) -> list[list[str]]:
        workspace = await workspace_of(client, "HM-1")
        reader = next(each for each in await client.roles(workspace.id) if each.name == "Reader")
        (anna,) = [each async for each in client.members("anna.berg")]
        seen = []
        await client.add_role_member(workspace.id, reader.id, anna.id)
        for step in (None, client.drop_role_member(workspace.id, reader.id, anna.id)):
            if step is not None:
                await step
            team = {each.role.name: [one.name for one in each.members] async for each in client.team(workspace.id)}
            seen.append(team["Reader"])
        return seen

    assert any_archive.asked(act) == [["anna.berg"], []]


def test_a_role_of_ones_own_is_made_changed_and_dropped(archive: Archive) -> None:
    """A workspace with a guest needs a part that the template has not."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        workspace = (await workspace_of(client, "HM-1")).id
        role = await client.add_role(workspace, "Guest", (Right.SEE,), description="for a day")
        await client.rename_role(workspace, role.id, "Visitor")
        await client.set_role_rights(workspace, role.id, (Right.SEE, Right.SEE_CONTENTS))
        named = [each.name for each in await client.roles(workspace)]
        await client.drop_role(workspace, role.id)
        return [name for name in named if name not in [each.name for each in await client.roles(workspace)]]

    assert archive.asked(act) == ["Visitor"]


def test_a_template_shows_its_roles_and_a_new_workspace_takes_a_team_over(archive: Archive) -> None:
    """Every new workspace would begin with nobody in it."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], list[str]]:
        kind, old = await customer_type(client), await workspace_of(client, "HM-1")
        reader = next(each for each in await client.roles(old.id) if each.name == "Reader")
        (anna,) = [each async for each in client.members("anna.berg")]
        await client.add_role_member(old.id, reader.id, anna.id)
        (made,) = await client.create_workspaces([await wish_for(client, "New", "9", team_from=old.id)])
        team = {each.role.name: [one.name for one in each.members] async for each in client.team(made.id)}
        return [each.name for each in await client.roles(kind.templates[0].id)], team["Reader"]

    assert archive.asked(act) == (["Records manager", "Support", "Reader"], ["anna.berg"])


def test_members_of_a_group_are_read_to_the_end(archive: Archive) -> None:
    """Rights are given to groups, and people ask who is in them."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        (group,) = [each async for each in client.members("records manager", kind=1)]
        (one,) = [each async for each in client.group_members(group.id)]
        return [one.name, (await client.member(one.id)).name]

    assert archive.asked(act) == ["anna.berg", "anna.berg"]


def test_categories_are_handed_down_and_insist(archive: Archive) -> None:
    """A folder's category must reach what lies in it, and what comes into it."""

    async def act(client: ExtendedEcmClient) -> tuple[int, int, bool]:
        workspace = await workspace_of(client, "HM-1")
        (category,) = await client.categories(workspace.id)
        below = await anext(client.children(workspace.id))
        await client.apply_to_children(workspace.id, [category.id])
        handed = len(await client.categories(below.id))
        await client.set_inheritance(workspace.id, category.id, on=True)
        fresh = await client.create_folder(workspace.id, "Fresh")
        await client.set_inheritance(workspace.id, category.id, on=False)
        insisting = await client.enforcing([workspace.id, NodeId(2000)])
        return handed, len(await client.categories(fresh.id)), insisting == {workspace.id}

    assert archive.asked(act) == (1, 1, True)


def test_a_pick_list_is_asked_for_by_its_key(archive: Archive) -> None:
    """A value that is not in the list is refused after everything has been typed."""

    async def act(client: ExtendedEcmClient) -> tuple[str, ...]:
        workspace = await workspace_of(client, "HM-1")
        (category,) = [each for each in await client.categories(workspace.id) if each.name == CUSTOMER_CATEGORY]
        return await client.valid_values(workspace.id, f"{category.id}_6_1_7", given={f"{category.id}_2": "HM-1"})

    assert archive.asked(act) == ("Mail", "Mobile", "Post")


def test_a_category_that_is_new_to_a_node_has_its_form(archive: Archive) -> None:
    """Values of a second category could not be asked for."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        workspace = await workspace_of(client, "HM-1")
        (delivery,) = [each for each in await client.all_categories() if each.name == "Delivery"]
        form = await client.form_for_new(workspace.id, delivery.id)
        return [each.title for each in form.fields]

    assert archive.asked(act) == ["State", "Delivered on", "Tries", "Seen by customer"]


def test_a_team_is_not_changed_by_whoever_may_only_read(archive: Archive) -> None:
    """Anybody could give themselves a role."""

    async def close(client: ExtendedEcmClient) -> NodeId:
        workspace = await workspace_of(client, "HM-1")
        me = await client.who_am_i()
        async with archive.bare() as http:
            path = f"v2/nodes/{workspace.id}/permissions"
            await http.post(
                f"{path}/custom", data={"right_id": me.id, "permissions": [each.value for each in Right][:-1]}
            )
            await http.delete(f"{path}/group")
            await http.delete(f"{path}/owner")
        return workspace.id

    workspace = archive.asked(close)

    async def act(client: ExtendedEcmClient) -> None:
        await client.add_role(workspace, "Mine", tuple(Right)[:1])

    with pytest.raises(ForbiddenError):
        archive.asked(act, who="second")
