"""How translators find out what a system offers.

Nothing is guessed. What can be found out only by writing stays *untold* until somebody writes.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.errors import hint_of, sentence_of
from app.records import Ability, Offer, Standing, System
from connectors.errors import (
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    SignInError,
    UnreachableError,
)

T = TypeVar("T")


def offered(ability: Ability, because: str = "") -> Offer:
    """It works."""
    return Offer(ability=ability, standing=Standing.OFFERED, because=because)


def missing(ability: Ability, because: str, *, remedy: str) -> Offer:
    """It does not, for this reason."""
    return Offer(ability=ability, standing=Standing.MISSING, because=because, remedy=remedy)


def untold(ability: Ability, because: str) -> Offer:
    """Nobody can say before it is tried."""
    return Offer(ability=ability, standing=Standing.UNTOLD, because=because)


def lacks_names(ability: Ability, names: list[str], *, kind: str, system: System) -> Offer:
    """The system is set up with other names than this connection expects."""
    told = ", ".join(f"“{name}”" for name in names)
    return missing(
        ability,
        f"{system.label} has no {kind} {told}.",
        remedy=f"Whoever administers {system.label} can add it, or name yours in the connection.",
    )


async def tried(ability: Ability, ask: Callable[[], Awaitable[T]], *, judge: Callable[[T], Offer]) -> Offer:
    """What ``judge`` concludes from the answer to ``ask``, which must only read.

    A refusal is an answer too; an answer that nobody understands is none.

    Raises: UnreachableError and SignInError, with which nothing works at all.
    """
    try:
        return judge(await ask())
    except (UnreachableError, SignInError):
        raise
    except ForbiddenError as error:
        return missing(ability, sentence_of(error), remedy=hint_of(error))
    except (NotFoundError, InvalidError) as error:
        return missing(
            ability,
            sentence_of(error),
            remedy="This release may not offer it, or the connection names something that is not there.",
        )
    except ConnectorError as error:
        return untold(ability, f"It could not be found out just now. {sentence_of(error)}")


async def if_told(ask: Callable[[], Awaitable[T]]) -> T | None:
    """The answer to something that is good to know and no reason to stay away.

    Raises: UnreachableError and SignInError, with which nothing works at all.
    """
    try:
        return await ask()
    except (UnreachableError, SignInError):
        raise
    except ConnectorError:
        return None
