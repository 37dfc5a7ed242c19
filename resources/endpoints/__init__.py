"""Descriptions of systems that are spoken to without a line of code: start from these (docs/decisions/0009)."""
