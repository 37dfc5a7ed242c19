"""What the top bar says while systems are read."""

from datetime import timedelta
from typing import Any

import pytest

from app.records import ConnectionState, System, SystemStatus
from app.wording import clock_time, count
from tests.app.outbox.fakes import NOW
from ui.synchronising import NOTICED_AFTER, Synchronising, synchronising

AT = clock_time(NOW)


def status(system: System, state: ConnectionState = ConnectionState.SYNCING, **said: Any) -> SystemStatus:
    """One that has been so for a while."""
    return SystemStatus(system=system, state=state, since=NOW - NOTICED_AFTER, **said)


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        ([], Synchronising(words="")),
        ([status(System.ICONIK)], Synchronising(words="iconik · reading", is_busy=True)),
        (
            [status(System.ICONIK, fetched=1_200, expected=50_000)],
            Synchronising(words=f"iconik · {count(1_200)} of {count(50_000)}", is_busy=True, share=0.024),
        ),
        (
            [
                status(System.ICONIK, fetched=1_000, expected=3_000),
                status(System.CORE_DAM, fetched=500, expected=3_000),
            ],
            Synchronising(words=f"2 systems · {count(1_500)} of {count(6_000)}", is_busy=True, share=0.25),
        ),
        (
            [status(System.ICONIK, fetched=1_000, expected=3_000), status(System.CORE_DAM, fetched=500)],
            Synchronising(words=f"2 systems · {count(1_500)} read", is_busy=True),
        ),
        ([status(System.ICONIK, ConnectionState.CONNECTED, last_sync=NOW)], Synchronising(words=f"Synced {AT}")),
        (
            [status(System.ICONIK, ConnectionState.CONNECTED, last_sync=NOW, is_paused=True)],
            Synchronising(words=f"1 paused · synced {AT}"),
        ),
        (
            [
                status(System.ICONIK, ConnectionState.CONNECTED, last_sync=NOW),
                status(System.CORE_DAM, ConnectionState.TROUBLED),
                status(System.EXSTREAM, ConnectionState.SIGNED_OUT, is_paused=True),
                status(System.CLOUDINARY, ConnectionState.UNREACHABLE),
            ],
            Synchronising(words=f"2 in trouble · 1 paused · synced {AT}"),
        ),
    ],
)
def test_the_bar_says_how_far_it_is_and_no_total_that_nobody_told(
    statuses: list[SystemStatus], shown: Synchronising
) -> None:
    """The bar would promise an end that nobody knows."""
    assert synchronising({each.system: each for each in statuses}, now=NOW) == shown


def test_a_round_that_just_began_is_nobodys_concern() -> None:
    """The bar would flicker every fifteen seconds, all day."""
    begun = SystemStatus(system=System.EXSTREAM, state=ConnectionState.SYNCING, since=NOW, fetched=5, expected=9)

    assert not synchronising({System.EXSTREAM: begun}, now=NOW + timedelta(seconds=1)).is_busy
