"""Every event from a vendor: kept as it came, believed only when proven, counted once, folded into timelines."""

from app.inbox.inbox import Inbox
from app.inbox.intake import Intake
from app.inbox.waiting import Waiting

__all__ = ["Inbox", "Intake", "Waiting"]
