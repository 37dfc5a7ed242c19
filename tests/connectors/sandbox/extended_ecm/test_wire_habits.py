"""The archive as other people's clients meet it: its envelopes, its encodings, its odd corners."""

import json
from typing import Any

import httpx
import pytest

from connectors.sandbox.extended_ecm import EXT_SYSTEM_ID
from tests.connectors.sandbox.extended_ecm.asking import asked, category_id, first_document
from tests.connectors.sandbox.extended_ecm.conftest import Archive

# Odd corners


@pytest.mark.contract("extended_ecm 1.b1", "extended_ecm 1.b7", "extended_ecm 13.10")
def test_numbers_may_be_words_and_volumes_have_negative_twins(archive: Archive) -> None:
    """Both occur in the wild (contract 1)."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        made = await http.post("v2/nodes", data={"type": "0", "parent_id": "-2000", "name": "n"})
        return [made.status_code, made.json()["results"]["data"]["properties"]["volume_id"]]

    assert asked(archive, ask) == [200, -2000]


@pytest.mark.contract("extended_ecm 1.b5", "extended_ecm 1.b9")
def test_fields_narrow_and_flags_need_no_value(archive: Archive) -> None:
    """Clients that ask for little would get all, or nothing."""

    async def ask(http: httpx.AsyncClient) -> tuple[list[str], bool]:
        document = await first_document(http)
        reply = await http.get(f"v2/nodes/{document}?fields=properties{{id,name}}&fields=categories&metadata")
        entry = reply.json()["results"]
        return list(entry["data"]["properties"]), isinstance(entry["data"]["categories"], list)

    assert asked(archive, ask) == (["id", "name"], True)


def test_ids_expand_in_line(archive: Archive) -> None:
    """Clients read names of people and folders from here."""

    async def ask(http: httpx.AsyncClient) -> tuple[str, str]:
        document = await first_document(http)
        reply = await http.get(f"v2/nodes/{document}?expand=properties{{parent_id,create_user_id}}")
        properties = reply.json()["results"]["data"]["properties"]
        return properties["parent_id_expand"]["name"], properties["create_user_id_expand"]["name"]

    folder, person = asked(archive, ask)

    assert folder in {"Home and motor", "Claims"}
    assert person


@pytest.mark.contract("extended_ecm 5.1", "extended_ecm 5.b3", "extended_ecm 13.7")
def test_values_come_as_fields_repeated_fields_or_body(archive: Archive) -> None:
    """All three are in use (contract 13)."""

    async def ask(http: httpx.AsyncClient) -> list[object]:
        category = await category_id(http, "Customer")
        found = await http.get("v2/businessworkspaces?where_name=contains_HM-1&expanded_view=true")
        node = found.json()["results"][0]["data"]["properties"]["id"]
        path = f"v2/nodes/{node}/categories/{category}"
        await http.put(path, data={f"{category}_3": "as a field"})
        await http.put(f"{path}/", data={f"{category}_5": ["one", "two"]})
        await http.put(path, data={"body": f'{{"{category}_4": "as body"}}'})
        values = (await http.get(path)).json()["results"]["data"]["categories"]
        return [values[f"{category}_{number}"] for number in (3, 5, 4)]

    assert asked(archive, ask) == ["as a field", ["one", "two"], "as body"]


@pytest.mark.contract("extended_ecm 5.2", "extended_ecm 5.6")
def test_a_row_of_a_set_is_removed_by_an_empty_value(archive: Archive) -> None:
    """The only way to shorten a set (contract 5)."""

    async def ask(http: httpx.AsyncClient) -> list[str]:
        category = await category_id(http, "Customer")
        found = await http.get("v2/businessworkspaces?where_name=contains_HM-1&expanded_view=true")
        node = found.json()["results"][0]["data"]["properties"]["id"]
        path = f"v2/nodes/{node}/categories/{category}"
        await http.put(path, data={f"{category}_6_2_7": "Post", f"{category}_6_2_8": "Quai 1"})
        await http.put(path, data={f"{category}_6_1": ""})
        values = (await http.get(path)).json()["results"]["data"]["categories"]
        return [value for key, value in values.items() if key.startswith(f"{category}_6_")]

    assert asked(archive, ask) == ["Post", "Quai 1"]


@pytest.mark.contract("extended_ecm 5.5", "extended_ecm 5.7", "extended_ecm 5.b1")
def test_languages_defaults_and_a_slash_at_the_end_are_understood(archive: Archive) -> None:
    """Clients write all languages, ask for defaults, and end paths either way (contract 5)."""

    async def ask(http: httpx.AsyncClient) -> list[Any]:
        node, head = await first_document(http), await category_id(http)
        seen = []
        for path, body in (
            (f"v2/nodes/{node}/categories/{head}/", {f"{head}_8_multilingual": {"en": "letter", "fr": "lettre"}}),
            (f"v2/nodes/{node}/categories/{head}", {f"{head}_1": {}, f"{head}_7": "c-1"}),
        ):
            await http.put(path, data={"body": json.dumps(body)})
            values = (await http.get(path)).json()["results"]["data"]["categories"]
            seen.append((values[f"{head}_8"], values[f"{head}_7"] == "c-1"))
        return seen

    assert asked(archive, ask) == [("letter", False), ("letter", True)]


@pytest.mark.contract("extended_ecm 9.b4", "extended_ecm 13.9")
def test_a_records_write_answers_an_object_and_refuses_false(archive: Archive) -> None:
    """An empty answer makes one client write again; ``false`` for an untouched option is refused (contract 9)."""

    async def ask(http: httpx.AsyncClient) -> tuple[Any, int]:
        node = await first_document(http)
        path = f"v1/nodes/{node}/rmclassifications"
        token = (await http.get(path)).json()["rm_metadataToken"]
        changed = await http.put(path, data={"rm_metadataToken": token, "status": "CLOSED"})
        token = (await http.get(path)).json()["rm_metadataToken"]
        refused = await http.put(path, data={"rm_metadataToken": token, "official": "false"})
        return changed.json(), refused.status_code

    assert asked(archive, ask) == ({}, 400)


@pytest.mark.contract("extended_ecm 10.8")
def test_a_workflow_is_started_by_its_definition(archive: Archive) -> None:
    """The one call with roles in it; its answer is flat (source A)."""

    async def ask(http: httpx.AsyncClient) -> str:
        found = await http.post("v2/search", data={"where": 'OTName:"Document approval"'})
        way = found.json()["results"][0]["data"]["properties"]["id"]
        me = (await http.get("v1/auth")).json()["data"]["id"]
        definition = {"definition": {"workflow_id": way, "role_info": {"Approver": me}}}
        process = (await http.post("v2/processes", data={"body": json.dumps(definition)})).json()["process_id"]
        progress = (await http.get(f"v2/workflows/status/processes/{process}")).json()["results"]
        return str(progress["step_list"]["current"][0]["task_name"])

    assert asked(archive, ask) == "Approver"


def test_workflows_answer_under_their_newer_words_too(archive: Archive) -> None:
    """The vendor's description has every call twice; a client of next year asks the second (source A)."""

    async def ask(http: httpx.AsyncClient) -> list[Any]:
        found = await http.post("v2/search", data={"where": 'OTName:"Second reading"'})
        way = found.json()["results"][0]["data"]["properties"]["id"]
        begun = await http.post("v2/workflows/draftinstances/startwf", data={"workflow_id": way})
        process = begun.json()["results"]["process_id"]
        body = {"body": json.dumps({"custom_action": "Approve"})}
        decided = await http.put(f"v2/workflows/workflowid/{process}/subworkflows/{process}/tasks/1", data=body)
        told = (await http.get(f"v2/workflows/{process}/subworkflows/{process}/activities")).json()["results"]["data"]
        status = (await http.get(f"v2/workflows/status/instances/{process}")).json()["results"]["wf_details"]["status"]
        return [decided.status_code, told[0]["action_properties"]["label"], status]

    assert asked(archive, ask) == [200, "Approve", "completed"]


