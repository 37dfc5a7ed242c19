"""OpenText's own client for Directory Services accepts the sandbox, and shares tickets and people with the desk's."""

import asyncio
from typing import Final

import pytest

from connectors.otds import open_otds
from tests.judges.bench import Judge, Ready, Verdict

KNOWN: Final[dict[str, str]] = {}
"""Call → why it fails though the sandbox is right."""


async def desks_ticket(ready: Ready) -> str:
    """What the desk's own client gets for the same name and password."""
    secrets = ready["otds"]
    client = open_otds(base_url=secrets["base_url"])
    try:
        return (await client.ticket(user_name=secrets["username"], password=secrets["password"])).value
    finally:
        await client.close()


@pytest.fixture(scope="module")
def verdict(judged_sandbox: Ready) -> Verdict:
    given = {"ticket": asyncio.run(desks_ticket(judged_sandbox))}
    return Judge("otds", environment="pyxecm").run(judged_sandbox, given=given)


def test_the_vendors_client_finds_directory_services(verdict: Verdict) -> None:
    """Five systems sign in through it; one that only we accept would lock all of them."""
    assert verdict.failed.keys() == KNOWN.keys()
    assert verdict.share_passed >= 0.95
    assert len(verdict.calls) >= 40


def test_whom_the_vendors_client_added_signs_in_at_the_desk(judged_sandbox: Ready, verdict: Verdict) -> None:
    """A person who was added in the directory must be one for the desk too."""

    async def sign_in() -> tuple[str, str]:
        client = open_otds(base_url=judged_sandbox["otds"]["base_url"])
        name, password = verdict.handed["newcomer"], verdict.handed["newcomers_password"]
        try:
            older = await client.ticket(user_name=name, password=password)
            newer = await client.ticket_v1(user_name=name, password=password)
        finally:
            await client.close()
        return older.user_id, newer.user_id

    assert asyncio.run(sign_in()) == ("judith.richter@harbour",) * 2
