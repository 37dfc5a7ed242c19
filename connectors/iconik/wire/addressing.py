"""What every call builder needs: paths, query parameters and page requests."""

from collections.abc import Mapping
from typing import TypeAlias

from connectors.calls import segment

Query: TypeAlias = tuple[tuple[str, str], ...]


def path(service: str, *steps: str, version: str = "v1") -> str:
    """``/API/<service>/v1/<steps>/`` with every step percent-encoded."""
    return "/".join(("/API", service, version, *(segment(step) for step in steps), ""))


def query(given: Mapping[str, str | int | bool | None]) -> Query:
    """Query parameters, without those that are None or empty; booleans as the vendor writes them."""
    return tuple((key, _written(value)) for key, value in given.items() if value is not None and value != "")


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
