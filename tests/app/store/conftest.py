"""A store in a folder of its own, and a bare database of the newest schema for tests of plain functions."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.store import Store
from app.store.personal import PersonalKey
from app.store.schema import ledger_migrations, store_migrations


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def db() -> Iterator[Database]:
    """The store's tables in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        PersonalKey.generate().register(connection)
        database = Database(connection)
        store_migrations.apply(database)
        yield database


@pytest.fixture
def ledger_db() -> Iterator[Database]:
    """The ledger's tables in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        database = Database(connection)
        ledger_migrations.apply(database)
        yield database
