"""What the log may say, held against what must never stand in it."""

import asyncio
import json
import logging
import sqlite3
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings

from app.errors import UserError
from app.fault_report import FaultReport
from app.log import FaultDoors, Log, about, loop_fault
from app.log.doors import log as doors_log
from app.log.redaction import KEYS
from connectors.errors import InvalidError, UnreachableError
from tests.app.log.heard import listening
from tests.app.log.planted import PLANTED

ours = logging.getLogger("app.log_test")
theirs = logging.getLogger("somebodys.library")


def only_line(log: Log) -> dict[str, object]:
    [line] = log.newest()
    told: dict[str, object] = json.loads(line)
    return told


def formatted(words: str) -> None:
    ours.warning(f"the customer {words} was seen")


def with_argument(words: str) -> None:
    theirs.warning("cannot read %s", words)


def glued(words: str) -> None:
    theirs.error("cannot read " + words)


def named_logger(words: str) -> None:
    logging.getLogger(words).error("it failed")


def unknown_key(words: str) -> None:
    ours.warning("it failed", extra={"customer": words, "address": words})


def known_keys(words: str) -> None:
    ours.warning("it failed", extra=dict.fromkeys(KEYS, words))


def context(words: str) -> None:
    with about(**dict.fromkeys(KEYS, words), customer=words):
        ours.warning("it failed")


def raised(error: BaseException) -> BaseException:
    try:
        raise error  # noqa: TRY301 - it shall have a trace
    except BaseException as caught:  # noqa: BLE001 - as above
        return caught


def errors(words: str) -> tuple[BaseException, ...]:
    system, call = "iconik", "list assets"
    caused = raised(ValueError(words))
    caused.__cause__ = raised(LookupError(words))
    noted = raised(RuntimeError("x"))
    noted.add_note(words)
    made_up = type(words.replace("\0", ""), (Exception,), {})
    return (
        raised(KeyError(words)),
        raised(FileNotFoundError(2, "No such file", words)),
        raised(OSError(words)),
        raised(sqlite3.OperationalError(words)),
        raised(UserError(words, hint=words)),
        raised(UnreachableError(system=system, call=call, detail=words, request_id=words)),
        raised(InvalidError(system=words, call=words, detail=words)),
        raised(msgspec.ValidationError(words)),
        raised(UnicodeDecodeError("utf-8", words.encode(), 0, 1, words)),
        raised(ExceptionGroup(words, [ValueError(words), KeyError(words)])),
        raised(AttributeError(words, name=words, obj=words)),
        raised(made_up(words)),
        caused,
        noted,
    )


def error_key(words: str) -> None:
    for error in errors(words):
        ours.error("it failed", extra={"error": error})


def exc_info(words: str) -> None:
    for error in errors(words):
        theirs.error("it failed", exc_info=error)


def local_values(words: str) -> None:
    customer = words

    def fail() -> None:
        raise KeyError(customer)

    try:
        fail()
    except KeyError:
        ours.exception("it failed", extra={"call": words})


