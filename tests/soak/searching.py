"""Looking for planted strings: in the bytes of files however they are written, and in what the profile's key opens."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlite_utils import Database

from app.desk import Desk
from app.store import files
from tests.soak.tally import Tally

SHORTEST: Final = 8
"""Characters of a string that says by itself where it comes from."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Some bytes, and where they are."""

    where: str
    content: bytes


def look(tally: Tally, when: str, planted: Mapping[str, str], places: Iterable[Seen]) -> None:
    """Count as lost whatever of ``planted`` stands in ``places``. The strings themselves are never told."""
    forms = {name: tuple(_forms(text)) for name, text in planted.items()}
    for seen in places:
        tally.details["places read"] = int(tally.details.get("places read", 0)) + 1
        for name, ways in forms.items():
            if way := next((way for way, form in ways if form in seen.content), None):
                tally.lost += 1
                tally.findings.append(f"{name} is there {when}, as {way}, in {seen.where}")


def in_files(paths: Sequence[Path]) -> Iterator[Seen]:
    """Their bytes as they lie there."""
    return (Seen(f"{path.parent.name}/{path.name}", path.read_bytes()) for path in paths)


async def unsealed_in(desk: Desk) -> Sequence[Seen]:
    """Every value in the cache and every kept file, opened with the profile's own key where it was sealed.

    Sealed bytes show nothing to whoever looks for strings, and are still there for who has the key.
    """
    seen = list(await desk.store.read(_opened_values))
    for path in desk.profile.files.rglob("*"):
        if path.is_file():
            content = await desk.store.read(files.unsealed, path.read_bytes())
            seen.append(Seen(f"the kept {path.name[:8]}", content or path.read_bytes()))
    return seen


def _opened_values(db: Database) -> Iterable[Seen]:
    tables = db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')")
    seen = []
    for (table,) in tables.fetchall():
        columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", [table]).fetchall()]
        for column in columns:
            opened = f'CASE typeof("{column}") WHEN \'blob\' THEN unsealed("{column}") ELSE "{column}" END'
            rows = db.execute(f'SELECT DISTINCT {opened} FROM "{table}"').fetchall()
            values = (value if isinstance(value, bytes) else str(value).encode() for (value,) in rows)
            seen.append(Seen(f"{table}.{column}", b"\0".join(values)))
    return seen


def _forms(text: str) -> Iterable[tuple[str, bytes]]:
    """The ways in which ``text`` may be written."""
    plain = text.encode()
    yield "it is", plain
    if text.lower() != text:
        yield "small letters", text.lower().encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "UTF-16", text.encode("utf-16-le")
    yield "percent", quote(text, safe="").encode()
    yield from (("base64", form) for form in _in_base64(plain))


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """What stands in the middle of base64, wherever ``plain`` begins in it."""
    for shift in range(3):
        coded = b64encode(b"\0" * shift + plain)
        middle = coded[4 if shift else 0 : -4]
        if len(middle) >= SHORTEST:
            yield middle
