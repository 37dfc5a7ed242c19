"""The engine's web service of a server-based installation: one operation."""

from collections.abc import Callable
from typing import Final

from connectors.exstream.server_based.compose import (
    Composition,
    CompositionRequest,
    compose,
    read_composition,
)
from connectors.exstream.server_based.proofs import BasicProof, UsernameToken
from connectors.exstream.server_based.soap import read_fault
from connectors.http import Exchange, Pace, Transport, Wire

PACE: Final = Pace(calls=5, per_s=1.0, at_once=2)
"""CHOSEN: an engine is a process for each composition."""


def open_engine(
    *,
    base_url: str,
    proof: BasicProof | UsernameToken | None = None,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire: Wire | None = None,
) -> "EngineClient":
    """A client of the engine at ``base_url``, such as ``http://engine:8080``; without ``proof`` it asks as nobody."""
    transport = Transport(
        system="Exstream engine",
        base_url=base_url,
        sign_in=proof if isinstance(proof, BasicProof) else None,
        read_failure=read_fault,
        pace=PACE,
        on_exchange=on_exchange,
        wire=wire,
    )
    return EngineClient(transport, token=proof if isinstance(proof, UsernameToken) else None)


class EngineClient:
    """Composes from packaged templates. Every method raises any ConnectorError and nothing else."""

    def __init__(self, transport: Transport, *, token: UsernameToken | None = None) -> None:
        self._transport = transport
        self._token = token

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def compose(self, request: CompositionRequest) -> Composition:
        """Compose one driver file. Raises: InvalidError when the engine reports an error, whatever its status."""
        return read_composition(await self._transport.send(compose(request, token=self._token)))
