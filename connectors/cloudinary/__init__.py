"""Cloudinary, as the desk speaks to it."""

from connectors.cloudinary.channel import Message, PollChannel, Trigger
from connectors.cloudinary.client import API_BASE_URL, DELIVERY_BASE_URL, CloudinaryClient, open_cloudinary
from connectors.cloudinary.delivery import DeliveryHost, Rendition, step, transformation
from connectors.cloudinary.models import (
    AccessRule,
    Asset,
    AssetId,
    AssetPage,
    Budget,
    DeliveryType,
    Derived,
    MetadataField,
    MetadataOption,
    MetadataType,
    Moderation,
    ModerationStatus,
    ResourceType,
    SearchPage,
    Usage,
)
from connectors.cloudinary.pipes import MetadataValue
from connectors.cloudinary.renditions import Purpose, rendition_for
from connectors.cloudinary.search import MAX_PAGE, SearchQuery, every, exactly, quoted, since, words
from connectors.cloudinary.signature import Digest, NotificationVerdict, answer_signature, verify_notification

__all__ = [
    "API_BASE_URL",
    "DELIVERY_BASE_URL",
    "MAX_PAGE",
    "AccessRule",
    "Asset",
    "AssetId",
    "AssetPage",
    "Budget",
    "CloudinaryClient",
    "DeliveryHost",
    "DeliveryType",
    "Derived",
    "Digest",
    "Message",
    "MetadataField",
    "MetadataOption",
    "MetadataType",
    "MetadataValue",
    "Moderation",
    "ModerationStatus",
    "NotificationVerdict",
    "PollChannel",
    "Purpose",
    "Rendition",
    "ResourceType",
    "SearchPage",
    "SearchQuery",
    "Trigger",
    "Usage",
    "answer_signature",
    "every",
    "exactly",
    "open_cloudinary",
    "quoted",
    "rendition_for",
    "since",
    "step",
    "transformation",
    "verify_notification",
    "words",
]
