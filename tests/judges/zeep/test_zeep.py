"""zeep on the engine's service, and our own client beside it."""

import asyncio
from typing import Final

import pytest

from connectors.exstream import client_sign_in, open_exstream
from connectors.exstream.server_based import Composition, CompositionRequest, open_engine
from tests.judges.bench import Judge, Ready

KNOWN: Final[dict[str, str]] = {}
"""Calls that are known to fail, and why."""
RENEWAL: Final = "Renewal notice"


async def a_sample(ready: Ready) -> bytes:
    """Driver data for the renewal notice, as our own client fetches it."""
    facts = ready["exstream"]
    sign_in = client_sign_in(
        otds_url=facts["otds_url"],
        client_id=facts["client_id"],
        client_secret=facts["client_secret"],
        tenant=facts["tenant"],
        subscription=facts["subscription"],
    )
    client = open_exstream(base_url=facts["base_url"], sign_in=sign_in)
    try:
        found = [each async for each in client.communications(facts["domain"]) if each.name == RENEWAL]
        link = await anext(client.sample_files(facts["domain"], found[0].id))
        return await client.content(facts["domain"], link.link_object_id)
    finally:
        await client.close()


async def composed(ready: Ready, driver: bytes) -> Composition:
    """The same composition by our own client."""
    engine = open_engine(base_url=ready["exstream"]["base_url"])
    try:
        return await engine.compose(
            CompositionRequest(pub_files=["renewal-notice.pub"], driver=driver, input_name="INPUT")
        )
    finally:
        await engine.close()


@pytest.mark.contract("exstream 1.7.1", "exstream 1.7.2", "exstream 1.7.3", "exstream 1.7.4", "exstream 2.9")
def test_zeep_and_our_client_get_the_same_letter(judged_sandbox: Ready) -> None:
    """A client and a server by one hand could agree in error about every element."""
    driver = asyncio.run(a_sample(judged_sandbox))

    verdict = Judge("zeep").run(judged_sandbox, given={"driver": driver.decode()})
    ours = asyncio.run(composed(judged_sandbox, driver))

    assert verdict.failed == KNOWN
    assert verdict.share_passed >= 0.95
    (pdf,) = [file for file in ours.files if file.media_type == "application/pdf"]
    assert len(pdf.content) == verdict.handed["pdf_bytes"]
