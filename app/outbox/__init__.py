"""Every write to a vendor, exactly once as far as the vendor allows."""

from app.outbox.outbox import Outbox
from app.outbox.pauses import Pause
from app.outbox.relay import Relay
from app.outbox.tenure import LostTermError, Tenure, take_over
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
