"""What SQLite does for a statement beside the file is as secret as the file."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.records import InboxEvent, InboxState, Trust
from app.store import Store, forgetting, inbox_events, threads
from app.store.personal import PersonalKey
from tests.app.store.assets_made import NOW

KEY = PersonalKey(b"0123456789abcdef0123456789abcdef")
PLANTED = b"ines.lacroix@planted.test"
EACH = 60_000
MANY = 100
"""Rows that together are more than SQLite sorts in memory by itself."""
OPEN_FILES = Path("/proc/self/fd")


def knock(db: Database) -> None:
    """Events that a stranger posted."""
    events = [
        InboxEvent(
            id=f"gateway/{number}",
            source="gateway",
            type="message.bounced",
            about="",
            received_at=NOW,
            occurred_at=None,
            trust=Trust.VERIFIED,
            state=InboxState.REFUSED,
            times_seen=1,
            raw=PLANTED * (EACH // len(PLANTED)),
        )
        for number in range(MANY)
    ]
    inbox_events.record(db, events)


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="only Linux shows a process its own files")
@pytest.mark.parametrize(
    "work",
    [lambda db: inbox_events.newest(db, limit=MANY), lambda db: forgetting.forget_customers(db, ["HM-1"])],
    ids=["events are listed", "a customer is forgotten"],
)
def test_nothing_that_was_unsealed_lies_in_a_file_of_sqlites_own(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Database], object],
) -> None:
    """To look at the inbox, and even to forget somebody, wrote thousands of letters into the machine's temp folder."""
    monkeypatch.setattr(threads, "_PAGES_KEPT_KB", 64)  # what is sorted beyond that goes to a file sooner
    seen: list[bytes] = []

    def look() -> int:
        for each in OPEN_FILES.iterdir():
            try:
                if "etilqs" in each.readlink().name:
                    seen.append(each.read_bytes())
            except OSError:  # closed meanwhile
                continue
        return 0

    def watched(db: Database) -> None:
        db.conn.set_progress_handler(look, 2_000)
        try:
            work(db)
        finally:
            db.conn.set_progress_handler(None, 0)

    with Store.open(tmp_path, personal=KEY) as store:
        asyncio.run(store.write(knock))
        asyncio.run(store.write(watched))

    assert not any(PLANTED in held for held in seen)