@pytest.mark.contract("extended_ecm 1.b5")
def test_permissions_and_maps_come_along_when_they_are_asked_for(archive: Archive) -> None:
    """One call in place of three (contract 1)."""

    async def ask(http: httpx.AsyncClient) -> tuple[list[str], bool]:
        node = await first_document(http)
        path = f"v2/nodes/{node}?metadata&fields=permissions.limit(2)&fields=categories"
        shown = (await http.get(path)).json()["results"]
        head = shown["metadata_order"]["categories"][0]
        types = [each["type"] for each in shown["data"]["permissions"]]
        return types, f"{head}_2" in shown["metadata_map"]["categories"][head]

    assert asked(archive, ask) == (["owner", "group"], True)


def test_what_somebody_reserved_is_changed_by_nobody_else(archive: Archive) -> None:
    """Two people would overwrite each other's values, too."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        node, head = await first_document(http), await category_id(http)
        other = (await http.get("v2/members?where_name=anna")).json()["results"][0]["data"]["properties"]["id"]
        await http.put(f"v2/nodes/{node}", data={"reserved_user_id": other})
        return [
            (await http.put(f"v2/nodes/{node}", data={"name": "Mine.pdf"})).status_code,
            (await http.put(f"v2/nodes/{node}/categories/{head}", data={f"{head}_8": "mine"})).status_code,
            (await http.delete(f"v2/nodes/{node}/versions?number_to_keep=1")).status_code,
            (await http.get(f"v2/nodes/{node}/content")).status_code,
        ]

    assert asked(archive, ask) == [400, 400, 400, 200]


@pytest.mark.contract("extended_ecm 11.7")
def test_the_recycle_bin_is_one_of_the_few_that_say_403(archive: Archive) -> None:
    """A mode that is not allowed, or none that exists (contract 11)."""

    async def ask(http: httpx.AsyncClient) -> int:
        return (await http.get("v2/volumes/recyclebin/nodes?mode=everything")).status_code

    assert asked(archive, ask) == 403


@pytest.mark.contract("extended_ecm 13.2")
def test_what_has_no_versions_says_so_with_an_object(archive: Archive) -> None:
    """The only list that is none when it is empty (contract 13)."""

    async def ask(http: httpx.AsyncClient) -> Any:
        return (await http.get("v2/nodes/2000/versions")).json()["results"]

    assert asked(archive, ask) == {"data": {"versions": []}}


def test_a_foreign_key_is_refused_and_changes_nothing(archive: Archive) -> None:
    """One category per call (contract 5)."""

    async def ask(http: httpx.AsyncClient) -> tuple[int, object]:
        document, category = await first_document(http), await category_id(http)
        path = f"v2/nodes/{document}/categories/{category}"
        reply = await http.put(path, data={f"{category}_3": "changed", "77_2": "x"})
        return reply.status_code, (await http.get(path)).json()["results"]["data"]["categories"][f"{category}_3"]

    status, value = asked(archive, ask)

    assert status == 400
    assert value != "changed"


def test_a_deleted_node_frees_its_name_and_can_come_back(archive: Archive) -> None:
    """Deleting is soft (contract 14.13)."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        wish = {"type": 0, "parent_id": 2000, "name": "Twice"}
        first = (await http.post("v2/nodes", data=wish)).json()["results"]["data"]["properties"]["id"]
        statuses = [(await http.post("v2/nodes", data=wish)).status_code]
        await http.delete(f"v2/nodes/{first}")
        second = (await http.post("v2/nodes", data=wish)).json()["results"]["data"]["properties"]["id"]
        restore = "v2/volumes/recyclebin/nodes/restore"
        statuses.append((await http.post(restore, data={"ids": [first]})).status_code)
        await http.delete(f"v2/nodes/{second}")
        statuses.append((await http.post(restore, data={"ids": [first]})).status_code)
        return statuses

    assert asked(archive, ask) == [500, 400, 200]


