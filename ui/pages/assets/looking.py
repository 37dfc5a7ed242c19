"""The asset that is looked at: in the inspector at once, afresh from its library a moment later, large on Space."""

import asyncio
from datetime import date
from importlib import import_module

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QImage

from app.errors import EXPECTED, sentence_of
from app.records import Asset, AssetKey, AssetKind
from ui.pages.assets import decoding, words
from ui.pages.assets.details import Details
from ui.pages.assets.files import AssetFiles
from ui.pages.assets.model import AssetsModel
from ui.pages.assets.shelf import PictureShelf
from ui.pages.assets.uses import use_lines
from ui.pages.assets.view import AssetsView
from ui.pages.context import PageContext
from ui.tasks import Tasks

_SETTLE_MS = 160
_PREVIEW = QSize(656, 416)
"""Twice the place in the inspector: enough for fine screens, and smooth on the others."""
_POSTER_PX = 1_280
_LARGE_PX = 1_600
_FINER = 2
_LARGEST = QSize(4_096, 4_096)
_CURRENT = "assets/current"


class Looking:
    """Shows one asset. Moving on cancels what was still awaited for the one before."""

    def __init__(
        self,
        view: AssetsView,
        model: AssetsModel,
        *,
        context: PageContext,
        files: AssetFiles,
        shelf: PictureShelf,
        tasks: Tasks,
    ) -> None:
        self._view = view
        self._model = model
        self._context = context
        self._files = files
        self._shelf = shelf
        self._tasks = tasks
        self._guest: Asset | None = None
        self._key = ""
        self._previewed: tuple[str, str] = ("", "")
        self._awaited: list[asyncio.Task[None]] = []
        self._viewing: asyncio.Task[None] | None = None
        self._settled = QTimer(view)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._on_settled)

    @property
    def asset(self) -> Asset | None:
        """What is looked at, as it is known now."""
        known = self._model.asset(self._key)
        if known is not None:
            return known
        return self._guest if self._guest is not None and str(self._guest.key) == self._key else None

    def show(self, key: str) -> None:
        """Look at an asset of the list; an empty key at none."""
        if key == self._key:
            self.update()
            return
        self._leave()
        self._key = key
        self._guest = None
        self.update()
        asset = self.asset
        if asset is None:
            return
        self.read_uses()
        self._context.memory.set(_CURRENT, key)
        known = self._shelf.picture(asset)
        if known is not None and asset.kind is not AssetKind.VIDEO:
            self._view.inspector.stage.show_picture(known)
        else:
            self._view.inspector.stage.show_words("")
        self._settled.start()

    async def show_guest(self, key: AssetKey) -> None:
        """Look at an asset that is not in the list. Raises: UserError, ConnectorError."""
        self._leave()
        self._guest = await self._context.run(self._context.use.open_asset, key)
        self._key = str(key)
        self.update()
        self.read_uses()
        self._settled.start()

    def update(self) -> None:
        """Say what is known now: the asset, or the verdict on its way to it, may have changed."""
        asset = self.asset
        if asset is None:
            self._view.inspector.show_nothing()
            return
        entry = self._model.entry(self._key)
        today = date.today()  # noqa: DTZ011 - rights end at the end of the day where the person sits
        self._view.inspector.show_details(Details.of(asset, entry=entry, today=today))
        if self._previewed[0] == self._key and self._previewed[1] != asset.version:
            self._settled.start()

    def read_uses(self) -> None:
        """Read again where the asset is used."""
        asset = self.asset
        if asset is not None:
            self._awaited.append(self._tasks.start(self._show_uses(asset.key), name="read where it is used"))

    async def _show_uses(self, key: AssetKey) -> None:
        found = await self._context.run(self._context.use.list_usages, key)
        if str(key) == self._key:
            self._view.inspector.uses.show_lines(use_lines(found))

    def look_large(self) -> None:
        """Open the viewer, or leave it."""
        asset = self.asset
        if self._view.viewer.is_open or asset is None:
            self.leave_large()
            return
        self._view.inspector.stage.stop()
        self._view.viewer.open(asset.name, f"{words.aside(asset)} · {words.file_words(asset)}")
        self._viewing = self._tasks.start(self._fill_viewer(asset), name="show an asset large")

    def leave_large(self) -> None:
        """Close the viewer and stop what it still awaits."""
        if self._viewing is not None:
            self._viewing.cancel()
        self._view.viewer.leave()

    def turn_page(self, number: int) -> None:
        """Show another page of the document in the viewer, from 0."""
        asset = self.asset
        if asset is not None:
            self._viewing = self._tasks.start(self._show_page(asset, number), name="show a page")

    def play(self) -> None:
        """Play the film in the inspector."""
        asset = self.asset
        if asset is not None:
            self._awaited.append(self._tasks.start(self._play(asset), name="play a film"))

    def _leave(self) -> None:
        self._settled.stop()
        for task in self._awaited:
            task.cancel()
        self._awaited.clear()
        self._view.inspector.stage.stop()

    def _on_settled(self) -> None:
        asset = self.asset
        if asset is not None:
            self._awaited += [
                self._tasks.start(self._open(asset), name="open an asset"),
                self._tasks.start(self._preview(asset), name="show a preview"),
            ]

    async def _open(self, asset: Asset) -> None:
        try:
            fresh = await self._context.run(self._context.use.open_asset, asset.key)
        except EXPECTED as error:
            self._view.inspector.show_trouble(f"{sentence_of(error)} Shown as it was last read.")
            return
        self._view.inspector.show_trouble("")
        self._guest = fresh
        self._model.put_asset(fresh)
        self.update()

    async def _preview(self, asset: Asset) -> None:
        stage = self._view.inspector.stage
        self._previewed = (str(asset.key), asset.version)
        try:
            image = await self._preview_image(asset)
        except (*EXPECTED, decoding.UnreadablePictureError) as error:
            if asset.kind is AssetKind.VIDEO:
                stage.show_poster(QImage())
            elif self._shelf.picture(asset) is None:
                stage.show_words(_why(error))
            return
        if asset.kind is AssetKind.VIDEO:
            stage.show_poster(image)
        else:
            stage.show_picture(image)

    async def _preview_image(self, asset: Asset) -> QImage:
        if asset.kind is AssetKind.DOCUMENT:
            return await decoding.picture(await self._files.original(asset), _PREVIEW)
        return await decoding.picture(await self._files.thumbnail(asset, _PREVIEW.width()), _PREVIEW)

    async def _play(self, asset: Asset) -> None:
        stage = self._view.inspector.stage
        try:
            film = await self._files.original(asset)
            await _players_there()
            stage.play(film)
        except EXPECTED as error:
            stage.show_words(sentence_of(error))

    async def _fill_viewer(self, asset: Asset) -> None:
        viewer = self._view.viewer
        try:
            if asset.kind is AssetKind.VIDEO:
                await self._fill_with_film(asset)
            elif asset.kind is AssetKind.DOCUMENT:
                await self._show_page(asset, 0)
            else:
                viewer.stage.show_picture(await self._largest(asset))
                viewer.offer_zoom()
        except (*EXPECTED, decoding.UnreadablePictureError) as error:
            viewer.stage.show_words(_why(error))

    async def _fill_with_film(self, asset: Asset) -> None:
        stage = self._view.viewer.stage
        try:
            poster = await self._files.thumbnail(asset, _POSTER_PX)
            stage.show_poster(await decoding.picture(poster, QSize(_POSTER_PX, _POSTER_PX)))
        except (*EXPECTED, decoding.UnreadablePictureError):
            stage.show_poster(QImage())
        film = await self._files.original(asset)
        await _players_there()
        stage.play(film)

    async def _show_page(self, asset: Asset, number: int) -> None:
        path = await self._files.original(asset)
        viewer = self._view.viewer
        if not decoding.is_pdf(path):
            viewer.stage.show_picture(await decoding.picture(path, _LARGEST))
        else:
            room = viewer.stage.size() * self._view.devicePixelRatioF()
            made = await decoding.page(path, number, room * _FINER)
            viewer.stage.show_picture(made.image)
            viewer.show_page(number, made.pages)
        viewer.offer_zoom()

    async def _largest(self, asset: Asset) -> QImage:
        """The original, or the largest picture of it where the original is no picture or cannot be had."""
        try:
            return await decoding.picture(await self._files.original(asset), _LARGEST)
        except (*EXPECTED, decoding.UnreadablePictureError):
            return await decoding.picture(await self._files.thumbnail(asset, _LARGE_PX), _LARGEST)


async def _players_there() -> None:
    """QtMultimedia is read in a thread: that takes longer than the window may stand still."""
    await asyncio.to_thread(import_module, "ui.pages.assets.film")


def _why(error: BaseException) -> str:
    return str(getattr(error, "sentence", "")) or str(error)
