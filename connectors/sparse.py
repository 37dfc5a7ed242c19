"""Replies of vendors that write null where they mean *absent*: decoded as if the key were not there.

Only what the shape reads is looked at, so a large reply of which little is used costs little. What is looked at is made
once for each shape and kept.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeAlias, TypeVar

import msgspec
from msgspec import inspect

from connectors.calls import Reply
from connectors.shape import convert, decode, drop_nulls

T = TypeVar("T")

Dropper: TypeAlias = Callable[[object], None]
"""Takes the nulls out of a decoded value, as it is; leaves alone what is not of the shape, for that is told later."""


def decode_sparse(reply: Reply, shape: type[T]) -> T:
    """The body of ``reply`` as ``shape``, null read as absent. Raises: ShapeError."""
    value = decode(reply, object)
    dropper = _dropper_of(shape)  # type: ignore[arg-type]  # every type has a hash
    try:
        if dropper is not None:
            dropper(value)
    except RecursionError as error:
        raise reply.odd("nested too deeply") from error
    return convert(reply, value, shape)


@cache
def _dropper_of(shape: type) -> Dropper | None:
    return _dropper(inspect.type_info(shape))


def _dropper(told: inspect.Type) -> Dropper | None:
    """None for what cannot hold anything."""
    match told:
        case inspect.StructType(cls=kind):
            return _of_struct(kind)
        case inspect.CollectionType(item_type=item):
            return _of_items(_dropper(item))
        case inspect.TupleType(item_types=items):
            return drop_nulls if any(_dropper(item) for item in items) else None
        case inspect.DictType(value_type=value):
            return _of_values(_dropper(value))
        case inspect.UnionType(types=types):
            inner = [each for each in map(_dropper, types) if each is not None]
            # Which of several it is, is only known once it is read.
            return inner[0] if len(inner) == 1 else drop_nulls if inner else None
        case inspect.AnyType() | inspect.RawType() | inspect.CustomType() | inspect.DataclassType():
            return drop_nulls
        case _:
            return None


@cache
def _of_struct(kind: type[msgspec.Struct]) -> Dropper:
    # Filled when it is first needed, for a shape may hold itself.
    nested: list[tuple[str, Dropper]] | None = None

    def drop(value: object) -> None:
        nonlocal nested
        if nested is None:
            told = inspect.type_info(kind)
            assert isinstance(told, inspect.StructType)  # noqa: S101 - asked of a Struct
            droppers = [(each.encode_name, _dropper(each.type)) for each in told.fields]
            nested = [(key, dropper) for key, dropper in droppers if dropper is not None]
        if type(value) is not dict:
            return
        if None in value.values():
            for key in [key for key, each in value.items() if each is None]:
                del value[key]
        for key, dropper in nested:
            inner = value.get(key)
            if inner:
                dropper(inner)

    return drop


def _of_items(inner: Dropper | None) -> Dropper | None:
    if inner is None:
        return None

    def drop(value: object) -> None:
        if type(value) is list:
            for each in value:
                inner(each)

    return drop


def _of_values(inner: Dropper | None) -> Dropper:
    def drop(value: object) -> None:
        if type(value) is not dict:
            return
        for key in [key for key, each in value.items() if each is None]:
            del value[key]
        if inner is not None:
            for each in value.values():
                inner(each)

    return drop
