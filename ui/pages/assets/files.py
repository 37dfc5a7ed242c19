"""The files of an asset, brought here by the engine: a thumbnail or the asset itself."""

from pathlib import Path

from app.records import Asset
from ui.pages.context import PageContext

_DRAWING = "image/svg+xml"


class AssetFiles:
    """Awaited in the GUI thread. Every method raises UserError and ConnectorError."""

    def __init__(self, context: PageContext) -> None:
        self._run = context.run
        self._pictures = context.pictures

    async def thumbnail(self, asset: Asset, width_px: int) -> Path:
        """A picture at least ``width_px`` wide, where the library has one. A drawing has every width itself."""
        if asset.media_type == _DRAWING:
            return await self.original(asset)

        async def fetch() -> Path:
            return await self._pictures.thumbnail(asset, width_px=width_px)

        return await self._run(fetch)

    async def original(self, asset: Asset) -> Path:
        """The newest version itself."""
        return await self._run(self._pictures.original, asset)
