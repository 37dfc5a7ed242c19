"""What stands in the window before there are pages."""

from ui.opening import OpeningFace
from ui.theme import Theme
from ui.widgets import Button, ProgressBar


def shown(face: OpeningFace) -> tuple[str, bool, bool]:
    """The sentence, whether a bar is seen, and whether one can try again."""
    (bar,), (again,) = face.findChildren(ProgressBar), face.findChildren(Button)
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
