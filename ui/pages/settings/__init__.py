"""Settings: what is declared, the role, where secrets are kept, and the way out."""

from PySide6.QtWidgets import QWidget

from ui.pages.context import PageContext
from ui.pages.settings.controller import SettingsController, SettingsUses
from ui.pages.settings.view import SettingsView
from ui.tasks import Tasks

__all__ = ["build"]


def build(context: PageContext) -> QWidget:
    """The page, reading what counts."""
    view = SettingsView(person=context.actor)
    use = context.use
    controller = SettingsController(
        view,
        run=context.run,
        use=SettingsUses(
            list_settings=use.list_settings,
            change_setting=use.change_setting,
            change_theme=use.change_setting.theme,
            change_role=use.change_role,
            keep_secrets=use.keep_secrets,
            waiting=use.sign_out.waiting,
            sign_out=use.sign_out,
        ),
        tasks=Tasks(context.notices, place="settings"),
        actor=context.actor,
        choose_theme=context.choose_theme,
        go_to=context.go_to,
        leave=context.leave,
    )
    view.controller = controller
    view.destroyed.connect(controller.leave)
    controller.start()
    return view
