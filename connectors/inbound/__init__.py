"""What vendors push to us: received on loopback, verified over the raw bytes, handed on before it is acknowledged."""

from http import HTTPStatus

from connectors.inbound.arrival import Arrival, ArrivalTrust
from connectors.inbound.cloudevents import CloudEvent, NotACloudEventError, read_events
from connectors.inbound.cloudinary import CloudinarySignature
from connectors.inbound.mutual_tls import MutualTls, networks
from connectors.inbound.plain_hmac import HmacEncoding, HmacHash, PlainHmac
from connectors.inbound.proofs import Proof
from connectors.inbound.receiver import Form, Receiver, Source
from connectors.inbound.standard_webhooks import StandardWebhooks


def standard_webhooks(*keys: str, form: Form = Form.AS_IT_IS) -> Source:
    """A sender that signs as Standard Webhooks asks. Raises: ValueError when a key is none."""
    return Source(proof=StandardWebhooks.of(*keys), form=form)


def cloudinary_notifications(*api_secrets: str) -> Source:
    """A cloud's notifications; it sends again whatever is not answered with 200 (contract §7). Raises: ValueError."""
    return Source(proof=CloudinarySignature(api_secrets=api_secrets), acknowledged=HTTPStatus.OK)


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
    "Proof",
    "Receiver",
    "Source",
    "StandardWebhooks",
    "cloudinary_notifications",
    "networks",
    "read_events",
    "standard_webhooks",
]
