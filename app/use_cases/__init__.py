"""One verb, one file. A use-case checks its rule, writes here first, and returns what changed."""