def test_a_reserved_document_takes_versions_from_its_holder_only(archive: Archive) -> None:
    """Two people would overwrite each other."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        document = await first_document(http)
        path, file = f"v2/nodes/{document}/versions", {"file": ("v.pdf", b"x", "application/pdf")}
        other = (await http.get("v2/members?where_name=anna")).json()["results"][0]["data"]["properties"]["id"]
        await http.put(f"v2/nodes/{document}", data={"reserved_user_id": other})
        refused = await http.post(path, files=file)
        await http.put(f"v2/nodes/{document}", data={"body": '{"reserved_user_id": null}'})
        return [refused.status_code, (await http.post(path, files=file)).status_code]

    assert asked(archive, ask) == [400, 200]


def test_a_large_file_arrives_in_parts(archive: Archive) -> None:
    """Sites with a proxy limit can file large documents no other way (contract 4)."""
    whole = bytes(range(256)) * 40_000

    async def ask(http: httpx.AsyncClient) -> tuple[list[int], bool]:
        begun = await http.post(
            "v2/multipart", data={"file_name": "b.pdf", "file_size": len(whole), "mime_type": "application/pdf"}
        )
        key, size, count = (begun.json()[name] for name in ("upload_key", "part_size", "num_parts"))
        numbers = [*range(count, 0, -1), 1, count + 1]
        statuses = [
            (
                await http.post(
                    f"v2/multipart/{key}/{number}",
                    files={"part_content": whole[(number - 1) * size : number * size]},
                )
            ).status_code
            for number in numbers
        ]
        await http.post(f"v2/multipart/{key}")
        wish = {"type": 144, "parent_id": 2000, "name": "b.pdf", "upload_key": key}
        made = (await http.post("v2/nodes", data=wish)).json()["results"]["data"]["properties"]["id"]
        return statuses, (await http.get(f"v2/nodes/{made}/content")).content == whole

    assert asked(archive, ask) == ([200, 200, 200, 500, 500], True)


@pytest.mark.contract("extended_ecm 1.b6")
@pytest.mark.parametrize("path", ["v2/nodes/2000", "v2/nodes/999999"])
def test_suppressed_statuses_stand_in_the_body(archive: Archive, path: str) -> None:
    """Some clients ask for it on every call (contract 1)."""

    async def ask(http: httpx.AsyncClient) -> tuple[int, bool]:
        plain, flat = await http.get(path), await http.get(f"{path}?suppress_response_codes")
        return flat.status_code, flat.json()["statusCode"] == plain.status_code

    assert asked(archive, ask) == (200, True)


def test_what_one_has_checked_out_is_listed(archive: Archive) -> None:
    """Forgotten check-outs block everybody else."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        document = await first_document(http)
        me = (await http.get("v1/auth")).json()["data"]["id"]
        await http.put(f"v2/nodes/{document}", data={"reserved_user_id": me})
        listed = (await http.get("v2/members/reserved")).json()["results"]
        return [each["data"]["properties"]["id"] - document for each in listed]

    assert asked(archive, ask) == [0]


