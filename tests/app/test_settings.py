"""Settings: declared once, kept, and never a reason not to start."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import UserError
from app.settings import DECLARED, THEME, UNDO_S, Setting, Settings
from app.store import Store, settings_values


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store, closed at the end."""
    with Store.open(tmp_path) as opened:
        yield opened


def loaded(store: Store) -> Settings:
    """The settings as a fresh start reads them."""
    settings = Settings(store)
    asyncio.run(settings.load())
    return settings


def test_what_was_chosen_survives(store: Store) -> None:
    """The desk would forget the person's choice each night."""
    asyncio.run(loaded(store).change(UNDO_S, 30))

    again = loaded(store)

    assert again.undo_for == timedelta(seconds=30)
    assert again.value(THEME) == "desktop"


@pytest.mark.parametrize(("value", "words"), [(-1, "At least 0 s"), (301, "At most 300 s"), (True, "whole number")])
def test_what_cannot_be_is_refused_beside_its_field(store: Store, value: int, words: str) -> None:
    """An undo of minus one second loses the undo."""
    with pytest.raises(UserError, match=words) as told:
        asyncio.run(loaded(store).change(UNDO_S, value))

    assert told.value.field == "undo_s"


def test_a_choice_is_one_of_those_offered(store: Store) -> None:
    """A theme that is none leaves the window unstyled."""
    with pytest.raises(UserError, match="desktop, light, dark"):
        asyncio.run(loaded(store).change(THEME, "pink"))


@pytest.mark.parametrize("raw", ['"soon"', "99999", "null", "[]"])
def test_what_another_version_chose_is_no_reason_not_to_start(store: Store, raw: str) -> None:
    """The desk would not start after going back a version."""
    asyncio.run(store.ledger.write(settings_values.put, "undo_s", raw))

    assert loaded(store).value(UNDO_S) == 10


@pytest.mark.parametrize("setting", DECLARED, ids=lambda setting: setting.key)
def test_every_default_may_be_chosen_and_is_explained(setting: Setting[bool] | Setting[int] | Setting[str]) -> None:
    """The page would show its own default as an error."""
    assert setting.objection(setting.default) == ""
    assert setting.sentence.endswith(".")
