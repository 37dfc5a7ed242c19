"""Tokens as a QPalette, and back: a widget's palette says which scheme it is drawn in.

Because :func:`tokens_of` reads the palette, one window can show both schemes side by side and a change of theme needs
no signal of its own: Qt's palette change repaints everything.
"""

from PySide6.QtGui import QPalette

from ui.theme.tokens import DARK, LIGHT, Role, Scheme, Tokens

_MIDDLE_LIGHTNESS = 128

FOREGROUND: dict[Role, QPalette.ColorRole] = {
    Role.TEXT: QPalette.ColorRole.WindowText,
    Role.MUTED: QPalette.ColorRole.PlaceholderText,
    Role.ACCENT: QPalette.ColorRole.Link,
    Role.NEGATIVE: QPalette.ColorRole.BrightText,
    Role.INFO: QPalette.ColorRole.LinkVisited,
}
"""Palette roles that a plain label may take as its foreground, so that it follows a change of theme by itself."""


def palette_for(tokens: Tokens) -> QPalette:
    """Return a palette with every role set, so that nothing of the platform's own colours shines through."""
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, colour in {
        roles.Window: tokens.window,
        roles.WindowText: tokens.text,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.surface,
        roles.Text: tokens.text,
        roles.Button: tokens.raised,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.negative,
        roles.Highlight: tokens.selection,
        roles.HighlightedText: tokens.text,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.info,
        roles.PlaceholderText: tokens.muted,
        roles.ToolTipBase: tokens.raised,
        roles.ToolTipText: tokens.text,
        roles.Accent: tokens.accent,
        roles.Light: tokens.raised,
        roles.Midlight: tokens.hover,
        roles.Mid: tokens.line,
        roles.Dark: tokens.edge,
        roles.Shadow: tokens.edge,
    }.items():
        palette.setColor(role, colour)
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, tokens.muted)
    return palette


def tokens_for(scheme: Scheme) -> Tokens:
    """Return the tokens of a scheme."""
    return DARK if scheme is Scheme.DARK else LIGHT


def tokens_of(palette: QPalette) -> Tokens:
    """Return the tokens that ``palette`` was made from, judged by how light its window is."""
    return LIGHT if palette.window().color().lightness() >= _MIDDLE_LIGHTNESS else DARK
