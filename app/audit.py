"""The audit's anchors, kept outside its file, and ``proofdesk verify``, which holds the audit against them.

An anchor is what the last row was at some moment. Anchors lie in a file of their own in another folder than the
profile's, and the newest one in the keyring as well: who cuts or rewrites the audit would have to reach all three.
"""

import argparse
import asyncio
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from app.credentials import Credentials
from app.errors import UserError
from app.profile import anchors_of, folder_of, make_private_folder, touch_private
from app.rules.chain import Anchor, Kept, Link, Verdict, anchors_of_audit, check
from app.store import Store, audit
from app.store.faults import DamagedFileError
from app.store.looking import look_at

KEYRING_OWNER: Final = "audit"
MOST_PLACES: Final = 20
"""Breaks that are told one by one."""
ANCHOR_FIELD: Final = "anchor"
"""The field of the newest anchor in the keyring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A row of the audit as it is left when a profile is signed out: nobody is named in it."""

    link: Link
    seal: str


class Anchors:
    """The anchors of one profile: a line of JSON each, only ever added."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> tuple[Anchor, ...]:
        """All of them, oldest first. A line that cannot be read is left out: the others still hold.

        Raises: UserError when the file is there and cannot be read.
        """
        try:
            return tuple(self._lines())
        except OSError as error:
            raise UserError(
                f"The audit's anchors cannot be read: {error.strerror or 'the system refused'}.",
                hint=f"Give yourself the right to read {self._file}.",
            ) from error

    def add(self, anchor: Anchor) -> None:
        """Add one, flushed to the disk. Raises: UserError."""
        try:
            make_private_folder(self._file.parent)
            with touch_private(self._file).open("a+b") as file:
                # What was torn by a power cut must not swallow this line too.
                if file.tell() and (file.seek(-1, os.SEEK_END), file.read())[1] != b"\n":
                    file.write(b"\n")
                file.write(msgspec.json.encode(anchor) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UserError(
                f"The audit could not be anchored: {error.strerror or 'the system refused'}.",
                hint=f"Free some space, or give yourself the right to write {self._file}.",
            ) from error

    def _lines(self) -> Iterator[Anchor]:
        try:
            raw = self._file.read_bytes()
        except FileNotFoundError:
            return
        for line in raw.splitlines():
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                yield msgspec.json.decode(line, type=Anchor)


class AuditKeeper:
    """Anchors the audit of an open profile. Used on the engine's loop; :meth:`begin` comes first."""

    def __init__(self, store: Store, anchors: Anchors, credentials: Credentials) -> None:
        self._store = store
        self._anchors = anchors
        self._credentials = credentials
        self._name = ""
        self._newest: Anchor | None = None
        # Evidence is not buried: nothing is anchored before the audit was held against all that is known of it.
        self._may_anchor = False
        self._contradiction = ""
        self._is_doubted = True

    async def begin(self, now: datetime) -> UserError | None:
        """Hold the audit against every anchor, and anchor it when it is as it was; else what is wrong.

        Quick enough for each start. Whether every row is sealed is ``verify``'s to find.
        """
        trouble = None
        try:
            trouble = await self._look(now)
            await self.anchor(now)
        except UserError as error:
            return trouble or error
        self._is_doubted = trouble is not None
        return trouble

    @property
    def is_contradicted(self) -> bool:
        """Whether an anchor tells of another past than this audit: it was cut, forged, or is an older copy."""
        return bool(self._contradiction)

    @property
    def contradiction(self) -> str:
        """Tells this one from any other, as long as no anchor is added: none is. Empty when there is none."""
        return self._contradiction

    @property
    def is_doubted(self) -> bool:
        """Whether it is not sure that this audit, and the ledger around it, is the one that was open here last."""
        return self._is_doubted

    async def anchor(self, now: datetime) -> None:
        """Remember the audit's end outside its file, when it has grown since. Raises: UserError."""
        number, seal = await self._store.ledger.read(audit.end)
        self._may_anchor = self._may_anchor and await self._holds(*filter(None, [self._newest]))
        if not self._may_anchor or (self._newest is not None and number == self._newest.number):
            return
        anchor = Anchor(at=now, number=number, seal=seal, audit=self._name)
        await asyncio.to_thread(self._anchors.add, anchor)
        self._newest = anchor
        await self._credentials.save(KEYRING_OWNER, {ANCHOR_FIELD: msgspec.json.encode(anchor).decode()})

    async def _holds(self, *anchors: Anchor) -> bool:
        seals = await self._store.ledger.read(audit.seals_of, {each.number for each in anchors})
        return all(seals.get(each.number) == each.seal for each in anchors)

    async def _look(self, now: datetime) -> UserError | None:
        known = await _known(self._anchors, self._credentials)
        self._name, found = await self._store.ledger.read(audit.name)
        own = anchors_of_audit(self._name, known)
        if not self._name or not await self._holds(*own):
            told = sorted(f"{each.number} {each.seal}" for each in own)
            self._contradiction = hashlib.sha256("\n".join([self._name, *told]).encode()).hexdigest()
            return UserError(
                "The audit is not what it was when the desk was last open.",
                hint="Run “proofdesk verify” to see from which row on, and keep a copy of the profile's folder.",
            )
        self._may_anchor = True
        self._newest = max(own, key=lambda each: each.number, default=None)
        if own:
            return None
        last, _seal = await self._store.ledger.read(audit.end)
        if last > 1 + found:
            await self._store.ledger.write(audit.note_unvouched, at=now)
            return UserError(
                "Nothing outside the audit vouches for it any more.",
                hint=f"Its anchors are gone, so that nobody can tell whether rows after row {last} were cut off.",
            )
        if known:
            return UserError(
                "The audit of this profile begins anew.",
                hint="There are anchors of an earlier one. If nobody deleted that profile, keep a copy of its folder.",
            )
        return None


