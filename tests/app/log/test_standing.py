"""Where a thread stands, written down without holding on to it."""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from app.log.standing import Dump


class Painter:
    """Ends when nobody holds it any more."""


@contextmanager
def a_thread_that_stands(gone: list[threading.Thread]) -> Iterator[int]:
    """Its identity; it ends with the block."""
    may_go, stands = threading.Event(), threading.Event()

    def stand_still() -> None:
        painter = Painter()
        weakref.finalize(painter, lambda: gone.append(threading.current_thread()))
        stands.set()
        may_go.wait()

    thread = threading.Thread(target=stand_still, name="stands")
    thread.start()
    stands.wait()
    assert thread.ident is not None
    try:
        yield thread.ident
    finally:
        may_go.set()
        thread.join()


def test_the_innermost_place_is_told_first() -> None:
    """A report of a stall would name the loop and not what held it up."""
    dump = Dump()
    with a_thread_that_stands([]) as thread:
        told = [place.told for place in dump.places_of(thread, most=12)]
        first_again = dump.places_of(thread, most=1)[0].told
    dump.close()

    ours = [each for each in told if "stand_still" in each]
    assert len(ours) == 1
    assert "tests/app/log/test_standing.py" in ours[0]
    assert told.index(ours[0]) < len(told) - 1
    assert first_again == told[0]


def test_what_the_thread_holds_ends_in_that_thread() -> None:
    """A painter that outlives its painting in another thread takes the process with it."""
    gone: list[threading.Thread] = []
    dump = Dump()
    with a_thread_that_stands(gone) as thread:
        kept = dump.places_of(thread, most=12)
    dump.close()

    assert kept
    assert [each.name for each in gone] == ["stands"]


def test_a_thread_that_has_ended_stands_nowhere() -> None:
    """The window closes while somebody still looks at it."""
    dump = Dump()
    with a_thread_that_stands([]) as thread:
        pass
    told = dump.places_of(thread, most=12)
    dump.close()

    assert told == ()
