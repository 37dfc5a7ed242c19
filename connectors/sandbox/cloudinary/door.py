"""What every call to the API host passes on its way in and out: who may make it, and what it costs.

Source: contract §1 and §8.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.cloudinary.access import Budget, check_caller, check_upload
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.jobs import Jobs
from connectors.sandbox.cloudinary.oauth import Tokens
from connectors.sandbox.cloudinary.parameters import Parameters, read_parameters
from connectors.sandbox.cloudinary.presets import Presets
from connectors.sandbox.cloudinary.state import Cloud

Endpoint = Callable[[Request], Awaitable[Response]]
AdminCall = Callable[[Parameters, Mapping[str, str]], Answer | tuple[Answer, int]]
"""Answers a body, or a body with a status other than 200."""
UploadCall = Callable[[Parameters, Mapping[str, str]], Answer]
SlowUploadCall = Callable[[Parameters, Mapping[str, str]], Awaitable[Answer | Response]]


class Door:
    """What every call passes."""

    def __init__(self, cloud: Cloud, *, budget: Budget, tokens: Tokens, presets: Presets, jobs: Jobs) -> None:
        self._cloud = cloud
        self._budget = budget
        self._tokens = tokens
        self._presets = presets
        self._jobs = jobs

    async def check(self, request: Request) -> Parameters:
        """The parameters of a call by key pair or token that is not counted. Raises: RefusalError."""
        check_caller(request, self._cloud, self._tokens)
        await self._jobs.do_due()
        return await read_parameters(request)

    def admin(self, call: AdminCall, *, is_long: bool = False) -> Endpoint:
        """A call that counts against the hourly budget (§8). A long one reads everything, and does so in a thread."""

        async def answer(request: Request) -> Response:
            check_caller(request, self._cloud, self._tokens)
            headers = self._budget.spend(self._cloud.now())
            await self._jobs.do_due()
            parameters = await read_parameters(request)
            told = (
                await asyncio.to_thread(call, parameters, request.path_params)
                if is_long
                else call(parameters, request.path_params)
            )
            body, status = told if isinstance(told, tuple) else (told, HTTPStatus.OK)
            return JSONResponse(body, status_code=status, headers=headers)

        return answer

    def upload(self, call: UploadCall) -> Endpoint:
        """A call of the Upload API: signed in itself or as an Admin call is, and not counted."""

        async def answer(request: Request) -> Response:
            parameters = await self.upload_parameters(request)
            return JSONResponse(call(parameters, request.path_params))

        return answer

    def slow_upload(self, call: SlowUploadCall) -> Endpoint:
        """A call of the Upload API that makes pictures, or answers bytes instead of JSON."""

        async def answer(request: Request) -> Response:
            told = await call(await self.upload_parameters(request), request.path_params)
            return told if isinstance(told, Response) else JSONResponse(told)

        return answer

    async def upload_parameters(self, request: Request) -> Parameters:
        """The parameters of an Upload call whose caller may make it, with those of its preset."""
        if "authorization" in request.headers:  # refuse before a large body is read
            check_caller(request, self._cloud, self._tokens)
        parameters = await read_parameters(request)
        is_signed = check_upload(request, self._cloud, parameters, self._tokens)
        await self._jobs.do_due()
        return self._presets.completed(parameters, is_signed=is_signed)
