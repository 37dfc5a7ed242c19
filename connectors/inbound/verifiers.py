"""What proves a message: the interface that all ways share. Each way has a module of its own."""

from collections.abc import Sequence
from typing import Protocol

from connectors.inbound.arrival import ArrivalTrust
from connectors.inbound.request import InboundRequest


class Verifier(Protocol):
    """One way of proving messages, with its secrets. Implementations never show one in their ``repr``."""

    def judge(self, request: InboundRequest) -> ArrivalTrust:
        """What ``request`` proves. Never raises, whatever was sent."""

    def identify(self, request: InboundRequest) -> str:
        """What makes the message the same one when it is sent again; the proof covers it."""

    def covers(self, header: str) -> bool:
        """Whether a header of this lower-case name could not be changed without the proof failing."""

    @property
    def headers(self) -> Sequence[str]:
        """The lower-case names of the headers that carry the proof; they are never handed on."""
