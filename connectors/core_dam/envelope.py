"""Taking a payload out of its wrappers: ``{"x_resource": {"x": …}}`` (core-dam 2)."""

from functools import cache
from typing import TypeVar

import msgspec

from connectors.calls import Reply
from connectors.shape import decode

T = TypeVar("T")


def inside(reply: Reply, shape: type[T], *names: str) -> T:
    """What ``reply`` holds under its wrappers, outermost first. Raises: ShapeError."""
    value: object = decode(reply, _envelope(shape, names))  # type: ignore[arg-type]  # every type has a hash
    for name in names:
        value = getattr(value, name)
    return value  # type: ignore[return-value]  # the envelope was made around exactly this shape


@cache
def _envelope(shape: type, names: tuple[str, ...]) -> type[msgspec.Struct]:
    wrapped: type = shape
    for name in reversed(names):
        wrapped = msgspec.defstruct("Envelope", [(name, wrapped)], frozen=True)
    return wrapped
