"""Delivery events (contract 1.5): the internal metrics, and the mail provider's own status."""

from datetime import datetime

from connectors.calls import Call, segment
from connectors.exstream.site import Site
from connectors.exstream.wire.spelling import get, plain_time


def email_events(
    site: Site, tenant: str, domain: str, *, since: datetime, until: datetime, connector_type: str = "OTN"
) -> Call:
    """Mail events by the time of their last change. ``OTN`` is INFERRED."""
    query = (
        ("connectorType", connector_type),
        ("lastUpdateTimeStart", plain_time(since)),
        ("lastUpdateTimeEnd", plain_time(until)),
    )
    path = f"{site.events}/eventmetrics/email-event/{segment(tenant)}/{segment(domain)}/content"
    return get("email events", path, query)


def channel_events(site: Site, tenant: str, domain: str, *, since: datetime, until: datetime) -> Call:
    """Events of document generation and of every channel, as event JSON. The time keys are INFERRED from mail's."""
    query = (("lastUpdateTimeStart", plain_time(since)), ("lastUpdateTimeEnd", plain_time(until)))
    return get("events", f"{site.events}/eventmetrics/events/{segment(tenant)}/{segment(domain)}/content", query)


def step_events(site: Site, tenant: str, domain: str, step_id: str) -> Call:
    """Whom a composing step made something for."""
    path = f"{site.events}/eventmetrics/docgen-event/{segment(tenant)}/{segment(domain)}/{segment(step_id)}/metadata"
    return get("step events", path)
