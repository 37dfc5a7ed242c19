"""The health of the desk: how late the window is, how much waits where, how the systems answer."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.pages.activity.health.controller import HealthController
from ui.pages.activity.health.view import HealthView
from ui.pages.context import PageContext
from ui.widgets import PageHeader

__all__ = ["build"]


def build(context: PageContext, header: PageHeader) -> QWidget:
    """The part, showing how it stands."""
    view = HealthView(header)
    view.controller = HealthController(
        view,
        measures=context.measures,
        activity=context.activity,
        copy=lambda text: QGuiApplication.clipboard().setText(text),
    )
    return view
