"""Three systems for the shipped descriptions (resources/endpoints): a CRM, a delivery dashboard, a preference centre.

They stand on one host, each under its own path. All of their behaviour is CHOSEN: it is what careful services of their
kind do, and between them they use every way of signing in with a secret of its own, paging and refusing.
"""

from connectors.sandbox.endpoint.app import PATHS, build, ready_part

__all__ = ["PATHS", "build", "ready_part"]
