"""Keep a question under a name, call it something else, forget it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.clock import Clock
from app.errors import UserError
from app.records import Changes, SavedView
from app.store import Store, saved_views

LONGEST_NAME: Final = 60
_CHANGED: Final = Changes(saved_views=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewWish:
    """What is kept under which name. ``replaces``: also when there is a view of that name."""

    name: str
    asks: Mapping[str, object]
    replaces: bool = False


class ListViews:
    """The kept views."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self) -> Sequence[SavedView]:
        """All of them by name."""
        return await self._store.ledger.read(saved_views.every)


class SaveView:
    """Keep a view."""

    def __init__(self, *, store: Store, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    async def __call__(self, wish: ViewWish) -> None:
        """Raises: UserError when it cannot be called so, or one is."""
        name = checked_name(wish.name)
        kept = await self._store.ledger.write(
            saved_views.save, name, wish.asks, now=self._clock.now(), replaces=wish.replaces
        )
        if not kept:
            raise _taken(name)
        self._publish(_CHANGED)


class RenameView:
    """Call a view something else."""

    def __init__(self, *, store: Store, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._publish = publish

    async def __call__(self, name: str, to: str) -> None:
        """Raises: UserError when it cannot be called so, another is, or it is gone."""
        wanted = checked_name(to)
        try:
            renamed = await self._store.ledger.write(saved_views.rename, name, wanted)
        except LookupError as error:
            raise UserError(f"The view “{name}” is no longer there.", hint="Save it again under a new name.") from error
        if not renamed:
            raise _taken(wanted)
        self._publish(_CHANGED)


class DropView:
    """Forget a view."""

    def __init__(self, *, store: Store, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._publish = publish

    async def __call__(self, name: str) -> None:
        """Raises: UserError when the disk takes no more."""
        await self._store.ledger.write(saved_views.drop, name)
        self._publish(_CHANGED)


def checked_name(name: str) -> str:
    """``name`` with single blanks and none around it. Raises: UserError when it cannot be a view's."""
    wanted = " ".join(name.split())
    if not wanted:
        raise UserError("A view needs a name.", hint="Call it by what it shows, such as “Rights end in June”.")
    if len(wanted) > LONGEST_NAME or not wanted.isprintable():
        raise UserError("This cannot be a view's name.", hint=f"Use up to {LONGEST_NAME} letters in one line.")
    return wanted


def _taken(name: str) -> UserError:
    return UserError(f"There is a view “{name}” already.", hint="Choose another name, or delete that one first.")
