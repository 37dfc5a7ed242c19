"""How OTMM says no: ``exception_body`` with a code, words for people and words for logs (CONFIRMED, core-dam 11)."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


class OtmmError(Exception):
    """A refusal. ``code`` is the vendor's own; the ones used here are CHOSEN, none was published."""

    def __init__(self, http_status: int, code: str, message: str, *, debug: str = "") -> None:
        self.http_status = http_status
        self.code = code
        self.message = message
        self.debug = debug or message
        super().__init__(message)


def not_found(what: str) -> OtmmError:
    """Absent, or not visible to the caller: the vendor does not say which."""
    return OtmmError(404, "OTMM_NOT_FOUND", f"{what} does not exist or you do not have access to it.")


def malformed(what: str) -> OtmmError:
    """A parameter or body that cannot be read."""
    return OtmmError(400, "OTMM_INVALID_REQUEST", f"{what} is missing or cannot be read.")


def conflict(message: str) -> OtmmError:
    """Somebody holds a lock, or the caller does not."""
    return OtmmError(409, "OTMM_LOCK_CONFLICT", message)


def answer_otmm_error(request: Request, error: Exception) -> JSONResponse:
    """The vendor's shape for one of its own refusals."""
    del request
    assert isinstance(error, OtmmError)  # noqa: S101 - registered for this class alone
    return JSONResponse(exception_body(error), status_code=error.http_status)


def answer_http_error(request: Request, error: Exception) -> JSONResponse:
    """Unknown paths and wrong verbs in the vendor's shape."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    return answer_otmm_error(request, OtmmError(error.status_code, "OTMM_REST", error.detail))


def exception_body(error: OtmmError) -> dict[str, object]:
    """The wire form."""
    return {
        "exception_body": {
            "http_response_code": error.http_status,
            "error_code": error.code,
            "message": error.message,
            "debug_message": error.debug,
        }
    }
