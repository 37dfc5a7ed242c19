"""The tree: volumes, folders page by page, paths, nicknames, copies, the recycle bin, rights."""

from tests.judges.ledger import Ledger
from tests.judges.otcs.place import CATEGORIES, DOCUMENT, ENTERPRISE, FOLDER, SHORTCUT, URL, Place


def try_reading(place: Place, ledger: Ledger) -> None:
    """Down from the volumes to one customer's folder."""
    otcs = place.otcs
    with ledger.call("all volumes"):
        assert len(otcs.get_volumes()["results"]) >= 6
    with ledger.call("a volume by type"):
        assert place.value(otcs.get_volume(ENTERPRISE), "id") == 2000
    with ledger.call("one node"):
        assert place.value(otcs.get_node(2000), "name") == "Enterprise"
    with ledger.call("one node with metadata"):
        assert otcs.get_node(2000, fields=["properties{id,name}", "categories"], metadata=True)["results"]
    with ledger.call("several nodes"):
        assert len(otcs.get_nodes([2000, 2006])["results"]) == 2
    with ledger.call("a node by its path"):
        customers = otcs.get_node_by_volume_and_path(ENTERPRISE, ["Customers"])
        place.ids["customers"] = place.value(customers, "id")
    with ledger.call("one page of a folder"):
        assert len(otcs.get_subnodes(place.ids["customers"], limit=7, page=2)["results"]) == 7
    with ledger.call("a folder to its end"):
        assert len(list(otcs.get_subnodes_iterator(place.ids["customers"], page_size=25))) >= 60
    with ledger.call("a folder by part of a name"):
        assert otcs.get_subnodes(place.ids["customers"], filter_name="caron")["results"]
    with ledger.call("a folder by filters"):
        rows = list(otcs.get_nodes_by_parent_and_filters_iterator(place.ids["customers"], name="Caron", page_size=2))
        assert len(rows) >= 3, len(rows)
    with ledger.call("an exact name in a folder"):
        found = otcs.get_node_by_parent_and_name(2000, "Customers")
        assert place.value(found, "id") == place.ids["customers"]
    with ledger.call("ancestors"):
        line = otcs.get_node_ancestors(place.ids["customers"])["ancestors"]
        assert [each["id"] for each in line] == [2000, place.ids["customers"]]
    with ledger.call("categories by their path"):
        found = otcs.get_node_by_volume_and_path(CATEGORIES, ["Harbour Mutual", "Customer document"])
        place.category = place.value(found, "id")
        found = otcs.get_node_by_volume_and_path(CATEGORIES, ["Harbour Mutual", "Delivery"])
        place.ids["delivery"] = place.value(found, "id")
    with ledger.call("what may be done with it"):
        assert str(2000) in otcs.get_node_actions([2000], ["open", "delete"])["results"]
    with ledger.call("a node that is not there"):
        place.refused(otcs.get_node(987_654_321), "400")


