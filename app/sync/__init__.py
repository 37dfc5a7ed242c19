"""What is fetched when: each system on its own, from where it was left, pausing when a vendor asks for it."""

from app.sync.statuses import Statuses
from app.sync.synchroniser import Synchroniser

__all__ = ["Statuses", "Synchroniser"]
