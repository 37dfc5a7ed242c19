"""Writes that share a flush: each whole or undone by itself, and none answered before it is on the disk."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.errors import UserError
from app.store.threads import DatabaseThreads, Durability


def opened(folder: Path) -> DatabaseThreads:
    """A file with one table of unique numbers."""
    path = folder / "some.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE numbers (number INTEGER UNIQUE)")
    connection.close()
    return DatabaseThreads(path, durability=Durability.FULL)


def add(db: Database, number: int, *, then: type[Exception] | None = None) -> int:
    """Add one, and perhaps fail after it."""
    db.execute("INSERT INTO numbers VALUES (?)", [number])
    if then is not None:
        raise then("after it was added")
    return number


def numbers(db: Database) -> list[int]:
    """What is there."""
    return [number for (number,) in db.execute("SELECT number FROM numbers ORDER BY number")]


def test_one_that_fails_is_undone_alone(tmp_path: Path) -> None:
    """A bug in one step would take the receipts of sixty others with it."""
    threads = opened(tmp_path)

    async def story() -> tuple[list[object], list[int]]:
        waiting = [threads.write_together(add, number) for number in range(20)]
        waiting.insert(7, threads.write_together(add, 100, then=KeyError))
        waiting.insert(9, threads.write_together(add, 3))
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        return list(answers), await threads.read(numbers)

    answers, kept = asyncio.run(story())
    threads.close()

    assert kept == list(range(20))
    assert [type(each) for each in answers if isinstance(each, Exception)] == [KeyError, sqlite3.IntegrityError]
    assert [each for each in answers if isinstance(each, int)] == list(range(20))


def test_when_the_file_fails_nobody_is_told_that_it_was_done(tmp_path: Path) -> None:
    """An entry would count as noted, and leave unnoted."""
    threads = opened(tmp_path)

    def fill_up(db: Database) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def story() -> tuple[list[object], list[int]]:
        await threads.write(add, 1)
        hold = asyncio.gather(threads.write_together(add, 2), threads.write_together(fill_up), return_exceptions=True)
        return list(await hold), await threads.read(numbers)

    answers, kept = asyncio.run(story())
    threads.close()

    assert isinstance(answers[1], (UserError, sqlite3.Error))
    assert kept == ([1, 2] if answers[0] == 2 else [1])


def test_what_is_answered_is_there_for_another_connection(tmp_path: Path) -> None:
    """“Noted as being sent” must be true on the disk before the vendor is asked."""
    threads = opened(tmp_path)

    async def story() -> list[int]:
        await asyncio.gather(*(threads.write_together(add, number) for number in range(5)))
        with sqlite3.connect(tmp_path / "some.sqlite") as other:
            return [number for (number,) in other.execute("SELECT number FROM numbers ORDER BY number")]

    try:
        assert asyncio.run(story()) == list(range(5))
    finally:
        threads.close()


@pytest.mark.parametrize("many", [1, 65, 200])
def test_any_number_is_carried_out(tmp_path: Path, many: int) -> None:
    """The last of them would wait for ever."""
    threads = opened(tmp_path)

    async def story() -> list[int]:
        return await asyncio.gather(*(threads.write_together(add, number) for number in range(many)))

    assert asyncio.run(story()) == list(range(many))
    threads.close()


def test_a_value_that_the_file_does_not_take_is_the_trouble_of_one(tmp_path: Path) -> None:
    """Malformed JSON in one of sixty steps would undo the receipts of all others, each time they are tried again."""
    threads = opened(tmp_path)

    def ask_nonsense(db: Database) -> int:
        return int(db.execute("SELECT json_extract('{', '$.a')").fetchone()[0])

    async def story() -> tuple[list[object], list[int]]:
        waiting = [threads.write_together(add, number) for number in range(5)]
        waiting.insert(2, threads.write_together(ask_nonsense))
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        return list(answers), await threads.read(numbers)

    answers, kept = asyncio.run(story())
    threads.close()

    assert kept == list(range(5))
    assert [type(each) for each in answers if isinstance(each, Exception)] == [sqlite3.OperationalError]
