"""Typed reading of replies: bytes in, the vendor's models out, :class:`ShapeError` when the shape is another one.

msgspec checks the shape while it decodes, so a wrong type is named by its place (``$.objects[3].id``) and never by
its value. Unknown keys are dropped by design; unknown enum members are the enum's own business (``_missing_``).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

import msgspec

from connectors.errors import ShapeError

if TYPE_CHECKING:
    from connectors.calls import Reply

JSONValue: TypeAlias = "bool | int | float | str | Sequence[JSONValue] | Mapping[str, JSONValue] | None"
JSONObject: TypeAlias = Mapping[str, JSONValue]

T = TypeVar("T")

_QUOTED: Final = re.compile(r"'.*'", re.DOTALL)


def decode(reply: "Reply", shape: type[T]) -> T:
    """The body of ``reply`` as ``shape``. Raises: ShapeError."""
    try:
        return msgspec.json.decode(reply.body, type=shape)
    except msgspec.ValidationError as error:
        raise reply.odd(_without_value(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise reply.odd(f"expected JSON, got {reply.media_type or 'no content type'}") from error


def _without_value(words: str) -> str:
    """msgspec's words; of a value outside a closed set it would quote the value."""
    return _QUOTED.sub("•••", words)


def convert(reply: "Reply", value: object, shape: type[T]) -> T:
    """A part of an already decoded body as ``shape``. Raises: ShapeError."""
    try:
        return msgspec.convert(value, type=shape)
    except msgspec.ValidationError as error:
        raise reply.odd(_without_value(str(error))) from None
    except RecursionError as error:
        raise reply.odd("nested too deeply") from error


def drop_nulls(value: object) -> None:
    """Take every key out of ``value`` that has no value, however deep, for vendors that write null for absent.

    ``value`` is decoded JSON, and is changed as it is: a page of thousands of objects is not built twice.
    """
    waiting: list[object] = [value] if type(value) is dict or type(value) is list else []
    while waiting:
        holder = waiting.pop()
        inner: Iterable[object]
        if isinstance(holder, dict):
            inner = holder.values()
            if None in inner:
                for key in [key for key, each in holder.items() if each is None]:
                    del holder[key]
        else:
            assert isinstance(holder, list)  # noqa: S101 - nothing else holds anything in JSON
            inner = holder
        waiting += [each for each in inner if type(each) is dict or type(each) is list]


def json_object(reply: "Reply") -> dict[str, JSONValue]:
    """The body as a JSON object, for replies whose shape depends on what was asked. Raises: ShapeError."""
    # The recursive alias is for readers and checkers; msgspec knows any JSON as object.
    return cast("dict[str, JSONValue]", decode(reply, dict[str, object]))


__all__ = ["JSONObject", "JSONValue", "ShapeError", "convert", "decode", "drop_nulls", "json_object"]
