"""Users as OTMM numbers them, and the sessions they open (core-dam 3)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Final

from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World

FIRST_USER_ID: Final = 2001
IDLE_LIFE: Final = timedelta(minutes=30)
"""A session ends this long after its last call (CHOSEN)."""
ROLE: Final = "Editor"
ROLE_ID: Final = 7


class People:
    """Who has a number here."""

    def __init__(self, world: World, authority: TicketAuthority) -> None:
        self._persons = {person.login.lower(): person for person in world.people}
        self._ids = {login: str(FIRST_USER_ID + place) for place, login in enumerate(authority.logins)}
        self._by_name = {person.full_name: person.login.lower() for person in world.people}

    def id_of(self, login: str) -> str:
        """The user's number as text; ``1`` is the system itself."""
        return self._ids.get(login.lower(), "1")

    def id_of_name(self, full_name: str) -> str:
        """The same by full name."""
        return self.id_of(self._by_name.get(full_name, ""))

    def name_of(self, login: str) -> str:
        """``Mira Kovac``, or the login of a technical account."""
        person = self._persons.get(login.lower())
        return person.full_name if person else login

    def full_name(self, login: str) -> str:
        """``Kovac, Mira``, or the login of a technical account."""
        person = self._persons.get(login.lower())
        if person is None:
            return login
        given, _, family = person.full_name.rpartition(" ")
        return f"{family}, {given}" if given else family

    def user_json(self, login: str) -> dict[str, object]:
        """``GET /users/me``. The envelope is CONFIRMED, the keys inside are CHOSEN after those of a session."""
        person = self._persons.get(login.lower())
        given, _, family = person.full_name.rpartition(" ") if person else ("", "", login)
        return {
            "user_id": self.id_of(login),
            "login_name": login,
            "domain_name": "OTMM",
            "name": {"first_name": given, "last_name": family},
            "email_address": person.email if person else "",
            "role_name": ROLE,
            "user_role_id": ROLE_ID,
        }


@dataclass(slots=True, kw_only=True)
class OpenSession:
    """One signed-in session and its three secrets."""

    session_id: int
    login: str
    cookie: str = field(repr=False)
    digest: str = field(repr=False)
    used_at: datetime


class Sessions:
    """Sessions by cookie and by digest, ended by the world's clock."""

    def __init__(self, world: World, people: People) -> None:
        self._world = world
        self._people = people
        self._open: dict[str, OpenSession] = {}
        self._opened = 0

    def open(self, login: str) -> OpenSession:
        """A new session."""
        self._opened += 1
        name = f"{self._world.seed}:core_dam:session:{login}:{self._opened}"
        session = OpenSession(
            session_id=512_004_000 + self._opened,
            login=login,
            cookie=sha1(f"cookie:{name}".encode(), usedforsecurity=False).hexdigest()[:32].upper(),
            digest=sha1(f"digest:{name}".encode(), usedforsecurity=False).hexdigest(),
            used_at=self._world.clock.now(),
        )
        self._open[session.cookie] = self._open[session.digest] = session
        return session

    def find(self, proof: str) -> OpenSession | None:
        """The living session with this cookie or digest, now used; None otherwise."""
        session = self._open.get(proof)
        now = self._world.clock.now()
        if session is None or session.used_at + IDLE_LIFE <= now:
            return None
        session.used_at = now
        return session

    def close(self, session: OpenSession) -> None:
        """End it."""
        self._open.pop(session.cookie, None)
        self._open.pop(session.digest, None)

    def close_all(self) -> None:
        """End every session, as a restart would."""
        self._open.clear()

    def as_json(self, session: OpenSession) -> dict[str, object]:
        """``session_resource`` (keys CONFIRMED)."""
        return {
            "session_resource": {
                "session": {
                    "id": session.session_id,
                    "login_name": session.login,
                    "domain_name": "OTMM",
                    "message_digest": session.digest,
                    "role_name": ROLE,
                    "user_id": self._people.id_of(session.login),
                    "user_role_id": ROLE_ID,
                    "user_full_name": self._people.full_name(session.login),
                    "local_session": False,
                    "validation_key": -(session.session_id % 90_000_000),
                }
            }
        }
