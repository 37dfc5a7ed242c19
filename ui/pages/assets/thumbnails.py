"""Fetches the pictures of the tiles in sight: a few at a time, the newest wish first, none that was scrolled past."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap

from app.errors import EXPECTED, sentence_of
from app.records import Asset, AssetKey
from ui.pages.assets.decoding import UnreadablePictureError, picture
from ui.pages.assets.shelf import PictureShelf
from ui.tasks import Tasks

MOST_IN_FLIGHT = 6


class Thumbnails:
    """``fetch(asset, width_px)`` brings a file; ``arrived(key)`` is called when the shelf has changed."""

    def __init__(
        self,
        *,
        fetch: Callable[[Asset, int], Awaitable[Path]],
        shelf: PictureShelf,
        tasks: Tasks,
        arrived: Callable[[AssetKey], None],
    ) -> None:
        self._fetch = fetch
        self._shelf = shelf
        self._tasks = tasks
        self._arrived = arrived
        self._waiting: deque[Asset] = deque()
        self._under_way: set[AssetKey] = set()
        self._box = QSize(256, 172)

    def want(self, assets: Iterable[Asset], box: QSize) -> None:
        """Bring what of ``assets`` is not here, first ones first, for places of the size ``box`` in device pixels.

        Replaces what was wanted before: a picture that was not begun yet is forgotten.
        """
        self._box = box
        self._waiting = deque(asset for asset in assets if self._shelf.lacks(asset, width_px=box.width()))
        self._fill()

    def _fill(self) -> None:
        while self._waiting and len(self._under_way) < MOST_IN_FLIGHT:
            asset = self._waiting.popleft()
            if asset.key not in self._under_way:
                self._under_way.add(asset.key)
                self._tasks.start(self._bring(asset, self._box), name="show a thumbnail")

    async def _bring(self, asset: Asset, box: QSize) -> None:
        try:
            image = await picture(await self._fetch(asset, box.width()), box)
            self._shelf.put(asset, QPixmap.fromImage(image), width_px=box.width())
        except UnreadablePictureError as error:
            self._shelf.fail(asset, str(error))
        except EXPECTED as error:
            self._shelf.fail(asset, sentence_of(error))
        finally:
            self._under_way.discard(asset.key)
        self._arrived(asset.key)
        self._fill()
