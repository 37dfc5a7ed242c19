"""The audit's anchors, kept outside its file, and ``proofdesk verify``, which holds the audit against them.

An anchor is what the last row was at some moment. Anchors lie in a file of their own in another folder than the
profile's, and the newest one in the keyring as well: who cuts or rewrites the audit would have to reach all three.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlite_utils import Database

from app.credentials import Credentials
from app.errors import UserError
from app.profile import anchors_of, folder_of, make_private_folder, touch_private
from app.rules.chain import Anchor, Verdict, check
from app.store import Store, audit

KEYRING_OWNER: Final = "audit"
_FIELD: Final = "anchor"


class Anchors:
    """The anchors of one profile: a line of JSON each, only ever added."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> tuple[Anchor, ...]:
        """All of them, oldest first. A line that cannot be read is left out: the others still hold."""
        return tuple(self._lines())

    def add(self, anchor: Anchor) -> None:
        """Add one, flushed to the disk. Raises: OSError."""
        make_private_folder(self._file.parent)
        with touch_private(self._file).open("ab") as file:
            file.write(msgspec.json.encode(anchor) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> Iterator[Anchor]:
        try:
            raw = self._file.read_bytes()
        except FileNotFoundError:
            return
        for line in raw.splitlines():
            with suppress(msgspec.DecodeError):
                yield msgspec.json.decode(line, type=Anchor)


class AuditKeeper:
    """Anchors the audit of an open profile. Used on the engine's loop."""

    def __init__(self, store: Store, anchors: Anchors, credentials: Credentials) -> None:
        self._store = store
        self._anchors = anchors
        self._credentials = credentials
        self._last = -1
        self._is_broken = False

    async def trouble(self) -> UserError | None:
        """Whether the newest anchors still hold: a quick look at each start. The whole check is ``verify``'s."""
        last, _seal = await self._store.ledger.read(audit.end)
        known = [*await asyncio.to_thread(self._anchors.read), *await _kept_anchor(self._credentials)]
        if all([await self._holds(anchor, last) for anchor in known[-2:]]):
            return None
        self._is_broken = True
        return UserError(
            "The audit is not what it was when the desk was last open.",
            hint="Run “proofdesk verify” to see from which row on, and keep a copy of the profile's folder.",
        )

    async def _holds(self, anchor: Anchor, last: int) -> bool:
        if anchor.number == 0:
            return True
        return anchor.number <= last and await self._store.ledger.read(audit.seal_of, anchor.number) == anchor.seal

    async def anchor(self, now: datetime) -> None:
        """Remember the audit's end outside its file, when it has grown since. Raises: UserError."""
        number, seal = await self._store.ledger.read(audit.end)
        if number == self._last:
            return
        anchor = Anchor(at=now, number=number, seal=seal)
        try:
            await asyncio.to_thread(self._anchors.add, anchor)
        except OSError as error:
            raise UserError(
                f"The audit could not be anchored: {error.strerror or 'the system refused'}.",
                hint="Free some space, or give yourself the right to write in the folder of the desk's state.",
            ) from error
        self._last = number
        # The keyring's only anchor is evidence once the audit is broken: it is not replaced any more.
        if not self._is_broken:
            await self._credentials.save(KEYRING_OWNER, {_FIELD: msgspec.json.encode(anchor).decode()})


async def _kept_anchor(credentials: Credentials) -> Sequence[Anchor]:
    kept = await credentials.load(KEYRING_OWNER, [_FIELD])
    with suppress(KeyError, msgspec.DecodeError):
        return (msgspec.json.decode(kept[_FIELD], type=Anchor),)
    return ()


async def verify(profile: str, *, root: Path | None = None, credentials: Credentials | None = None) -> Verdict:
    """Check the whole audit of ``profile``, also while a desk has it open. Nothing is written.

    Raises: UserError when there is no audit of that name, or its file cannot be read at all.
    """
    ledger = folder_of(profile, root) / "ledger.sqlite"
    if not ledger.is_file():
        raise UserError(f"There is no audit of a profile “{profile}” here.", hint="Name the profile with --profile.")
    known = Anchors(anchors_of(profile, root)).read()
    kept = await _kept_anchor(credentials or Credentials(profile))
    return await asyncio.to_thread(_check, ledger, [*known, *kept])


def _check(ledger: Path, anchors: Sequence[Anchor]) -> Verdict:
    try:
        with closing(sqlite3.connect(f"{ledger.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return check(audit.every(Database(connection)), anchors)
    except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
        raise UserError(
            "The file that the audit lies in is damaged, or from another release.",
            hint=f"Put a good copy of {ledger.name} beside it and verify that one; change nothing in the folder.",
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Say whether the audit is whole; 0 when it is, 1 when it is not, 2 when there is none to check."""
    parser = argparse.ArgumentParser(
        prog="proofdesk verify", description="Check that no row of the audit was changed, cut off or written anew."
    )
    parser.add_argument("--profile", default="default", help="whose audit to check (%(default)s)")
    chosen = parser.parse_args(arguments)
    try:
        verdict = asyncio.run(verify(chosen.profile))
    except UserError as error:
        sys.stderr.write(f"{error.sentence} {error.hint}\n")
        return 2
    sys.stdout.write(words_of(verdict))
    return 0 if verdict.is_whole else 1


def words_of(verdict: Verdict) -> str:
    """For a terminal."""
    rows = f"{verdict.rows:,} {'row' if verdict.rows == 1 else 'rows'}"
    anchors = f"{verdict.anchors} {'anchor' if verdict.anchors == 1 else 'anchors'}"
    erased = f" {verdict.erased} of them no longer name anybody, as was asked." if verdict.erased else ""
    if verdict.is_whole:
        return f"{rows}, each sealed with the one before it, and {anchors} that agree.{erased}\n"
    said = "".join(f"  {each.sentence}\n" for each in verdict.breaks)
    return f"The audit is not whole. {rows}, {anchors}.{erased}\n{said}"
