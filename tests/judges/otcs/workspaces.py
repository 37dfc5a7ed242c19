"""Workspaces: types, templates, forms, roles, members, relations, references."""

from tests.judges.ledger import Ledger
from tests.judges.otcs.place import Place

KIND, SYSTEM, OBJECT = "Customer", "CRM", "account"


def try_types(place: Place, ledger: Ledger) -> None:
    """What kinds of workspaces there are."""
    otcs = place.otcs
    with ledger.call("workspace types"):
        types = otcs.get_workspace_types()
        place.ids["type"] = place.value(types, "wksp_type_id")
        place.ids["template"] = place.value(types, "templates")[0]["id"]
    with ledger.call("workspace types one by one"):
        assert len(list(otcs.get_workspace_types_iterator())) == 1
    with ledger.call("a type by number"):
        assert otcs.get_workspace_type(place.ids["type"])["workspace_type"] == KIND
    with ledger.call("a type by name"):
        assert otcs.get_workspace_type_by_name(KIND)
    with ledger.call("the name of a type"):
        assert otcs.get_workspace_type_name(place.ids["type"]) == KIND
    with ledger.call("where a type makes its workspaces"):
        assert otcs.get_workspace_type_location(KIND)
    with ledger.call("templates of a type"):
        assert otcs.get_workspace_templates(type_name=KIND)


def try_finding(place: Place, ledger: Ledger) -> None:
    """From all workspaces to one customer's."""
    otcs = place.otcs
    with ledger.call("one page of workspaces"):
        page = otcs.get_workspace_instances(type_name=KIND, limit=10, page=2)
        assert len(page["results"]) == 10
        place.workspace, place.workspace_name = place.value(page, "id"), place.value(page, "name")
    with ledger.call("workspaces to the end"):
        assert len(list(otcs.get_workspace_instances_iterator(type_name=KIND, page_size=25))) >= 60
    with ledger.call("a workspace by name"):
        found = otcs.get_workspace_by_type_and_name(KIND, name=place.workspace_name)
        assert place.value(found, "id") == place.workspace
    with ledger.call("one workspace"):
        assert place.value(otcs.get_workspace(place.workspace), "id") == place.workspace
    with ledger.call("what a workspace stands for"):
        place.customer = otcs.get_workspace_references(place.workspace)[0]["bo_id"]
    with ledger.call("a workspace by its business object"):
        found = otcs.get_workspace_by_business_object(SYSTEM, OBJECT, place.customer)
        assert place.value(found, "id") == place.workspace
    with ledger.call("no workspace for an unknown object"):
        none = otcs.get_workspace_by_business_object(SYSTEM, OBJECT, "nobody", show_error=False)
        assert not none or not none.get("results")
    with ledger.call("folders of a workspace"):
        folders = otcs.get_subnodes(place.workspace)
        place.folder = place.value(folders, "id")
    with ledger.call("a folder by its path in a workspace"):
        name = place.value(folders, "name")
        assert place.value(otcs.get_node_by_workspace_and_path(place.workspace, [name]), "id") == place.folder
    with ledger.call("the workspace around a folder"):
        assert otcs.get_workspace_by_child_node(place.folder)["id"] == place.workspace
    with ledger.call("leading systems"):
        assert otcs.get_external_system_connections()
    with ledger.call("one leading system"):
        assert otcs.get_external_system_connection(SYSTEM)
    with ledger.call("workspaces by a value"):
        found = otcs.lookup_workspaces(KIND, "Customer", "Customer number", "HM-331407")
        assert found
        assert place.value(found, "id")
    with ledger.call("a workspace that is none"):
        place.refused(otcs.get_workspace(987_654_321), "404")


def try_teams(place: Place, ledger: Ledger) -> None:
    """Roles and who has them."""
    otcs, workspace, anna = place.otcs, place.workspace, place.ids["anna"]
    with ledger.call("roles of a workspace"):
        roles = otcs.get_workspace_roles(workspace)
        assert len(roles["results"]) == 3
        reader = place.value(roles, "id", 2)
    with ledger.call("members of a role"):
        assert otcs.get_workspace_members(workspace, reader)["results"] == []
    with ledger.call("give somebody a role"):
        assert otcs.add_workspace_member(workspace, reader, anna) is not None
        assert place.value(otcs.get_workspace_members(workspace, reader), "id") == anna
    with ledger.call("give it twice"):
        assert otcs.add_workspace_member(workspace, reader, anna, show_warning=False) is not None
    with ledger.call("take it away"):
        assert otcs.remove_workspace_member(workspace, reader, anna) is not None
    with ledger.call("take it from everybody"):
        assert otcs.remove_workspace_members(workspace, reader) is not None
    with ledger.call("what a role may do"):
        assert otcs.assign_workspace_permissions(workspace, reader, ["see", "see_contents"], 2) is not None


def try_making(place: Place, ledger: Ledger) -> None:
    """A workspace of our own, related and bound."""
    otcs = place.otcs
    category = otcs.get_node_category_ids(place.workspace)[0]
    values = {str(category): {f"{category}_2": "J-1"}}
    with ledger.call("form for a new workspace"):
        assert len(otcs.get_workspace_create_form(place.ids["template"])["forms"]) == 2
    with ledger.call("a new workspace"):
        made = otcs.create_workspace(
            place.ids["template"],
            "Judge's customer",
            "made by the judge",
            place.ids["type"],
            category_data=values,
            external_system_id=SYSTEM,
            bo_type=OBJECT,
            bo_id="J-1",
            parent_id=place.ids["customers"],
        )
        own = place.ids["made"] = place.value(made, "id")
        assert own
    with ledger.call("a second one for the same object"):
        place.refused(
            otcs.create_workspace(
                place.ids["template"],
                "Another",
                "",
                place.ids["type"],
                category_data=values,
                external_system_id=SYSTEM,
                bo_type=OBJECT,
                bo_id="J-1",
            ),
            "already exists",
        )
    with ledger.call("change a workspace"):
        changed = otcs.update_workspace(
            own,
            workspace_name="Judge's client",
            workspace_description="n",
            category_data={str(category): {f"{category}_3": "J"}},
        )
        assert changed is not None
        assert place.value(otcs.get_node(own), "name") == "Judge's client"
    with ledger.call("relate workspaces"):
        assert otcs.create_workspace_relationship(place.workspace, own) is not None
    with ledger.call("related workspaces"):
        assert place.value(otcs.get_workspace_relationships(place.workspace), "id") == own
    with ledger.call("related workspaces to the end"):
        assert len(list(otcs.get_workspace_relationships_iterator(place.workspace))) == 1
    with ledger.call("no longer related"):
        assert otcs.delete_workspace_relationship(place.workspace, own) is not None
    with ledger.call("bind to another object"):
        assert otcs.set_workspace_reference(own, SYSTEM, OBJECT, "J-2") is not None
        assert otcs.get_workspace_references(own)[0]["bo_id"] == "J-2"
    with ledger.call("bind to nothing"):
        assert otcs.delete_workspace_reference(own, SYSTEM, OBJECT, "J-2") is not None
    with ledger.call("bind again"):
        assert otcs.set_workspace_reference(own, SYSTEM, OBJECT, "J-3") is not None
    ledger.hand("workspace", own)
