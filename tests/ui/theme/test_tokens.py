"""Colours that people can read, in both schemes."""

import pytest
from PySide6.QtGui import QColor

from ui.theme import DARK, EDGE_PAIRS, LIGHT, TEXT_PAIRS, Role, Tokens, colour_names, contrast, palette_for, tokens_of

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@SCHEMES
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_reach_four_and_a_half(tokens: Tokens, ink: str, ground: str) -> None:
    """Words would be unreadable for people with low vision."""
    ratio = contrast(getattr(tokens, ink), getattr(tokens, ground))

    assert ratio >= 4.5


@SCHEMES
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_and_rings_reach_three(tokens: Tokens, edge: str, ground: str) -> None:
    """A field could not be found, or the focus not be seen."""
    ratio = contrast(getattr(tokens, edge), getattr(tokens, ground))

    assert ratio >= 3.0


def test_contrast_is_that_of_the_standard() -> None:
    """All the other numbers rest on this one."""
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)


def test_every_colour_is_opaque() -> None:
    """A translucent colour has no contrast that can be computed."""
    colours = [getattr(tokens, name) for tokens in (LIGHT, DARK) for name in colour_names()]

    assert all(colour.alpha() == 255 for colour in colours)


@SCHEMES
def test_a_palette_tells_its_scheme(tokens: Tokens) -> None:
    """Widgets would paint light colours in a dark window."""
    assert tokens_of(palette_for(tokens)) is tokens


@SCHEMES
@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_colour_and_a_tint(tokens: Tokens, role: Role) -> None:
    """A chip with a rare role would fail when it is first painted."""
    assert tokens.of(role).isValid()
    assert tokens.tint_of(role).isValid()
