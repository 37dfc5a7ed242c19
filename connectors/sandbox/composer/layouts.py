"""Draws a resolved letter with the house's layouts: HTML for mail and web, PDF through typst, plain text."""

import io
import json
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typst
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from PIL import Image

from connectors.sandbox.composer.catalogue import templates_folder
from connectors.sandbox.composer.errors import ComposeError
from connectors.sandbox.composer.letter import Letter

_SUFFIXES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_PRINT_LOCK: Final = threading.Lock()
"""A page set in type keeps a core busy; two at once on a small machine only make both late."""


class _HouseLayouts(BaseLoader):
    """Reads the layouts from the package's resources, wherever those lie."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        del environment
        try:
            return templates_folder().joinpath("house").joinpath(template).read_text("utf-8"), template, None
        except FileNotFoundError as error:
            raise TemplateNotFound(template) from error


_HTML: Final = Environment(
    loader=_HouseLayouts(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def draw_mail(letter: Letter) -> bytes:
    """A mail of 600 px in tables, with its pictures at their delivery addresses. UTF-8."""
    return _HTML.get_template("email.html.j2").render(letter.content).encode()


def draw_page(letter: Letter) -> bytes:
    """A web page for phones and desktops, with its pictures at their delivery addresses. UTF-8."""
    return _HTML.get_template("web.html.j2").render(letter.content).encode()


def draw_text(letter: Letter) -> bytes:
    """The text message. UTF-8."""
    return str(letter.content["text"]).encode()


def draw_print(letter: Letter, *, made_at: datetime) -> bytes:
    """The letter as PDF, pictures embedded. Blocks for a second or less; call it from a thread. Raises: ComposeError.

    The same letter made at the same moment gives the same bytes.
    """
    with _PRINT_LOCK, TemporaryDirectory(prefix="letter-") as folder:
        desk = Path(folder)
        names = _put_pictures(desk, letter)
        (desk / "letter.json").write_text(json.dumps({**letter.content, "files": names}, ensure_ascii=False), "utf-8")
        for name in ("print.typ", "mark.svg"):
            (desk / name).write_bytes(templates_folder().joinpath("house").joinpath(name).read_bytes())
        try:
            pdf = typst.compile(desk / "print.typ", root=desk, font_paths=_fonts(), timestamp=made_at)
        except typst.TypstError as error:
            raise ComposeError(f"The page could not be set: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise ComposeError("The page could not be set: nothing came out")
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """The machine's fonts, read once: it takes longer than setting a letter."""
    return typst.Fonts()


def _put_pictures(desk: Path, letter: Letter) -> Sequence[str]:
    names = []
    for number, picture in enumerate(letter.pictures):
        name = f"picture-{number}.{_SUFFIXES[picture.media_type]}"
        (desk / name).write_bytes(_printable(picture.content, picture.media_type))
        names.append(name)
    return names


def _printable(content: bytes, media_type: str) -> bytes:
    """Only the first frame of an animation can be printed."""
    if media_type != "image/gif":
        return content
    still = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.convert("RGB").save(still, "GIF")
    return still.getvalue()


MEDIA_TYPES: Final[Mapping[str, str]] = {
    "print": "application/pdf",
    "email": "text/html",
    "web": "text/html",
    "sms": "text/plain",
}
"""What each channel is made of. ``text/plain`` for text messages is CHOSEN (exstream 6: the MIME type is unknown)."""
SUFFIXES: Final[Mapping[str, str]] = {"print": "pdf", "email": "html", "web": "html", "sms": "txt"}
