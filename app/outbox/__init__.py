"""Every write to a vendor, exactly once as far as the vendor allows."""

from app.outbox.outbox import Outbox
from app.outbox.relay import LostTermError, Pause, Relay
from app.outbox.tenure import Tenure, take_over
from app.outbox.wish import ResendGuard, Wish, new_request_key

__all__ = [
    "LostTermError",
    "Outbox",
    "Pause",
    "Relay",
    "ResendGuard",
    "Tenure",
    "Wish",
    "new_request_key",
    "take_over",
]
