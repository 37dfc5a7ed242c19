"""Signing in, and the guard before every other call: cookie, digest, ticket or bearer (core-dam 3)."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.core_dam.bodies import parameters
from connectors.sandbox.core_dam.errors import OtmmError
from connectors.sandbox.core_dam.library import MediaLibrary
from connectors.sandbox.core_dam.people import OpenSession

COOKIE: Final = "JSESSIONID"
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Answer = Callable[[Request], Awaitable[Response]]


class Access:
    """Who is calling. ``ask_on_reads`` demands ``X-Requested-By`` on GET as well (a switch, CHOSEN)."""

    def __init__(self, library: MediaLibrary, *, ask_on_reads: bool = False) -> None:
        self._library = library
        self._asked = _WRITES | ({"GET"} if ask_on_reads else set())

    def routes(self) -> list[Route]:
        """The sign-in calls; they are the only ones without a guard."""
        return [
            Route("/sessions", self._open, methods=["POST"]),
            Route("/sessions", self._who, methods=["GET"]),
            Route("/sessions", self._close, methods=["DELETE"]),
            Route("/sessions/oauth2/token", self._token, methods=["POST"]),
        ]

    def guarded(self, path: str, answer: Answer, *methods: str) -> Route:
        """A route below the API whose ``request.state.login`` says who calls."""

        async def guard(request: Request) -> Response:
            self._library.jobs.settle()
            request.state.login = self._login(request)
            return await answer(request)

        return Route(path, guard, methods=list(methods) or ["GET"])

    # Sign-in

    async def _open(self, request: Request) -> Response:
        fields = await parameters(request)
        login = self._library.authority.check_password(fields.get("username", ""), fields.get("password", ""))
        if login is None:
            raise _refused("The user name or the password is not correct.")
        return self._answer(self._library.sessions.open(login))

    async def _who(self, request: Request) -> Response:
        ticket = request.headers.get("OTDSToken") or request.query_params.get("OTDSTicket")
        session = self._session(request)
        if session is None and ticket:
            login = self._library.authority.user_of_ticket(ticket)
            session = self._library.sessions.open(login) if login else None
        if session is None:
            # A bearer has no session of its own; the question opens one (CHOSEN).
            user = self._library.authority.user_of_bearer(request.headers.get("authorization"))
            session = self._library.sessions.open(user) if user else None
        if session is None:
            raise _refused("There is no valid session.")
        return self._answer(session)

    async def _close(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            raise _refused("There is no valid session.")
        self._require_requested_by(request)
        self._library.sessions.close(session)
        answer = Response(status_code=204)
        answer.delete_cookie(COOKIE, path="/otmmapi")
        return answer

    async def _token(self, request: Request) -> Response:
        fields = await parameters(request)
        authority = self._library.authority
        if fields.get("grant_type") != "password":
            raise OtmmError(400, "OTMM_UNSUPPORTED_GRANT", "The grant type is not supported.")
        client_id = fields.get("client_id", "")
        if not authority.check_client(client_id, fields.get("client_secret")):
            raise _refused("The client is not known.")
        login = authority.check_password(fields.get("username", ""), fields.get("password", ""))
        if login is None:
            raise _refused("The user name or the password is not correct.")
        token = authority.issue_token(login, client_id=client_id)
        return JSONResponse({"token_info": {"oauth_token": {"accessToken": token.value}}})

    # Guard

    def _login(self, request: Request) -> str:
        session = self._session(request)
        if session is not None:
            self._require_requested_by(request)
            return session.login
        ticket = request.headers.get("OTDSToken")
        user = self._library.authority.user_of_ticket(ticket) if ticket else None
        if user is not None:
            self._require_requested_by(request)
            return user
        user = self._library.authority.user_of_bearer(request.headers.get("authorization"))
        if user is None:
            raise _refused("There is no valid session.")
        return user

    def _session(self, request: Request) -> OpenSession | None:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        proofs = [
            request.headers.get("otmmauthtoken", ""),
            request.cookies.get(COOKIE, ""),
            value.removeprefix("otmmToken ").strip() if scheme.lower() == "bearer" else "",
        ]
        return next((found for proof in proofs if proof and (found := self._library.sessions.find(proof))), None)

    def _require_requested_by(self, request: Request) -> None:
        if request.method in self._asked and not request.headers.get("X-Requested-By"):
            raise OtmmError(400, "OTMM_CSRF", "The request header X-Requested-By is missing.")

    def _answer(self, session: OpenSession) -> Response:
        answer = JSONResponse(self._library.sessions.as_json(session))
        answer.set_cookie(COOKIE, session.cookie, path="/otmmapi", httponly=True)
        return answer


def _refused(message: str) -> OtmmError:
    return OtmmError(401, "OTMM_AUTHENTICATION", message)
