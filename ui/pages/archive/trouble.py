"""Expected failures as one class that the page can catch; a bug passes through to the owner of the task."""

from collections.abc import Awaitable
from typing import TypeVar, cast

from app.errors import UserError, hint_of, is_expected, sentence_of

T = TypeVar("T")


class TroubleError(Exception):
    """What went wrong and what to do, perhaps about one field. Its words may be shown to anybody."""

    def __init__(self, sentence: str, *, hint: str = "", field: str = "") -> None:
        self.sentence = sentence
        self.hint = hint
        self.field = field
        super().__init__(sentence)

    @property
    def words(self) -> str:
        """The sentence and what to do."""
        return f"{self.sentence} {self.hint}".strip()


async def plainly(work: Awaitable[T]) -> T:
    """Await ``work``. Raises: TroubleError for what a person can be told, and a bug as it is."""
    try:
        return await work
    except Exception as error:
        if not is_expected(error):
            raise
        # Pages may not name the systems' errors; what the check lets through, these three accept.
        expected = cast("UserError", error)
        field = error.field if isinstance(error, UserError) else ""
        raise TroubleError(sentence_of(expected), hint=hint_of(expected), field=field) from error
