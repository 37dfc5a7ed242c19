"""The names that pages import."""

import subprocess
import sys

import pytest

import ui.widgets


@pytest.mark.parametrize("name", ui.widgets.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """A page would fail when it is first opened, not when it is checked."""
    assert getattr(ui.widgets, name) is not None


def test_an_unknown_name_is_refused() -> None:
    """A slip of the pen would be found only when it is called."""
    with pytest.raises(AttributeError, match="Buton"):
        _ = ui.widgets.Buton  # type: ignore[attr-defined]  # the point of the test


def test_the_frame_does_not_load_tables_and_grids() -> None:
    """The first window would wait for what only pages need."""
    program = (
        "import sys, ui.shell; print([n for n in ('table', 'tile_grid', 'faces') if f'ui.widgets.{n}' in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"
