"""Who is in trouble, told by an index alone: with the state beside it, no communication has to be read for it."""

from typing import Final

STATEMENTS: Final = (
    "DROP INDEX deliveries_in_trouble",
    """CREATE INDEX deliveries_in_trouble ON deliveries (customer, at, state)
        WHERE customer <> '' AND state IN ('bounced', 'failed', 'suppressed', 'complained')""",
)
