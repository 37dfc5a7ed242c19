"""Answers as Content Server sends them."""

import json
from typing import Any

from connectors.calls import Reply


def reply(
    body: bytes | dict[str, Any] | list[Any] = b"",
    status: int = 200,
    *,
    media_type: str = "application/json",
    **headers: str,
) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(
        system="Extended ECM",
        call="anything",
        status=status,
        headers={"content-type": media_type, **{name.replace("_", "-"): value for name, value in headers.items()}},
        body=content,
    )


def error(text: str, status: int, **more: str) -> Reply:
    return reply({"error": text, **more}, status)
