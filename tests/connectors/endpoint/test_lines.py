"""Every key of a TOML text has its line, however it was laid out."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.endpoint.lines import KeyPath, locate

BARE = st.text("abcdefgh_-XYZ", min_size=1, max_size=6)
QUOTED = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="0123456789"), max_size=6
)
STRINGS = (
    '"plain # no comment"',
    "'literal \\'",
    '"an \\" escape ] } ,"',
    '"""\nseveral\n[lines] = "1x"\n"""""',
    "'''\nliteral\n# lines''\n'''",
    '""',
    "''''''",
)
SCALARS = ("true", "1979-05-27 07:32:00Z", "1.5e3", "inf", "07:32:00", "0xdead_beef")


class Layout:
    """Writes TOML in every style that the language has; ``lines`` is what it knows of numbers it wrote."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[int, int] = {}

    def write(self, text: str) -> None:
        self.text += text

    def number(self) -> str:
        """A number that stands nowhere else."""
        number = 900_001 + len(self.lines)
        self.lines[number] = self.text.count("\n") + 1
        return str(number)

    def key(self) -> str:
        if self.draw(st.booleans()):
            return self.draw(BARE)
        return '"' + self.draw(QUOTED).replace("\\", "\\\\").replace('"', '\\"') + '"'

    def keys(self, count: int) -> list[str]:
        """Different keys."""
        found: dict[str, str] = {}
        while len(found) < count:
            key = self.key()
            found.setdefault(next(iter(tomllib.loads(f"{key} = 1"))), key)
        return list(found.values())

    def blank(self) -> None:
        self.write(self.draw(st.sampled_from(["", "\n", "# a comment = [1]\n", "\t\n\r\n"])))

    def value(self, depth: int) -> None:
        match self.draw(st.integers(0, 5 if depth else 3)):
            case 0 | 1:
                self.write(self.number())
            case 2:
                self.write(self.draw(st.sampled_from(SCALARS)))
            case 3:
                self.write(self.draw(st.sampled_from(STRINGS)))
            case 4:
                self.array(depth - 1)
            case _:
                self.inline(depth - 1)

    def array(self, depth: int) -> None:
        self.write("[")
        for place in range(self.draw(st.integers(0, 3))):
            self.write(self.draw(st.sampled_from([", ", ",\n  # aside ]\n "])) if place else "\n")
            self.value(depth)
        self.write(self.draw(st.sampled_from(["]", "\n]"])))

    def inline(self, depth: int) -> None:
        self.write("{")
        for place, key in enumerate(self.keys(self.draw(st.integers(0, 3)))):
            self.write(", " if place else " ")
            self.write(f"{key} = ")
            self.value(depth)
        self.write(" }")

    def pairs(self) -> None:
        for key in self.keys(self.draw(st.integers(0, 3))):
            self.blank()
            dotted = f"{key} . {self.key()}" if self.draw(st.booleans()) else key
            self.write(f"{dotted} = ")
            self.value(2)
            self.write(self.draw(st.sampled_from(["\n", "   # behind\n", "\r\n"])))

    def whole(self) -> None:
        self.pairs()
        for number in range(self.draw(st.integers(0, 3))):
            name = f'"header {"abcd"[number]}"'
            inner = f"{name} . {self.key()}"
            if self.draw(st.booleans()):
                self.write(f"[ {inner} ]  # aside\n")
                self.pairs()
                continue
            for _ in range(self.draw(st.integers(1, 3))):
                self.write(f"[[{name}]]\n")
                self.pairs()
                if self.draw(st.booleans()):
                    self.write(f'[{name}."a table within"]\n')
                    self.pairs()


@st.composite
def documents(draw: st.DrawFn) -> Layout:
    """TOML texts."""
    layout = Layout(draw)
    layout.whole()
    return layout


def walk(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every value of a document with its path."""
    if path:
        yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield from walk(each, (*path, step))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the texts are made step by step
@given(documents())
def test_every_key_has_the_line_that_it_stands_on(layout: Layout) -> None:
    """A person would look for a mistake where none is."""
    document = dict(walk(tomllib.loads(layout.text)))

    lines = locate(layout.text)

    assert lines.keys() == document.keys()
    numbers = {value: lines[path] for path, value in document.items() if isinstance(value, int) and value > 900_000}
    assert {number: line for number, line in numbers.items() if number in layout.lines} == layout.lines


@pytest.mark.parametrize("text", ["", "\n\n", "# only words", "a=1"])
def test_small_texts_are_walked_to_their_end(text: str) -> None:
    """A file without a last line break is the usual one on some editors."""
    assert set(locate(text)) == {(key,) for key in tomllib.loads(text)}
