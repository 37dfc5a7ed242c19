"""Finds what a screen reader could not name. Tests and the tour walk every window with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTextEdit,
    QWidget,
)

_INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QTextEdit)


def unnamed_widgets(window: QWidget) -> list[str]:
    """Return a line for each interactive widget in ``window`` that has no accessible name, said by class and parents.

    Interactive is what takes the focus with Tab, and every button, field and view. Qt's own parts of a larger control
    (the line edit in a spin box, a view in a combo box) are named by that control.
    """
    asked = (widget for widget in window.findChildren(QWidget) if not widget.isHidden() and _is_interactive(widget))
    return [_place(widget) for widget in asked if not _name(widget)]


def _is_interactive(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    is_part = isinstance(parent, QComboBox | QAbstractSpinBox | QAbstractItemView) or (
        parent is not None and parent.metaObject().className() == "QComboBoxPrivateContainer"
    )
    if is_part or widget.objectName().startswith("qt_"):
        return False
    takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return isinstance(widget, _INTERACTIVE) or bool(takes_tab)


def _name(widget: QWidget) -> str:
    if widget.accessibleName():
        return widget.accessibleName()
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _place(widget: QWidget) -> str:
    names = []
    at: QWidget | None = widget
    while at is not None:
        names.append(type(at).__name__)
        at = at.parentWidget()
    return " < ".join(names)
