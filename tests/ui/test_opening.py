"""What stands in the window before there are pages."""

from datetime import UTC, datetime

from ui.opening import OpeningFace
from ui.theme import Theme
from ui.widgets import Button, ProgressBar


def shown(face: OpeningFace) -> tuple[str, bool, bool]:
    """The sentence, whether a bar is seen, and whether one can try again."""
    (bar,), (again, _copy) = face.findChildren(ProgressBar), face.findChildren(Button)
    return face.words, not bar.isHidden(), not again.isHidden()


def test_preparing_says_how_far_it_is_and_offers_nothing(theme: Theme) -> None:
    """An empty window for half a minute is taken for a crash, and “try again” would be pressed."""
    face = OpeningFace()

    face.show_preparing("Preparing your cache… 40 %", 0.4)

    assert shown(face) == ("Preparing your cache… 40 %", True, False)
    face.deleteLater()


def test_a_failure_after_it_offers_to_try_again(theme: Theme) -> None:
    """A bar beside a failure says that something goes on."""
    face = OpeningFace()
    face.show_preparing("Preparing your cache… 40 %", 0.4)

    face.show_failure("The disk is full.", "Make room.")

    assert shown(face) == ("The disk is full.", False, True)
    face.deleteLater()


def test_a_copy_is_offered_where_there_is_one(theme: Theme) -> None:
    """Who does not know that there is a copy gives the profile up."""
    face = OpeningFace()
    _again, copy = face.findChildren(Button)
    face.show_failure("The disk is full.", "")
    before = copy.isHidden()

    face.show_failure("It is damaged.", "", copied_at=datetime(2020, 5, 12, 9, 0, tzinfo=UTC))

    assert (before, copy.isHidden(), copy.text()) == (True, False, "Go on from the copy of 12 May 2020")
    face.deleteLater()
