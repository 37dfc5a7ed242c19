"""What a page can do, as an action with its keys."""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

Keys = str | QKeySequence.StandardKey | QKeyCombination | Qt.Key


def page_action(page: QWidget, text: str, *keys: Keys) -> QAction:
    """Return an action of ``page`` whose ``keys`` work while the focus is anywhere in it, and nowhere else."""
    action = QAction(text, page)
    action.setShortcuts([QKeySequence(key) for key in keys if key])
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    page.addAction(action)
    return action
