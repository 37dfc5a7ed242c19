"""What a composed page may do in its view: be drawn, and nothing else. Chromium itself, offscreen."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.widgets.chromium import CountingServer, counting_server
from ui.__main__ import prepare_chromium
from ui.theme import Theme
from ui.widgets.html_page import Appearance
from ui.widgets.html_view import HtmlView

_PATIENCE_MS = 20_000


@pytest.fixture
def server() -> Iterator[CountingServer]:
    """Counts what is fetched."""
    with counting_server() as running:
        yield running


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> HtmlView:
    """A view of 400 by 300 px."""
    prepare_chromium()
    made = HtmlView("Email", width_px=360)
    made.resize(400, 300)
    qtbot.addWidget(made)
    made.show()
    return made


def show(qtbot: QtBot, view: HtmlView, html: str, *allowed: str) -> list[int]:
    """Show ``html`` and return the counts of refused requests as they were told."""
    counts: list[int] = []
    view.blocked.connect(counts.append)
    with qtbot.waitSignal(view.finished, timeout=_PATIENCE_MS):
        view.show_page(html.encode(), allowed=frozenset(allowed))
    return counts


def colour_at(view: HtmlView, x: int, y: int) -> str:
    """What is painted at a point of the page."""
    place = view.page_rect()
    return QColor(view.grab().toImage().pixelColor(place.x() + x, place.y() + y)).name()


def test_a_script_does_not_run(qtbot: QtBot, view: HtmlView, server: CountingServer) -> None:
    """A mail that runs scripts on the desk could read and send what it likes."""
    html = (
        f"<title>quiet</title><body onload=\"document.title='ran'\"><script>document.title='ran';"
        f"new Image().src='{server.address}/beacon'</script><p>Hello"
    )

    show(qtbot, view, html)

    assert view.surface is not None
    assert view.surface.title == "quiet"
    assert server.paths == []


def test_only_the_pictures_that_were_named_are_fetched(qtbot: QtBot, view: HtmlView, server: CountingServer) -> None:
    """A tracking pixel would tell its owner that somebody looked at a proof."""
    allowed = f"{server.address}/banner.svg?Expires=1&Signature=a%2Fb"
    html = (
        f'<link rel=stylesheet href="{server.address}/style.css"><link rel=preload as=font href="{server.address}/f">'
        f'<link rel=stylesheet href="{allowed.replace("&", "&amp;")}">'
        f'<img src="{allowed.replace("&", "&amp;")}"><img src="{server.address}/pixel.gif">'
        f'<iframe src="{server.address}/frame"></iframe><img src="file:///etc/hostname">'
        f'<div style="background:url({server.address}/back.svg)">x</div>'
        f'<meta http-equiv="refresh" content="0;url={server.address}/elsewhere">'
    )

    counts = show(qtbot, view, html, allowed)

    assert server.paths == ["/banner.svg?Expires=1&Signature=a%2Fb"]
    assert counts[-1] >= 4


def test_pictures_off_fetches_none_and_blames_nobody(qtbot: QtBot, view: HtmlView, server: CountingServer) -> None:
    """The look without pictures is the person's wish, and no finding."""
    view.set_pictures_on(False)

    counts = show(qtbot, view, f'<img src="{server.address}/a.svg">', f"{server.address}/a.svg")

    assert server.paths == []
    assert counts[-1] == 0


def test_a_page_of_three_megabytes_is_shown(qtbot: QtBot, view: HtmlView) -> None:
    """Statements with long tables would stay blank: Chromium takes two by the usual way."""
    html = "<title>large</title><body style='margin:0;background:#00ff00'>" + "<!-- filler -->" * 200_000

    show(qtbot, view, html)

    assert view.surface is not None
    assert view.surface.title == "large"
    qtbot.waitUntil(lambda: colour_at(view, 30, 30) == "#00ff00", timeout=_PATIENCE_MS)


def test_dark_is_answered_in_the_view(qtbot: QtBot, view: HtmlView) -> None:
    """The mail would be judged by the colours of the desk of the one who looks."""
    html = (
        '<meta name="color-scheme" content="light dark"><style>body{background:#ff0000}'
        "@media (prefers-color-scheme: dark){body{background:#0000ff}}</style>"
    )
    show(qtbot, view, html)
    qtbot.waitUntil(lambda: colour_at(view, 30, 30) == "#ff0000", timeout=_PATIENCE_MS)

    view.set_appearance(Appearance.DARK)

    qtbot.waitUntil(lambda: colour_at(view, 30, 30) == "#0000ff", timeout=_PATIENCE_MS)


def test_a_finding_scrolls_to_its_picture(qtbot: QtBot, view: HtmlView) -> None:
    """A finding at the end of a long mail would have to be searched for, and a script may not help."""
    show(qtbot, view, '<img src="a.png"><div style="height:4000px"></div><img src="b.png"><div style="height:2000px">')

    view.scroll_to_picture(2)

    surface = view.surface
    assert surface is not None
    qtbot.waitUntil(lambda: surface.scrolled_to.y() > 3_000, timeout=_PATIENCE_MS)


def test_words_take_the_place_of_a_page(view: HtmlView) -> None:
    """A template without a mail must not start Chromium to show nothing."""
    view.show_words("Renewal notice has no mail.")

    assert view.words == "Renewal notice has no mail."
    assert view.surface is None
