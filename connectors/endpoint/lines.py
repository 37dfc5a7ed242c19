"""Where in a TOML text each key stands, so that a complaint can name its line.

The standard library reads TOML without keeping lines. This walks a text that it has already accepted, and therefore
checks nothing: it follows keys, headers, strings, arrays and inline tables, and notes where each one begins.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from typing import Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys from the top to a value; an element of an array is named by its place, from 0."""

_SPACE: Final = " \t"
_BLANK: Final = " \t\r\n"
_VALUE_ENDS: Final = ",]}#\r\n"
_KEY_ENDS: Final = _BLANK + ".=]"
_FENCES: Final = ('"""', "'''")
_MOST_EXTRA_QUOTES: Final = 2
"""A multi-line string may end in two quotes of its own before its fence."""


def locate(text: str) -> Mapping[KeyPath, int]:
    """The line, from 1, on which each key, header and element of ``text`` first stands. ``text``: valid TOML."""
    return _Walk(text).whole()


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [place for place, letter in enumerate(text) if letter == "\n"]
        self._lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        """Array of tables → its newest element."""

    def whole(self) -> Mapping[KeyPath, int]:
        table: KeyPath = ()
        while self._reach_content():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> KeyPath:
        line = self._line()
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        names = self._key()
        self._at += 2 if is_array else 1
        path: KeyPath = ()
        for name in names[:-1]:
            path = self._newest((*path, name))
            self._note(path, line)
        path = (*path, names[-1])
        self._note(path, line)
        if not is_array:
            return path
        self._counts[path] = self._counts.get(path, -1) + 1
        path = self._newest(path)
        self._note(path, line)
        return path

    def _newest(self, path: KeyPath) -> KeyPath:
        return (*path, self._counts[path]) if path in self._counts else path

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        path = table
        for name in self._key():
            path = (*path, name)
            self._note(path, line)
        self._at += 1  # the equals sign
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip(_SPACE)
        match self._text[self._at]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._string()
            case _:
                while self._at < len(self._text) and self._text[self._at] not in _VALUE_ENDS:
                    self._at += 1

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        place = 0
        while self._reach_content() and self._text[self._at] != "]":
            self._note((*path, place), self._line())
            self._value((*path, place))
            place += 1
            self._pass_comma()
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._reach_content() and self._text[self._at] != "}":
            self._pair(path)
            self._pass_comma()
        self._at += 1

    def _pass_comma(self) -> None:
        if self._reach_content() and self._text[self._at] == ",":
            self._at += 1

    def _key(self) -> tuple[str, ...]:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            begin = self._at
            if self._text[begin] in "\"'":
                self._string()
                names.append(tomllib.loads(f"key = {self._text[begin : self._at]}")["key"])
            else:
                while self._text[self._at] not in _KEY_ENDS:
                    self._at += 1
                names.append(self._text[begin : self._at])
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return tuple(names)
            self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        fence = next((fence for fence in _FENCES if self._text.startswith(fence, self._at)), quote)
        self._at += len(fence)
        while not self._text.startswith(fence, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(fence)
        if fence in _FENCES:
            for _ in range(_MOST_EXTRA_QUOTES):
                self._at += self._text.startswith(quote, self._at)

    def _reach_content(self) -> bool:
        """Pass blanks and comments; False at the end of the text."""
        while True:
            self._skip(_BLANK)
            if not self._text.startswith("#", self._at):
                return self._at < len(self._text)
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end

    def _skip(self, letters: str) -> None:
        while self._at < len(self._text) and self._text[self._at] in letters:
            self._at += 1

    def _note(self, path: KeyPath, line: int) -> None:
        self._lines.setdefault(path, line)

    def _line(self) -> int:
        return bisect_left(self._breaks, self._at) + 1
