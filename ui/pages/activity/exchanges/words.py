"""What is said of exchanges: rows, facts, and the text that is copied. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.activity import KEPT, CallRow
from app.wording import count, size
from ui.pages.outcomes import outcome_of

UNTOLD: Final = "–"


class Shelf(StrEnum):
    """What is asked for most often, with the conditions that say it."""

    ALL = "all"
    FAILED = "failed"
    SLOW = "slower than 1 s"
    WRITES = "writes"

    @property
    def condition(self) -> str:
        """In the language of the search; empty for all, and for what it has no word for."""
        return {Shelf.FAILED: "outcome:failed", Shelf.SLOW: "slower:1s"}.get(self, "")

    def takes(self, row: CallRow) -> bool:
        """What only the shelf knows."""
        return self is not Shelf.WRITES or row.entry is not None


def second_of(moment: datetime) -> str:
    """``09:41:07`` where the person sits."""
    return f"{moment.astimezone():%H:%M:%S}"


def moment_of(moment: datetime) -> str:
    """``09:41:07.120``."""
    return f"{moment.astimezone():%H:%M:%S}.{moment.microsecond // 1000:03}"


def took_of(row: CallRow) -> str:
    """``118 ms``."""
    return f"{count(round(row.took.total_seconds() * 1000))} ms"


def path_of(row: CallRow) -> str:
    """What is asked for, without the host, which the system's name says already."""
    return "/" + (row.address.partition("://")[2] or row.address).partition("/")[2]


def breakable(address: str) -> str:
    """``address`` with places where a line may end: after what parts it."""
    return "".join(f"{letter}\u200b" if letter in "/?&=,%" else letter for letter in address)


def facts_of(row: CallRow) -> Sequence[tuple[str, str]]:
    """All that is kept of one exchange, but for its address, which is long."""
    facts = [
        ("System", row.system),
        ("Sent", f"{moment_of(row.at)} · {size(row.bytes_sent)}"),
        (
            "Answered",
            f"after {took_of(row)} · {size(row.bytes_received)}" if row.status else f"not, after {took_of(row)}",
        ),
        ("Status", str(row.status or UNTOLD)),
        ("Outcome", outcome_of(row)[1]),
        ("Request id", row.request_id or UNTOLD),
    ]
    return [*facts, ("Entry", f"#{row.entry}")] if row.entry is not None else facts


def text_of(row: CallRow) -> str:
    """One exchange to paste into a ticket: masked as it is kept."""
    told = [f"{name}: {value}" for name, value in facts_of(row)]
    return "\n".join([f"{row.method} {row.call}", f"Address: {row.address}", *told])


def header_words(shown: int, kept: int, last: int) -> str:
    """``12 of 431``; more than are kept came and went."""
    if not last:
        return ""
    said = f"{count(shown)} of {count(kept)}" if shown < kept else f"{count(kept)} exchanges"
    return f"{said}, the last {count(KEPT)} since the start are kept" if last > kept else said
