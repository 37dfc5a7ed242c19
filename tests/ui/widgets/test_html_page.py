"""Pages made ready for a view: pictures are found as the checks count them, dark is answered, bytes stay."""

import pytest

from app.checks.html import html_facts
from ui.widgets.html_page import Appearance, ready_page

_ASKS = b"<!doctype html><html><head><style>@media (prefers-color-scheme: dark){p{color:#fff}}</style></head><p>x"


def test_pictures_are_numbered_as_the_checks_number_them() -> None:
    """A finding about image 3 would lead to another picture."""
    html = (
        b"<!-- <img src=no> --><img src='a.png'>\n\xe2\x80\xa8<p><img alt='no address'>\r\n<IMG id=own SRC=b.png>"
        b"<video poster='c.png'></video><script>'<img src=d>'</script><img src=e.png/>"
    )

    ready = ready_page(html, Appearance.LIGHT)

    assert list(ready.anchors) == [picture.place for picture in html_facts(html).pictures]
    assert ready.anchors[2] == "own"
    assert b"<img id=\"shown-picture-1\" src='a.png'>" in ready.content
    assert b'<img id="shown-picture-4" src=e.png/>' in ready.content


def test_addresses_are_left_as_they_were() -> None:
    """A picture whose address is changed is not the one that was composed."""
    html = b"<p><img src='a.png?x=1&amp;y=2'></p>"

    ready = ready_page(html, Appearance.LIGHT)

    assert html_facts(ready.content).pictures[0].address == "a.png?x=1&y=2"


@pytest.mark.parametrize(
    ("appearance", "answer"),
    [
        (Appearance.LIGHT, b"(max-width:0)"),
        (Appearance.DARK, b"(min-width:0)"),
        (Appearance.INVERTED, b"(max-width:0)"),
    ],
)
def test_the_question_for_dark_is_answered(appearance: Appearance, answer: bytes) -> None:
    """The desk's own theme would decide how a mail is judged."""
    ready = ready_page(_ASKS, appearance)

    assert b"@media " + answer in ready.content
    assert b"prefers-color-scheme" not in ready.content


def test_a_mail_that_knows_no_dark_stays_light() -> None:
    """Readers' programs leave it as it is; black words on black would be a false alarm."""
    ready = ready_page(b"<html><head></head><body>x", Appearance.DARK)

    assert b"color-scheme:light" in ready.content


@pytest.mark.parametrize("html", [b"", b"plain words", b"<!doctype html><p>x", b"<html><p>x", b"\xff\xfe<img src=a"])
def test_odd_pages_stay_whole(html: bytes) -> None:
    """A broken page must still be looked at, as broken as it is."""
    ready = ready_page(html, Appearance.LIGHT)

    assert (
        ready.content.replace(b"<style>:root{color-scheme:light!important}</style>", b"")
        == html.decode(errors="replace").encode()
    )