def warned(words: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with doors():
            warnings.warn(f"{words} is deprecated", stacklevel=1)


def in_a_thread(words: str) -> None:
    def fail() -> None:
        raise ValueError(words)

    with doors():
        thread = threading.Thread(target=fail, name=words)
        thread.start()
        thread.join()


def at_the_top(words: str) -> None:
    error = raised(ValueError(words))
    with doors():
        sys.excepthook(type(error), error, error.__traceback__)


def unraisable(words: str) -> None:
    class Frail:
        def __del__(self) -> None:
            raise ValueError(words)

    with doors():
        Frail()


def in_a_loop(words: str) -> None:
    async def fail() -> None:
        raise ValueError(words)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(loop_fault(lambda _error, _doing: None))
        loop.call_exception_handler({"message": f"Odd: {words}", "handle": words})
        loop.call_exception_handler({"message": "Task exception was never retrieved", "exception": ValueError(words)})
        task = loop.create_task(fail(), name=words)
        with suppress(ValueError):
            await task
        loop.call_exception_handler({"message": f"Exception in callback {words}", "task": task})

    asyncio.run(main())


@contextmanager
def doors() -> Iterator[None]:
    held = FaultDoors(lambda _error, _doing: None)
    held.open()
    try:
        yield
    finally:
        held.close()


DOORS: list[Callable[[str], None]] = [
    formatted,
    with_argument,
    glued,
    named_logger,
    unknown_key,
    known_keys,
    context,
    error_key,
    exc_info,
    local_values,
    warned,
    in_a_thread,
    at_the_top,
    unraisable,
    in_a_loop,
]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@settings(max_examples=25, deadline=None)
@given(words=PLANTED)
def test_nothing_planted_comes_out(door: Callable[[str], None], words: str) -> None:
    """A log that is handed to support would hold the customers' names and the tenant's token."""
    with listening() as log:
        door(words)
        lines = log.newest()

    report = FaultReport(at=_MOMENT, trace=(), doing=words, lines=lines).text
    assert lines, "the door led nowhere"
    assert not [line for line in (*lines, report) if words in line]


_MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_constant_sentence_is_said_with_its_keys() -> None:
    """A log of which everything was withheld would help nobody."""
    with listening() as log:
        ours.warning("the outbox cannot be saved", extra={"system": "iconik", "count": 3, "took_ms": 12.34567})

        line = only_line(log)

    assert line["said"] == "the outbox cannot be saved"
    assert (line["system"], line["count"], line["took_ms"]) == ("iconik", 3, 12.346)
    assert line["level"] == "warning"


def test_what_was_formatted_is_withheld_but_for_where_it_was_said() -> None:
    """Who has the source can read there what kind of sentence it was."""
    with listening() as log:
        formatted("Inès Caron")

        line = only_line(log)

    assert "said" not in line
    assert str(line["withheld_at"]).startswith("tests/app/log/test_redaction.py:")
    assert str(line["withheld_at"]).endswith(" formatted")


def test_a_library_is_quoted_without_what_it_filled_in() -> None:
    """The sentence tells what went wrong; what went into it tells with whom."""
    with listening() as log:
        with_argument("Inès Caron")

        assert only_line(log)["said"] == "cannot read %s"


def test_an_error_is_told_by_its_type_and_its_places() -> None:
    """Nobody could mend a fault of which nothing is known."""
    error = raised(UnreachableError(system="iconik", call="list assets", detail="no route to 10.0.0.7"))
    with listening() as log:
        ours.error("it failed", extra={"error": error})

        line = only_line(log)

    assert line["error"] == "connectors.errors.UnreachableError"
    trace = line["trace"]
    assert isinstance(trace, list)
    assert trace[0] == "connectors.errors.UnreachableError system=iconik call=list assets"
    assert trace[1].startswith("  tests/app/log/test_redaction.py:")
    assert "10.0.0.7" not in json.dumps(line)


def test_a_line_says_what_the_task_is_about() -> None:
    """A failed call could not be traced to the entry that it was made for."""
    with listening() as log:
        with about(system="iconik", entry=12):
            ours.warning("it failed")

        line = only_line(log)

    assert (line["system"], line["entry"]) == ("iconik", 12)


def test_a_loop_says_what_kind_of_thing_happened() -> None:
    """A task that died unseen must at least say that."""
    told: list[tuple[str, str]] = []

    async def main() -> None:
        async def relay() -> None:
            raise KeyError("Inès Caron")

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(loop_fault(lambda error, doing: told.append((type(error).__name__, doing))))
        task = loop.create_task(relay(), name="relay iconik")
        with suppress(KeyError):
            await task
        loop.call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": task.exception(), "task": task}
        )

    with listening() as log:
        asyncio.run(main())
        line = only_line(log)

    assert line["category"] == "task exception was never retrieved"
    assert line["from"] == doors_log.name
    assert told == [("KeyError", "relay iconik")]
