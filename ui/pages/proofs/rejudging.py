"""A library said something new: the proof that is shown is judged by it again, and not composed again."""

from collections.abc import Callable

from app.records import Changes, DriverRecord, Proof
from ui.pages.context import PageContext
from ui.tasks import Tasks


class Rejudging:
    """One judgement at a time; what is heard meanwhile counts at the next change."""

    def __init__(self, *, context: PageContext, tasks: Tasks, judged: Callable[[Proof, Proof], None]) -> None:
        """``judged`` is told the proof as it was and as it is judged now, where they differ."""
        self._context = context
        self._tasks = tasks
        self._judged = judged
        self._is_judging = False

    def hear(self, changes: Changes, proof: Proof | None, record: DriverRecord | None) -> None:
        """Judge ``proof`` again when ``changes`` are about an asset that it shows."""
        if proof is None or record is None or self._is_judging:
            return
        shown = {item.key for item in proof.bill if item.key}
        if shown & changes.assets or {each.system for each in shown} & changes.libraries:
            self._is_judging = True
            self._tasks.start(self._judge(proof, record), name="judge a proof again")

    async def _judge(self, proof: Proof, record: DriverRecord) -> None:
        try:
            now = await self._context.run(self._context.use.judge_bill, proof, record)
        finally:
            self._is_judging = False
        if now != proof:
            self._judged(proof, now)
