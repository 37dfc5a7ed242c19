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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from app.audit import verify, words_of
from app.connections import FORMS, Connection, ReadConnection, connections_from_ready_file
from app.credentials import Credentials
from app.errors import UserError
from app.form_fields import FormField
from app.network_fields import network_of
from app.outgoing import OutgoingFiles
from app.profile import folder_of
from app.store import connections
from app.store.faults import DamagedFileError
from app.store.looking import check_whole, look_at
from app.systems.browser_tokens import BrowserTokens
from app.use_cases.connect_system import CheckRow, try_connection
from app.use_cases.load_connection import with_secrets
from connectors.network import ProxyWay, is_over, names_of

LEAST_FREE_BYTES: Final = 1_000_000_000
"""Below this the cache and the outgoing files may soon not fit any more."""
_LIBRARIES: Final = ("PySide6", "httpx", "keyring", "sqlite-utils", "truststore")
_PROXIES: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")
_NO_ADDRESSES: Final = frozenset({"NO_PROXY", "SSL_CERT_FILE"})
_UNREADABLE: Final = "set, cannot be read"
_OTHERS: Final = 0o077
CHOOSE_AGAIN: Final = "Ask for a new file, and choose it under Connections, Edit, Advanced."


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
        if ready_file is None:
            kept, those = await _profile(profile, root)
        else:
            kept, those = await _sandbox(ready_file)
    except UserError as error:
        line = Line(mark=Mark.WRONG, what="Open it", answer=error.sentence, hint=error.hint)
        return Diagnosis(sections=(here, Section(name=f"Profile {profile}", lines=(line,))))
    outgoing = OutgoingFiles(folder_of(profile, root) / "files" / "outgoing")
    # One after the other: a report in a fixed order, and no system is asked harder than a person would.
    systems = [await _system(each, outgoing) for each in those]
    return Diagnosis(sections=(here, kept, *systems))


async def _sandbox(ready_file: Path) -> tuple[Section, Sequence[ReadConnection]]:
    try:
        those = connections_from_ready_file(await asyncio.to_thread(ready_file.read_bytes))
    except OSError as error:
        raise UserError(f"{ready_file} cannot be read.", hint="Name the ready file of a running sandbox.") from error
    line = Line(mark=Mark.FINE, what="Ready file", answer=str(ready_file))
    return Section(name="Sandbox", lines=(line,)), those


async def _profile(name: str, root: Path | None) -> tuple[Section, Sequence[ReadConnection]]:
    """What is looked at is not opened as a desk would: nothing is migrated, set aside, anchored or tidied up."""
    folder = folder_of(name, root)
    if not folder.is_dir():
        raise UserError(f"There is no profile “{name}” yet.", hint="Start the desk once, or name another profile.")
    credentials = Credentials(name)
    keeping = await credentials.probe()
    lines = [
        *_folder_lines(folder),
        Line(mark=Mark.FINE if keeping.is_lasting else Mark.UNTOLD, what="Passwords", answer=keeping.sentence),
    ]
    ledger, cache = folder / "ledger.sqlite", folder / "store.sqlite"
    found: Sequence[Connection] = ()
    if not ledger.is_file():
        lines.append(Line(mark=Mark.UNTOLD, what="Files", answer="no desk was open on it yet"))
    else:
        try:
            found = await asyncio.to_thread(look_at, ledger, connections.every)
        except (UserError, DamagedFileError) as error:
            lines.append(_unreadable("Connections", error))
        lines += [
            await asyncio.to_thread(_whole, "Ledger", ledger, hint=f"Put a good copy into {folder}: it is told once."),
            await asyncio.to_thread(_whole, "Cache", cache, hint="Start the desk: it is set aside and read anew."),
            await _audit(name, root, credentials),
        ]
    lines += [
        Line(mark=Mark.UNTOLD, what="Set aside", answer=f"{each.name}, which was damaged")
        for each in sorted(folder.glob("*.damaged-*.sqlite"))
    ]
    read = [await with_secrets(credentials, each) for each in found]
    return Section(name=f"Profile {name}", lines=tuple(lines)), read


def _whole(what: str, path: Path, *, hint: str) -> Line:
    if not path.is_file():
        return Line(mark=Mark.UNTOLD, what=what, answer=f"there is no {path.name}; the next start makes one")
    try:
        look_at(path, check_whole)
    except (UserError, DamagedFileError) as error:
        return _unreadable(what, error, hint=hint)
    return Line(mark=Mark.FINE, what=what, answer=f"{path.name} is whole")


def _unreadable(what: str, error: UserError | DamagedFileError, *, hint: str = "") -> Line:
    if isinstance(error, UserError):
        return Line(mark=Mark.WRONG, what=what, answer=error.sentence, hint=error.hint)
    return Line(mark=Mark.WRONG, what=what, answer="the file is damaged", hint=hint)


