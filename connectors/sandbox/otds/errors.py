"""The two shapes in which OTDS says no: its own for its REST calls, and OAuth's for the token endpoints."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

EXPIRED_TICKET: Final = 1034
"""CONFIRMED (extended-ecm 2, rule 6); the other numbers are CHOSEN."""
INVALID_TICKET: Final = 1035
INVALID_CREDENTIALS: Final = 1001
UNKNOWN_OBJECT: Final = 1404
MALFORMED_REQUEST: Final = 1400
NAME_TAKEN: Final = 1409


class OtdsError(Exception):
    """``{"status": 1034, "error": "Expired OTDS SSO ticket", "errorDetails": null}`` with its HTTP status."""

    def __init__(self, http_status: int, code: int, words: str) -> None:
        self.http_status = http_status
        self.code = code
        self.words = words
        super().__init__(words)


class OAuthError(Exception):
    """``{"error": "invalid_client", "error_description": …}`` (RFC 6749, 5.2; INFERRED for OTDS)."""

    def __init__(self, error: str, description: str, *, http_status: int = 400) -> None:
        self.error = error
        self.description = description
        self.http_status = http_status
        super().__init__(description)


def answer_otds_error(request: Request, error: Exception) -> JSONResponse:
    """OTDS's own shape."""
    del request
    assert isinstance(error, OtdsError)  # noqa: S101 - registered for this class alone
    return JSONResponse(
        {"status": error.code, "error": error.words, "errorDetails": None}, status_code=error.http_status
    )


def answer_oauth_error(request: Request, error: Exception) -> JSONResponse:
    """OAuth's shape; a refused client is told how it may prove itself."""
    del request
    assert isinstance(error, OAuthError)  # noqa: S101 - registered for this class alone
    headers = {"Cache-Control": "no-store"}
    if error.http_status == 401:  # noqa: PLR2004 - RFC 6749, 5.2
        headers["WWW-Authenticate"] = 'Basic realm="OTDS"'
    return JSONResponse(
        {"error": error.error, "error_description": error.description},
        status_code=error.http_status,
        headers=headers,
    )
