"""Records, holds, classifications; workflows; reminders and reports."""

import datetime as dt

from tests.judges.ledger import Ledger
from tests.judges.otcs.place import COLLECTION, RECORDS, Place


def try_records(place: Place, ledger: Ledger) -> None:
    """A document becomes a record and is held."""
    otcs, document = place.otcs, place.document
    with ledger.call("record series"):
        assert len(otcs.get_records_management_rsis()) == 3
    with ledger.call("codes of records management"):
        assert otcs.get_records_management_codes()["hold_type"]
    with ledger.call("all holds"):
        assert len(otcs.get_records_management_holds()["results"]["data"]["holds"]) >= 3
    with ledger.call("a new hold"):
        hold = otcs.create_records_management_hold("LEGAL", "Judge v. Sandbox", "keep everything")["holdID"]
    with ledger.call("a hold by name"):
        assert otcs.get_hold_by_name("Judge v. Sandbox")["results"]["data"]["hold"]["HoldID"] == hold
    with ledger.call("a hold of a type that is none"):
        place.refused(otcs.create_records_management_hold("NOVEL", "Other", ""), "400")
    with ledger.call("a document is no record yet"):
        assert otcs.get_node_records_details(document)["data"] == []
    with ledger.call("make it a record"):
        volume = place.value(otcs.get_volume(RECORDS), "id")
        series = place.value(otcs.get_subnodes(volume), "id")
        assert otcs.assign_rm_classification(document, series, False) is not None
    with ledger.call("record details"):
        details = otcs.get_node_records_details(document)
        assert details["data"][0]["rmclassification_id"] == series
    with ledger.call("change record details"):
        token = details["rm_metadataToken"]
        assert otcs.set_node_records_details(document, token, status="CLOSED") is not None
    with ledger.call("change them with a token that is old"):
        place.refused(otcs.set_node_records_details(document, token, status="ACTIVE"), "400")
    with ledger.call("plain classifications"):
        assert otcs.assign_classifications(document, [series]) is not None
        assert otcs.get_node_classifications(document)["data"][0]["id"] == series
    with ledger.call("put a document on hold"):
        assert otcs.assign_hold(document, hold) is not None
    with ledger.call("put it on hold twice"):
        place.refused(otcs.assign_hold(document, hold), "400")
    with ledger.call("a held document cannot be deleted"):
        place.refused(otcs.delete_node(document), "on hold")
    ledger.hand("hold", hold)


def try_workflows(place: Place, ledger: Ledger) -> None:
    """Draft, fill, start, decide."""
    otcs, document = place.otcs, place.document
    me = otcs.get_current_user()["data"]["id"]
    with ledger.call("workflows for a document"):
        maps = {
            each["Name"]: each["DataID"]
            for each in otcs.get_document_workflows(document, place.folder)["results"]["data"]
        }
    with ledger.call("definition of a workflow"):
        assert otcs.get_workflow_definition(maps["Document approval"])["results"]["definition"]["tasks"]
    with ledger.call("attributes of a workflow"):
        form = otcs.get_workflow_attributes(maps["Document approval"])["Approver"]["form_id"]
    with ledger.call("draft a workflow"):
        draft = otcs.create_draft_process(maps["Document approval"], [document])["results"]["draftprocess_id"]
    with ledger.call("form of a draft"):
        assert otcs.get_draft_process(draft)["data"]["actions"][0]["key"] == "Initiate"
    with ledger.call("start without whoever is to approve"):
        place.refused(otcs.initiate_draft_process(draft), "400")
    with ledger.call("fill a draft"):
        filled = otcs.update_draft_process(
            draft, title="Judge's letter", due_date="2036-02-01 12:00:00.000", values={form: me}
        )
        assert filled is not None
    with ledger.call("start a workflow"):
        process = otcs.initiate_draft_process(draft)["results"]["process_id"]
    with ledger.call("start one without a form"):
        at_once = otcs.initiate_workflow(maps["Second reading"], [document])["results"]["process_id"]
    with ledger.call("start one with a form that way"):
        place.refused(otcs.initiate_workflow(maps["Document approval"], [document]), "disabled start step")
    with ledger.call("how far it has come"):
        status = otcs.get_workflow_status(process)["results"]
        assert status["step_list"]["current"][0]["task_name"] == "Approver"
    with ledger.call("own workflows"):
        mine = otcs.get_workflows_by_kind_and_status("Initiated", "ontime")
        assert {each["data"]["wfstatus"]["process_id"] for each in mine["results"]} >= {process, at_once}
    with ledger.call("form of a task"):
        keys = [each["key"] for each in otcs.get_process_task(process)["data"]["custom_actions"]]
        assert keys == ["Approve", "Reject"]
    with ledger.call("change a value in a task"):
        assert otcs.update_process_task(process, values={"WorkflowForm_3": "looked at"}) is not None
    with ledger.call("decide"):
        assert otcs.update_process_task(process, custom_action="Approve", comment="fine") is not None
        assert otcs.get_workflow_status(process)["results"]["step_list"]["current"][0]["task_id"] == 2
    with ledger.call("decide what is decided"):
        place.refused(otcs.update_process_task(process, custom_action="Approve"), "Could not access task status")
    with ledger.call("a workflow that is not there"):
        place.refused(otcs.get_workflow_status(987_654_321), "400")
    ledger.hand("process", process)


