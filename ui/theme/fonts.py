"""The type of the desk: one family, five sizes, three weights, and numbers that stand under each other.

The family is the desktop's own sans, or Inter where it is installed. Weight, not colour, makes the hierarchy.
"""

from enum import Enum
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

_PREFERRED_SANS = "Inter"
_LABEL_TRACKING_PX = 0.2
_PREFERRED_MONO = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono")


class Type(Enum):
    """A use of type: (size in px, weight, fixed pitch)."""

    TITLE = (20, QFont.Weight.DemiBold, False)
    PANE = (15, QFont.Weight.DemiBold, False)
    INPUT = (15, QFont.Weight.Normal, False)
    BODY = (13, QFont.Weight.Normal, False)
    CURRENT = (13, QFont.Weight.DemiBold, False)
    BUTTON = (13, QFont.Weight.Medium, False)
    SECONDARY = (12, QFont.Weight.Normal, False)
    CHIP = (12, QFont.Weight.Medium, False)
    STRONG = (12, QFont.Weight.DemiBold, False)
    LABEL = (11, QFont.Weight.DemiBold, False)
    SMALL = (11, QFont.Weight.Normal, False)
    CODE = (12, QFont.Weight.Normal, True)
    CODE_SMALL = (11, QFont.Weight.Normal, True)


@lru_cache(maxsize=1)
def sans_family() -> str:
    """Return Inter when it is installed, else the desktop's own sans. Needs a QGuiApplication."""
    if QFontDatabase.hasFamily(_PREFERRED_SANS):
        return _PREFERRED_SANS
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


@lru_cache(maxsize=1)
def mono_family() -> str:
    """Return the first known fixed-pitch family that is installed, else the desktop's own."""
    for family in _PREFERRED_MONO:
        if QFontDatabase.hasFamily(family):
            return family
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


@lru_cache(maxsize=64)
def _made(use: Type, tabular: bool) -> QFont:
    size_px, weight, fixed = use.value
    font = QFont(mono_family() if fixed else sans_family())
    font.setPixelSize(size_px)
    font.setWeight(weight)
    if fixed:
        font.setStyleHint(QFont.StyleHint.Monospace)
    # Upright stems on half pixels look heavier than they are: let the rasteriser place them.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if use is Type.LABEL:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, _LABEL_TRACKING_PX)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def font(use: Type = Type.BODY, *, tabular: bool = False) -> QFont:
    """Return the font for ``use``; ``tabular`` gives all figures one width (tables, counters, clocks)."""
    return QFont(_made(use, tabular))
