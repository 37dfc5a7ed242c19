"""What a profile is found to be like when a desk opens it, for a person to read first."""

from datetime import datetime
from pathlib import Path

from app.audit import AuditKeeper
from app.credentials import LOCKED, Credentials
from app.errors import UserError
from app.store import Store, audit
from app.wording import day_and_time


def documents_aside(number: int, folder: Path) -> tuple[UserError, ...]:
    """What is said while documents are kept whose wish no record tells of; nothing when there are none."""
    if not number:
        return ()
    those = "A document that was to be sent is" if number == 1 else f"{number} documents that were to be sent are"
    return (
        UserError(
            f"{those} in no record any more, as when the record is an older copy.",
            hint=f"Nothing of them was sent from here since. Look through {folder}, file what is needed, and delete it"
            " there.",
        ),
    )


async def look_around(
    store: Store, *, credentials: Credentials, keeper: AuditKeeper, now: datetime
) -> tuple[UserError, ...]:
    """What is out of order, as sentences; what was restored is noted in the audit. Raises: UserError."""
    found: list[UserError] = []
    if store.set_aside is not None:
        found.append(
            UserError(
                "The cache was damaged and is read anew from the systems.",
                hint=f"Nothing that was sent or done is lost. The old file is kept as {store.set_aside.name}.",
            )
        )
    if (restored := store.restored) is not None:
        copied_at = restored.copied_at.isoformat()
        await store.ledger.write(
            audit.add,
            at=now,
            actor=audit.DESK,
            action="ledger.restored",
            reference="ledger",
            detail={"copied_at": copied_at},
        )
        found.append(
            UserError(
                "The record of what was sent was damaged."
                f" You go on from its copy of {day_and_time(restored.copied_at)}.",
                hint=f"What was done since is not in it. The damaged file is kept as {restored.damaged.name}.",
            )
        )
    if credentials.keeping is LOCKED:
        found.append(
            UserError(
                credentials.keeping.sentence,
                hint="Customers that were read before are back once it is unlocked and Proofdesk starts anew.",
            )
        )
    if (trouble := await keeper.begin(now)) is not None:
        found.append(trouble)
    return tuple(found)
