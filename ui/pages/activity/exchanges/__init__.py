"""The exchanges: every request to a system and its answer, masked, as long as the desk is open."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.pages.activity.exchanges.controller import ExchangesController
from ui.pages.activity.exchanges.model import CallsModel
from ui.pages.activity.exchanges.view import ExchangesView
from ui.pages.context import PageContext
from ui.widgets import PageHeader

__all__ = ["build"]


def build(context: PageContext, header: PageHeader) -> QWidget:
    """The part, showing what there is."""
    model = CallsModel()
    view = ExchangesView(model, header, context.memory)
    model.setParent(view)
    view.controller = ExchangesController(
        view,
        model,
        calls=context.activity,
        memory=context.memory,
        go_to=context.go_to,
        copy=lambda text: QGuiApplication.clipboard().setText(text),
    )
    return view
