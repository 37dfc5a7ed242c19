"""The one place that loads Chromium, and what it may do there: draw. No script, no plug-in, no cookie, no way out.

Imported when the first page is to be shown, never before: it costs 36 MB and four processes. A page comes from memory
under a scheme of our own, so its size has no limit; every request it makes is judged, and only its own address, data
inside it and the pictures that were expressly allowed pass. Links lead nowhere.
"""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

SCHEME = b"shown"
_CARRIED = frozenset({"data", "cid"})
"""What is inside the page itself."""
_OFF = (
    QWebEngineSettings.WebAttribute.JavascriptEnabled,
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
    QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.PdfViewerEnabled,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.NavigateOnDropEnabled,
    QWebEngineSettings.WebAttribute.FocusOnNavigationEnabled,
    QWebEngineSettings.WebAttribute.WebGLEnabled,
    QWebEngineSettings.WebAttribute.ShowScrollBars,
)


def _register_scheme() -> None:
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Path)
    QWebEngineUrlScheme.registerScheme(scheme)


# Chromium reads the schemes once, when its first object is made: so it is done with the import.
_register_scheme()


class _Guard(QWebEngineUrlRequestInterceptor):
    """Judges every request of one surface."""

    def __init__(self, surface: "WebSurface") -> None:
        super().__init__(surface)
        self._surface = surface
        self.allowed: frozenset[str] = frozenset()
        self.pictures_on = True
        self.blocked = 0

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        if url.scheme() == SCHEME.decode() or url.scheme() in _CARRIED:
            return
        is_picture = info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeImage
        is_allowed = is_picture and _written(url) in self.allowed
        if is_allowed and self.pictures_on:
            return
        info.block(True)
        if not is_allowed:
            self.blocked += 1
            self._surface.blocked.emit(self.blocked)


class _Pages(QWebEngineUrlSchemeHandler):
    """Answers our own scheme with the page that is being shown, and with nothing else."""

    def __init__(self, surface: "WebSurface") -> None:
        super().__init__(surface)
        self.path = ""
        self.content = b""

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        if job.requestUrl().path() != self.path:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        buffer = QBuffer(job)
        buffer.setData(QByteArray(self.content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(b"text/html;charset=utf-8"), buffer)


class _Page(QWebEnginePage):
    """Goes nowhere but to what it was told to show."""

    def acceptNavigationRequest(self, url: QUrl | str, _kind: QWebEnginePage.NavigationType, _is_main: bool) -> bool:
        return QUrl(url).scheme() == SCHEME.decode()

    def javaScriptConsoleMessage(self, *_: object) -> None:
        """Drop it: Chromium's remarks quote addresses out of somebody's mail, and would stand in a log."""


def _written(url: QUrl) -> str:
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)


class WebSurface(QWidget):
    """Shows one page at a time."""

    blocked = Signal(int)
    """How many requests of the page that is shown were refused so far."""
    finished = Signal(bool)
    """Whether the page could be drawn; a page that was replaced before is told as False too."""
    died = Signal()
    """The process that draws ended: out of memory, or the page met a fault in Chromium. The next page gets another."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Qt destroys children in the order in which they came, and a page must be gone before its profile.
        self._view = QWebEngineView(self)
        self._profile = QWebEngineProfile(self)
        self._guard = _Guard(self)
        self._pages = _Pages(self)
        self._profile.setUrlRequestInterceptor(self._guard)
        self._profile.installUrlSchemeHandler(QByteArray(SCHEME), self._pages)
        page = _Page(self._profile, self._view)
        page.setBackgroundColor(Qt.GlobalColor.white)
        for attribute in _OFF:
            page.settings().setAttribute(attribute, False)
        page.loadFinished.connect(self._on_finished)
        page.renderProcessTerminated.connect(self._on_terminated)
        self._view.setPage(page)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.setAccessibleName(name)
        self._serial = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self.setFocusProxy(self._view)

    @property
    def title(self) -> str:
        """The page's title: what a script would change first."""
        return self._view.title()

    @property
    def scrolled_to(self) -> QPointF:
        """How far down and across the page is scrolled, in its own px."""
        return self._view.page().scrollPosition()

    def show_page(self, content: bytes, *, allowed: frozenset[str], pictures_on: bool) -> None:
        """Show UTF-8 ``content``. ``allowed`` are the exact addresses of pictures that may be fetched."""
        self._guard.allowed = frozenset(_written(QUrl(address)) for address in allowed)
        self._guard.pictures_on = pictures_on
        self._guard.blocked = 0
        self._serial += 1
        self._pages.path = f"/{self._serial}"
        self._pages.content = content
        self.blocked.emit(0)
        self._view.setUrl(self._url())

    def set_zoom(self, zoom: float) -> None:
        """Show at a scale: 1.0 is one of the page's px per px here."""
        self._view.setZoomFactor(zoom)

    def scroll_to(self, anchor: str) -> None:
        """Bring the element with this id into sight; an empty one is the top of the page."""
        url = self._url()
        url.setFragment(anchor or "top")
        self._view.setUrl(url)

    def _on_finished(self, is_drawn: bool) -> None:
        # Chromium puts a widget of its own into the view, a new one with each process, and that takes the focus.
        for drawing in self._view.findChildren(QWidget):
            drawing.setAccessibleName(self._view.accessibleName())
        self.finished.emit(is_drawn)

    def _on_terminated(self, *_: object) -> None:
        self.died.emit()

    def _url(self) -> QUrl:
        return QUrl(f"{SCHEME.decode()}:{self._pages.path}")
