"""Webhooks: the ``notifications`` service (wire contract "iconik", §14)."""

from collections.abc import Mapping

from connectors.iconik.models import Webhook
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.operations import Operation, change, drop, fetch, fetch_all, make


def list_webhooks() -> Operation[tuple[Webhook, ...]]:
    """Every webhook (P5)."""
    return fetch_all("list webhooks", path("notifications", "webhooks"), Webhook)


def get_webhook(webhook_id: str) -> Operation[Webhook]:
    """One webhook."""
    return fetch("get webhook", path("notifications", "webhooks", webhook_id), Webhook)


def add_webhook(webhook: Mapping[str, object]) -> Operation[Webhook]:
    """A webhook, by the vendor's names: ``event_type``, ``url`` and ``status`` are required."""
    return make("new webhook", path("notifications", "webhooks"), Webhook, webhook)


def replace_webhook(webhook_id: str, webhook: Mapping[str, object]) -> Operation[Webhook]:
    """A webhook's whole record anew."""
    return change("replace webhook", "PUT", path("notifications", "webhooks", webhook_id), Webhook, webhook)


def delete_webhook(webhook_id: str) -> Operation[None]:
    """End a webhook; one that is already gone is an answer."""
    return drop("delete webhook", path("notifications", "webhooks", webhook_id))
