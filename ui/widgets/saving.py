"""Asks where a copy goes. The dialog opens and is awaited; nothing stops meanwhile."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


async def ask_where(parent: QWidget, name: str, *, title: str = "Save copy") -> Path | None:
    """The path that a person chose for ``name``, or None when they thought better of it."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    dialog = QFileDialog(parent, title, str(Path(folder) / name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(name)
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def on_finished(result: int) -> None:
        if not answered.done():
            answered.set_result(result)

    dialog.finished.connect(on_finished)
    dialog.open()
    try:
        chosen = await answered == QFileDialog.DialogCode.Accepted
        files = dialog.selectedFiles()
        return Path(files[0]) if chosen and files else None
    finally:
        dialog.close()
        dialog.deleteLater()
