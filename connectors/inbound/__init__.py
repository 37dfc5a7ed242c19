"""What vendors push to us: received on loopback, verified over the raw bytes, handed on before it is acknowledged."""

from connectors.inbound.arrival import Arrival, ArrivalTrust
from connectors.inbound.receiver import Receiver

__all__ = ["Arrival", "ArrivalTrust", "Receiver"]
