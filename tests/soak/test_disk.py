"""A few full disks in every run; every write in ``make soak``."""

import sys

import pytest

from tests.soak import disk


@pytest.mark.skipif(sys.platform == "win32", reason="the platform can make no disk full for a test")
def test_a_disk_without_room_is_said_to_be_and_loses_nothing() -> None:
    """What somebody typed would be gone, behind a stack of lines."""
    tally = disk.run(4)

    assert tally.findings == []
    assert tally.is_good
    assert tally.parked > 10
