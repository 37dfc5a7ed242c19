"""The page's behaviour: what the view wants goes to one of three, what the desk changes comes back to all."""

from PySide6.QtCore import QObject

from app.records import AssetKey, Changes, SavedView, System
from app.rules.asset_query import Condition
from ui.pages.assets import narrowing
from ui.pages.assets.browsing import Browsing
from ui.pages.assets.files import AssetFiles
from ui.pages.assets.judging import Judging
from ui.pages.assets.looking import Looking
from ui.pages.assets.model import AssetsModel
from ui.pages.assets.saved import SavedViews
from ui.pages.assets.shelf import PictureShelf
from ui.pages.assets.thumbnails import Thumbnails
from ui.pages.assets.view import AssetsView
from ui.pages.context import PageContext
from ui.tasks import Tasks

PLACE = "assets"
_LAYOUT, _SIZE, _PANES, _CURRENT = "assets/layout", "assets/size", "assets/panes", "assets/current"


class AssetsController:
    """Plain object; the view keeps it."""

    def __init__(
        self, view: AssetsView, model: AssetsModel, *, context: PageContext, shelf: PictureShelf, tasks: Tasks
    ) -> None:
        self._view = view
        self._model = model
        self._context = context
        self._shelf = shelf
        self._tasks = tasks
        files = AssetFiles(context)
        self.browsing = Browsing(view, model, context=context, tasks=tasks)
        self.views = SavedViews(view, context=context, tasks=tasks, browsing=self.browsing)
        self.looking = Looking(view, model, context=context, files=files, shelf=shelf, tasks=tasks)
        self.judging = Judging(
            view,
            model,
            context=context,
            tasks=tasks,
            current=lambda: self.looking.asset,
            changed=self._on_verdicts_changed,
        )
        self.thumbnails = Thumbnails(fetch=files.thumbnail, shelf=shelf, tasks=tasks, arrived=model.tell_picture)
        self._shown = (0, 0)
        self._wanted_key = _text(context.memory.get(_CURRENT))
        self._hearing = context.changed.connect(self._on_changed)
        self._restore()
        self._connect()

    def start(self) -> None:
        """Ask for the first time."""
        self.browsing.start()
        self._tasks.start(self.views.refresh(), name="read the saved views")
        self._tasks.start(self.judging.refresh(), name="read the verdicts on their way")

    async def settled(self) -> None:
        """Return when nothing is asked or fetched any more."""
        await self._tasks.idle()

    def leave(self) -> None:
        """The page is gone: hear no more of the desk. Touches no widget."""
        # By its handle: at the end of the desk the signal may have gone before the page.
        QObject.disconnect(self._hearing)
        self._tasks.abandon()

    def show_subject(self, subject: object) -> None:
        """Select the asset or pick the view that ``subject`` is; anything else is left alone."""
        if isinstance(subject, SavedView):
            self.views.pick(subject)
        elif isinstance(subject, AssetKey):
            self._tasks.start(self._show_asset(subject), name="show an asset")

    async def _show_asset(self, key: AssetKey) -> None:
        if await self.browsing.find(key):
            self._view.select(str(key))
            self.looking.show(str(key))
        else:
            await self.looking.show_guest(key)
        self.judging.show_possible()

    def _restore(self) -> None:
        memory = self._context.memory
        self._view.show_layout(_text(memory.get(_LAYOUT)))
        self._view.show_size(_text(memory.get(_SIZE)))
        panes = memory.get(_PANES)
        if isinstance(panes, list) and len(panes) == self._view.splitter.count():
            self._view.splitter.setSizes([size for size in panes if isinstance(size, int)])

    def _connect(self) -> None:
        view, browsing, looking, judging = self._view, self.browsing, self.looking, self.judging
        view.current_changed.connect(self._on_current_changed)
        view.rows_shown.connect(self._on_rows_shown)
        view.end_near.connect(browsing.more)
        view.layout_chosen.connect(self._on_layout_chosen)
        view.size_chosen.connect(self._on_size_chosen)
        view.order_chosen.connect(browsing.ask_in_order)
        view.splitter.splitterMoved.connect(self._on_panes_moved)
        view.filters.words_changed.connect(browsing.ask_for_words)
        view.filters.conditions_given.connect(self._on_conditions_given)
        view.filters.option_toggled.connect(self._on_option_toggled)
        view.filters.facet_dropped.connect(self._on_facet_dropped)
        view.sources.retry_wanted.connect(self._on_retry_wanted)
        view.clear_filters.triggered.connect(browsing.ask_for_everything)
        view.refresh.triggered.connect(self._on_refresh)
        view.retry.triggered.connect(browsing.start)
        view.connect_library.triggered.connect(self._on_connect_library)
        view.look.triggered.connect(looking.look_large)
        view.viewer.page_wanted.connect(looking.turn_page)
        view.viewer.closed.connect(looking.leave_large)
        view.inspector.stage.play_wanted.connect(looking.play)
        view.inspector.uses.template_wanted.connect(self._on_template_wanted)
        view.approve.triggered.connect(judging.approve)
        view.reject.triggered.connect(judging.ask_why)
        view.undo.triggered.connect(judging.undo)
        view.inspector.reason.given.connect(judging.take_reason)
        view.inspector.retry_wanted.connect(judging.retry)
        view.inspector.drop_wanted.connect(judging.ask_why_dropped)

    def _on_changed(self, changes: Changes) -> None:
        for system in changes.systems:
            self._shelf.forgive(system)
        self.browsing.take(changes)
        current = self.looking.asset
        if current is not None and current.key in changes.assets:
            self.looking.read_uses()
        if changes.saved_views:
            self._tasks.start(self.views.refresh(), name="read the saved views")
        if changes.outbox:
            self._tasks.start(self.judging.refresh(), name="read the verdicts on their way")

    def _on_verdicts_changed(self) -> None:
        self.looking.update()
        self.judging.show_possible()

    def _on_current_changed(self, key: str) -> None:
        wanted, self._wanted_key = self._wanted_key, ""
        if wanted and wanted != key and self._view.select(wanted):
            return
        self.looking.show(key)
        self.judging.show_possible()

    def _on_rows_shown(self, first: int, last: int) -> None:
        self._shown = (first, last)
        self.browsing.note_shown(last)
        if not self._view.shows_table:
            self._fetch_pictures()
        self.looking.update()
        self.judging.show_possible()

    def _fetch_pictures(self) -> None:
        first, last = self._shown
        screen = last - first + 1
        wanted = self._model.assets[first : last + 1 + screen]
        self.thumbnails.want(wanted, self._view.picture_box)

    def _on_layout_chosen(self, key: str) -> None:
        self._context.memory.set(_LAYOUT, key)
        self._view.show_layout(key)

    def _on_size_chosen(self, key: str) -> None:
        self._context.memory.set(_SIZE, key)
        self._view.show_size(key)

    def _on_panes_moved(self, _position: int, _handle: int) -> None:
        self._context.memory.set(_PANES, self._view.splitter.sizes())

    def _on_option_toggled(self, field: str, key: str, on: bool) -> None:
        self.browsing.ask(narrowing.toggled(self.browsing.narrowing, field, key, on=on))

    def _on_conditions_given(self, conditions: tuple[Condition, ...]) -> None:
        self.browsing.ask(narrowing.under(self.browsing.narrowing, conditions))

    def _on_facet_dropped(self, field: str) -> None:
        self.browsing.ask(narrowing.dropped(self.browsing.narrowing, field))

    def _on_retry_wanted(self, key: str) -> None:
        self.browsing.ask_again(System(key))

    def _on_refresh(self) -> None:
        self.browsing.ask_again(None)

    def _on_template_wanted(self, template: str) -> None:
        self._context.go_to("proofs", template)

    def _on_connect_library(self) -> None:
        self._context.go_to("connections", None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
