"""What makes one vendor different at the doorway: how to sign in, how it fails, how hard it may be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from connectors.calls import Call, Reply
from connectors.errors import ConnectorError


class SignIn(Protocol):
    """How one connection proves who it is. Implementations never show a secret in their ``repr``."""

    @property
    def is_signed_in(self) -> bool:
        """Whether :meth:`headers` would be accepted, as far as is known here."""

    async def sign_in(self, send: "Send") -> None:
        """Obtain what :meth:`headers` needs, through ``send``. Raises: any ConnectorError."""

    def headers(self) -> Mapping[str, str]:
        """Headers that carry the proof. Called once per attempt."""

    def observe(self, reply: Reply) -> None:
        """Take up what an answer renews, such as a rolling ticket."""

    def refused(self, reply: Reply) -> bool:
        """Whether this answer means that the proof has expired."""


class Send(Protocol):
    """Performs one call without signing in first."""

    async def __call__(self, call: Call) -> Reply: ...


class NoSignIn:
    """For systems, and delivery hosts, that ask nobody's name."""

    is_signed_in = True

    async def sign_in(self, send: Send) -> None:
        """Do nothing: there is nothing to prove."""

    def headers(self) -> Mapping[str, str]:
        """No headers."""
        return {}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401 is an answer here, not an expiry."""
        del reply
        return False


FailureReader: TypeAlias = Callable[[Reply], ConnectorError | None]
"""Reads the vendor's own error shape; None leaves the judgement to the status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How hard one vendor may be asked."""

    calls: float = 40
    per_s: float = 1.0
    at_once: int = 8
    refills_in_s: float = 0.0
    """The vendor's documented window after which its budget is full again; 0 where there is none, or answers say."""
    budget: int = 0
    """How many calls that window has, as documented; 0 as above."""


UNHURRIED: Final = Pace()
"""For hosts that nobody set a pace for."""
