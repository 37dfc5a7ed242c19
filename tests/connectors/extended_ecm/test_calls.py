"""What the desk asks Content Server for, and how it reads what differs between servers."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from connectors.calls import Call, FormBody, MultipartBody
from connectors.extended_ecm import (
    BusinessObject,
    DraftId,
    NodeId,
    ProcessId,
    Task,
    WorkspaceWish,
    by_password,
    documents_like,
    open_extended_ecm,
    usable_name,
)
from connectors.extended_ecm.wire import (
    access,
    categories,
    documents,
    holds,
    nodes,
    records,
    recycle_bin,
    sign_in,
    teams,
    workflows,
    workspaces,
)
from tests.connectors.extended_ecm.replies import reply

NODE = {"id": 7, "name": "n", "type": 144, "modify_date": "2026-03-01T09:30:00", "create_date": "2026-03-01T09:30:00Z"}


# Asking


def sent_body(call: Call) -> Any:
    assert isinstance(call.body, FormBody | MultipartBody)
    return msgspec.json.decode(dict(call.body.fields)["body"])


@pytest.mark.contract("extended_ecm 1.b2", "extended_ecm 5.b2", "extended_ecm 5.b3")
def test_an_upload_carries_its_values_flat_and_is_never_repeated_blindly() -> None:
    """Nested values are ignored for documents, and a repeated upload would file twice (contract 5)."""
    call = documents.upload(
        NodeId(5), "A: b.pdf", content=b"x", media_type="application/pdf", category_values={"98_2": "HM-1"}
    )

    assert sent_body(call) == {
        "type": 144,
        "parent_id": 5,
        "name": "A- b.pdf",
        "roles": {"categories": {"98_2": "HM-1"}},
    }
    assert not call.repeatable


@pytest.mark.contract("extended_ecm 5.b2")
def test_a_workspace_carries_its_values_nested() -> None:
    """The other way round than documents (contract 5)."""
    call = workspaces.create(
        WorkspaceWish(
            template_id=NodeId(3),
            type_id=16,
            name="n",
            reference=BusinessObject(ext_system_id="CRM", bo_type="account", bo_id="4711"),
            category_values={98: {"98_2": "x"}},
        )
    )

    assert sent_body(call)["roles"] == {"categories": {"98": {"98_2": "x"}}}
    assert sent_body(call)["bo_id"] == "4711"


@pytest.mark.contract("extended_ecm 1.b10")
def test_every_list_says_how_much_it_wants() -> None:
    """Defaults differ from 10 to 500 and are undocumented for folders (contract 1)."""
    calls = [
        nodes.children(NodeId(1), page=1, limit=50),
        nodes.audit(NodeId(1), page=1, limit=50),
        documents.versions(NodeId(1), page=1, limit=50),
        workspaces.workspaces(page=1, limit=50),
        workspaces.related(NodeId(1), kind="child", page=1, limit=50),
        teams.team(NodeId(1), page=1, limit=50),
        holds.holds(page=1, limit=50),
        holds.items(7, page=1, limit=50),
        records.schedules(page=1, limit=50),
        access.permissions(NodeId(1), page=1, limit=50),
        recycle_bin.contents(page=1, limit=50),
    ]

    assert all(("limit", "50") in call.query for call in calls)


def test_workspaces_are_never_searched_among_the_recent_only() -> None:
    """The server would quietly leave out the rest (contract 14.6)."""
    assert ("expanded_view", "true") in workspaces.workspaces(page=1, limit=1).query


@pytest.mark.contract("extended_ecm 5.8", "extended_ecm 5.b1")
def test_an_edit_token_travels_with_the_values() -> None:
    """Without it nobody's change would ever conflict."""
    call = categories.update_category(NodeId(1), 98, {"98_2": "x"}, token="aa11")

    assert sent_body(call) == {"98_1": {"metadata_token": "aa11"}, "98_2": "x"}


def test_what_a_person_types_stays_words() -> None:
    """A quotation mark would turn a search into a query of its own."""
    assert documents_like('a"b c', within=NodeId(9)) == r'"a\"b" and "c" and OTSubType:144 and OTLocation:9'


@pytest.mark.parametrize(
    ("name", "usable"), [("a:b", "a-b"), ("  x ", "x"), ("n" * 300, "n" * 248)], ids=["colon", "blanks", "long"]
)
def test_names_are_made_usable(name: str, usable: str) -> None:
    """The upload would be refused after its last byte."""
    assert usable_name(name) == usable


