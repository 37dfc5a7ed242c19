"""What the desk writes, the sandbox reads: quoting, pipes and paths over whatever people type."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.cloudinary.pipes import written
from connectors.cloudinary.search import exactly, words
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import build
from connectors.sandbox.cloudinary.delivery_path import read_path, read_steps
from connectors.sandbox.cloudinary.expression import parse
from connectors.sandbox.cloudinary.pipes import read_pairs
from connectors.sandbox.cloudinary.refusals import RefusalError
from tests.connectors.sandbox.cloudinary.desk import BEGAN, small_world

CLOUD = build(small_world(SandboxClock(BEGAN))).cloud
NOW = datetime(2026, 11, 1, tzinfo=UTC)

typed = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
# A backslash at a value's end has no escape in the vendor's syntax, and a bracket at its start means a set.
plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\["), max_size=30)


@given(typed)
def test_an_exact_question_finds_its_own_title(title: str) -> None:
    """A title with a quote, a star or a colon in it could not be found."""
    asset = next(iter(CLOUD.kinds())).resource
    asset.display_name = title

    test = parse(exactly("display_name", title), cloud=CLOUD, now=NOW)

    assert test(asset)


@given(typed)
def test_typed_words_are_never_a_broken_query(text: str) -> None:
    """The search box would answer with a complaint about position 3."""
    parse(words(text), cloud=CLOUD, now=NOW)


@given(st.text(st.sampled_from('ab tags:=<>()[]{}"\\*-TOANDOR~!'), max_size=30))
def test_an_expression_is_understood_or_refused_and_nothing_else(expression: str) -> None:
    """A crash of the server would look like a fault of the vendor."""
    with suppress(RefusalError):
        test = parse(expression, cloud=CLOUD, now=NOW)
        for kind in CLOUD.kinds():
            test(kind.resource)


@given(st.dictionaries(st.sampled_from(["alt", "caption", "note"]), plain))
def test_context_survives_the_pipe_syntax(context: dict[str, str]) -> None:
    """A reason with an equals sign in it would arrive torn."""
    assert read_pairs("context", written(context)) == context


@given(st.text(st.sampled_from("abwc_,/.:-$01sv%"), max_size=40))
def test_a_path_is_read_or_refused_and_nothing_else(path: str) -> None:
    """A crash of the server would look like a fault of the vendor."""
    with suppress(RefusalError):
        read_steps(read_path(f"/demo/image/upload/{path}").transformation)


@pytest.mark.parametrize(
    ("path", "transformation", "version", "source"),
    [
        ("hero.png", "", None, "hero.png"),
        ("v12/brand/hero.png", "", 12, "brand/hero.png"),
        ("c_limit,w_5/f_jpg/brand/hero", "c_limit,w_5/f_jpg", None, "brand/hero"),
        ("w_5/v1/w_9/hero", "w_5", 1, "w_9/hero"),
        ("v12", "", None, "v12"),
        ("w_5", "", None, "w_5"),
        ("l_text:Arial_20:a%252Cb/v1/h%C3%A9.png", "l_text:Arial_20:a%252Cb", 1, "hé.png"),
        ("t_thumb/v1/x", "t_thumb", 1, "x"),
    ],
)
def test_a_path_is_parted_where_the_vendor_parts_it(
    path: str, transformation: str, version: int | None, source: str
) -> None:
    """A folder could be taken for a transformation, or the other way round."""
    read = read_path(f"/demo/image/upload/{path}")

    assert (read.transformation, read.version, read.source) == (transformation, version, source)
