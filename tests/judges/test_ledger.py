"""A judge's book, as a process keeps it."""

import json
import subprocess
import sys

from tests.judges.environments import ROOT

FLOWS = """
from tests.judges.ledger import Ledger
ledger = Ledger.from_stdin()
print("a library says something")
with ledger.call("works"):
    assert ledger.ready["system"] == "up"
with ledger.call("fails"):
    raise KeyError("no such thing")
with ledger.call("goes on"):
    ledger.hand("id", ledger.given["id"] + 1)
ledger.end()
"""


def test_a_failed_call_is_booked_and_the_flow_goes_on() -> None:
    """One missing operation would hide everything behind it."""
    told = json.dumps({"ready": {"system": "up"}, "given": {"id": 6}})

    ended = subprocess.run(
        [sys.executable, "-c", FLOWS], input=told, capture_output=True, text=True, check=True, cwd=ROOT
    )
    said = json.loads(ended.stdout)

    assert [call["name"] for call in said["calls"]] == ["works", "fails", "goes on"]
    assert [bool(call["reason"]) for call in said["calls"]] == [False, True, False]
    assert said["calls"][1]["reason"].startswith("KeyError (")
    assert said["handed"] == {"id": 7}