async def _audit(name: str, root: Path | None, credentials: Credentials) -> Line:
    try:
        verdict = await verify(name, root=root, credentials=credentials)
    except UserError as error:
        return Line(mark=Mark.WRONG, what="Audit", answer=error.sentence, hint=error.hint)
    is_fine = verdict.is_whole and verdict.is_vouched
    hint = "Run “proofdesk verify”, and keep a copy of the profile's folder."
    return Line(
        mark=Mark.FINE if is_fine else Mark.WRONG, what="Audit", answer=words_of(verdict).splitlines()[0], hint=hint
    )


def _computer() -> Sequence[Line]:
    releases = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    told = [Line(mark=Mark.FINE, what=name, answer=_shown(name, os.environ[name])) for name in _proxies_set()]
    return [
        Line(mark=Mark.FINE, what="Proofdesk", answer=metadata.version("proofdesk")),
        Line(mark=Mark.FINE, what="Python", answer=f"{platform.python_version()} on {platform.platform(terse=True)}"),
        Line(mark=Mark.FINE, what="Libraries", answer=releases),
        *(told or [Line(mark=Mark.FINE, what="Proxy", answer="none is set for this account")]),
    ]


def _proxies_set() -> Sequence[str]:
    return [name for each in _PROXIES for name in (each, each.lower()) if os.environ.get(name)]


def _shown(name: str, value: str) -> str:
    return value if name.upper() in _NO_ADDRESSES else _without_secrets(value)


def _without_secrets(value: str) -> str:
    """An address may carry a user, a password and tokens: what is shown is only what surely is none of them."""
    try:
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return _UNREADABLE
    if not parts.scheme or not parts.hostname or "@" in f"{parts.path}{parts.query}{parts.fragment}":
        return _UNREADABLE
    return f"{parts.scheme}://{'•••@' if '@' in parts.netloc else ''}{parts.hostname}{port}"


def _folder_lines(folder: Path) -> Sequence[Line]:
    free = shutil.disk_usage(folder).free
    # Where rights are lists and not bits, the bits say nothing.
    open_to_others = [each.name for each in folder.iterdir() if _is_open(each)] if os.name == "posix" else []
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
    ]


def _is_open(file: Path) -> bool:
    """Whether others may read it; what an open desk deletes meanwhile is read by nobody."""
    try:
        return bool(stat.S_IMODE(file.stat().st_mode) & _OTHERS)
    except FileNotFoundError:
        return False


async def _system(read: ReadConnection, outgoing: OutgoingFiles) -> Section:
    system = read.connection.system
    lines = [Line(mark=Mark.FINE, what="Address", answer=_without_secrets(read.connection.base_url))]
    lines += [_secret_line(read, each) for each in FORMS[system].asked(read.connection.settings) if each.is_secret]
    lines += await asyncio.to_thread(_network_lines, read)
    if read.signs_in_with_browser:
        # Its tokens work once: trying one here would sign the desk out that has it.
        lines.append(Line(mark=Mark.UNTOLD, what="Sign-in", answer="with a browser; the desk alone can try it"))
    elif not read.missing_secrets:
        tested = await try_connection(
            read,
            outgoing=outgoing,
            tokens=BrowserTokens(Credentials("", session_only=True)),
            on_exchange=lambda _exchange: None,
        )
        lines += [_line_of(row) for row in tested.rows]
        if tested.facts is not None and tested.facts.budget_left is not None:
            lines.append(Line(mark=Mark.FINE, what="Calls left", answer=str(tested.facts.budget_left)))
    return Section(name=system.label, lines=tuple(lines))


def _secret_line(read: ReadConnection, declared: FormField) -> Line:
    if read.secrets.get(declared.key):
        return Line(mark=Mark.FINE, what=declared.label, answer="kept")
    if declared.key not in read.missing_secrets:
        return Line(mark=Mark.UNTOLD, what=declared.label, answer="missing")
    hint = f"Edit {read.connection.system.label} under Connections and type it again."
    return Line(mark=Mark.WRONG, what=declared.label, answer="missing", hint=hint)


def _network_lines(read: ReadConnection) -> Sequence[Line]:
    """What was chosen for this connection alone, and whether a certificate of it has ended."""
    try:
        network = network_of(read.connection.settings, read.secrets)
    except UserError as error:
        return [Line(mark=Mark.WRONG, what="Certificates", answer=error.sentence, hint=CHOOSE_AGAIN)]
    lines = []
    if network.way is not ProxyWay.MACHINE:
        named = "none, whatever this computer says" if network.way is ProxyWay.NONE else network.proxy
        lines.append(Line(mark=Mark.FINE, what="Proxy", answer=_without_secrets(named) if network.proxy else named))
    if network.roots:
        lines += [_certificate_line("Authority", name, ends_at) for name, ends_at in names_of(network.roots)]
    if network.identity is not None:
        lines.append(_certificate_line("Certificate", network.identity.subject, network.identity.ends_at))
    return lines


def _certificate_line(what: str, name: str, ends_at: datetime) -> Line:
    if is_over(ends_at):
        return Line(mark=Mark.WRONG, what=what, answer=f"{name} ended on {ends_at:%d %B %Y}", hint=CHOOSE_AGAIN)
    return Line(mark=Mark.FINE, what=what, answer=f"{name}, until {ends_at:%d %B %Y}")


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
