"""Which silences somebody has dismissed: until something else is told, nobody has to look at them any more."""

from typing import Final

STATEMENTS: Final = ("ALTER TABLE silences ADD COLUMN dismissed_at INTEGER",)
