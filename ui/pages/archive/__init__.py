"""The archive page: what waits to be filed, and the form that files a document right the first time."""

from ui.pages.archive.page import ArchivePage, build
from ui.pages.filing_draft import FilingDraft

__all__ = ["ArchivePage", "FilingDraft", "build"]
