"""What the running task is busy with, so that every line and every exchange of it can say so."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_about: Final[ContextVar[Mapping[str, object]]] = ContextVar("about", default=_NOTHING)


@contextmanager
def about(**keys: object) -> Iterator[None]:
    """Say ``keys`` of everything that is logged within; tasks that are started within say so too."""
    token = _about.set({**_about.get(), **keys})
    try:
        yield
    finally:
        _about.reset(token)


def now_about() -> Mapping[str, object]:
    """What the running task is about: keys of :data:`app.log.redaction.KEYS`."""
    return _about.get()
