"""Every verb at every system that takes it can be found again, and the table says how."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Protocol, cast

import pytest

import app.systems
from app.records import System, Verb
from app.systems.look_ups import LOOK_UPS
from app.systems.ports import ArchiveOfRecord, AssetLibrary, Composer

DECISION = (
    Path(__file__).parents[3] / "docs" / "decisions" / "0008-what-was-tried-is-looked-up-before-it-is-sent-again.md"
)
TAKEN: dict[type, Verb] = {
    AssetLibrary: Verb.JUDGE_ASSET,
    Composer: Verb.RESEND,
    ArchiveOfRecord: Verb.FILE_DOCUMENT,
}
"""What each port says that it takes."""


def translators() -> dict[System, type[Composer]]:
    """Every class of ``app.systems`` that carries entries out, by its system."""
    found: dict[System, type[Composer]] = {}
    for module in pkgutil.iter_modules(app.systems.__path__, "app.systems."):
        for _name, each in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if hasattr(each, "deliver") and Protocol not in each.__bases__:
                translator = cast("type[Composer]", each)
                found[translator.system] = translator
    return found


def taken_by(translator: type) -> Verb:
    """The verb of the port that ``translator`` has all methods of."""
    ports = [port for port in TAKEN if all(hasattr(translator, name) for name in _methods(port))]
    assert len(ports) == 1, f"{translator.__name__} fills {len(ports)} ports"
    return TAKEN[ports[0]]


def _methods(port: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_")}


def test_every_system_has_a_translator() -> None:
    """What follows would hold for those alone that were found."""
    assert set(translators()) == set(System)


@pytest.mark.parametrize("system", list(System))
def test_what_a_translator_takes_it_can_look_up(system: System) -> None:
    """Whatever failed without an answer would be sent twice, or never."""
    translator = translators()[system]
    verb = taken_by(translator)

    assert inspect.iscoroutinefunction(translator.look_up)
    assert "raise NotImplementedError" not in inspect.getsource(translator.look_up)
    assert (verb, system) in LOOK_UPS


def test_every_verb_is_taken_by_somebody_and_no_row_is_left_over() -> None:
    """A verb without a row is one whose doubt nobody can end; a row without a verb is a promise about nothing."""
    taken = {(taken_by(translator), system) for system, translator in translators().items()}

    assert taken == set(LOOK_UPS)
    assert {verb for verb, _ in LOOK_UPS} == set(Verb)


@pytest.mark.parametrize(("verb", "system"), list(LOOK_UPS))
def test_a_person_is_told_what_to_do_when_the_system_cannot_tell(verb: Verb, system: System) -> None:
    """“Unknown” alone leaves somebody with a letter that may have gone out."""
    row = LOOK_UPS[verb, system]

    assert row.found_by
    assert row.repeated
    assert row.not_told.endswith(".")
    assert row.not_told[0].isupper()


def test_the_decision_shows_the_same_table() -> None:
    """Who reads the page would trust what the code does not do."""
    lines = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", DECISION.read_text(), re.MULTILINE)

    shown = {tuple(line) for line in lines if line[0] not in {"Verb", "---"}}
    assert shown == {
        (verb.value.replace("_", " "), system.label, row.found_by, row.repeated, row.not_told)
        for (verb, system), row in LOOK_UPS.items()
    }
