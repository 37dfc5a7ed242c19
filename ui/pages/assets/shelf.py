"""Pictures that were decoded, the least recently shown thrown away first. Lives in the GUI thread."""

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtGui import QPixmap

from app.records import Asset, AssetKey, System

_BYTES_PER_PIXEL = 4
_MOST_BYTES = 96_000_000


@dataclass(frozen=True, slots=True)
class _Kept:
    version: str
    width_px: int
    pixmap: QPixmap

    @property
    def size_bytes(self) -> int:
        return self.pixmap.width() * self.pixmap.height() * _BYTES_PER_PIXEL


class PictureShelf:
    """At most ``most_bytes`` of pictures, one per asset, each of the version that the asset has now."""

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[AssetKey, _Kept] = OrderedDict()
        self._failed: dict[AssetKey, tuple[str, str]] = {}

    def picture(self, asset: Asset) -> QPixmap | None:
        """The picture of ``asset``, if it is here, at whatever width."""
        kept = self._kept.get(asset.key)
        if kept is None or kept.version != asset.version:
            return None
        self._kept.move_to_end(asset.key)
        return kept.pixmap

    def failure(self, asset: Asset) -> str:
        """Why there will be no picture; empty when there is or may be one."""
        version, sentence = self._failed.get(asset.key, ("", ""))
        return sentence if version == asset.version else ""

    def lacks(self, asset: Asset, *, width_px: int) -> bool:
        """Whether a picture of ``asset`` has to be fetched for a place ``width_px`` wide."""
        kept = self._kept.get(asset.key)
        is_here = kept is not None and kept.version == asset.version and kept.width_px >= width_px
        return not is_here and not self.failure(asset)

    def put(self, asset: Asset, pixmap: QPixmap, *, width_px: int) -> None:
        """Keep the picture that was made for a place ``width_px`` wide."""
        self._take(asset.key)
        self._failed.pop(asset.key, None)
        kept = _Kept(asset.version, width_px, pixmap)
        self._kept[asset.key] = kept
        self._bytes += kept.size_bytes
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._take(next(iter(self._kept)))

    def fail(self, asset: Asset, sentence: str) -> None:
        """Remember that there is no picture, so that it is not asked for at every turn of the wheel."""
        self._failed[asset.key] = (asset.version, sentence)

    def forgive(self, system: System) -> None:
        """Forget the failures of one library: it may answer now."""
        self._failed = {key: failure for key, failure in self._failed.items() if key.system is not system}

    def _take(self, key: AssetKey) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size_bytes
