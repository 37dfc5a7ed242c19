"""Which row of which wire contract is held by what: the rows, the evidence that a test run gathers, and its table."""
