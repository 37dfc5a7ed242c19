"""Checks of composed outputs: bytes in, findings out. Pure, bounded, and without a network."""
