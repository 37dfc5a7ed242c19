"""Kept files for tests."""

from pathlib import Path

from app.clock import Clock
from app.files import KeptFiles
from app.store import Store
from tests.app.outbox.fakes import FakeClock


def kept_files(
    folder: Path, store: Store, *, clock: Clock | None = None, budget_bytes: int = 1_000_000_000
) -> KeptFiles:
    """Files below ``folder``, with room enough."""
    return KeptFiles(folder, store=store, clock=clock or FakeClock(), budget_bytes=lambda: budget_bytes)
