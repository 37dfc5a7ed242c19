"""The page Assets: browse three libraries as one, look closely, approve or reject."""

import asyncio

from PySide6.QtWidgets import QWidget

from ui.pages.assets.controller import PLACE, AssetsController
from ui.pages.assets.model import AssetsModel
from ui.pages.assets.shelf import PictureShelf
from ui.pages.assets.view import AssetsView
from ui.pages.context import PageContext
from ui.tasks import Tasks


def build(context: PageContext) -> QWidget:
    """The page, at work. Call while the loop of the window runs."""
    shelf = PictureShelf()
    model = AssetsModel(shelf)
    view = AssetsView(model)
    model.setParent(view)
    controller = AssetsController(
        view,
        model,
        context=context,
        shelf=shelf,
        tasks=Tasks(context.notices, place=PLACE, loop=asyncio.get_running_loop()),
    )
    view.controller = controller
    view.destroyed.connect(controller.leave)
    controller.start()
    return view


__all__ = ["build"]
