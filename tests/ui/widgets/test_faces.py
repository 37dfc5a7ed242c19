"""The five faces: the header stays, the body changes, and nothing flickers."""

import asyncio

import qasync
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets import Button, Empty, Faces, Failed, Fresh, Loading, PageHeader, Stale
from ui.widgets.faces import SHOW_LOADING_AFTER_MS


def shown(qtbot: QtBot) -> tuple[Faces, PageHeader, QLabel]:
    header, content = PageHeader("Archive queue"), QLabel("rows")
    faces = Faces(header, content)
    qtbot.addWidget(faces)
    faces.resize(480, 400)
    faces.show()
    return faces, header, content


async def test_a_quick_answer_shows_no_skeleton(qloop: qasync.QEventLoop, theme: Theme, qtbot: QtBot) -> None:
    """Every refresh would flicker."""
    faces, _, content = shown(qtbot)

    faces.set_face(Loading())
    await asyncio.sleep(SHOW_LOADING_AFTER_MS / 3000)
    faces.set_face(Fresh())
    await asyncio.sleep(SHOW_LOADING_AFTER_MS / 900)

    assert faces.face == Fresh()
    assert content.isVisible()


def test_a_slow_answer_shows_the_skeleton(theme: Theme, qtbot: QtBot) -> None:
    """The page would look dead."""
    faces, _, content = shown(qtbot)

    faces.set_face(Loading(what="Asking Extended ECM"))

    qtbot.waitUntil(lambda: not content.isVisible())
    assert isinstance(faces.face, Loading)


def test_the_header_never_moves(theme: Theme, qtbot: QtBot) -> None:
    """The eye would lose its place with every answer."""
    faces, header, _ = shown(qtbot)
    places = []

    for face in (
        Fresh(),
        Empty(title="Nothing"),
        Stale(word="26 min old", sentence="Old."),
        Failed(title="No", sentence="No."),
    ):
        faces.set_face(face)
        qtbot.wait(1)
        places.append(header.geometry())

    assert len(set(map(str, places))) == 1


def test_a_stale_page_keeps_its_rows(theme: Theme, qtbot: QtBot) -> None:
    """An outage would take away what one already has."""
    faces, _, content = shown(qtbot)

    faces.set_face(Stale(word="26 min old", sentence="Shown from **26 min ago**."))

    assert content.isVisible()


def test_the_first_way_out_of_a_failure_is_the_filled_button(theme: Theme, qtbot: QtBot) -> None:
    """A person would not know which of two buttons helps."""
    faces, _, _ = shown(qtbot)
    actions = [QAction("Sign in again", faces), QAction("Open Connections", faces)]

    faces.set_face(Failed(title="The queue could not be read", sentence="Refused.", actions=actions))

    kinds = {button.text(): button.kind.value for button in faces.findChildren(Button) if button.isVisible()}
    assert kinds == {"Sign in again": "filled", "Open Connections": "outlined"}


def test_a_failure_that_is_over_leaves_nothing_behind(theme: Theme, qtbot: QtBot) -> None:
    """Old buttons would stay reachable with Tab."""
    faces, _, content = shown(qtbot)

    faces.set_face(Failed(title="No", sentence="No.", actions=[QAction("Again", faces)]))
    faces.set_face(Fresh())

    assert content.isVisible()
    assert not [button for button in faces.findChildren(Button) if button.isVisible()]


def test_all_words_of_an_empty_page_are_seen(theme: Theme, qtbot: QtBot) -> None:
    """The second half of the sentence, with what to do, would be cut off."""
    faces, _, _ = shown(qtbot)
    sentence = "Documents land here when a run finishes, or when you drop a file on a customer."

    faces.set_face(Empty(title="Nothing waits to be filed", sentence=sentence))
    qtbot.wait(1)

    label = next(label for label in faces.findChildren(QLabel) if label.text() == sentence)
    assert label.height() >= 2 * label.fontMetrics().height()
