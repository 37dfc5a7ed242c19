"""Secrets are changed in the middle of a working day: nothing is lost, and nothing is sent twice."""

import asyncio
from contextlib import suppress

from app.records import AssetState, EntryState, System
from app.rules.verdicts import Verdict
from app.use_cases.connect_system import ConnectionForm
from connectors.errors import UnreachableError
from tests.stories.desks import StoryDesk
from tests.stories.sandbox import Control

ICONIK = System.ICONIK
CHANGES = 4


def form(desk: StoryDesk) -> ConnectionForm:
    """What a person types when the secret was made anew; here it is as good as the one before."""
    read = desk.connection(ICONIK)
    values = {**read.connection.settings, "base_url": read.connection.base_url, **read.secrets}
    return ConnectionForm(system=ICONIK, values=values)


async def test_a_change_of_secrets_while_verdicts_leave_and_the_library_is_read(
    runner: asyncio.Runner, desk: StoryDesk, control: Control
) -> None:
    """A verdict that was under way would be lost, or given twice; or the library be read half."""
    waiting = (await desk.assets(ICONIK, AssetState.IN_REVIEW))[:6]

    async def change_again_and_again() -> None:
        for _ in range(CHANGES):
            await desk.desk.use.save_connection(form(desk))

    async def read_meanwhile() -> None:
        # A round on the line that is being replaced breaks off, and the next one goes on.
        with suppress(UnreachableError):
            await desk.synchronise(ICONIK)

    entries = [await desk.judge(asset, Verdict.APPROVE) for asset in waiting]
    await asyncio.gather(change_again_and_again(), read_meanwhile())
    await desk.synchronise(ICONIK)
    settled = [await desk.settled(entry) for entry in entries]
    (kept,) = [each for each in await desk.desk.use.list_connections() if each.system is ICONIK]

    assert [each.state for each in settled] == [EntryState.DONE] * len(waiting)
    assert (kept.place, kept.before, kept.is_changing) == ("", None, False)
    written = [(write["method"], write["path"]) for write in await control.writes("iconik", path_part="/approvals")]
    assert len(set(written)) == len(written) >= len(waiting)
