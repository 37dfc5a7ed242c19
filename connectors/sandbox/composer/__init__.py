"""Composes the house's communications for real: PDF, mail, web page and text message, from templates and a record."""

from connectors.sandbox.composer.catalogue import CHANNELS, Template, TemplateVersion, catalogue, load_templates
from connectors.sandbox.composer.composer import Composer, Output, UsedAsset
from connectors.sandbox.composer.errors import ComposeError, MissingDataError, PictureError, UnknownTemplateError
from connectors.sandbox.composer.pictures import Picture, PictureSource, WorldPictures

__all__ = [
    "CHANNELS",
    "ComposeError",
    "Composer",
    "MissingDataError",
    "Output",
    "Picture",
    "PictureError",
    "PictureSource",
    "Template",
    "TemplateVersion",
    "UnknownTemplateError",
    "UsedAsset",
    "WorldPictures",
    "catalogue",
    "load_templates",
]
