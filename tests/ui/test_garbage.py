"""Cycles that hold Qt objects must die where Qt lives."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.garbage import LONGEST_LOADING, GarbageTurns


class Cycle(QObject):
    """Something that only the collector can free."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


@pytest.fixture
def turns(qapp: QApplication) -> Iterator[GarbageTurns]:
    """The collector's stand-in; gives its work back whatever the test does."""
    made = GarbageTurns(qapp)
    made.set_aside()
    yield made
    made.end()


def test_no_thread_collects_by_itself(turns: GarbageTurns) -> None:
    """A timer destroyed in a decoder's thread aborts the whole desk."""
    died_in: list[int] = []
    cycle = Cycle()
    weakref.finalize(cycle, lambda: died_in.append(threading.get_ident()))
    del cycle

    worker = threading.Thread(target=lambda: [[each] for each in range(100_000)])
    worker.start()
    worker.join()

    assert died_in == []


def test_the_gui_thread_collects_what_has_piled_up(turns: GarbageTurns) -> None:
    """Without its own turns the desk would grow all day."""
    died_in: list[int] = []
    cycle = Cycle()
    weakref.finalize(cycle, lambda: died_in.append(threading.get_ident()))
    del cycle
    piled_up = [[each] for each in range(2 * gc.get_threshold()[0])]

    turns.turn()

    assert died_in == [threading.get_ident()]
    assert piled_up


def test_what_was_set_aside_is_not_looked_at_again(turns: GarbageTurns) -> None:
    """A full collection of a loaded program holds the window for a tenth of a second."""
    program = [[each] for each in range(100_000)]

    turns.set_aside()

    assert len(gc.get_objects(2)) < len(program)
    assert gc.get_freeze_count() > len(program)


def test_nothing_is_looked_at_while_the_program_is_loaded(qapp: QApplication) -> None:
    """The window would stand still just when a person sees it for the first time."""
    made = GarbageTurns(qapp)
    module = [[each] for each in range(100_000)]

    made.turn()

    assert gc.get_freeze_count() > len(module)
    made.end()


def test_loading_ends_whatever_keeps_it(qapp: QApplication) -> None:
    """A desk whose profile cannot be opened would grow for ever."""
    made = GarbageTurns(qapp)

    for _ in range(LONGEST_LOADING):
        made.turn()
    before = gc.get_freeze_count()
    kept = [[each] for each in range(10_000)]
    made.turn()

    assert gc.get_freeze_count() - before < len(kept)
    made.end()


def test_the_automatic_collector_gets_its_work_back(qapp: QApplication) -> None:
    """Other programs in this process rely on it."""
    gc.enable()
    try:
        GarbageTurns(qapp).end()

        assert gc.isenabled()
    finally:
        gc.disable()
