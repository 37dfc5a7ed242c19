"""Workflows: sent on by a form or in one call, decided by people, followed to their end."""

from datetime import timedelta

import pytest

from connectors.errors import ForbiddenError, InvalidError
from connectors.extended_ecm import (
    PROOF_NEEDED,
    ExtendedEcmClient,
    NodeId,
    PlainTask,
    ProcessId,
    Started,
    Task,
    WorkflowMap,
)
from tests.connectors.sandbox.extended_ecm.conftest import NOON, Archive
from tests.connectors.sandbox.extended_ecm.places import folder_of, plain_document

APPROVAL, REVIEW, SIGNED = "Document approval", "Second reading", "Signed release"


async def map_called(client: ExtendedEcmClient, name: str) -> WorkflowMap:
    folder = await folder_of(client, "HM-1")
    (document, *_) = [each async for each in client.children(folder.id)]
    maps = await client.workflows_for([document.id], folder.id)
    return next(each for each in maps if each.name == name)


async def sent_for_approval(client: ExtendedEcmClient) -> tuple[Started, NodeId]:
    """Draft, fill, start: Anna Berg is to approve."""
    way, document = await map_called(client, APPROVAL), await plain_document(client)
    definition = await client.workflow_definition(way.id)
    (anna,) = [each async for each in client.members("anna.berg")]
    draft = await client.draft_workflow(way.id, [document.id])
    values = {definition.attributes["Approver"]: anna.id, definition.attributes["Remark"]: "second round"}
    await client.fill_draft(draft.draftprocess_id, values, title="Letter of May", due=NOON + timedelta(days=2))
    return await client.start_workflow(draft.draftprocess_id, comment="please"), document.id


async def first_task(client: ExtendedEcmClient) -> Task:
    (mine,) = await client.assignments()
    assert mine.task is not None
    return mine.task


def test_a_map_says_what_its_form_asks_for(archive: Archive) -> None:
    """Attributes go by name: their numbers differ between sites."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str | None], dict[str, str]]:
        definition = await client.workflow_definition((await map_called(client, APPROVAL)).id)
        return [each.title for each in definition.steps], dict(definition.attributes)

    steps, attributes = archive.asked(act)

    assert steps == ["Approver", "Release"]
    assert attributes == {"Approver": "WorkflowForm_2", "Remark": "WorkflowForm_3"}


def test_what_was_sent_for_approval_waits_for_whoever_was_named(archive: Archive) -> None:
    """A task in nobody's list is never done."""
    archive.asked(sent_for_approval)

    theirs = archive.asked(lambda client: client.assignments(), who="second")
    ours = archive.asked(lambda client: client.assignments())

    assert [(each.name, each.due) for each in theirs] == [("Approver", NOON + timedelta(days=2))]
    assert not ours


@pytest.mark.contract("extended_ecm 10.b2")
def test_a_decision_leads_on_and_stays_in_the_history(archive: Archive) -> None:
    """Approval is seen from the last disposition alone: no node carries a flag (contract 10)."""
    started, _ = archive.asked(sent_for_approval)

    async def approve(client: ExtendedEcmClient) -> list[str]:
        task = await first_task(client)
        form = await client.task_form(task)
        assert [each.key for each in form.custom_actions] == ["Approve", "Reject"]
        await client.decide(task, "Approve", comment="well said")
        return [step.task_name for step in (await client.workflow_progress(task.process)).steps.current]

    waiting = archive.asked(approve, who="second")
    history = archive.asked(lambda client: client.workflow_history(started.process_id))

    assert waiting == ["Release"]
    assert (history[0].disposition, history[0].comment) == ("Approve", "well said")
    assert history[-1].comment == "please"


def test_a_rejection_ends_the_way(archive: Archive) -> None:
    """A rejected letter must not go on to be released."""
    archive.asked(sent_for_approval)

    async def reject(client: ExtendedEcmClient) -> tuple[str, int]:
        task = await first_task(client)
        await client.decide(task, "Reject")
        progress = await client.workflow_progress(task.process)
        return progress.status, len(progress.steps.current)

    assert archive.asked(reject, who="second") == ("completed", 0)


def test_nobody_decides_what_waits_for_somebody_else(archive: Archive) -> None:
    """Two eyes would do the work of four."""
    started, _ = archive.asked(sent_for_approval)

    with pytest.raises(InvalidError):
        archive.asked(lambda client: client.decide(Task(process=started.process_id, task=1), "Approve"))


def test_a_task_is_handed_over(archive: Archive) -> None:
    """Somebody on holiday would hold up every letter."""
    archive.asked(sent_for_approval)

    async def hand_over(client: ExtendedEcmClient) -> None:
        (mira,) = [each async for each in client.members("mira.kovac")]
        await client.act_on_task(await first_task(client), "Delegate", assignee=mira.id, comment="yours")

    archive.asked(hand_over, who="second")

    assert [each.name for each in archive.asked(lambda client: client.assignments())] == ["Approver"]