def test_a_password_is_not_in_the_repr_of_its_call() -> None:
    """It would end in a log."""
    assert "hunter2" not in repr(sign_in.password_sign_in(username="u", password="hunter2"))


@pytest.mark.contract("extended_ecm 1.b5")
def test_what_is_asked_for_is_little() -> None:
    """Each field costs the server time (contract 1)."""
    asked = dict(nodes.node(NodeId(1)).query)["fields"]

    assert asked.startswith("properties{id,name,type,")
    assert nodes.edit_tokens(NodeId(1)).path.endswith("?state")


SET_FORM = {
    "data": {"98_1": {"metadata_token": "t"}, "98_6": [{"98_6_x_7": "Mail"}]},
    "options": {},
    "schema": {
        "properties": {
            "98_6": {
                "type": "array",
                "title": "Contacts",
                "maxItems": 2,
                "items": {
                    "type": "object",
                    "properties": {
                        "98_6_x_7": {"type": "string", "title": "Medium", "required": True},
                        "98_6_x_8": {"type": "string", "title": "Since"},
                    },
                },
            },
            "98_9": {
                "type": "object",
                "title": "Home",
                "properties": {"98_9_1_10": {"type": "string", "title": "City"}},
            },
            "98_11": {"type": "array", "title": "Tags", "maxItems": 3, "items": {"type": "string"}},
        }
    },
}


@pytest.mark.contract("extended_ecm 5.2", "extended_ecm 5.3", "extended_ecm 5.4")
def test_rows_and_multi_values_get_their_keys() -> None:
    """A row counted from zero, or a gap that is no empty text, is refused (contract 5)."""
    (form,) = categories.read_forms(reply({"forms": [SET_FORM]}))
    rows = [{"Medium": "Mail", "Since": date(2026, 5, 1)}, {"Medium": "Post"}]

    keyed = form.keyed({"Contacts": rows, "Home": {"City": "Brest"}, "Tags": ["a", None, "c"]}, system="ecm")

    assert keyed == {
        "98_6_1_7": "Mail",
        "98_6_1_8": "2026-05-01T00:00:00",
        "98_6_2_7": "Post",
        "98_9_1_10": "Brest",
        "98_11": ["a", "", "c"],
    }


@pytest.mark.contract("extended_ecm 5.6")
def test_a_row_of_a_set_is_removed_by_an_empty_text() -> None:
    """Leaving it out would keep it (contract 5)."""
    sent: list[Any] = []

    async def act() -> None:
        client = open_extended_ecm(
            base_url="http://ecm.test",
            cs_path="/cs/cs",
            sign_in=by_password(username="u", password="p"),
            wire=httpx.MockTransport(answer),
        )
        await client.remove_set_row(NodeId(1), 98, 6, 2)
        await client.close()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/auth"):
            return httpx.Response(200, json={"ticket": "t"})
        sent.append(json.loads(parse_qs(request.content.decode())["body"][0]))
        return httpx.Response(200, json={"results": {}})

    asyncio.run(act())

    assert sent == [{"98_6_2": ""}]


@pytest.mark.contract("extended_ecm 9.b4")
def test_what_nobody_touched_is_not_sent() -> None:
    """``false`` for an untouched option is refused (CONFIRMED)."""
    call = records.classify(NodeId(1), NodeId(7), schedule="COR-03")

    assert call.body == FormBody(fields=(("class_id", "7"), ("rsi", "COR-03")))


@pytest.mark.contract("extended_ecm 9.b2")
def test_an_indirect_hold_is_lifted_with_what_brought_it() -> None:
    """By its number alone it is refused (contract 9)."""
    answer = {
        "data": [{"hold_id": 7, "hold_name": "Tax", "removable": True, "queryid": 11, "userid": 0, "docxreftyp": ""}]
    }
    (hold,) = holds.read_holds_on(reply(answer), UTC)

    call = holds.lift_placed(NodeId(1), hold)

    assert hold.removable
    assert (call.path, call.query) == ("/api/v1/nodes/1/holds/7", (("queryID", "11"),))


@pytest.mark.contract("extended_ecm 13.4")
@pytest.mark.parametrize(
    "results", [[{"id": 1, "name": "a", "type": 144}], {"contents": [{"id": 1, "name": "a", "type": 144}]}]
)
def test_rows_of_a_hold_are_read_flat_and_from_contents(results: Any) -> None:
    """One source draws them flat, a live server nests them (contract 13)."""
    assert [each.name for each in holds.read_items(reply({"results": results}), UTC).items] == ["a"]


