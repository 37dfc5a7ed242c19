"""Every way in which a vendor can fail us, as one tree.

    ConnectorError
    ├── UnreachableError     nothing was sent: DNS, TLS, refused connection
    ├── UnansweredError      sent, and no answer came: the vendor may have acted
    ├── SignInError          401, an expired ticket, a wrong password
    ├── ForbiddenError       403, or the vendor's own words for a missing right
    ├── NotFoundError        404, 410
    ├── ConflictError        409, 412, 423: somebody else has a newer version or a lock
    ├── InvalidError         400, 422: what we sent was refused, with fields where the vendor names them
    ├── RateLimitError       429, Cloudinary's 420
    │   └── ReservedError    not sent: few calls are left, and they are kept for people
    ├── VendorFaultError     5xx: the vendor may have acted
    └── ShapeError           the reply is not in the documented shape

Each leaf carries a sentence for the person and a decision for the outbox, so neither has to be guessed elsewhere.
Nothing here ever holds a secret or a customer's data: ``detail`` is the vendor's own wording after
:func:`connectors.masking.scrub`, without anything that went out as a secret.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar


class Decision(StrEnum):
    """What the outbox does with an entry that met this error."""

    PAUSE_SYSTEM = "pause_system"
    """Keep the order, try the whole system again later: nothing of this entry has left."""
    FIND_OUT = "find_out"
    """The vendor may have acted: look the entry up by its key before anything is sent again."""
    WAIT_FOR_SIGN_IN = "wait_for_sign_in"
    """Pause the system until a person has signed in."""
    WAIT = "wait"
    """Send again after ``retry_after``."""
    PARK = "park"
    """Stop and show the entry to a person."""


class LineFault(StrEnum):
    """What stands in the way of a connection."""

    NAME_UNKNOWN = "name_unknown"
    NOBODY_LISTENS = "nobody_listens"
    PROXY_DOWN = "proxy_down"
    PROXY_SIGN_IN = "proxy_sign_in"
    PROXY_REFUSED = "proxy_refused"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    NAME_MISMATCH = "name_mismatch"
    CERTIFICATE_WANTED = "certificate_wanted"
    """It asks for a client certificate."""
    CERTIFICATE_REFUSED = "certificate_refused"
    """It does not accept the client certificate that we show."""
    OTHER = "other"


class ConnectorError(Exception):
    """A vendor call that did not end as it should. Expected, and worth a sentence; everything else is a bug of ours."""

    decision: ClassVar[Decision] = Decision.PARK
    outcome: ClassVar[str] = "did not do what was asked"
    is_quoted: ClassVar[bool] = True
    """Whether ``detail`` is the vendor's wording; else it is ours, for there was no answer to quote."""

    def __init__(
        self,
        *,
        system: str,
        call: str,
        detail: str = "",
        request_id: str | None = None,
        status: int | None = None,
    ) -> None:
        self.system = system
        self.call = call
        self.detail = detail
        self.request_id = request_id
        self.status = status
        super().__init__(self._in_short())

    def _in_short(self) -> str:
        return f"{self.system}: {self.call}: {self.outcome}" + (f" ({self.detail})" if self.detail else "")

    def mask(self, masked: Callable[[str], str]) -> None:
        """Let ``masked`` take out of every word of the vendor's what nobody else may see."""
        self.detail = masked(self.detail)
        self.request_id = masked(self.request_id) if self.request_id else None
        self.args = (self._in_short(),)

    @property
    def sentence(self) -> str:
        """One sentence for the person who sees it, ending in a full stop."""
        words = f"{self.system} {self.outcome}"
        if not self.detail:
            return f"{words}."
        if not self.is_quoted:
            return f"{words}: {self.detail}."
        # The stop stands where the vendor put one, or behind what is quoted.
        stop = "" if self.detail.endswith((".", "!", "?", "…")) else "."
        return f"{words}. It says: “{self.detail}”{stop}"


class UnreachableError(ConnectorError):
    """No connection was made, so nothing was sent."""

    decision = Decision.PAUSE_SYSTEM
    outcome = "cannot be reached"
    is_quoted = False

    def __init__(
        self,
        *,
        system: str,
        call: str,
        detail: str = "",
        request_id: str | None = None,
        status: int | None = None,
        fault: LineFault = LineFault.OTHER,
    ) -> None:
        super().__init__(system=system, call=call, detail=detail, request_id=request_id, status=status)
        self.fault = fault


class UnansweredError(ConnectorError):
    """The request left and no whole answer came back. The vendor may have acted."""

    decision = Decision.FIND_OUT
    outcome = "did not answer"
    is_quoted = False


class SignInError(ConnectorError):
    """The vendor does not accept who we say we are."""

    decision = Decision.WAIT_FOR_SIGN_IN
    outcome = "refused the sign-in"


class ForbiddenError(ConnectorError):
    """Signed in, but this account may not do that."""

    outcome = "does not allow this account to do that"


class NotFoundError(ConnectorError):
    """The thing is not there, or not there any more."""

    outcome = "no longer has it"


class ConflictError(ConnectorError):
    """Somebody else changed or locked it first."""

    outcome = "has a newer state of it"


class InvalidError(ConnectorError):
    """The vendor refused what we sent. ``fields`` maps the vendor's field name to its complaint."""

    outcome = "refused what was sent"

    def __init__(
        self,
        *,
        system: str,
        call: str,
        detail: str = "",
        request_id: str | None = None,
        status: int | None = None,
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(system=system, call=call, detail=detail, request_id=request_id, status=status)
        self.fields = MappingProxyType(dict(fields))

    def mask(self, masked: Callable[[str], str]) -> None:
        """The complaints about single fields too."""
        super().mask(masked)
        self.fields = MappingProxyType({name: masked(complaint) for name, complaint in self.fields.items()})


class RateLimitError(ConnectorError):
    """The call budget is used up. ``retry_after`` is None when the vendor does not say when it refills."""

    decision = Decision.WAIT
    outcome = "asks for fewer calls"

    def __init__(
        self,
        *,
        system: str,
        call: str,
        detail: str = "",
        request_id: str | None = None,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(system=system, call=call, detail=detail, request_id=request_id, status=status)
        self.retry_after = retry_after


class ReservedError(RateLimitError):
    """Work in the background was not sent, for what is left of the call budget is kept for people."""

    outcome = "has few calls left, which are kept for what you open"
    is_quoted = False


class VendorFaultError(ConnectorError):
    """The vendor reports a fault of its own; whether it acted is not known."""

    decision = Decision.FIND_OUT
    outcome = "reports a fault of its own"


class ShapeError(ConnectorError):
    """The reply has a form that we do not know. ``detail`` names keys and types, never values."""

    outcome = "answered in a form that is not known here"
    is_quoted = False
