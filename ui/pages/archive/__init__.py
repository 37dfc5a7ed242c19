"""The archive page: what waits to be filed, and the form that files a document right the first time."""

from ui.pages.archive.draft import FilingDraft
from ui.pages.archive.page import ArchivePage, build

__all__ = ["ArchivePage", "FilingDraft", "build"]
