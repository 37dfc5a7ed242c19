"""The archive as other people's clients meet it: its door, its refusals, its odd corners."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from connectors.extended_ecm import ExtendedEcmClient, NodeId, by_directory_client, by_directory_password
from connectors.sandbox.extended_ecm import CS_PATH, DOCUMENT_CATEGORY, EXT_SYSTEM_ID, build
from connectors.sandbox.otds import build as build_directory
from connectors.sandbox.world import SentCommunication
from tests.connectors.sandbox.extended_ecm.conftest import HOST, Archive

Ask = Callable[[httpx.AsyncClient], Awaitable[Any]]


def asked(archive: Archive, ask: Ask) -> Any:
    async def act() -> Any:
        async with archive.bare() as http:
            return await ask(http)

    return asyncio.run(act())


async def first_document(http: httpx.AsyncClient) -> int:
    reply = await http.post("v2/search", data={"where": "OTSubType:144", "limit": "1"})
    return int(reply.json()["results"][0]["data"]["properties"]["id"])


async def category_id(http: httpx.AsyncClient, name: str = DOCUMENT_CATEGORY) -> int:
    reply = await http.post("v2/search", data={"where": f'OTName:"{name}" and OTSubType:131'})
    found = [entry["data"]["properties"] for entry in reply.json()["results"]]
    return next(int(each["id"]) for each in found if each["name"] == name)


# The door


@pytest.mark.contract("extended_ecm 13.15")
def test_ping_asks_nobodys_name(archive: Archive) -> None:
    """A connection test could not tell a wrong address from a wrong password."""

    async def act() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=archive.app), base_url=HOST) as http:
            return await http.get("/cs/cs/api/v1/ping")

    assert asyncio.run(act()).json()["rest_api"]


@pytest.mark.contract("extended_ecm 2.b5", "extended_ecm 11.6")
@pytest.mark.parametrize(
    "headers", [{}, {"OTCSTicket": "made-up"}, {"OTCSTicket": "a.\xe9"}, {"Authorization": "Bearer made-up"}]
)
def test_strangers_get_the_vendors_401(archive: Archive, headers: dict[str, str]) -> None:
    """Clients sign in again on this answer and no other."""

    async def act() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=archive.app), base_url=HOST) as http:
            raw = {name: value.encode("latin-1") for name, value in headers.items()}
            return await http.get(
                "/cs/cs/api/v2/nodes/2000", headers=[(name.encode(), value) for name, value in raw.items()]
            )

    reply = asyncio.run(act())

    assert (reply.status_code, reply.json()) == (401, {"error": "Authentication Required"})


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"username": "mira.kovac", "password": "wrong"}, 401),
        ({"username": "mira.kovac", "password": "correct horse", "domain": "x"}, 401),
        ({"username": "mira.kovac"}, 500),
    ],
    ids=["wrong password", "domains are off", "argument missing"],
)
def test_a_refused_sign_in_says_so_as_the_vendor_does(archive: Archive, form: dict[str, str], status: int) -> None:
    """The statuses differ by cause (contract 2)."""
    reply = asked(archive, lambda http: http.post("v1/auth", data=form))

    assert (reply.status_code, list(reply.json())) == (status, ["error"])


@pytest.mark.contract("extended_ecm 2.b1", "extended_ecm 2.b3", "extended_ecm 13.13")
def test_every_success_brings_a_fresh_ticket_and_the_old_one_still_works(archive: Archive) -> None:
    """Parallel calls would throw each other out."""

    async def ask(http: httpx.AsyncClient) -> tuple[str, int]:
        reply = await http.get("v2/nodes/2000")
        again = await http.get("v2/nodes/2000")
        assert reply.headers["OTCSTicketExpires"]
        return reply.headers["OTCSTicket"], again.status_code

    fresh, status = asked(archive, ask)

    assert fresh
    assert status == 200


@pytest.mark.contract("extended_ecm 2.b4")
def test_a_ticket_ages_with_the_worlds_clock(archive: Archive) -> None:
    """Expiry in the middle of the work could not be rehearsed."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        before = await http.get("v2/nodes/2000")
        archive.world.clock.advance(timedelta(hours=1))
        after = await http.get("v2/nodes/2000")
        return [before.status_code, after.status_code]

    assert asked(archive, ask) == [200, 401]


def test_the_desk_works_on_when_its_ticket_dies(archive: Archive) -> None:
    """A lunch break would end in an error."""

    async def act() -> str:
        async with archive.client() as client:
            await client.node(NodeId(2000))
            archive.world.clock.advance(timedelta(hours=1))
            return (await client.node(NodeId(2000))).name

    assert asyncio.run(act()) == "Enterprise"


def test_signing_out_ends_every_ticket_of_the_session(archive: Archive) -> None:
    """A ticket in a log would outlive the person who signed out."""

    async def ask(http: httpx.AsyncClient) -> list[int]:
        fresh = (await http.get("v1/auth")).headers["OTCSTicket"]
        await http.delete("v1/auth")
        return [
            (await http.get("v1/auth")).status_code,
            (await http.get("v1/auth", headers={"OTCSTicket": fresh})).status_code,
        ]

    assert asked(archive, ask) == [401, 401]


