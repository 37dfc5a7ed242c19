"""The fuzzer itself, for one round: it works, and finds nothing that is known to be mended."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import stamina

from tests.fuzz.__main__ import fuzz
from tests.fuzz.arguments import Known
from tests.fuzz.clients import ClientFuzzer
from tests.fuzz.findings import Findings, HangError, watched
from tests.fuzz.harbour import SYSTEMS, Streets, arrive
from tests.fuzz.sandbox import Asked, SandboxFuzzer, routes, trouble_of

KNOWN = {
    ("client cloudinary", "folder asks for ever"): "a cursor that is answered again and again",
    ("client cloudinary", "review_queue asks for ever"): "a cursor that is answered again and again",
}
"""Found and not mended yet, with the reason in short. A mended one is taken out here."""


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Repetitions are wanted, the waits between them are not."""
    with stamina.set_testing(True, attempts=2):
        yield


# What a request leaves open that failed on the way is closed with it, some garbage collection later.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_round_of_fuzzing_finds_nothing() -> None:
    """A crash under odd input would first be seen by a person."""
    # A round, and not some seconds: a faster machine would try more, and find what this one did not.
    findings = fuzz(minutes=0, seed=1, rounds=1)

    assert [each.as_words() for key, each in findings.seen.items() if key not in KNOWN] == []


def test_an_endless_loop_is_told_from_patience() -> None:
    """A hang would stop the fuzzer instead of being found."""

    def turn_for_ever() -> None:
        with watched(0.05):
            while True:
                pass

    with pytest.raises(HangError):
        turn_for_ever()


def test_the_same_seed_asks_the_same(tmp_path: Path) -> None:
    """A finding that cannot be repeated cannot be mended."""
    counts = []
    for _ in range(2):
        fuzzer = ClientFuzzer("otds", Findings(), file=tmp_path)
        asyncio.run(fuzzer.round(5))
        counts.append(fuzzer.calls)

    assert counts[0] == counts[1]


def test_what_escapes_an_app_is_trouble() -> None:
    """The fuzzer would be blind."""

    async def broken(scope: object, receive: object, send: object) -> None:
        raise KeyError("id")

    async def run() -> BaseException | None:
        streets = Streets({"iconik": broken})
        return await trouble_of(streets, Asked(method="GET", host="iconik.example", path="/x"))

    assert isinstance(asyncio.run(run()), KeyError)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_route_of_a_system_is_known(system: str) -> None:
    """Routes behind a wrapper would never be asked."""
    harbour = arrive(1)

    known = routes(harbour, system)
    asyncio.run(harbour.close())

    assert len(known) > 10


def test_a_secret_is_never_used_as_a_word() -> None:
    """It would be found again in every address, and hide real leaks."""
    known = Known(never=frozenset({"hush"}))

    known.learn({"id": "hush", "other": ["hush"]})

    assert known.like("id", Random(1)) is None


def test_a_finding_is_said_once(tmp_path: Path) -> None:
    """A thousand copies of one finding would hide the second."""
    findings = Findings()
    fuzzer = SandboxFuzzer("otds", findings, file=tmp_path)

    asyncio.run(fuzzer.round(3))

    assert all(count >= 1 for count in findings.count.values())
    assert len(findings.seen) == len(findings.count)
