"""The file of a new document or version: sent along, or named by the key of a large upload."""

from dataclasses import dataclass

from connectors.sandbox.extended_ecm.api.ask import Ask
from connectors.sandbox.extended_ecm.content import Content
from connectors.sandbox.extended_ecm.large_files import LargeFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A file that arrived."""

    content: Content
    file_name: str
    media_type: str


def find_uploaded(ask: Ask, large_files: LargeFiles) -> Uploaded | None:
    """The part ``file``, or what ``upload_key`` stands for; None when there is neither. Raises: Refusal.

    The part's file name becomes the version's (INFERRED, contract 14.12).
    """
    upload = ask.files.get("file")
    if upload is not None:
        return Uploaded(
            content=Content.of(upload.content),
            file_name=upload.file_name or ask.text("name"),
            media_type=upload.media_type,
        )
    if not ask.text("upload_key"):
        return None
    file = large_files.whole(ask.text("upload_key"), owner_id=ask.who.id)
    return Uploaded(content=Content.of(file.content), file_name=file.file_name, media_type=file.media_type)


def release_uploaded(ask: Ask, large_files: LargeFiles) -> None:
    """The document or version is made, so the key is used up; a refused name leaves it good for another try."""
    if "file" not in ask.files and ask.text("upload_key"):
        large_files.drop(ask.text("upload_key"), owner_id=ask.who.id)