@pytest.mark.contract("extended_ecm 2.b2", "extended_ecm 13.12")
def test_directory_proofs_are_good_on_every_call(archive: Archive) -> None:
    """Three ways to be allowed, on any call (contract 2.2)."""
    ticket = archive.authority.issue_ticket("anna.berg")
    token = archive.authority.issue_token("mira.kovac", client_id="proofdesk").value

    async def act() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=archive.app), base_url=HOST) as http:
            replies = [
                await http.get("/cs/cs/api/v1/auth", headers={"otdsticket": ticket}),
                await http.get("/cs/cs/api/v1/auth", headers={"Authorization": f"Bearer {token}"}),
            ]
            assert all(reply.headers["OTCSTicket"] for reply in replies)
            return [reply.json()["data"]["name"] for reply in replies]

    assert asyncio.run(act()) == ["anna.berg", "mira.kovac"]


# Refusals


@pytest.mark.contract("extended_ecm 11.5", "extended_ecm 11.8", "extended_ecm 11.10", "extended_ecm 13.6")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "v2/nodes/999999", 400),
        ("GET", "v2/nodes/999999/categories", 500),
        ("GET", "v2/nodes/999999/permissions", 500),
        ("GET", "v2/nodes/999999/content", 500),
        ("GET", "v2/nodes/999999/nodes", 500),
        ("GET", "v2/nicknames/nobody/nodes", 404),
        ("GET", "v2/businessworkspaces/999999", 404),
        ("GET", "v1/nodes/2000/businessworkspace", 404),
        ("GET", "v2/nodes/abc", 400),
        ("GET", "v2/nodes/2000/nodes?page=0", 400),
        ("GET", "v2/nodes/2000/nodes?limit=x", 400),
        ("GET", "v2/nothing/like/this", 400),
        ("PATCH", "v2/nodes/2000", 400),
        ("GET", "v2/volumes/5", 500),
        ("POST", "v2/nodes", 400),
        ("POST", "v2/search", 400),
    ],
)
def test_refusals_have_the_vendors_status_and_shape(archive: Archive, method: str, path: str, status: int) -> None:
    """Status and text are all that a client has to judge by (contract 11 and 13)."""
    reply = asked(archive, lambda http: http.request(method, path))

    assert (reply.status_code, list(reply.json())) == (status, ["error"])


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
def test_a_malformed_body_is_refused(archive: Archive, body: str) -> None:
    """It would be a crash of ours."""
    reply = asked(archive, lambda http: http.post("v2/nodes", data={"body": body}))

    assert (reply.status_code, list(reply.json())) == (400, ["error"])


@pytest.mark.contract("extended_ecm 1.b2")
def test_a_json_request_body_is_not_read(archive: Archive) -> None:
    """The first thing that people trip over (contract 14.1); the desk must not get used to it."""
    reply = asked(archive, lambda http: http.post("v2/nodes", json={"type": 0, "parent_id": 2000, "name": "n"}))

    assert reply.status_code == 400


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


@pytest.mark.parametrize("by", ["password", "client"])
def test_the_desk_signs_in_through_the_directory(archive: Archive, by: str) -> None:
    """Sites that hide the password form would be closed to the desk."""
    directory = build_directory(archive.world, archive.authority).app
    server = archive.app
    account = archive.world.secrets["otds"]
    sign_in = (
        by_directory_password(otds_url="http://otds.test", username=account["username"], password=account["password"])
        if by == "password"
        else by_directory_client(
            otds_url="http://otds.test", client_id=account["client_id"], client_secret=account["client_secret"]
        )
    )

    async def hosts(scope: Any, receive: Any, send: Any) -> None:
        host = dict(scope["headers"])[b"host"].decode()
        await (directory if host == "otds.test" else server)(scope, receive, send)

    archive.app = hosts

    async def act(use: Callable[[ExtendedEcmClient], Awaitable[Any]]) -> Any:
        async with archive.client(sign_in=sign_in) as client:
            return await use(client)

    name = asyncio.run(act(lambda client: client.who_am_i())).name

    assert name in {account["username"], f"{account['client_id']}@OAuthClients"}


@pytest.mark.contract("extended_ecm 11.11")
def test_what_the_server_cannot_handle_at_all_is_a_page(archive: Archive) -> None:
    """No JSON, and 500: a client must take it for a restart, not for a refusal (contract 11)."""

    async def broken(sent: SentCommunication) -> bytes:
        raise RuntimeError(sent.id)

    app = build(archive.world, archive.authority, documents=broken)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"{HOST}{CS_PATH}/api/") as http:
            reply = await http.post("v1/auth", data=dict(archive.world.secrets["extended_ecm"]))
            http.headers["OTCSTicket"] = reply.json()["ticket"]
            found = await http.post("v2/search", data={"where": "OTSubType:131", "limit": "1"})
            assert found.status_code == 200
            return await http.post("v2/search", data={"where": "OTSubType:144", "limit": "1"})

    answer = asyncio.run(ask())

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (500, "text/html")
    assert "Error Processing Request" in answer.text