def try_changing(place: Place, ledger: Ledger) -> None:
    """A folder of our own, its content, copies, and the way into the bin and out again."""
    otcs = place.otcs
    with ledger.call("a new folder"):
        made = otcs.create_item(place.workspace, FOLDER, "Judge", item_description="made by the judge")
        place.ids["own"] = place.value(made, "id")
    own = place.ids["own"]
    with ledger.call("a name that is taken"):
        place.refused(otcs.create_item(place.workspace, FOLDER, "Judge"), "already exists")
    with ledger.call("a new address"):
        assert otcs.create_item(own, URL, "Vendor", url="https://example.org")
    with ledger.call("a new shortcut"):
        assert otcs.create_item(own, SHORTCUT, "Short way", original_id=place.document)
    with ledger.call("rename and describe"):
        assert otcs.update_item(own, item_name="Judged", item_description="renamed") is not None
        assert place.value(otcs.get_node(own), "name") == "Judged"
    with ledger.call("rename only"):
        assert otcs.rename_node(own, "Judge 2", "again") is not None
    with ledger.call("copy a document"):
        place.ids["copy"] = place.value(otcs.copy_node(place.document, own, "Copy.pdf"), "id")
        assert otcs.get_document_content(place.ids["copy"])
    with ledger.call("move a document"):
        assert otcs.update_item(place.ids["copy"], parent_id=place.folder, item_name="Copy.pdf") is not None
        assert place.value(otcs.get_node(place.ids["copy"]), "parent_id") == place.folder
    with ledger.call("give a nickname"):
        assert otcs.set_node_nickname(own, "judges_folder") is not None
    with ledger.call("find by nickname"):
        assert place.value(otcs.get_node_from_nickname("judges_folder"), "id") == own
    with ledger.call("an unknown nickname"):
        place.refused(otcs.get_node_from_nickname("nobodys_folder", show_error=True), "404")
    with ledger.call("which nicknames are taken"):
        assert len(otcs.get_unique_names(["judges_folder", "nobodys_folder"])["results"]) == 1
    with ledger.call("history"):
        assert otcs.get_node_audit(own)["results"]["data"]["audit"]
    with ledger.call("add to the favourites"):
        assert otcs.add_favorite(own) is not None
        assert place.value(otcs.get_user_favorites(), "id") == own
    with ledger.call("what was used lately"):
        assert otcs.get_user_recently_accessed()["results"]
    with ledger.call("what one has reserved"):
        assert otcs.get_user_reserved_nodes() is not None
    with ledger.call("delete and restore"):
        assert otcs.delete_node(own) is not None
        assert otcs.restore_node(own)["results"]["success"]["ids"] == [own]
    with ledger.call("restore what is not in the bin"):
        place.refused(otcs.restore_node(987_654_321), "could not get a node")
    with ledger.call("delete for ever"):
        gone = place.value(otcs.create_item(own, FOLDER, "Gone"), "id")
        assert otcs.delete_node(gone, purge=True) is not None
        assert otcs.get_node(gone) is None


def try_rights(place: Place, ledger: Ledger) -> None:
    """Set, read, take back; and what happens to whoever has none."""
    otcs, anna = place.otcs, place.ids["anna"]
    with ledger.call("effective permissions"):
        assert otcs.get_permission(place.document, anna)["results"]
    with ledger.call("give a member permissions"):
        assert otcs.assign_permission(place.document, ["see", "see_contents"], "custom", anna, 0) is not None
    with ledger.call("give the owner permissions"):
        me = otcs.get_current_user()["data"]["id"]
        everything = ["see", "see_contents", "modify", "edit_attributes", "delete", "edit_permissions"]
        assert otcs.assign_permission(place.document, everything, "owner", me, 0) is not None
    with ledger.call("take a member's permissions back"):
        assert otcs.delete_permission(place.document, "custom", anna, 0) is not None
    with ledger.call("a closed folder refuses what it does not hide"):
        folder = place.value(otcs.create_item(place.workspace, FOLDER, "Closed"), "id")
        assert otcs.assign_permission(folder, ["see", "see_contents", "edit_permissions"], "owner", me, 0) is not None
        assert otcs.assign_permission(folder, ["see", "see_contents"], "group", place.ids["group"], 0) is not None
        place.refused(otcs.create_item(folder, FOLDER, "Inside"), "insufficient permissions")
        place.refused(otcs.delete_node(folder), "insufficient permissions")
    with ledger.call("a folder of which nothing is left is not there"):
        assert otcs.assign_permission(folder, [], "public", 0, 0) is not None
        assert otcs.assign_permission(folder, [], "group", place.ids["group"], 0) is not None
        assert otcs.assign_permission(folder, [], "owner", me, 0) is not None
        place.refused(otcs.get_node(folder), "400")


def try_search(place: Place, ledger: Ledger) -> None:
    """By words and by query, to the last page."""
    otcs = place.otcs
    with ledger.call("search by query"):
        assert place.value(otcs.search('OTName:"Judge 2" and OTSubType:0'), "id") == place.ids["own"]
    with ledger.call("search below a place"):
        found = otcs.search(f"OTSubType:{DOCUMENT}", location_id=place.workspace, limit=3)
        assert found["collection"]["paging"]["total_count"] >= 1
    with ledger.call("search to the end"):
        assert len(list(otcs.search_iterator("OTSubType:848", page_size=20))) >= 60
    with ledger.call("a query that cannot be read"):
        place.refused(otcs.search("OTName:( and"), "Error Evaluating Query")