async def _known(anchors: Anchors, credentials: Credentials) -> Sequence[Anchor]:
    """Every anchor there is, in the file and in the keyring, each once. Raises: UserError."""
    return list(dict.fromkeys([*await asyncio.to_thread(anchors.read), *await _kept_anchor(credentials)]))


async def _kept_anchor(credentials: Credentials) -> Sequence[Anchor]:
    kept = await credentials.load(KEYRING_OWNER, [ANCHOR_FIELD])
    with suppress(KeyError, msgspec.DecodeError):
        return (msgspec.json.decode(kept[ANCHOR_FIELD], type=Anchor),)
    return ()


async def verify(profile: str, *, root: Path | None = None, credentials: Credentials | None = None) -> Verdict:
    """Check the whole audit of ``profile``, also while a desk has it open. Nothing of it is changed.

    Raises: UserError when there is no audit of that name, or its file or its anchors cannot be read at all.
    """
    ledger = folder_of(profile, root) / "ledger.sqlite"
    if not ledger.is_file():
        raise UserError(f"There is no audit of a profile “{profile}” here.", hint="Name the profile with --profile.")
    known = await _known(Anchors(anchors_of(profile, root)), credentials or Credentials(profile))
    return await asyncio.to_thread(_check, ledger, known)


def _check(ledger: Path, anchors: Sequence[Anchor]) -> Verdict:
    try:
        return look_at(ledger, lambda db: check(audit.every(db), anchors))
    except DamagedFileError as error:
        raise UserError(
            "The file that the audit lies in is damaged.",
            hint=f"Put a good copy of {ledger.name} beside it and verify that one; change nothing in the folder.",
        ) from error


async def verify_evidence(file: Path, profile: str, *, root: Path | None = None) -> Verdict:
    """Check what a profile left behind when it was signed out, against the anchors of its name.

    Raises: UserError when the file, or the anchors, cannot be read.
    """
    try:
        lines = (await asyncio.to_thread(file.read_bytes)).splitlines()
        rows = [msgspec.json.decode(line, type=EvidenceRow) for line in lines]
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(
            f"{file.name} cannot be read as an audit.", hint="Name a file out of the folder “signed-out”."
        ) from error
    anchors = await asyncio.to_thread(Anchors(anchors_of(profile, root)).read)
    return await asyncio.to_thread(lambda: check((Kept(link=row.link, seal=row.seal) for row in rows), anchors))


def main(arguments: Sequence[str] | None = None) -> int:
    """Say whether the audit is whole; 0 when it is, 1 when not, 2 when there is none to check, 3 when none vouches."""
    parser = argparse.ArgumentParser(
        prog="proofdesk verify",
        description="Check that no row of the audit was changed, cut off or written anew.",
        epilog="Status: 0 whole, 1 not whole, 2 nothing could be checked, 3 whole as it is, but without anchors.",
    )
    parser.add_argument("--profile", default="default", help="whose audit to check (%(default)s)")
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="what was left when the profile was signed out")
    chosen = parser.parse_args(arguments)
    try:
        verdict = asyncio.run(
            verify_evidence(chosen.evidence, chosen.profile) if chosen.evidence else verify(chosen.profile)
        )
    except UserError as error:
        sys.stderr.write(f"{error.sentence} {error.hint}\n")
        return 2
    sys.stdout.write(words_of(verdict))
    if not verdict.is_whole:
        return 1
    return 0 if verdict.is_vouched else 3


def words_of(verdict: Verdict) -> str:
    """For a terminal."""
    rows, anchors = _many(verdict.rows, "row"), _many(verdict.anchors, "anchor")
    if verdict.is_whole:
        agree = f", and {anchors} that {'agrees' if verdict.anchors == 1 else 'agree'}" if verdict.anchors else ""
        said = [f"{rows}, each sealed with the one before it{agree}."]
    else:
        said = [f"The audit is not whole. {rows}, {anchors}."]
    if verdict.erased:
        said.append(f"{verdict.erased:,} of them no longer name anybody, as was asked.")
    if not verdict.vouched:
        said.append("No anchor vouches for them: rows may have been cut off the end, or all of them written anew.")
    elif verdict.unvouched:
        said.append(f"Anchors from before row {verdict.unvouched + 1:,} are gone: nothing vouches for what was there.")
    elif verdict.vouched < verdict.rows:
        said.append(f"Rows after row {verdict.vouched:,} are not anchored yet.")
    if verdict.strangers:
        said.append(f"{_many(verdict.strangers, 'anchor')} of another audit that had this profile's name.")
    places = [f"  {each.sentence}\n" for each in verdict.breaks[:MOST_PLACES]]
    if len(verdict.breaks) > MOST_PLACES:
        places.append(f"  … and {_many(len(verdict.breaks) - MOST_PLACES, 'place')} more.\n")
    return f"{' '.join(said)}\n{''.join(places)}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
