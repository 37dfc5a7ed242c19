"""The three shapes in which Exstream tells a failure, and the fourth without a body (exstream 2.5, CONFIRMED)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.clock import SandboxClock

RESOURCE_CONFLICT: Final = 309016
"""The one code that a public source shows."""
NOT_FOUND_CODE: Final = 309004
"""CHOSEN, near the known one."""
INVALID_CODE: Final = 309001
"""CHOSEN, near the known one."""


class ServiceError(Exception):
    """Refused by a service: numeric ``status``, an error code, the path."""

    def __init__(self, status: int, message: str, *, details: str = "", code: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
        self.code = code or {404: NOT_FOUND_CODE, 409: RESOURCE_CONFLICT}.get(status, INVALID_CODE)


class EngineError(Exception):
    """The engine could not compose: ``{"status":"error","data":[…]}``, one cause for each queue or record."""

    def __init__(self, status: int, causes: Sequence[str], *, queue: str = "") -> None:
        super().__init__("; ".join(causes))
        self.status = status
        self.causes = tuple(causes)
        self.queue = queue


class InputError(Exception):
    """An input channel turned the submission away: ``{"status":"error","message","details"}``."""

    def __init__(self, status: int, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details


class NotSignedInError(Exception):
    """No token, or one that is not good any more."""


class Refusals:
    """Answers each error in its shape; the first one carries a time, so it needs the clock."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock

    def handlers(self) -> Mapping[type[Exception], object]:
        """For the app: error class to answer."""
        return {
            ServiceError: self.service,
            EngineError: self.engine,
            InputError: self.input,
            NotSignedInError: self.not_signed_in,
            HTTPException: self.other,
        }

    def service(self, request: Request, error: Exception) -> Response:
        """The shape with a number as status."""
        assert isinstance(error, ServiceError)  # noqa: S101 - registered for this class alone
        body = {
            "timestamp": int(self._clock.now().timestamp() * 1000),
            "status": error.status,
            "error": HTTPStatus(error.status).phrase,
            "message": error.message,
            "details": error.details,
            "errorCode": error.code,
            "path": request.url.path,
        }
        return JSONResponse(body, status_code=error.status)

    def engine(self, request: Request, error: Exception) -> Response:
        """The shape with a list of causes."""
        del request
        assert isinstance(error, EngineError)  # noqa: S101 - registered for this class alone
        causes = [
            {
                "errorMessage": cause,
                "statusCode": str(error.status),
                "engineOutputContext": {"queueName": error.queue},
            }
            for cause in error.causes
        ]
        return JSONResponse({"status": "error", "data": causes}, status_code=error.status)

    def input(self, request: Request, error: Exception) -> Response:
        """The shape with a message and details."""
        del request
        assert isinstance(error, InputError)  # noqa: S101 - registered for this class alone
        body = {"status": "error", "message": error.message, "details": error.details}
        return JSONResponse(body, status_code=error.status)

    def not_signed_in(self, request: Request, error: Exception) -> Response:
        """Nothing but the status."""
        del request, error
        return Response(status_code=HTTPStatus.UNAUTHORIZED)

    def other(self, request: Request, error: Exception) -> Response:
        """Unknown paths and wrong verbs."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        return self.service(request, ServiceError(error.status_code, error.detail))
