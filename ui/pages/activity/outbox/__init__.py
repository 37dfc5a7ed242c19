"""The outbox: every write to a system, what became of it, and what a person can do about it."""

from PySide6.QtWidgets import QWidget

from ui.pages.activity.outbox.controller import OutboxController, OutboxUses
from ui.pages.activity.outbox.model import EntriesModel
from ui.pages.activity.outbox.view import OutboxView
from ui.pages.context import PageContext
from ui.tasks import Tasks
from ui.widgets import PageHeader

__all__ = ["build"]


def build(context: PageContext, header: PageHeader) -> QWidget:
    """The part, reading what there is."""
    model = EntriesModel()
    view = OutboxView(model, header, context.memory)
    model.setParent(view)
    use = context.use
    controller = OutboxController(
        view,
        model,
        run=context.run,
        use=OutboxUses(
            page=use.page_entries,
            tell=use.tell_entry,
            watch=use.watch_outbox,
            undo=use.undo_entry,
            retry=use.retry_entry,
            look_up=use.look_up_entry,
            edit=use.edit_entry,
            drop=use.drop_entry,
            pause=use.pause_outbox,
            resume=use.resume_outbox,
        ),
        tasks=Tasks(context.notices, place="outbox"),
        memory=context.memory,
        actor=context.actor,
    )
    view.controller = controller
    view.destroyed.connect(controller.leave)
    context.changed.connect(view.changes_heard)
    controller.start()
    return view
