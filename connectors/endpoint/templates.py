"""Templates of addresses, headers and bodies: what stands in the file is structure, what is filled in is only a value.

``{name}`` stands for an input of the call, ``{{`` and ``}}`` for braces. A value can never add or remove a path step,
a parameter, a header or a JSON key, nor reach the host: where it could not be carried safely it is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final, TypeAlias

from connectors.calls import segment
from connectors.endpoint.values import MOST_WHOLE, Kind, UnfitError, Value, to_json, to_text

Values: TypeAlias = Mapping[str, Value]
"""Every declared input by name; None for the optional ones that were not given."""

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_PATH_LITERAL: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_MOST_DEPTH: Final = 32
_STEPS_UP: Final = frozenset({".", ".."})
_UNFIT_IN_PATH: Final = re.compile(r"[/\\\x00-\x1f\x7f]")
"""Encoded, many servers and gateways decode these before they look at the path's structure."""
_UNFIT_IN_HEADER: Final = re.compile(r"[^\t\x20-\x7e]")


class TemplateError(ValueError):
    """A template cannot be read; the text says why and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The place of an input."""

    name: str
    kind: Kind


Pieces: TypeAlias = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTemplate:
    """A query value, a form field, a header or a string in a body."""

    pieces: Pieces

    @property
    def only_slot(self) -> Slot | None:
        """The slot that the template consists of; None when there is anything else."""
        match self.pieces:
            case (Slot() as slot,):
                return slot
            case _:
                return None

    def fill(self, values: Values) -> str | None:
        """The text; None when an input in it was not given, and then the whole parameter is left out."""
        filled = [piece if isinstance(piece, str) else _text(piece, values) for piece in self.pieces]
        return None if None in filled else "".join(piece for piece in filled if piece is not None)

    def fill_all(self, values: Values) -> tuple[str, ...]:
        """One text per element for a list, otherwise the one text, or none."""
        slot = self.only_slot
        if slot is not None and slot.kind is Kind.TEXTS:
            given = values[slot.name]
            return given if isinstance(given, tuple) else ()
        filled = self.fill(values)
        return () if filled is None else (filled,)

    def fill_header(self, values: Values) -> str | None:
        """As :meth:`fill`, for a header. Raises: UnfitError when a value would break out of it."""
        filled = self.fill(values)
        if filled is not None and _UNFIT_IN_HEADER.search(filled):
            raise UnfitError("a header carries printable ASCII on one line")
        return filled


