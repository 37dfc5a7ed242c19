"""The server-based product line (contract 1.7): engine, Empower, Communications Server, gateway."""

from connectors.exstream.server_based.communications_server import (
    CommunicationsServerClient,
    open_communications_server,
)
from connectors.exstream.server_based.compose import (
    ComposedFile,
    Composition,
    CompositionRequest,
    EngineOption,
    FileHeader,
)
from connectors.exstream.server_based.empower import EmpowerClient, EmpowerDocument, open_empower
from connectors.exstream.server_based.engine import EngineClient, open_engine
from connectors.exstream.server_based.gateway import GatewayClient, SubmittedJob, SubmitType, open_gateway
from connectors.exstream.server_based.proofs import BasicProof, TicketProof, UsernameToken

__all__ = [
    "BasicProof",
    "CommunicationsServerClient",
    "ComposedFile",
    "Composition",
    "CompositionRequest",
    "EmpowerClient",
    "EmpowerDocument",
    "EngineClient",
    "EngineOption",
    "FileHeader",
    "GatewayClient",
    "SubmitType",
    "SubmittedJob",
    "TicketProof",
    "UsernameToken",
    "open_communications_server",
    "open_empower",
    "open_engine",
    "open_gateway",
]
