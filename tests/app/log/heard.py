"""The log as a test reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.log import Log


@contextmanager
def listening() -> Iterator[Log]:
    """A log that hears everything within, and writes nowhere."""
    log = Log()
    log.begin()
    try:
        yield log
    finally:
        log.end()
