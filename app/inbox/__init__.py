"""Every event from a vendor: kept as it came, believed only when proven, counted once, folded into timelines."""

from app.inbox.inbox import Inbox

__all__ = ["Inbox"]
