"""A row that becomes several."""

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets import Flow


class _Box(QWidget):
    def sizeHint(self) -> QSize:
        return QSize(100, 24)


def _flow(width: int) -> tuple[Flow, list[QWidget]]:
    flow = Flow(24)
    boxes: list[QWidget] = [_Box(flow) for _ in range(3)]
    flow.place(boxes)
    flow.resize(width, 24)
    flow.show()
    return flow, boxes


def _settle() -> None:
    """Let what was posted arrive."""
    QApplication.sendPostedEvents()


def test_what_does_not_fit_stands_in_the_next_row(qapp: QApplication) -> None:
    """Chips would lie on each other and on the search field."""
    flow, boxes = _flow(220)

    places = [box.pos() for box in boxes]

    assert places == [QPoint(0, 0), QPoint(108, 0), QPoint(0, 32)]
    assert flow.height() == 56
    flow.deleteLater()


def test_what_is_hidden_takes_no_place(qapp: QApplication) -> None:
    """A gap would stay where a chip was taken away."""
    flow, boxes = _flow(220)

    boxes[0].hide()
    _settle()

    assert [box.pos() for box in boxes[1:]] == [QPoint(0, 0), QPoint(108, 0)]
    assert flow.height() == 24
    flow.deleteLater()


def test_nothing_is_wider_than_the_row(qapp: QApplication) -> None:
    """A long sentence would be cut without the dots that say so."""
    flow, boxes = _flow(60)

    assert {box.width() for box in boxes} == {60}
    flow.deleteLater()
