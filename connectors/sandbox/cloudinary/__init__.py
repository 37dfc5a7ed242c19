"""Cloudinary in the sandbox: the API host and the delivery host of one cloud."""

from connectors.sandbox.cloudinary.app import CALLS_PER_HOUR, CloudinarySandbox, build
from connectors.sandbox.cloudinary.seed import public_id_of

__all__ = ["CALLS_PER_HOUR", "CloudinarySandbox", "build", "public_id_of"]
