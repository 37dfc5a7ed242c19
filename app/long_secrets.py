"""Secrets of any length in a keyring whose entries are short, changed so that a cut leaves the old one or the new one.

Windows keeps at most 2,560 bytes of UTF-16 in an entry (domain-rules 3.16), so everywhere a longer secret lies in parts
of that size, in one of two places, and the entry of its name says in which: writing that entry is the one moment at
which the new secret takes the old one's place. What is being rewritten is noted in an entry of its own meanwhile, so
that :func:`finish` finds the parts that a cut left over.

Whoever calls sees to it that one process at a time writes the secrets of a service.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Protocol

ENTRY_UNITS: Final = 1280
"""UTF-16 code units in one entry: 2,560 bytes."""
UNFINISHED: Final = "unfinished"
"""The entry that names what is being rewritten."""
_MARK: Final = "proofdesk-parts:"
_PLACES: Final = ("a", "b")
_MOST_OF_A_NAME: Final = 8
"""Entries of one name that a keyring may hold: other programs copy and merge whole keyrings."""


class Keyring(Protocol):
    """What is used of a keyring's backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret; raises when there is none."""


def read(keyring: Keyring, service: str, name: str) -> str | None:
    """The secret called ``name``; None when there is none, or its parts are not all there."""
    entry = keyring.get_password(service, name)
    if entry is None or not entry.startswith(_MARK):
        return entry
    place, many, digest = _told(entry)
    parts = [keyring.get_password(service, _part(name, place, number)) for number in range(many)]
    secret = "".join(part for part in parts if part is not None)
    return secret if _digest(secret) == digest else None


def write(keyring: Keyring, service: str, name: str, secret: str) -> None:
    """Keep ``secret`` in place of the one before, which stays when this breaks off.

    Raises: OSError when the keyring gives back something else; whatever its backend raises.
    """
    before = keyring.get_password(service, name)
    if _fits(secret) and not _is_in_parts(before):
        _put(keyring, service, name, secret, before=before)
        return
    _begin(keyring, service, name)
    try:
        if _fits(secret):
            _put(keyring, service, name, secret, before=before)
        else:
            _write_parts(keyring, service, name, secret, place=_other_place(before))
    finally:
        finish(keyring, service)


def erase(keyring: Keyring, service: str, name: str) -> None:
    """Forget the secret called ``name`` and every part of it. Raises: OSError when the keyring goes on giving it."""
    entry = keyring.get_password(service, name)
    if _is_in_parts(entry):
        _begin(keyring, service, name)
    _delete(keyring, service, name)
    if _is_in_parts(entry):
        finish(keyring, service)


def finish(keyring: Keyring, service: str) -> None:
    """Take away the parts that belong to no secret, as after a cut."""
    name = keyring.get_password(service, UNFINISHED)
    if name is None:
        return
    entry = keyring.get_password(service, name)
    current = _told(entry)[0] if entry is not None and _is_in_parts(entry) else ""
    for place in _PLACES:
        if place != current:
            _erase_parts(keyring, service, name, place)
    _delete(keyring, service, UNFINISHED)


def _begin(keyring: Keyring, service: str, name: str) -> None:
    """Note that ``name`` is being rewritten; what another rewriting left behind is taken away before that."""
    finish(keyring, service)
    keyring.set_password(service, UNFINISHED, name)


def _write_parts(keyring: Keyring, service: str, name: str, secret: str, *, place: str) -> None:
    _erase_parts(keyring, service, name, place)
    parts = list(_cut(secret))
    for number, part in enumerate(parts):
        keyring.set_password(service, _part(name, place, number), part)
    manifest = f"{_MARK}{place}:{len(parts)}:{_digest(secret)}"
    kept = [keyring.get_password(service, _part(name, place, number)) for number in range(len(parts))]
    if kept != parts:
        raise OSError("the keyring cut a secret short")
    keyring.set_password(service, name, manifest)
    if keyring.get_password(service, name) != manifest:
        raise OSError("the keyring goes on giving an older secret")


def _put(keyring: Keyring, service: str, name: str, secret: str, *, before: str | None) -> None:
    keyring.set_password(service, name, secret)
    if keyring.get_password(service, name) != secret:
        if before is not None:
            keyring.set_password(service, name, before)
        else:
            with suppress(Exception):  # each backend raises what its platform does; what counts is said below
                keyring.delete_password(service, name)
        raise OSError("the keyring cut a secret short")


def _erase_parts(keyring: Keyring, service: str, name: str, place: str) -> None:
    """The last part first: while any is left the first one is, so that a second call finds them all."""
    many = 0
    while keyring.get_password(service, _part(name, place, many)) is not None:
        many += 1
    for number in reversed(range(many)):
        _delete(keyring, service, _part(name, place, number))


def _delete(keyring: Keyring, service: str, name: str) -> None:
    """A keyring may hold several entries of one name, and delete one at a time."""
    for _ in range(_MOST_OF_A_NAME):
        if keyring.get_password(service, name) is None:
            return
        keyring.delete_password(service, name)
    if keyring.get_password(service, name) is not None:
        raise OSError("the keyring does not give a secret up")


def _cut(secret: str) -> Iterator[str]:
    part, units = "", 0
    for letter in secret:
        width = _units(letter)
        if units + width > ENTRY_UNITS:
            yield part
            part, units = "", 0
        part += letter
        units += width
    yield part


def _fits(secret: str) -> bool:
    return not secret.startswith(_MARK) and sum(map(_units, secret)) <= ENTRY_UNITS


def _units(letter: str) -> int:
    return 1 if ord(letter) <= 0xFFFF else 2  # noqa: PLR2004 - the end of the plane that UTF-16 writes in one unit


def _is_in_parts(entry: str | None) -> bool:
    return entry is not None and entry.startswith(_MARK)


def _other_place(entry: str | None) -> str:
    return "b" if entry is not None and _is_in_parts(entry) and _told(entry)[0] == "a" else "a"


def _told(manifest: str) -> tuple[str, int, str]:
    """Place, count and digest; nothing at all for a manifest that somebody broke."""
    pieces = manifest.removeprefix(_MARK).split(":")
    match pieces:
        case [place, many, digest] if place in _PLACES and many.isascii() and many.isdecimal():
            return place, int(many), digest
        case _:
            return "", 0, "broken"


def _part(name: str, place: str, number: int) -> str:
    return f"{name}.{place}{number}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-16", "surrogatepass")).hexdigest()[:16]
