"""Composes the house's communications for real: PDF, mail, web page and text message, from templates and a record."""

from connectors.sandbox.composer.catalogue import load_templates

__all__ = ["load_templates"]
