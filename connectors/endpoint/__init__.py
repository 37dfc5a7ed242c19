"""Systems that nobody here programmed: a TOML file describes their calls, and this asks them (docs/decisions/0009)."""

from connectors.endpoint.client import EndpointClient, open_endpoint
from connectors.endpoint.description import CredentialSlot, DescribedCall, Description
from connectors.endpoint.problems import DescriptionError, Problem
from connectors.endpoint.reading import load_description, read_description
from connectors.endpoint.values import Kind, Value
from connectors.endpoint.wire import Record, UnfitValueError

__all__ = [
    "CredentialSlot",
    "DescribedCall",
    "Description",
    "DescriptionError",
    "EndpointClient",
    "Kind",
    "Problem",
    "Record",
    "UnfitValueError",
    "Value",
    "load_description",
    "open_endpoint",
    "read_description",
]