@pytest.mark.contract("extended_ecm 13.1")
@pytest.mark.parametrize("as_list", [True, False])
def test_one_workspace_is_read_from_an_object_and_from_a_list(as_list: bool) -> None:
    """Sources differ (contract 13)."""
    entry = {"data": {"properties": NODE, "workspace_references": []}}

    found = workspaces.read_workspace(reply({"results": [entry] if as_list else entry}), UTC)

    assert found.node.id == 7


@pytest.mark.contract("extended_ecm 10.b2", "extended_ecm 10.b3")
def test_decisions_go_by_the_sites_own_words_and_numbers_stay_numbers() -> None:
    """An action and a decision together are refused, and so is a word where a number belongs (contract 10)."""
    task = Task(process=ProcessId(5), task=2)

    decided = workflows.decide(task, "Freigeben", comment="gut")
    filled = workflows.fill(DraftId(9), {"WorkflowForm_2": 1001}, due=datetime(2026, 2, 1, 12, tzinfo=UTC))

    assert sent_body(decided) == {"custom_action": "Freigeben", "comment": "gut"}
    assert sent_body(filled)["values"] == {
        "WorkflowForm_2": 1001,
        "WorkflowForm_WorkflowDueDate": "2026-02-01 12:00:00.000",
    }


@pytest.mark.contract("extended_ecm 13.15")
@pytest.mark.parametrize("body", [{"rest_api": []}, {"build": 1, "href": "api", "version": 1}])
def test_any_object_is_an_answer_to_a_ping(body: dict[str, Any]) -> None:
    """A server that is up would be called down for want of a key."""
    sign_in.read_ping(reply(body))


def test_times_that_are_empty_texts_are_none() -> None:
    """A workflow without a date would break the whole list (contract 10, quoted replies)."""
    row = {"process_id": 1, "due_date": ""}

    (found,) = workflows.read_mine(reply({"results": [{"data": {"wfstatus": row}}]}), UTC)

    assert found.due is None


def test_many_workspaces_are_read_bare_and_under_results() -> None:
    """The one answer that may be an array by itself (contract 6)."""
    outcomes = [{"id": 1, "error_message": ""}, {"id": 0, "error_message": "no"}]

    assert workspaces.read_made(reply(outcomes)) == workspaces.read_made(reply({"results": outcomes}))


def test_a_bin_that_says_nothing_has_done_all() -> None:
    """Servers differ in whether they list what succeeded."""
    outcome = recycle_bin.read_outcome(reply({"results": {}}), [NodeId(1), NodeId(2)])

    assert outcome.done == (NodeId(1), NodeId(2))


# Lists that move


class MovingFolder:
    """A folder of two hundred and fifty documents, of which the seventh goes while the second page is asked for."""

    def __init__(self) -> None:
        self.there = list(range(1, 251))
        self.calls = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Sign-in, or a page of the folder."""
        if request.url.path.endswith("/auth"):
            return httpx.Response(200, json={"ticket": "t"})
        self.calls += 1
        asked = parse_qs(request.url.query.decode())
        page, limit = int(asked["page"][0]), int(asked["limit"][0])
        if page == 2 and 7 in self.there:
            self.there.remove(7)
        found = self.there[(page - 1) * limit : page * limit]
        paging = {"page": page, "page_total": -(-len(self.there) // limit), "total_count": len(self.there)}
        results = [{"data": {"properties": {**NODE, "id": id_}}} for id_ in found]
        return httpx.Response(200, json={"collection": {"paging": paging}, "results": results})


def test_a_document_that_moved_up_a_page_while_the_list_was_read_is_not_left_out() -> None:
    """It would be taken for deleted, and be missing from its customer until the next walk comes by."""
    folder = MovingFolder()

    async def read() -> list[NodeId]:
        client = open_extended_ecm(
            base_url="https://ecm.example",
            cs_path="/cs",
            sign_in=by_password(username="u", password="p"),
            wire=httpx.MockTransport(folder.answer),
        )
        found = [node.id async for node in client.children(NodeId(5))]
        await client.close()
        return found

    found = asyncio.run(read())

    assert set(found) >= set(folder.there)
    assert len(found) == len(set(found))
    assert folder.calls == 2 * 3
