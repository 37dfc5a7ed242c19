"""What stands in the way of forgetting a customer, out of what the archive says of everything that is theirs.

Source: domain rule 3.10. A hold does, and so does a retention that runs, that waits for its event, or that never ends.
So does silence: the archive words “not there” and “not yours to see” the same (wire contract "extended-ecm", 11), and
what nobody can say is not counted as nothing. A document without any schedule is kept by no rule.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from app.records import Obstacle, ObstacleKind
from app.rules.retention import Keeping, KeptDocument, disposal

_KEEPING: Final = frozenset({Keeping.RUNNING, Keeping.WAITING, Keeping.PERMANENT})


def obstacles(items: Iterable[KeptDocument | None], *, now: datetime, today: date) -> tuple[Obstacle, ...]:
    """What keeps any of ``items``, each hold and each retention once: holds, then retentions, then what is not known.

    None is an item of which the archive does not tell. ``now`` is aware; ``today`` is the day where its rules apply.
    """
    held: Counter[str] = Counter()
    kept: Counter[tuple[str, Keeping, str]] = Counter()
    ends: dict[tuple[str, Keeping, str], date | None] = {}
    untold = 0
    for item in items:
        if item is None:
            untold += 1
            continue
        told = disposal(item, now=now, today=today)
        held.update({hold.name for hold in told.holds})
        if item.schedule is not None and told.retention in _KEEPING:
            waits = f"{item.schedule.length}, which start when {item.schedule.event}"
            key = (item.schedule.name, told.retention, waits if told.retention is Keeping.WAITING else "")
            kept[key] += 1
            ends[key] = max(ends.get(key) or date.min, told.free_on) if told.free_on else None
    return (
        *(held_by(name, documents=number) for name, number in sorted(held.items())),
        *(_by_retention(*key, documents=number, until=ends[key]) for key, number in sorted(kept.items())),
        *((_untold(untold),) if untold else ()),
    )


def held_by(name: str, *, documents: int = 0) -> Obstacle:
    """The matter called ``name`` holds; it has no end of its own."""
    sentence = f"“{name}” holds what is theirs in the archive."
    return Obstacle(kind=ObstacleKind.HOLD, name=name, documents=documents, sentence=sentence)


def unseen() -> Obstacle:
    """The archive shows nothing of theirs: it is gone, or it is not for this account."""
    return Obstacle(
        kind=ObstacleKind.UNKNOWN,
        sentence="The archive does not show their workspace: it is gone, or not yours to see, and nobody can say what"
        " keeps it.",
    )


def wait_for(found: Sequence[Obstacle]) -> str:
    """What has to happen before they can be forgotten, in one sentence."""
    steps: list[str] = []
    kinds = {each.kind for each in found}
    if ObstacleKind.HOLD in kinds:
        steps.append("once every hold is lifted")
    if ObstacleKind.RETENTION in kinds:
        last = max(each.until or date.max for each in found if each.kind is ObstacleKind.RETENTION)
        steps.append("once no retention keeps it" if last == date.max else f"from {last.isoformat()} on")
    if ObstacleKind.UNKNOWN in kinds:
        steps.append("once whoever may see everything in the archive has said what keeps it")
    return f"Nothing is sent to them. Forget them again {', and '.join(steps)}."


def _by_retention(name: str, keeping: Keeping, waits: str, *, documents: int, until: date | None) -> Obstacle:
    those = _counted(documents)
    match keeping:
        case Keeping.PERMANENT:
            how = f"{name} keeps {those} for good."
        case Keeping.WAITING:
            how = f"{name} keeps {those} for {waits}."
        case _:
            how = f"{name} keeps {those} until {until.isoformat() if until else 'a day that nobody knows'}."
    return Obstacle(kind=ObstacleKind.RETENTION, name=name, documents=documents, until=until, sentence=how)


def _untold(number: int) -> Obstacle:
    return Obstacle(
        kind=ObstacleKind.UNKNOWN,
        documents=number,
        sentence=f"The archive does not say what keeps {_counted(number)}: gone since, or not yours to see.",
    )


def _counted(number: int) -> str:
    return "1 document" if number == 1 else f"{number} documents"
