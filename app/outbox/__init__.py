"""Every write to a vendor, exactly once as far as the vendor allows."""

from app.outbox.outbox import Outbox
from app.outbox.relay import Pause, Relay
from app.outbox.wish import ResendGuard, Wish, new_request_key

__all__ = ["Outbox", "Pause", "Relay", "ResendGuard", "Wish", "new_request_key"]
