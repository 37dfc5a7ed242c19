"""Every line of code that says something in the log, held against the manner in which that is done."""

import ast
from pathlib import Path

import app
from app.log.redaction import KEYS

ROOT = Path(app.__file__).parent.parent
SAYING = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def said_in(file: Path) -> list[ast.Call]:
    """The calls of ``log.…`` in ``file``."""
    return [
        node
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SAYING
        and ast.unparse(node.func.value).startswith(("log", "logging.getLogger("))
        and "math" not in ast.unparse(node.func.value)
    ]


def everything_said() -> list[tuple[str, ast.Call]]:
    files = [file for floor in ("app", "connectors", "ui") for file in sorted((ROOT / floor).rglob("*.py"))]
    return [
        (f"{file.relative_to(ROOT)}:{call.lineno}", call)
        for file in files
        if "sandbox" not in file.parts
        for call in said_in(file)
    ]


def test_every_sentence_is_a_constant_without_arguments() -> None:
    """What is formatted is withheld: its author would find nothing in the log."""
    wrong = []
    for place, call in everything_said():
        arguments = call.args[1:] if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else call.args
        if len(arguments) != 1 or not isinstance(arguments[0], ast.Constant):
            wrong.append(place)

    assert not wrong


def test_every_key_is_known() -> None:
    """A key that nobody knows is dropped: its author would look for it in vain."""
    wrong = []
    for place, call in everything_said():
        for keyword in call.keywords:
            names = (
                {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
                if isinstance(keyword.value, ast.Dict)
                else {"not a dictionary"}
            )
            if keyword.arg != "extra" or not names <= {*KEYS, "error"}:
                wrong.append(f"{place} {keyword.arg} {names}")

    assert not wrong


def test_there_is_something_to_hold_against_it() -> None:
    """A check that finds no calls would pass for ever."""
    assert len(everything_said()) >= 10
