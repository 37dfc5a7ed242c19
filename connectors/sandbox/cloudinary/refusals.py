"""Cloudinary's refusals: a status and a sentence, no machine code (contract §8, CONFIRMED)."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class RefusalError(Exception):
    """Ends a request with the vendor's own error shape."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def bad_value(name: str, value: object) -> RefusalError:
    """A parameter has a value that it cannot have; the wording is the one that people quote (§11)."""
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid value for parameter {name}: {value}")


def missing(name: str) -> RefusalError:
    """A parameter without which the call means nothing (wording CHOSEN)."""
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Missing required parameter - {name}")


def not_found(what: str) -> RefusalError:
    """No such asset. §8, CONFIRMED."""
    return RefusalError(HTTPStatus.NOT_FOUND, f"Resource not found - {what}")


def in_a_header(words: str) -> str:
    """``words`` as a header may hold them: printable ASCII, without blanks at the ends (RFC 9110 §5.5)."""
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in words.replace("\n", " ")).strip()


async def answer_refusal(request: Request, error: Exception) -> Response:
    """The refusal as JSON, its sentence also in ``X-Cld-Error``."""
    del request
    assert isinstance(error, RefusalError)  # noqa: S101 - registered for this class alone
    header = in_a_header(error.message)
    return JSONResponse(
        {"error": {"message": error.message}},
        status_code=error.status,
        headers={**error.headers, "X-Cld-Error": header},
    )
