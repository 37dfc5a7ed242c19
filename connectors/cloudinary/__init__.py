"""Cloudinary, as the desk speaks to it."""

from connectors.cloudinary.channel import Message, PollChannel
from connectors.cloudinary.chunks import Parts
from connectors.cloudinary.client import CloudinaryClient
from connectors.cloudinary.delivery import DeliveryHost, Rendition, step, transformation
from connectors.cloudinary.expression import Expression, Field, field, text
from connectors.cloudinary.folders import Folder
from connectors.cloudinary.layers import PictureLayer, Recipe, TextLayer
from connectors.cloudinary.links import Links, TokenKey
from connectors.cloudinary.lists import CloudConfig, NamedTransformation, StreamingProfile
from connectors.cloudinary.models import (
    AccessRule,
    Asset,
    AssetId,
    AssetPage,
    Budget,
    DeliveryType,
    Derived,
    Extra,
    MetadataField,
    MetadataOption,
    MetadataType,
    Moderation,
    ModerationStatus,
    RelatedAsset,
    ResourceType,
    SearchPage,
    Usage,
)
from connectors.cloudinary.oauth import (
    OAUTH_BASE_URL,
    OAuthSignIn,
    TokenPair,
    authorization_url,
    exchange,
    read_tokens,
    revoke,
)
from connectors.cloudinary.opening import (
    API_BASE_URL,
    DELIVERY_BASE_URL,
    open_cloudinary,
    open_cloudinary_as_person,
    open_cloudinary_signed_in,
    open_oauth,
)
from connectors.cloudinary.pipes import MetadataValue
from connectors.cloudinary.renditions import Purpose, rendition_for, with_watermark
from connectors.cloudinary.rules import TOKEN_ONLY, window
from connectors.cloudinary.schema import between, length
from connectors.cloudinary.search import (
    MAX_PAGE,
    Band,
    Bands,
    SearchQuery,
    every,
    exactly,
    quoted,
    since,
    until,
    words,
)
from connectors.cloudinary.signature import (
    Digest,
    NotificationVerdict,
    answer_signature,
    verify_hook,
    verify_notification,
)
from connectors.cloudinary.triggers import Trigger
from connectors.cloudinary.upkeep import Restored
from connectors.cloudinary.upload import Promise
from connectors.oauth import Challenge

__all__ = [
    "API_BASE_URL",
    "DELIVERY_BASE_URL",
    "MAX_PAGE",
    "OAUTH_BASE_URL",
    "TOKEN_ONLY",
    "AccessRule",
    "Asset",
    "AssetId",
    "AssetPage",
    "Band",
    "Bands",
    "Budget",
    "Challenge",
    "CloudConfig",
    "CloudinaryClient",
    "DeliveryHost",
    "DeliveryType",
    "Derived",
    "Digest",
    "Expression",
    "Extra",
    "Field",
    "Folder",
    "Links",
    "Message",
    "MetadataField",
    "MetadataOption",
    "MetadataType",
    "MetadataValue",
    "Moderation",
    "ModerationStatus",
    "NamedTransformation",
    "NotificationVerdict",
    "OAuthSignIn",
    "Parts",
    "PictureLayer",
    "PollChannel",
    "Promise",
    "Purpose",
    "Recipe",
    "RelatedAsset",
    "Rendition",
    "ResourceType",
    "Restored",
    "SearchPage",
    "SearchQuery",
    "StreamingProfile",
    "TextLayer",
    "TokenKey",
    "TokenPair",
    "Trigger",
    "Usage",
    "answer_signature",
    "authorization_url",
    "between",
    "every",
    "exactly",
    "exchange",
    "field",
    "length",
    "open_cloudinary",
    "open_cloudinary_as_person",
    "open_cloudinary_signed_in",
    "open_oauth",
    "quoted",
    "read_tokens",
    "rendition_for",
    "revoke",
    "since",
    "step",
    "text",
    "transformation",
    "until",
    "verify_hook",
    "verify_notification",
    "window",
    "with_watermark",
    "words",
]
