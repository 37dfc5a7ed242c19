"""The person's own browser, asked for by the engine: an address crosses to the GUI thread and is opened there."""

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

NO_BROWSER = "No browser could be opened. The address of the sign-in page is on the clipboard: paste it into one."


class Browser(QObject):
    """Lives in the GUI thread; :meth:`open` may be called in any."""

    failed = Signal(str)
    """No browser could be opened; the sentence says what to do."""
    _wanted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted.connect(self._on_wanted)

    def open(self, address: str) -> None:
        """Show ``address`` in the browser, soon."""
        self._wanted.emit(address)

    def _on_wanted(self, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            QGuiApplication.clipboard().setText(address)
            self.failed.emit(NO_BROWSER)
