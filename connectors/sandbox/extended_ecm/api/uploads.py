"""The file of an upload, whether it came in one piece."""

from dataclasses import dataclass

from connectors.sandbox.extended_ecm.api.ask import Ask
from connectors.sandbox.extended_ecm.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A file that arrived."""

    content: Content
    file_name: str
    media_type: str


def take_uploaded(ask: Ask) -> Uploaded | None:
    """The part ``file``; None when there is none. Its file name becomes the version's (INFERRED, contract 14.12)."""
    upload = ask.files.get("file")
    if upload is None:
        return None
    return Uploaded(
        content=Content.of(upload.content),
        file_name=upload.file_name or ask.text("name"),
        media_type=upload.media_type,
    )