@dataclass(frozen=True, slots=True, kw_only=True)
class PathTemplate:
    """A path below the system's base address, in steps."""

    steps: tuple[Pieces, ...]

    def fill(self, values: Values) -> str:
        """The encoded path, with as many steps as the template has. Raises: UnfitError."""
        return "".join(f"/{_step(pieces, values)}" for pieces in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class JSONTemplate:
    """A JSON value: structure out of the file, in which texts are templates."""

    shape: "object | TextTemplate"

    def fill(self, values: Values) -> object:
        """The value, ready for encoding; keys and elements whose inputs were not given are left out."""
        return _filled(self.shape, values)


def read_text(source: str, inputs: Mapping[str, Kind]) -> TextTemplate:
    """Read a template of text. Raises: TemplateError."""
    template = TextTemplate(pieces=_pieces(source, inputs))
    for slot in template.pieces:
        if isinstance(slot, Slot) and slot.kind is Kind.TEXTS and template.only_slot is None:
            raise TemplateError(f'The input "{slot.name}" is a list, so it stands alone: write "{{{slot.name}}}".')
    return template


def read_path(source: str, inputs: Mapping[str, Kind]) -> PathTemplate:
    """Read a path. Raises: TemplateError."""
    if not source.startswith("/"):
        raise TemplateError("A path begins with a slash; the host stands in base_url and nowhere else.")
    steps = tuple(_pieces(step, inputs) for step in source[1:].split("/"))
    for step in steps:
        _check_step(step)
    if any(not step for step in steps[:-1]):
        raise TemplateError("A step of the path is empty. Write single slashes.")
    return PathTemplate(steps=steps)


def read_json(raw: object, inputs: Mapping[str, Kind]) -> JSONTemplate:
    """Read a body out of the file's own tables and lists. Raises: TemplateError."""
    return JSONTemplate(shape=_shape(raw, inputs))


def slots_of(template: TextTemplate | PathTemplate | JSONTemplate) -> frozenset[str]:
    """The names of the inputs that a template uses."""
    match template:
        case TextTemplate(pieces=pieces):
            return frozenset(piece.name for piece in pieces if isinstance(piece, Slot))
        case PathTemplate(steps=steps):
            return frozenset(piece.name for step in steps for piece in step if isinstance(piece, Slot))
        case JSONTemplate(shape=shape):
            return _slots_in(shape)


def _pieces(source: str, inputs: Mapping[str, Kind]) -> Pieces:
    pieces: list[str | Slot] = []
    for found in _PIECE.finditer(source):
        piece, name = found[0], found[1]
        if name is not None:
            pieces.append(_slot(name, inputs))
        elif piece in "{}":
            raise TemplateError("A brace is open. Write {{ or }} for a brace that is meant as such.")
        else:
            text = piece[0] if piece in {"{{", "}}"} else piece
            if pieces and isinstance(pieces[-1], str):
                pieces[-1] += text
            else:
                pieces.append(text)
    return tuple(pieces)


def _slot(name: str, inputs: Mapping[str, Kind]) -> Slot:
    if name in inputs:
        return Slot(name=name, kind=inputs[name])
    if not _NAME.fullmatch(name):
        raise TemplateError("Between braces stands the name of an input: small letters, digits and underscores.")
    known = ", ".join(sorted(inputs)) or "none"
    raise TemplateError(f'There is no input "{name}" (there are: {known}). Declare it under inputs, or correct it.')


def _check_step(step: Pieces) -> None:
    for piece in step:
        if isinstance(piece, str) and not _PATH_LITERAL.fullmatch(piece):
            raise TemplateError(
                "A path has no query, no fragment and no characters that need encoding; parameters stand under query."
            )
        if isinstance(piece, Slot) and piece.kind is Kind.TEXTS:
            raise TemplateError(f'The input "{piece.name}" is a list; a step of a path takes one value.')
    if step and all(isinstance(piece, str) for piece in step) and "".join(map(str, step)) in _STEPS_UP:
        raise TemplateError("A path does not step upwards. Write the address that is meant.")


def _step(pieces: Pieces, values: Values) -> str:
    written = ""
    for piece in pieces:
        if isinstance(piece, str):
            written += piece
            continue
        text = _text(piece, values) or ""
        if not text:
            raise UnfitError("an address needs a value here", name=piece.name)
        if _UNFIT_IN_PATH.search(text):
            raise UnfitError("a step of an address holds no slash, backslash or control character", name=piece.name)
        written += segment(text)
    if written in _STEPS_UP:
        names = ", ".join(piece.name for piece in pieces if isinstance(piece, Slot))
        raise UnfitError("a step of an address is not made of dots alone", name=names)
    return written


def _text(slot: Slot, values: Values) -> str | None:
    value = values[slot.name]
    return None if value is None else to_text(slot.kind, value)


def _shape(raw: object, inputs: Mapping[str, Kind], depth: int = 0) -> object:
    if depth > _MOST_DEPTH:
        raise TemplateError(f"A body is at most {_MOST_DEPTH} levels deep. Write it flatter.")
    match raw:
        case dict():
            return {key: _shape(inner, inputs, depth + 1) for key, inner in raw.items()}
        case list():
            return [_shape(inner, inputs, depth + 1) for inner in raw]
        case str():
            return read_text(raw, inputs)
        case bool() | float() if isfinite(raw):
            return raw
        case int() if abs(raw) < MOST_WHOLE:
            return raw
        case int() | float():
            raise TemplateError("This number is too large for JSON. Write it as a text, in quotes.")
        case _:
            raise TemplateError("JSON knows no dates. Write it as a text, in quotes.")


def _filled(shape: object, values: Values) -> object:
    match shape:
        case TextTemplate(only_slot=Slot(name=name, kind=kind)):
            return to_json(kind, values[name])
        case TextTemplate():
            return shape.fill(values)
        case dict():
            filled = {key: _filled(inner, values) for key, inner in shape.items()}
            return {key: inner for key, inner in filled.items() if inner is not None}
        case list():
            return [inner for each in shape if (inner := _filled(each, values)) is not None]
        case _:
            return shape


def _slots_in(shape: object) -> frozenset[str]:
    match shape:
        case TextTemplate():
            return slots_of(shape)
        case dict():
            return frozenset().union(*(_slots_in(inner) for inner in shape.values()))
        case list():
            return frozenset().union(*(_slots_in(inner) for inner in shape))
        case _:
            return frozenset()
