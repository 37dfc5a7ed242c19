"""The colours of the desk, once in light and once in dark. Nothing else in the program names a colour.

Every text pair reaches 4.5:1 and every control edge and focus ring 3:1; ``tests/ui/theme/test_tokens.py`` computes it
from :data:`TEXT_PAIRS` and :data:`EDGE_PAIRS`, so a changed value that cannot be read fails there.
"""

from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtGui import QColor


class Scheme(StrEnum):
    """Which of the two sets of colours is meant."""

    LIGHT = "light"
    DARK = "dark"


class Role(StrEnum):
    """A colour by its meaning. The value is the name of the field of :class:`Tokens`."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    POSITIVE = "positive"
    WARNING = "warning"
    NEGATIVE = "negative"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One scheme's colours. Surfaces first, then lines, then what stands on them."""

    scheme: Scheme
    window: QColor
    surface: QColor
    raised: QColor
    field: QColor
    selection: QColor
    hover: QColor
    skeleton: QColor
    line: QColor
    """Separators. Too faint for the edge of a control: that is :attr:`edge`."""
    edge: QColor
    text: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    positive: QColor
    warning: QColor
    negative: QColor
    info: QColor
    positive_tint: QColor
    warning_tint: QColor
    negative_tint: QColor
    info_tint: QColor

    def of(self, role: Role) -> QColor:
        """Return the colour that ``role`` has in this scheme."""
        return _as_color(getattr(self, role.value))

    def tint_of(self, role: Role) -> QColor:
        """Return the pale ground for words about ``role``: ``hover`` if neutral, ``selection`` for the accent."""
        if role is Role.ACCENT:
            return self.selection
        if role in (Role.TEXT, Role.MUTED):
            return self.hover
        return _as_color(getattr(self, f"{role.value}_tint"))


def _as_color(value: object) -> QColor:
    if not isinstance(value, QColor):
        raise TypeError(f"not a colour: {value!r}")
    return value


def _tokens(scheme: Scheme, **colours: str) -> Tokens:
    return Tokens(scheme=scheme, **{name: QColor(code) for name, code in colours.items()})


LIGHT = _tokens(
    Scheme.LIGHT,
    window="#f6f7f9",
    surface="#ffffff",
    raised="#ffffff",
    field="#ffffff",
    selection="#e6ebfc",
    hover="#eff1f5",
    skeleton="#e9ebf0",
    line="#e1e4ea",
    edge="#7f8795",
    text="#1a1d23",
    muted="#5c6370",
    accent="#2f5bea",
    on_accent="#ffffff",
    positive="#177443",
    warning="#9a5b00",
    negative="#c22f3d",
    info="#0b6e8a",
    positive_tint="#e8f2ed",
    warning_tint="#f5efe6",
    negative_tint="#f9eaec",
    info_tint="#e7f0f3",
)

DARK = _tokens(
    Scheme.DARK,
    window="#16181d",
    surface="#1d2026",
    raised="#252932",
    field="#16181d",
    selection="#2a3144",
    hover="#242831",
    skeleton="#2a2e37",
    line="#313641",
    edge="#747c8c",
    text="#e7e9ee",
    muted="#9aa2b1",
    accent="#7c9cff",
    on_accent="#16181d",
    positive="#4fc38a",
    warning="#f0b04e",
    negative="#ff7f87",
    info="#5cc3e0",
    positive_tint="#223030",
    warning_tint="#322e2a",
    negative_tint="#342a30",
    info_tint="#233039",
)

_GROUNDS = ("window", "surface", "raised", "field", "selection")
_WORDS = ("text", "muted", "accent", "positive", "warning", "negative", "info")

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((word, ground) for word in _WORDS for ground in _GROUNDS),
    ("text", "hover"),
    ("muted", "hover"),
    *(("text", f"{role}_tint") for role in ("positive", "warning", "negative", "info")),
    *((role, f"{role}_tint") for role in ("positive", "warning", "negative", "info")),
    ("on_accent", "accent"),
    ("on_accent", "negative"),
)
"""(what is written, what it stands on): 4.5:1 in both schemes."""

EDGE_PAIRS: tuple[tuple[str, str], ...] = (
    *(("edge", ground) for ground in _GROUNDS),
    *(("accent", ground) for ground in (*_GROUNDS, "hover")),
    *(("negative", ground) for ground in _GROUNDS),
)
"""(a control's edge or focus ring, what it stands on): 3:1 in both schemes."""


def contrast(one: QColor, other: QColor) -> float:
    """Return the WCAG 2 contrast ratio of two opaque colours, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


_LINEAR_BELOW = 0.04045


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= _LINEAR_BELOW else float(((channel + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def colour_names() -> tuple[str, ...]:
    """Return the names of all colours, in the order of :class:`Tokens`."""
    return tuple(field.name for field in fields(Tokens) if field.name != "scheme")