def try_notices(place: Place, ledger: Ledger) -> None:
    """Reminders, and a report."""
    otcs = place.otcs
    with ledger.call("kinds of reminders"):
        assert otcs.get_reminder_clients()[0]["types"]
    with ledger.call("number of a kind of reminder"):
        kind = otcs.get_reminder_type_id("Review")
        assert kind == 1
    with ledger.call("add a reminder"):
        made = otcs.add_reminder(
            place.document,
            reminder_type=kind,
            recipients=[place.ids["anna"]],
            description="read it",
            due_date=dt.date(2036, 5, 1),
        )
        number = made["results"]["data"]["id"]
    with ledger.call("all reminders"):
        assert otcs.get_reminders(place.document)["results"]["followups"]
    with ledger.call("one reminder"):
        assert otcs.get_reminder(place.document, number)
    with ledger.call("a reminder is done"):
        assert otcs.update_reminder_status(place.document, number, "completed") is not None
    with ledger.call("what a report asks for"):
        assert otcs.get_web_report_parameters("new_documents")[0]["parm_name"] == "days"
    with ledger.call("run a report"):
        assert otcs.run_web_report("new_documents", {"days": "7"}) is not None
    with ledger.call("run a report that is none"):
        place.refused(otcs.run_web_report("judges_folder"), "not a WebReport")


def try_pages(place: Place, ledger: Ledger) -> None:
    """What the vendor's own pages ask beside."""
    otcs, document = place.otcs, place.document
    with ledger.call("columns of a folder"):
        assert otcs.get_node_columns(place.folder)["results"]["columns_to_display"]
    with ledger.call("facets of a folder"):
        assert otcs.get_node_facets(place.workspace)["results"]["data"]["facets"]
    with ledger.call("a collection"):
        collection = place.value(otcs.create_item(place.workspace, COLLECTION, "Pile"), "id")
        assert otcs.add_node_to_collection(collection, document) is not None
        assert place.value(otcs.get_subnodes(collection), "id") == document
    with ledger.call("out of a collection"):
        assert otcs.remove_node_from_collection(collection, document) is not None
        assert otcs.get_subnodes(collection)["results"] == []
    with ledger.call("templates for documents"):
        assert otcs.get_document_templates(place.folder)["results"][0]["subtype"] == 144
    with ledger.call("who may see which nodes"):
        seen = otcs.check_user_node_permissions([document, 987_654_321], place.ids["anna"])
        assert seen["results"]["ids"] == [document]
    with ledger.call("types of business objects"):
        assert place.value(otcs.get_business_object_types(), "bo_type") == "account"
    with ledger.call("own things to do"):
        assert place.value(otcs.get_user_mytodo(), "workflow_id", property_name="assignments")
    with ledger.call("a new user"):
        made = otcs.add_user("judith", "Gavel-1", "Judith", "Richter", "j@example.org", "Judge", place.ids["group"])
        place.ids["judith"] = place.value(made, "id")
    with ledger.call("change a user"):
        assert otcs.update_user(place.ids["judith"], "title", "Presiding") is not None
    with ledger.call("a new group"):
        group = place.value(otcs.add_group("Judges"), "id")
    with ledger.call("put a user into a group"):
        assert otcs.add_group_member(place.ids["judith"], group) is not None
        assert place.value(otcs.get_group_members(group, 0), "id") == place.ids["judith"]
    with ledger.call("what one prefers"):
        assert otcs.update_user_profile("theme", "dark") is not None
        assert otcs.get_user_profile()["results"]["SmartUI"]["theme"] == "dark"
    with ledger.call("somebody stands in"):
        assert otcs.add_user_proxy(place.ids["anna"]) is not None
        assert otcs.is_proxy("anna.berg")