def test_what_is_overdue_says_so(archive: Archive) -> None:
    """The list of late workflows would stay empty."""
    archive.asked(sent_for_approval)
    archive.world.clock.advance(timedelta(days=3))

    late = archive.asked(lambda client: client.own_workflows(kind="Initiated", status="workflowlate"))

    assert [(each.name, each.status) for each in late] == [("Letter of May", "workflowlate")]


def test_a_map_without_a_form_starts_in_one_call_and_no_other_does(archive: Archive) -> None:
    """The vendor refuses to skip a form (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> Started:
        document = await plain_document(client)
        with pytest.raises(InvalidError):
            await client.start_workflow_at_once((await map_called(client, APPROVAL)).id, [document.id])
        return await client.start_workflow_at_once((await map_called(client, REVIEW)).id, [document.id])

    assert archive.asked(act).process_id


@pytest.mark.contract("extended_ecm 10.b1")
def test_a_task_that_asks_for_the_password_takes_it(archive: Archive) -> None:
    """The desk could not tell this refusal from any other (CONFIRMED number)."""

    async def act(client: ExtendedEcmClient) -> tuple[bool, str, str]:
        started = await client.start_workflow_at_once((await map_called(client, SIGNED)).id)
        task = Task(process=started.process_id, task=1)
        asks = (await client.task_form(task)).authentication
        with pytest.raises(InvalidError) as refused:
            await client.decide(task, "Approve")
        await client.decide(task, "Approve", password=archive.world.secrets["extended_ecm"]["password"])
        return asks, refused.value.detail, (await client.workflow_progress(task.process)).status

    asks, detail, status = archive.asked(act)

    assert asks
    assert PROOF_NEEDED in detail
    assert status == "completed"


@pytest.mark.contract("extended_ecm 10.b3")
def test_a_word_where_a_number_belongs_is_refused(archive: Archive) -> None:
    """A live server refuses it (CONFIRMED): the desk must send numbers."""

    async def act(client: ExtendedEcmClient) -> None:
        draft = await client.draft_workflow((await map_called(client, APPROVAL)).id)
        form = await client.draft_form(draft.draftprocess_id)
        assert [each.key for each in form.actions] == ["Initiate"]
        await client.fill_draft(draft.draftprocess_id, {"WorkflowForm_2": "anna"})

    with pytest.raises(InvalidError):
        archive.asked(act)


@pytest.mark.parametrize(
    ("words", "status"), [(["suspend"], "suspended"), (["suspend", "resume"], "ontime"), (["stop"], "stopped")]
)
def test_a_workflow_is_turned_by_whoever_began_it(archive: Archive, words: list[str], status: str) -> None:
    """A workflow that was sent by mistake could not be called back."""
    started, _ = archive.asked(sent_for_approval)

    async def act(client: ExtendedEcmClient) -> str:
        for word in words:
            await client.turn_workflow(started.process_id, word)
        return (await client.workflow_progress(started.process_id)).status

    assert archive.asked(act) == status


def test_a_workflow_is_turned_by_nobody_else(archive: Archive) -> None:
    """Whoever is to approve could make the question disappear."""
    started, _ = archive.asked(sent_for_approval, who="second")

    with pytest.raises(ForbiddenError):
        archive.asked(lambda client: client.turn_workflow(started.process_id, "stop"))


def test_a_deleted_workflow_leaves_its_documents(archive: Archive) -> None:
    """Cleaning up the list must not clean out the archive."""

    async def act(client: ExtendedEcmClient) -> str:
        started, document = await sent_for_approval(client)
        await client.delete_workflow(started.process_id)
        with pytest.raises(InvalidError):
            await client.workflow_progress(ProcessId(started.process_id))
        return (await client.node(document)).name

    assert archive.asked(act) == "Plain.pdf"


def test_a_plain_task_is_assigned_without_any_workflow(archive: Archive) -> None:
    """A small thing to do needs no map (contract 10)."""

    async def act(client: ExtendedEcmClient) -> None:
        folder = await folder_of(client, "HM-1")
        (anna,) = [each async for each in client.members("anna.berg")]
        async with archive.bare() as http:
            made = await http.post("v2/nodes", data={"type": 204, "parent_id": folder.id, "name": "To do"})
        tasks = NodeId(made.json()["results"]["data"]["properties"]["id"])
        wish = PlainTask(name="Call back", assignee=anna.id, due=NOON, instructions="about the letter")
        await client.create_task(tasks, wish)

    archive.asked(act)
    (theirs,) = archive.asked(lambda client: client.assignments(), who="second")

    assert (theirs.name, theirs.task, theirs.instructions) == ("Call back", None, "about the letter")
