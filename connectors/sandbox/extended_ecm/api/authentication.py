"""Signing in and out, and what may be asked before that (contract 2)."""

from starlette.responses import JSONResponse, Response

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare
from connectors.sandbox.extended_ecm.api.views import LANGUAGES, member_properties
from connectors.sandbox.extended_ecm.refusal import Refusal
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.sessions import TICKET_LIFE

VERSION = "25.4"


class AuthenticationApi:
    """``/v1/auth``, ``/v1/ping``, ``/v1/serverinfo``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="GET", path="/v1/ping", handler=self.ping, ticket_needed=False),
            Endpoint(method="GET", path="/v1/serverinfo", handler=self.server_info),
            Endpoint(method="POST", path="/v1/auth", handler=self.sign_in, ticket_needed=False),
            Endpoint(method="GET", path="/v1/auth", handler=self.who_am_i),
            Endpoint(method="HEAD", path="/v1/auth", handler=self.check),
            Endpoint(method="DELETE", path="/v1/auth", handler=self.sign_out),
            Endpoint(method="DELETE", path="/v2/auth", handler=self.sign_out),
        )

    async def ping(self, ask: Ask) -> Json:
        """Answers anybody; the list form is INFERRED, the flat one CONFIRMED."""
        del ask
        flat = {"build": 2, "href": "api/v1", "version": 1}
        return flat if self._server.is_older else {"rest_api": [flat, {"build": 1, "href": "api/v2", "version": 2}]}

    async def server_info(self, ask: Ask) -> Json:
        """Session times are in milliseconds."""
        life_ms = int(TICKET_LIFE.total_seconds() * 1000)
        languages = [{"display_name": code, "language_code": code} for code in LANGUAGES]
        return {
            "mobile": {"cs_viewer_support": False, "offline_use": True},
            "server": {
                "advanced_versioning": False,
                "character_encoding": 1,
                "current_date": bare(self._server.now()),
                "current_locale_suffix": "_en_US",
                "domain_access_enabled": False,
                "enhanced_advanced_versioning": False,
                "force_download_for_mime_types": ["text/html", "image/svg+xml"],
                "language_code": "USA",
                "languages": languages,
                "metadata_languages": [
                    {"default": code == "en", "display_name": code, "language_code": code} for code in LANGUAGES
                ],
                "time_zone_offset_enabled": True,
                "url": str(ask.request.url).partition("/api")[0],
                "version": VERSION,
            },
            "sessions": {
                "enabled": True,
                "expire_after_last_login": False,
                "expire_after_last_request": True,
                "logout_url": "?func=ll.DoLogout&secureRequestToken=",
                "session_inactivity": life_ms - 180_000,
                "session_reaction_time": 180_000,
                "session_timeout": life_ms,
            },
            "viewer": {"content_suite": {}},
        }

    async def sign_in(self, ask: Ask) -> Response:
        """A password for a ticket."""
        for name in ("username", "password"):
            if name not in ask.sent:
                raise Refusal(500, f"Argument {name} is required")
        if ask.text("domain"):
            raise Refusal(401, "Unable to login. Domain support is disabled")
        login = self._server.authority.check_password(ask.text("username"), ask.text("password"))
        if login is None or self._server.members.of_login(login) is None:
            raise Refusal(400 if self._server.is_older else 401, "Invalid username/password specified.")
        ticket = self._server.sessions.open(login)
        return JSONResponse({"ticket": ticket.value})

    async def who_am_i(self, ask: Ask) -> Json:
        """v1: flat ``data``."""
        return {"data": member_properties(ask.who)}

    async def check(self, ask: Ask) -> Response:
        """Headers alone say whether the ticket is good."""
        del ask
        return Response()

    async def sign_out(self, ask: Ask) -> Json:
        """End the session. Raises: Refusal when an OTDS proof was shown instead of a ticket."""
        if ask.ticket is None:
            raise Refusal(500, "No session data found")
        self._server.sessions.end(ask.ticket)
        return {}
