"""Reading a description: TOML in, a checked :class:`Description` out, or every problem with its line.

    format = 1
    title, base_url, probe
    [credentials]   slot → label, or { label, secret }
    [sign_in]       kind and what it needs          (reading_sign_in.py)
    [pace]          calls, per_s, at_once
    [errors]        detail, fields, refused_when
    [calls.<name>]  one call                        (reading_calls.py)

A description has no loops, no conditions and no code (docs/decisions/0009).
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from connectors.endpoint.addresses import check_base_url
from connectors.endpoint.description import CredentialSlot, DescribedCall, Description, Failures, NoSignIn, Pacing
from connectors.endpoint.lines import locate
from connectors.endpoint.problems import Complaints, DescriptionError, Problem
from connectors.endpoint.reading_calls import read_call
from connectors.endpoint.reading_sign_in import read_sign_in
from connectors.endpoint.tables import NAME, Table

FORMAT: Final = 1
MOST_BYTES: Final = 1024 * 1024

_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


def load_description(path: Path) -> Description:
    """Read the file at ``path``. Raises: DescriptionError; OSError when it cannot be opened."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    return read_description(raw, file=path.name)


def read_description(raw: bytes, *, file: str) -> Description:
    """Read a description; ``file`` is its name in complaints. Raises: DescriptionError."""
    text = _text(raw, file)
    try:
        document = tomllib.loads(text)
        complaints = Complaints(file, locate(text))
    except ValueError as error:  # the library lets a number of a thousand digits through as a plain one
        raise _single(file, _line_of(str(error), text), _plain(str(error))) from error
    except RecursionError as error:
        raise _single(file, 1, "Its lists or tables are nested too deeply. Write it flatter.") from error
    description = _read(Table(document, (), complaints))
    complaints.raise_any()
    return description


def _read(top: Table) -> Description:
    if repr(top.raw("format")) != repr(FORMAT):  # as written: TOML's true and 1.0 would equal 1
        top.complain("format", f"This desk reads format {FORMAT}. Write format = {FORMAT} at the top.")
    title = top.text("title", why="It is what people read as the system's name.")
    base_url = top.text("base_url", why="It says where the system is, such as https://crm.example.com/api.")
    if base_url is not None:
        base_url = top.tried("base_url", lambda: check_base_url(base_url or ""), ValueError)
    slots = _slots(top)
    sign_in = top.table("sign_in", why='Say how to sign in; { kind = "none" } when nobody\'s name is asked.')
    calls = _calls(top)
    description = Description(
        title=title or "",
        base_url=base_url or "",
        slots=slots,
        sign_in=read_sign_in(sign_in, slots) if sign_in else NoSignIn(),
        failures=_failures(top),
        pacing=_pacing(top),
        calls=calls,
        probe=_probe(top, calls),
    )
    top.end()
    return description


def _slots(top: Table) -> Mapping[str, CredentialSlot]:
    slots: dict[str, CredentialSlot] = {}
    for name, value, table in top.pairs("credentials"):
        if not NAME.fullmatch(name):
            table.complain(name, "A slot's name has small letters, digits and underscores, such as client_secret.")
        if isinstance(value, dict):
            inner = table.table(name)
            label = inner.text("label", why="It is what the person reads who fills the slot.") if inner else None
            is_secret = inner.flag("secret", default=True) if inner else True
            if inner:
                inner.end()
        else:
            label, is_secret = table.text(name), True
        slots[name] = CredentialSlot(name=name, label=label or "", is_secret=is_secret)
    return slots


def _failures(top: Table) -> Failures:
    table = top.table("errors")
    if table is None:
        return Failures()
    failures = Failures(
        detail=table.expression("detail"),
        fields=table.expression("fields"),
        refused_when=table.expression("refused_when"),
    )
    table.end()
    return failures


def _pacing(top: Table) -> Pacing:
    table = top.table("pace")
    if table is None:
        return Pacing()
    usual = Pacing()
    pacing = Pacing(
        calls=table.number("calls", default=usual.calls, above=0, most=10_000),
        per_s=table.number("per_s", default=usual.per_s, above=0, most=86_400),
        at_once=table.whole("at_once", default=usual.at_once, least=1, most=64),
    )
    table.end()
    return pacing


def _calls(top: Table) -> Mapping[str, DescribedCall]:
    calls: dict[str, DescribedCall] = {}
    for name, _, table in top.pairs("calls"):
        if not NAME.fullmatch(name):
            table.complain(name, "A call's name has small letters, digits and underscores, such as contacts.")
        described = table.table(name)
        call = read_call(name, described) if described else None
        if call is not None:
            calls[name] = call
    if not top.has("calls"):
        top.complain("calls", "Nothing is described. Add at least one call: [calls.contacts] with a path.")
    return calls


def _probe(top: Table, calls: Mapping[str, DescribedCall]) -> str:
    probe = top.text("probe")
    if probe is None:
        return ""
    call = calls.get(probe)
    if call is None:
        top.complain("probe", "It names no call that is described. Write the name of one that only reads.")
    elif call.method != "GET" or any(each.is_required for each in call.inputs.values()):
        top.complain("probe", "A probe is tried at every sign-in: name a GET that needs no inputs.")
    return probe


def _text(raw: bytes, file: str) -> str:
    if len(raw) > MOST_BYTES:
        raise _single(file, 1, f"It is larger than {MOST_BYTES} bytes, which no description is. Is it the right file?")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _single(file, line, "A character is not UTF-8. Save the file as UTF-8.") from error


def _single(file: str, line: int, complaint: str) -> DescriptionError:
    return DescriptionError([Problem(file=file, line=line, call="", key="", complaint=complaint)])


def _line_of(words: str, text: str) -> int:
    found = _TOML_PLACE.search(words)
    return int(found[1]) if found else text.count("\n") + 1


def _plain(words: str) -> str:
    """The library's words without a value: it repeats some."""
    found = _TOML_PLACE.search(words)
    place = f"near column {found[2]}" if found else "at its end"
    return f"This is no TOML {place}. Look for a missing quote or bracket, or a key that stands twice."
