"""``proofdesk doctor``: what is wrong with this set-up, for whoever has to mend it. It only reads, and shows no secret.

The answer can be copied into a ticket as it is: addresses have no query, secrets are *kept* or *missing*, and what the
systems answer is worded by the desk.
"""

import argparse
import asyncio
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from app.connections import FORMS, Connection, connections_from_ready_file
from app.desk import Desk
from app.errors import UserError
from app.profile import Profile, folder_of
from app.records import System
from app.use_cases.connect_system import CheckRow

LEAST_FREE_BYTES: Final = 1_000_000_000
"""Below this the cache and the outgoing files may soon not fit any more."""
_LIBRARIES: Final = ("PySide6", "httpx", "keyring", "sqlite-utils", "truststore")
_PROXIES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")
_OTHERS: Final = 0o077


class Mark(StrEnum):
    """What came of one thing that was looked at."""

    FINE = "✓"
    UNTOLD = "·"
    WRONG = "✗"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was looked at."""

    mark: Mark
    what: str
    answer: str = ""
    hint: str = ""
    """What to do when it is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What belongs together: this computer, the profile, one system."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Everything that was looked at."""

    sections: tuple[Section, ...]

    @property
    def wrong(self) -> int:
        """How many things are wrong."""
        return sum(line.mark is Mark.WRONG for section in self.sections for line in section.lines)

    def as_words(self) -> str:
        """For a terminal."""
        parts = [_section_words(section) for section in self.sections]
        end = "Nothing is wrong." if not self.wrong else f"{self.wrong} to mend; each says how."
        return "\n\n".join([*parts, end]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at everything and say it; 0 when nothing is wrong, else 1."""
    parser = argparse.ArgumentParser(
        prog="proofdesk doctor", description="Say what is wrong with this set-up. Nothing is changed, no secret shown."
    )
    parser.add_argument("--profile", default="default", help="whose connections to look at (%(default)s)")
    parser.add_argument("--ready", type=Path, metavar="FILE", help="look at a sandbox instead: its ready file")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    chosen = parser.parse_args(arguments)
    diagnosis = asyncio.run(examine(chosen.profile, ready_file=chosen.ready))
    if chosen.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(diagnosis)).decode() + "\n")
    else:
        sys.stdout.write(diagnosis.as_words())
    return 1 if diagnosis.wrong else 0


async def examine(profile: str, *, ready_file: Path | None = None, root: Path | None = None) -> Diagnosis:
    """Look at this computer, the profile and each of its systems. ``root`` is where profiles lie, for tests."""
    here = Section(name="This computer", lines=tuple(_computer()))
    try:
        async with _opened(profile, ready_file, root) as desk:
            kept = Section(name=f"Profile {desk.profile.name}", lines=tuple(await _profile(desk)))
            connections = await desk.use.list_connections()
            # One after the other: a report in a fixed order, and no system is asked harder than a person would.
            systems = [await _system(desk, each) for each in connections]
    except UserError as error:
        line = Line(mark=Mark.WRONG, what="Open it", answer=error.sentence, hint=error.hint)
        return Diagnosis(sections=(here, Section(name=f"Profile {profile}", lines=(line,))))
    return Diagnosis(sections=(here, kept, *systems))


@asynccontextmanager
async def _opened(name: str, ready_file: Path | None, root: Path | None) -> AsyncIterator[Desk]:
    """The desk of the profile, or one on a sandbox that leaves nothing behind. Raises: UserError."""
    if ready_file is None:
        if not folder_of(name, root).is_dir():
            raise UserError(f"There is no profile “{name}” yet.", hint="Start the desk once, or name another profile.")
        async with _at_work(name, root, session_only=False) as desk:
            yield desk
        return
    try:
        connections = connections_from_ready_file(await asyncio.to_thread(ready_file.read_bytes))
    except OSError as error:
        raise UserError(f"{ready_file} cannot be read.", hint="Name the ready file of a running sandbox.") from error
    with tempfile.TemporaryDirectory(prefix="proofdesk-doctor-") as folder:
        async with _at_work("sandbox", Path(folder), session_only=True) as desk:
            for read in connections:
                await desk.use.save_connection.use(read)
            yield desk


@asynccontextmanager
async def _at_work(name: str, root: Path | None, *, session_only: bool) -> AsyncIterator[Desk]:
    profile = Profile.open(name, root)
    try:
        desk = await Desk.open(profile, publish=lambda _changes: None, session_only=session_only)
    except BaseException:
        profile.close()
        raise
    try:
        yield desk
    finally:
        await desk.close()


def _computer() -> Sequence[Line]:
    releases = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    told = [Line(mark=Mark.FINE, what=name, answer=_without_secrets(os.environ[name])) for name in _proxies_set()]
    return [
        Line(mark=Mark.FINE, what="Proofdesk", answer=metadata.version("proofdesk")),
        Line(mark=Mark.FINE, what="Python", answer=f"{platform.python_version()} on {platform.platform(terse=True)}"),
        Line(mark=Mark.FINE, what="Libraries", answer=releases),
        *(told or [Line(mark=Mark.FINE, what="Proxy", answer="none is set for this account")]),
    ]


def _proxies_set() -> Sequence[str]:
    return [name for each in _PROXIES for name in (each, each.lower()) if os.environ.get(name)]


def _without_secrets(value: str) -> str:
    """A proxy's address may carry a user and a password."""
    parts = urlsplit(value)
    if parts.username is None and parts.password is None:
        return value
    return f"{parts.scheme}://•••@{parts.hostname}{f':{parts.port}' if parts.port else ''}"


async def _profile(desk: Desk) -> Sequence[Line]:
    folder = desk.profile.folder
    free = shutil.disk_usage(folder).free
    # Where rights are lists and not bits, the bits say nothing.
    open_to_others = (
        [each.name for each in folder.iterdir() if stat.S_IMODE(each.stat().st_mode) & _OTHERS]
        if os.name == "posix"
        else []
    )
    keeping = await desk.credentials.probe()
    return [
        Line(mark=Mark.FINE, what="Folder", answer=str(folder)),
        Line(
            mark=Mark.FINE if free >= LEAST_FREE_BYTES else Mark.WRONG,
            what="Space",
            answer=f"{free / 1e9:.1f} GB free",
            hint="Free some space: when the disk is full, nothing that is fetched or wished can be kept.",
        ),
        Line(
            mark=Mark.WRONG if open_to_others else Mark.FINE,
            what="Privacy",
            answer=f"others may read {', '.join(open_to_others)}" if open_to_others else "for its owner alone",
            hint=f"Run: chmod -R go= '{folder}'",
        ),
        Line(
            mark=Mark.FINE if keeping.is_lasting else Mark.UNTOLD,
            what="Passwords",
            answer=keeping.sentence,
        ),
    ]


async def _system(desk: Desk, connection: Connection) -> Section:
    system = connection.system
    held = await desk.credentials.load(system.value, FORMS[system].secret_keys)
    lines = [Line(mark=Mark.FINE, what="Address", answer=_without_secrets(connection.base_url))]
    lines += [_secret_line(system, key, held) for key in FORMS[system].secret_keys]
    try:
        tested = await desk.use.test_connection(system)
    except UserError as error:
        lines.append(Line(mark=Mark.WRONG, what="Test", answer=error.sentence, hint=error.hint))
    else:
        lines += [_line_of(row) for row in tested.rows]
        if tested.facts is not None and tested.facts.budget_left is not None:
            lines.append(Line(mark=Mark.FINE, what="Calls left", answer=str(tested.facts.budget_left)))
    return Section(name=system.label, lines=tuple(lines))


def _secret_line(system: System, key: str, held: Mapping[str, str]) -> Line:
    field = next(each for each in FORMS[system].fields if each.key == key)
    if held.get(key):
        return Line(mark=Mark.FINE, what=field.label, answer="kept")
    return Line(
        mark=Mark.WRONG if field.is_required else Mark.UNTOLD,
        what=field.label,
        answer="missing",
        hint=f"Edit {system.label} under Connections and type it again." if field.is_required else "",
    )


def _line_of(row: CheckRow) -> Line:
    mark = Mark.FINE if row.is_fine else Mark.UNTOLD if row.is_untold else Mark.WRONG
    took = f"{row.took_ms} ms" if row.took_ms is not None else ""
    return Line(mark=mark, what=row.what, answer=", ".join(filter(None, [row.answer, took])), hint=row.hint)


def _section_words(section: Section) -> str:
    width = max(len(line.what) for line in section.lines)
    said = [section.name]
    for line in section.lines:
        said.append(f"  {line.mark} {line.what:<{width}}  {line.answer}".rstrip())
        if line.mark is Mark.WRONG and line.hint:
            said.append(f"    {'':<{width}}  → {line.hint}")
    return "\n".join(said)
