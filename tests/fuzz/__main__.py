"""``python -m tests.fuzz --minutes N [--seed S] [--only client:iconik]``: look for trouble; 1 when any was found.

Half of the time goes to the systems of the sandbox and half to the clients, in rounds. Each round has its own seed,
which is printed with what it found and repeats it.
"""

import argparse
import asyncio
import gc
import logging
import sys
import tempfile
from pathlib import Path
from time import monotonic

import stamina

from tests.fuzz.clients import ClientFuzzer
from tests.fuzz.findings import Findings
from tests.fuzz.harbour import SYSTEMS
from tests.fuzz.sandbox import SandboxFuzzer


def main(arguments: list[str] | None = None) -> int:
    """Fuzz for the time that was asked for, and say what was done."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1, help="the first round's; the next ones count on")
    parser.add_argument("--rounds", type=int, help="stop after so many rounds, whatever the time")
    parser.add_argument("--only", help="client:NAME, sandbox:NAME, client or sandbox")
    wanted = parser.parse_args(arguments)
    findings = fuzz(minutes=wanted.minutes, seed=wanted.seed, rounds=wanted.rounds, only=wanted.only or "")
    return 1 if findings.seen else 0


def fuzz(*, minutes: float, seed: int, rounds: int | None = None, only: str = "") -> Findings:
    """Fuzz everything in turn until the time is over; at least one round each."""
    findings = Findings()
    # What libraries say of broken bodies is not for the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    # Repetitions are wanted, the waits between them are not.
    with tempfile.TemporaryDirectory() as folder, stamina.set_testing(True, attempts=2):
        file = Path(folder) / "letter.pdf"
        file.write_bytes(b"%PDF-1.7 a letter")
        fuzzers = [
            (kind, fuzzer)
            for system in SYSTEMS
            for kind, fuzzer in (
                (f"sandbox:{system}", SandboxFuzzer(system, findings, file=file)),
                (f"client:{system}", ClientFuzzer(system, findings, file=file)),
            )
            if kind.startswith(only)
        ]
        until = monotonic() + minutes * 60
        played = 0
        while (rounds is None and monotonic() < until) or (rounds is not None and played < rounds):
            for _, fuzzer in fuzzers:
                if rounds is not None or monotonic() < until:
                    asyncio.run(fuzzer.round(seed + played))
                    gc.collect()
            played += 1
        for kind, fuzzer in fuzzers:
            skipped = f"; cannot be called: {fuzzer.unmakeable}" if fuzzer.unmakeable else ""
            sys.stdout.write(f"{kind}: {fuzzer.calls} calls{skipped}\n")
    for (about, what), count in sorted(findings.count.items()):
        sys.stdout.write(f"{about}: {what}: {count} times\n")
    sys.stdout.write(f"{len(findings.seen)} findings in {played} rounds\n")
    return findings


if __name__ == "__main__":
    sys.exit(main())
