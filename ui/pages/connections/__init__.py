"""Connections: a card per system, what the last hour was like, and the pane that adds, edits and tests one."""

from PySide6.QtWidgets import QWidget

from ui.pages.connections.browser import Browser
from ui.pages.connections.controller import ConnectionsController, ConnectionUses
from ui.pages.connections.model import HealthModel
from ui.pages.connections.view import ConnectionsView
from ui.pages.connections.words import Steer
from ui.pages.context import PageContext
from ui.tasks import Tasks

__all__ = ["build"]


def build(context: PageContext) -> QWidget:
    """The page, reading what is connected."""
    model = HealthModel()
    view = ConnectionsView(model, context.memory)
    model.setParent(view)
    browser = Browser(view)
    browser.failed.connect(context.notices.tell)
    controller = ConnectionsController(
        view,
        model,
        run=context.run,
        use=ConnectionUses(
            list_connections=context.use.list_connections,
            test_connection=context.use.test_connection,
            save_connection=context.use.save_connection,
            remove_connection=context.use.remove_connection,
            steer={
                Steer.NOW: context.use.read_now,
                Steer.STOP: context.use.stop_reading,
                Steer.PAUSE: context.use.pause_reading,
                Steer.GO_ON: context.use.go_on_reading,
            },
            is_browser_needed=context.use.sign_in_with_browser.is_needed,
            sign_in_with_browser=context.use.sign_in_with_browser,
        ),
        activity=context.activity,
        statuses=context.statuses,
        actor=context.actor,
        open_browser=browser.open,
        tasks=Tasks(context.notices, place="connections"),
    )
    view.controller = controller
    view.destroyed.connect(controller.leave)
    context.changed.connect(view.changes_heard)
    controller.start()
    return view
