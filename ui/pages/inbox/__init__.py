"""Inbox: the events as received, and the exchanges with every system."""

from PySide6.QtWidgets import QWidget

from ui.pages.context import PageContext
from ui.pages.inbox.controller import InboxController, InboxModels, InboxUses
from ui.pages.inbox.model import CallsModel, EventsModel
from ui.pages.inbox.view import InboxView
from ui.tasks import Tasks

__all__ = ["build"]


def build(context: PageContext) -> QWidget:
    """The page, reading what came."""
    models = InboxModels(events=EventsModel(), calls=CallsModel())
    view = InboxView(models.events, models.calls, context.memory)
    for model in (models.events, models.calls):
        model.setParent(view)
    controller = InboxController(
        view,
        models,
        run=context.run,
        use=InboxUses(
            list_events=context.use.list_events,
            count_events=context.use.count_events,
            list_silences=context.use.list_silences,
            dismiss_silence=context.use.dismiss_silence,
            explain_event=context.use.explain_event,
            replay_events=context.use.replay_events,
            reveal_event=context.use.reveal_event,
            export_events=context.use.export_events,
            find_customers=context.use.find_customers,
        ),
        activity=context.activity,
        tasks=Tasks(context.notices, place="inbox"),
        notices=context.notices,
        memory=context.memory,
        actor=context.actor,
        go_to=context.go_to,
    )
    view.controller = controller
    view.destroyed.connect(controller.leave)
    context.changed.connect(view.changes_heard)
    controller.start()
    return view
