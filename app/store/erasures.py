"""Customers who are forgotten in the ledger and may still be in the cache: two files, and a desk may end between them.

The ledger names nobody any more by then, so it knows them by their hash.
"""

from collections.abc import Collection
from typing import Final

import msgspec
from sqlite_utils import Database

from app.records import CustomerNumber
from app.store import settings_values
from app.store.suppressions import hashed

_UNFINISHED: Final = "erasure.unfinished"


def begin(db: Database, customer: CustomerNumber) -> None:
    """``customer`` is to be forgotten in the cache as well."""
    _put(db, _kept(db) | {hashed(db, customer)})


def end(db: Database, customers: Collection[CustomerNumber]) -> None:
    """Nothing of ``customers`` is left."""
    _put(db, _kept(db) - {hashed(db, each) for each in customers})


def end_all(db: Database) -> None:
    """Nothing of anybody is left."""
    _put(db, frozenset())


def are_unfinished(db: Database) -> bool:
    """Whether anybody may be left."""
    return bool(_kept(db))


def unfinished_of(db: Database, customers: Collection[CustomerNumber]) -> tuple[CustomerNumber, ...]:
    """Those of ``customers`` that are to be forgotten."""
    kept = _kept(db)
    return tuple(each for each in customers if hashed(db, each) in kept)


def _kept(db: Database) -> frozenset[str]:
    kept = settings_values.every(db).get(_UNFINISHED)
    return msgspec.json.decode(kept, type=frozenset[str]) if kept else frozenset()


def _put(db: Database, kept: frozenset[str]) -> None:
    settings_values.put(db, _UNFINISHED, msgspec.json.encode(sorted(kept)).decode())
