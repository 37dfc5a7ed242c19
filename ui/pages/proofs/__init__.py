"""Proofs: one record composed on every channel, looked at before anybody signs it."""

from ui.pages.proofs.page import ProofsPage, build

__all__ = ["ProofsPage", "build"]
