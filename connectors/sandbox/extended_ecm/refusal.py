"""How Content Server says no: a status and one English sentence, as ``{"error": …}``.

The sentences are those of the vendor's own API description (CONFIRMED, contract source A) unless marked.
"""

from typing import Final

UNREACHABLE: Final = (
    "Sorry, the item you requested could not be accessed. Either it does not exist or you do not have permission to "
    "access it. If you were sent a link to this item, please contact the sender for assistance."
)
"""One text for missing and forbidden, by the vendor's design."""

UNKNOWN_URL: Final = "The REST API URL could not be found in the mappings registry"
AUTHENTICATION_REQUIRED: Final = "Authentication Required"
INSUFFICIENT: Final = "Insufficient permissions to perform that action"
EDIT_CONFLICT: Final = "Could not update metadata (edit conflict)."


class Refusal(Exception):  # noqa: N818 - the server's answer, not a fault of ours
    """Stops a call with the vendor's error shape."""

    def __init__(self, status: int, error: str, *, detail: str | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.detail = detail

    @property
    def body(self) -> dict[str, object]:
        """The JSON object that goes out."""
        return {"error": self.error} if self.detail is None else {"error": self.error, "errorDetail": self.detail}


def unreachable(status: int = 400) -> Refusal:
    """The node is not there, or not for this user; the status differs by endpoint (contract 13)."""
    return Refusal(status, UNREACHABLE)


def no_node(node_id: object, status: int = 500) -> Refusal:
    """The other spelling of the same, on category and permission calls."""
    return Refusal(status, f"Could not get a node for {node_id}")


def not_allowed(status: int = 400) -> Refusal:
    """A right is missing on a node that one can see: never a 401 outside rendition calls (contract 2.8)."""
    return Refusal(status, INSUFFICIENT)


class NameTaken(Refusal):
    """Names are unique within a parent. 500, and 400 in older releases (CONFIRMED, contract 11)."""

    def __init__(self, name: str) -> None:
        super().__init__(500, f"An item with the name '{name}' already exists.")


def missing(argument: str, status: int = 400) -> Refusal:
    """A parameter that the call cannot do without."""
    return Refusal(status, f"Missing required parameter '{argument}'")


def wrong_type(argument: str) -> Refusal:
    """A value that is no number, no list, … where one is needed."""
    return Refusal(400, f"Invalid datatype specified for argument '{argument}'")


def stale() -> Refusal:
    """Somebody else changed the values since the edit token was read."""
    return Refusal(409, EDIT_CONFLICT)
