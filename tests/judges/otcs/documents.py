"""Documents: filed with their categories, versioned, fetched, and every way in which that is refused."""

import tempfile
from pathlib import Path

from tests.judges.ledger import Ledger
from tests.judges.otcs.place import DOCUMENT, Place

FIRST, SECOND = b"%PDF-1.7 first", b"%PDF-1.7 second round"
NAME = "Prüfung ñ 9.pdf"


def try_filing(place: Place, ledger: Ledger) -> None:
    """One document, from its form to its place in the folder."""
    otcs, folder, category = place.otcs, place.folder, place.category
    values = {f"{category}_2": place.customer, f"{category}_4": "2026-05-12", f"{category}_5": "Bill"}
    with ledger.call("form for a new document"):
        assert otcs.get_node_create_form(folder, DOCUMENT, [category])["forms"]
    with ledger.call("a name that is free"):
        assert otcs.check_node_name(folder, NAME)["results"] == []
    with ledger.call("file a document with its category"):
        filed = otcs.upload_file_to_parent(
            folder,
            file_name=NAME,
            file_content=FIRST,
            mime_type="application/pdf",
            category_data={str(category): values},
            description="by the judge",
        )
        place.document = place.value(filed, "id")
        assert place.value(filed, "size") == len(FIRST)
    with ledger.call("a name that is taken already"):
        assert place.value(otcs.get_node(place.document), "name") == NAME
        assert otcs.check_node_name(folder, NAME)["results"][0]["id"] == place.document
    with ledger.call("filing under a taken name"):
        again = otcs.upload_file_to_parent(folder, file_name=NAME, file_content=b"x", show_error=False)
        assert again is None or "already exists" in str(again)
    with ledger.call("a value that the category does not allow"):
        wrong = {str(category): {**values, f"{category}_5": "Novel"}}
        place.refused(
            otcs.upload_file_to_parent(folder, file_name="bad.pdf", file_content=b"x", category_data=wrong), "400"
        )
        assert otcs.check_node_name(folder, "bad.pdf")["results"] == []
    ledger.hand("document", place.document)


def try_versions(place: Place, ledger: Ledger) -> None:
    """The same document's second round, and its bytes."""
    otcs, folder, document = place.otcs, place.folder, place.document
    with ledger.call("add a version"):
        added = otcs.add_document_version(
            document, file_name="v2.pdf", file_content=SECOND, mime_type="application/pdf", description="second"
        )
        assert added
    with ledger.call("all versions"):
        versions = otcs.get_document_versions(document)
        assert place.value(versions, "version_number", 1, "versions") == 2
    with ledger.call("one version"):
        first = otcs.get_document_version(document, 1)
        assert place.value(first, "file_size", 0, "versions") == len(FIRST)
    with ledger.call("the latest version"):
        assert otcs.get_latest_document_version(document)["data"]["version_number"] == 2
    with ledger.call("the bytes"):
        assert otcs.get_document_content(document) == SECOND
    with ledger.call("the bytes of one version"):
        assert otcs.get_document_content(document, 1) == FIRST
    with ledger.call("download to a file"), tempfile.TemporaryDirectory() as kept:
        target = Path(kept) / "letter.pdf"
        assert otcs.download_document(document, str(target))
        assert target.read_bytes() == SECOND
    with ledger.call("upload a folder of files"), tempfile.TemporaryDirectory() as brought:
        (Path(brought) / "deep").mkdir()
        (Path(brought) / "deep" / "a.txt").write_text("a")
        assert otcs.upload_directory_to_parent(folder, brought) is not None
    with ledger.call("keep one version only"):
        assert otcs.purge_document_versions(document, 1) is not None
        assert len(otcs.get_document_versions(document)["results"]) == 1
    with ledger.call("a document that is JSON"):
        filed = otcs.upload_file_to_parent(
            folder, file_name="f.json", file_content=b'{"a": 1}', mime_type="application/json"
        )
        assert otcs.get_json_document(place.value(filed, "id")) == {"a": 1}
    with ledger.call("the bytes of what is not there"):
        place.refused(otcs.get_document_content(987_654_321), "could not be accessed")
    with ledger.call("history of a document page by page"):
        assert len(list(otcs.get_node_audit_iterator(document, page_size=2))) >= 3


def try_categories(place: Place, ledger: Ledger) -> None:
    """Values by number and by name, sets, inheritance."""
    otcs, document, category, delivery = place.otcs, place.document, place.category, place.ids["delivery"]
    with ledger.call("all categories of a document"):
        assert len(otcs.get_node_categories(document)["results"]) == 1
    with ledger.call("one category"):
        one = otcs.get_node_category(document, category)["results"]["data"]["categories"]
        assert one[f"{category}_2"] == place.customer
    with ledger.call("numbers of its categories"):
        assert otcs.get_node_category_ids(document) == [category]
    with ledger.call("names of its categories"):
        assert otcs.get_node_category_names(document) == ["Customer document"]
    with ledger.call("definition of a category"):
        number, attributes = otcs.get_node_category_definition(document, "Customer document")
        assert (int(number), attributes["Account"]["id"]) == (category, f"{category}_2")
    with ledger.call("a category as a dictionary"):
        assert otcs.get_node_category_as_dictionary(document, category)["Document type"] == "Bill"
    with ledger.call("a value by name"):
        assert otcs.get_category_value_by_name(document, "Customer document", "Account") == place.customer
    with ledger.call("a value by number"):
        assert otcs.get_category_value(document, category, 5) == "Bill"
    with ledger.call("set a value"):
        assert otcs.set_category_value(document, "Policy", category, 5) is not None
        assert otcs.get_category_value(document, category, 5) == "Policy"
    with ledger.call("a value that is refused"):
        place.refused(otcs.set_category_value(document, "Novel", category, 5), "400")
    with ledger.call("give a second category"):
        assert otcs.assign_category(document, delivery) is True
    with ledger.call("set several values"):
        assert otcs.set_category_values(document, delivery, {f"{delivery}_2": "sent", f"{delivery}_4": 3}) is not None
        assert otcs.get_category_value(document, delivery, 4) == 3
    with ledger.call("both categories are there"):
        assert otcs.get_node_category_ids(document) == [category, delivery]
    with ledger.call("form of a category"):
        form = otcs.get_node_category_form(document, category)["forms"][0]
        assert form["data"][f"{category}_1"]["metadata_token"]
    with ledger.call("hand a category down"):
        assert otcs.assign_category(place.folder, delivery, inheritance=True, apply_to_sub_items=True)
    with ledger.call("stop handing it down"):
        assert otcs.set_category_inheritance(place.folder, delivery, False) is not None
    with ledger.call("a row of a set by name"):
        assert otcs.get_category_value_by_name(
            place.workspace, "Customer", "Medium", set_name="Contacts", set_row=1
        ) in ("Mail", "Mobile", "Post")
    with ledger.call("a new row of a set"):
        customer = otcs.get_node_category_ids(place.workspace)[0]
        assert otcs.set_category_value(place.workspace, "Post", customer, 7, 6, 3) is not None
        assert otcs.get_category_value(place.workspace, customer, 7, 6, 3) == "Post"
    with ledger.call("find documents by a value"):
        found = otcs.lookup_nodes(place.folder, category="Customer document", attribute="Document type", value="Policy")
        assert found is not None
