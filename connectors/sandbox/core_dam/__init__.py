"""OpenText Core DAM on loopback, speaking the OTMM REST API v6, with its public delivery host."""

from connectors.sandbox.core_dam.app import CoreDamSandbox, build

__all__ = ["CoreDamSandbox", "build"]
