"""Nulls read as absent: at every depth, never inside of words, and no less strict than without them."""

import json
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, strategies

from connectors import sparse
from connectors.calls import Reply
from connectors.errors import ShapeError
from connectors.shape import drop_nulls
from connectors.sparse import decode_sparse


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    size: int = 7
    name: str | None = "unnamed"


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    count: int = 3
    leaf: Leaf = Leaf()
    leaves: tuple[Leaf, ...] = ()
    by_name: dict[str, Leaf] = {}
    words: dict[str, str] = {}
    anything: object = None
    maybe: Leaf | None = None
    below: "Tree | None" = None


def told(value: object) -> Reply:
    return Reply(system="vendor", call="read", status=200, headers={}, body=json.dumps(value).encode())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"count": None}, {}),
        ({"leaf": None, "leaves": None, "words": None}, {}),
        ({"leaf": {"size": None, "name": None}}, {}),
        ({"leaves": [{"size": None}, {"size": 1}]}, {"leaves": (Leaf(), Leaf(size=1))}),
        ({"by_name": {"a": None, "b": {"size": None}}}, {"by_name": {"b": Leaf()}}),
        ({"words": {"a": None, "b": "x"}}, {"words": {"b": "x"}}),
        ({"anything": {"a": None, "b": [{"c": None}]}}, {"anything": {"b": [{}]}}),
        ({"maybe": {"size": None}}, {"maybe": Leaf()}),
        ({"below": {"id": "y", "count": None}}, {"below": Tree(id="y")}),
        ({"unread": {"a": None}}, {}),
        ({"words": {"a:b": None, 'a"b': None, "ö": None, "c": "x"}}, {"words": {"c": "x"}}),
        (
            {"words": {"a,": "1", ":null": ",", "b": ':null,"c":null'}},
            {"words": {"a,": "1", ":null": ",", "b": ':null,"c":null'}},
        ),
    ],
)
def test_a_null_is_as_if_it_were_not_there(value: dict[str, object], expected: dict[str, Any]) -> None:
    """A vendor's habit would make every page of a library odd."""
    assert decode_sparse(told({"id": "x", **value}), Tree) == Tree(**{"id": "x", **expected})


@pytest.mark.parametrize(
    "value", [{"id": None}, {}, [], None, 7, {"id": "x", "leaves": [None]}, {"id": "x", "leaf": []}]
)
def test_what_must_be_there_still_must(value: object) -> None:
    """A required key that is null would be made up."""
    with pytest.raises(ShapeError):
        decode_sparse(told(value), Tree)


JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.text('",:{}[]\\\\ nul\tö', max_size=12),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text("ab_é ", max_size=3), inner),
)


@given(
    value=JSON,
    indent=strategies.sampled_from([None, 1]),
    escaped=strategies.booleans(),
    piece_bytes=strategies.sampled_from([1, 20, 128 * 1024]),
)
def test_whatever_the_words_only_nulls_are_taken_out(
    value: object, indent: int | None, escaped: bool, piece_bytes: int
) -> None:
    """A comment that looks like JSON would be cut to pieces."""
    body = json.dumps({"id": "x", "anything": value}, indent=indent, ensure_ascii=escaped).encode()
    expected = json.loads(body)["anything"]
    drop_nulls(expected)

    with patch.object(sparse, "_PIECE_BYTES", piece_bytes):
        read = decode_sparse(Reply(system="vendor", call="read", status=200, headers={}, body=body), Tree).anything

    drop_nulls(read)
    assert read == expected


def test_a_large_page_is_read_like_a_small_one() -> None:
    """Cut anywhere else, a null would stay at the edge of a piece, or a word would be taken for the edge."""
    leaf = {"name": '},{"a":null,', "size": None}
    many = 20_000

    tree = decode_sparse(told({"count": None, "id": "x", "leaves": [leaf] * many, "leaf": None}), Tree)

    assert tree == Tree(id="x", leaves=(Leaf(name='},{"a":null,'),) * many)
