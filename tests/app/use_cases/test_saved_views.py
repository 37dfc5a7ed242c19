"""Views that people keep: under one name each, and not lost with the cache."""

import asyncio
from pathlib import Path

import pytest

from app.errors import UserError
from app.records import Changes
from app.store import Store
from app.use_cases.saved_views import DropView, ListViews, RenameView, SaveView, ViewWish
from tests.app.outbox.fakes import FakeClock


class Views:
    """The four use-cases on one store."""

    def __init__(self, store: Store) -> None:
        self.told: list[Changes] = []
        self._list = ListViews(store=store)
        self._save = SaveView(store=store, clock=FakeClock(), publish=self.told.append)
        self._rename = RenameView(store=store, publish=self.told.append)
        self._drop = DropView(store=store, publish=self.told.append)

    def save(self, name: str, words: str = "spring", *, replaces: bool = False) -> None:
        asyncio.run(self._save(ViewWish(name=name, asks={"words": words, "states": ["draft"]}, replaces=replaces)))

    def rename(self, name: str, to: str) -> None:
        asyncio.run(self._rename(name, to))

    def drop(self, name: str) -> None:
        asyncio.run(self._drop(name))

    @property
    def kept(self) -> dict[str, object]:
        return {each.name: each.asks["words"] for each in asyncio.run(self._list())}


@pytest.fixture
def views(store: Store) -> Views:
    """None kept so far."""
    return Views(store)


def test_a_view_comes_back_as_it_was_saved(views: Views) -> None:
    """A question that was worth a name would have to be put together again."""
    views.save("  Spring   drafts ")
    views.save("autumn", "autumn")

    assert views.kept == {"autumn": "autumn", "Spring drafts": "spring"}
    assert all(changes.saved_views for changes in views.told)


def test_a_name_is_never_taken_by_accident(views: Views) -> None:
    """Somebody's view would be gone without a question."""
    views.save("Spring")
    views.save("Autumn")

    with pytest.raises(UserError, match="There is a view “SPRING” already"):
        views.save("SPRING", "other")
    with pytest.raises(UserError, match="There is a view “spring” already"):
        views.rename("Autumn", "spring")

    assert views.kept == {"Autumn": "spring", "Spring": "spring"}


def test_it_is_replaced_when_that_is_said(views: Views) -> None:
    """As above, the other way."""
    views.save("Spring")

    views.save("spring", "other", replaces=True)

    assert views.kept == {"spring": "other"}


def test_a_view_can_change_its_name_and_its_capitals(views: Views) -> None:
    """To correct a letter one would have to delete it."""
    views.save("spring")

    views.rename("spring", "Spring")
    views.rename("Spring", "Drafts")

    assert views.kept == {"Drafts": "spring"}


def test_what_is_gone_cannot_be_renamed_and_says_so(views: Views) -> None:
    """Two windows on one profile."""
    views.save("spring")
    views.drop("SPRING")

    with pytest.raises(UserError, match="no longer there"):
        views.rename("spring", "other")

    assert views.kept == {}


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 61])
def test_what_is_no_name_is_refused(views: Views, name: str) -> None:
    """A nameless line in the menu."""
    with pytest.raises(UserError):
        views.save(name)


def test_views_outlive_the_cache(tmp_path: Path) -> None:
    """The cache is set aside when it is damaged, and no system could tell the views again."""
    with Store.open(tmp_path / "p") as store:
        Views(store).save("Spring")
    (tmp_path / "p" / "store.sqlite").write_bytes(b"damaged" * 4_000)

    with Store.open(tmp_path / "p") as again:
        kept = Views(again).kept

        assert again.set_aside is not None
    assert kept == {"Spring": "spring"}
