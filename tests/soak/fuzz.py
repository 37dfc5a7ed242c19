"""Generated requests at the sandbox and generated replies at the clients, for some minutes; counted as a soak."""

import io
import re
from contextlib import redirect_stdout
from time import monotonic
from typing import Final

from tests.fuzz.__main__ import fuzz
from tests.soak.tally import Tally

COUNT: Final = 5
"""Minutes."""
_CALLS: Final = re.compile(r": (\d+) calls")


def run(count: int = COUNT) -> Tally:
    """Fuzz for ``count`` minutes."""
    began = monotonic()
    said = io.StringIO()
    with redirect_stdout(said):
        found = fuzz(minutes=count, seed=1)
    tally = Tally(name="fuzz", tried=sum(map(int, _CALLS.findall(said.getvalue()))))
    tally.crashed = sum(found.count.values())
    tally.findings = [f"{about}: {what}: {times} times" for (about, what), times in sorted(found.count.items())]
    tally.took_s = monotonic() - began
    return tally
