"""OpenText's own client for Content Server accepts the sandbox, and reads and writes the same things as the desk's."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from connectors.extended_ecm import (
    BusinessObject,
    ExtendedEcmClient,
    NodeId,
    ProcessId,
    by_password,
    open_extended_ecm,
)
from tests.judges.bench import Judge, Ready, Verdict

KNOWN: Final[Mapping[str, str]] = {
    "history of a document page by page": "the client takes `results` for a list, and the vendor sends an object "
    "(contract 13: do not imitate)",
}
"""Call → why it fails though the sandbox is right."""
FACTS: Final = [
    f"extended_ecm {row}"
    for row in (
        "1.b2",
        "1.b4",
        "1.b5",
        "1.b9",
        "1.b10",
        "2.b2",
        "2.b5",
        "2.b8",
        "5.1",
        "5.2",
        "5.3",
        "5.b2",
        "5.b4",
        "5.b5",
        "9.b5",
        "10.b2",
        "11.5",
        "11.8",
        "11.10",
        "13.1",
        "13.3",
        "13.5",
        "13.6",
        "13.8",
        "13.14",
        "13.15",
    )
]
"""What the client's own readers and writers insist on in one call or another."""
CONTENT: Final = "%PDF-1.7 by the desk"
CUSTOMER: Final = "DESK-1"


@asynccontextmanager
async def desk(ready: Ready) -> AsyncIterator[ExtendedEcmClient]:
    """The desk's own client on the same sandbox."""
    secrets = ready["extended_ecm"]
    client = open_extended_ecm(
        base_url=secrets["base_url"],
        cs_path=secrets["cs_path"],
        sign_in=by_password(username=secrets["username"], password=secrets["password"]),
    )
    try:
        yield client
    finally:
        await client.close()


async def written_by_the_desk(ready: Ready) -> dict[str, Any]:
    """A workspace, a document with values in it, and a hold on that."""
    async with desk(ready) as client:
        (kind,) = await client.workspace_types()
        (form,) = await client.form_for_new_workspace(kind.templates[0].id)
        workspace = await client.create_workspace(
            template_id=kind.templates[0].id,
            type_id=kind.wksp_type_id,
            name="The desk's customer",
            reference=BusinessObject(ext_system_id="CRM", bo_type="account", bo_id=CUSTOMER),
            category_values={form.category_id: form.keyed({"Customer number": CUSTOMER}, system="Extended ECM")},
        )
        folder = await anext(client.children(workspace))
        (category,) = [each for each in await client.all_categories() if each.name == "Customer document"]
        (document_form,) = await client.form_for_new_document(folder.id, [category.id])
        values = {"Account": CUSTOMER, "Document type": "Letter", "Document date": "2026-05-12T00:00:00"}
        document = await client.upload(
            folder.id,
            "Ofício 7.pdf",
            content=CONTENT.encode(),
            media_type="application/pdf",
            category_values=document_form.keyed(values, system="Extended ECM"),
        )
        hold = await anext(client.holds())
        await client.apply_hold(document.id, hold.id)
        return {
            "workspace": workspace,
            "document": document.id,
            "name": document.name,
            "content": CONTENT,
            "values": values,
            "customer": CUSTOMER,
        }


@pytest.fixture(scope="module")
def verdict(judged_sandbox: Ready) -> Verdict:
    given = asyncio.run(written_by_the_desk(judged_sandbox))
    return Judge("otcs", environment="pyxecm").run(judged_sandbox, given=given)


@pytest.mark.contract(*FACTS)
def test_the_vendors_client_finds_a_content_server(verdict: Verdict) -> None:
    """A sandbox that only our own client accepts proves nothing about Content Server."""
    assert verdict.failed.keys() == KNOWN.keys()
    assert verdict.share_passed >= 0.95
    assert len(verdict.calls) >= 100


def test_the_desk_reads_what_the_vendors_client_wrote(judged_sandbox: Ready, verdict: Verdict) -> None:
    """Both could be wrong in the same way about what lies in between."""

    async def read() -> tuple[bytes, dict[str, object], list[str], str, list[str]]:
        async with desk(judged_sandbox) as client:
            document = NodeId(verdict.handed["document"])
            values = {name: value for each in await client.categories(document) for name, value in each.named.items()}
            holds = [each.hold_name for each in await client.holds_on(document)]
            workspace = await client.workspace(NodeId(verdict.handed["workspace"]))
            history = await client.workflow_history(ProcessId(verdict.handed["process"]))
            said = [each.disposition for each in history if each.disposition]
            bound = workspace.references[0].bo_id
            return (await client.content(document)).data, values, holds, bound, said

    content, values, holds, bound, said = asyncio.run(read())

    assert content == b"%PDF-1.7 second round"
    assert (values["Document type"], values["State"], values["Tries"]) == ("Policy", "sent", 3)
    assert holds == ["Judge v. Sandbox"]
    assert bound == "J-3"
    assert said == ["Approve"]