def test_people_know_their_groups(archive: Archive) -> None:
    """Rights are given to groups."""
    reply = asked(archive, lambda http: http.get("v2/members/memberof?limit=20"))

    names = {each["data"]["properties"]["name"] for each in reply.json()["results"]}
    assert names == {"DefaultGroup", "template owner"}


def test_leading_systems_are_listed_by_the_name_that_workspaces_use(archive: Archive) -> None:
    """A set-up page could not offer the names to choose from."""
    reply = asked(archive, lambda http: http.get("v2/externalsystems"))

    assert [each["id_extsystem"] for each in reply.json()["results"]] == [EXT_SYSTEM_ID]


@pytest.mark.contract("extended_ecm 9.b1", "extended_ecm 11.14")
def test_a_records_failure_hides_in_a_success(archive: Archive) -> None:
    """The desk must look behind the 200 (contract 9)."""
    reply = asked(archive, lambda http: http.get("v2/hold?holdname=none"))

    assert (reply.status_code, reply.json()["results"]["ok"]) == (200, False)


@pytest.mark.contract("extended_ecm 13.11")
def test_unknown_filters_are_ignored(archive: Archive) -> None:
    """The whole list comes back, which a client must expect (contract 8)."""
    reply = asked(archive, lambda http: http.get("v2/members?where_shoe_size=9"))

    assert len(reply.json()["results"]) > 1


def test_recent_workspaces_are_only_those_that_were_opened(archive: Archive) -> None:
    """``expanded_view=false`` narrows silently; the trap must be there to be avoided."""
    reply = asked(archive, lambda http: http.get("v2/businessworkspaces?expanded_view=false"))

    assert reply.json()["results"] == []


@pytest.mark.parametrize(
    "query",
    [
        'OTName:"2026-05-09 Renewal notice.pdf" and OTSubType:144',
        "(OTSubType:144 or OTSubType:0) and Renewal*",
        "Renewal and not OTSubType:0 and not sms",
    ],
)
def test_queries_of_people_and_clients_are_understood(archive: Archive, query: str) -> None:
    """Search is how everything is found that has no number."""
    reply = asked(archive, lambda http: http.post("v2/search", data={"where": query, "lookfor": "complexQuery"}))

    assert reply.json()["results"]


@pytest.mark.parametrize("query", ["(", 'OTName:"open', "a and", "OTMood:blue", ")"])
def test_a_broken_query_is_the_vendors_400(archive: Archive, query: str) -> None:
    """It would be a crash of ours, or everything."""
    reply = asked(archive, lambda http: http.post("v2/search", data={"where": query}))

    assert (reply.status_code, list(reply.json())) == (400, ["error"])
