"""What vendors push to us: received on loopback, verified over the raw bytes, handed on before it is acknowledged."""

from http import HTTPStatus

from connectors.inbound.arrival import Arrival, ArrivalTrust
from connectors.inbound.cloudevents import CloudEvent, NotACloudEventError, read_events
from connectors.inbound.cloudinary import CloudinarySignature
from connectors.inbound.mutual_tls import MutualTls, networks
from connectors.inbound.plain_hmac import HmacEncoding, HmacHash, PlainHmac
from connectors.inbound.receiver import Form, Receiver, Source
from connectors.inbound.standard_webhooks import StandardWebhooks
from connectors.inbound.verifiers import Verifier


def standard_webhooks(*keys: str, form: Form = Form.AS_IT_IS) -> Source:
    """A sender that signs as Standard Webhooks asks. Raises: ValueError when a key is none."""
    return Source(verifier=StandardWebhooks.of(*keys), form=form)


def cloudinary_notifications(*api_secrets: str) -> Source:
    """A cloud's notifications; it sends again whatever is not answered with 200 (contract §7). Raises: ValueError."""
    return Source(verifier=CloudinarySignature(api_secrets=api_secrets), acknowledged=HTTPStatus.OK)


__all__ = [
    "Arrival",
    "ArrivalTrust",
    "CloudEvent",
    "CloudinarySignature",
    "Form",
    "HmacEncoding",
    "HmacHash",
    "MutualTls",
    "NotACloudEventError",
    "PlainHmac",
    "Receiver",
    "Source",
    "StandardWebhooks",
    "Verifier",
    "cloudinary_notifications",
    "networks",
    "read_events",
    "standard_webhooks",
]
