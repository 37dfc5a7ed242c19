"""The session sign-in: what it sends, what it hides."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

import pytest

from connectors.calls import Call, JSONBody, Reply
from connectors.core_dam import SessionSignIn, password_session, resource_ticket_session, ticket_session
from connectors.errors import ShapeError
from connectors.otds.wire import ticket_by_password, ticket_for_resource

SESSION = b'{"session_resource":{"session":{"id":512004417,"message_digest":"d1gest","login_name":"mira.k"}}}'


class Server:
    """Answers each call by its name and remembers it."""

    def __init__(self, answers: Mapping[str, bytes] = MappingProxyType({})) -> None:
        self.answers = answers
        self.calls: list[Call] = []

    async def __call__(self, call: Call) -> Reply:
        self.calls.append(call)
        body = self.answers.get(call.name, SESSION)
        return Reply(
            system="Core DAM", call=call.name, status=200, headers={}, body=body, cookies={"JSESSIONID": "c00kie"}
        )


def signed_in(sign_in: SessionSignIn, server: Server) -> SessionSignIn:
    asyncio.run(sign_in.sign_in(server))
    return sign_in


@pytest.mark.contract("core_dam 3.9")
def test_all_three_proofs_travel_together() -> None:
    """Servers were seen that want each of them."""
    headers = signed_in(password_session(username="u", password="p"), Server()).headers()

    assert headers["otmmauthtoken"] == "d1gest"
    assert headers["X-Requested-By"] == "512004417"
    assert headers["Cookie"] == "JSESSIONID=c00kie"


def test_nothing_is_sent_before_the_sign_in() -> None:
    """A half-made proof would be refused for the wrong reason."""
    assert password_session(username="u", password="p").headers() == {}


def test_a_ticket_is_swapped_for_a_session() -> None:
    """The ticket goes to the library in its own header and nowhere else."""
    server = Server({"OTDS sign-in": b'{"ticket":"*T*"}'})
    signed_in(ticket_session(ticket_by_password(user_name="u", password="p", base_url="http://otds")), server)

    assert [call.name for call in server.calls] == ["OTDS sign-in", "sign in by ticket"]
    assert server.calls[1].headers == {"OTDSToken": "*T*"}


def test_a_failed_renewal_leaves_no_old_proof() -> None:
    """An ended session must not be offered again."""
    sign_in = signed_in(password_session(username="u", password="p"), Server())

    with pytest.raises(ShapeError):
        asyncio.run(sign_in.sign_in(Server({"sign in": b"{}"})))

    assert not sign_in.is_signed_in


def test_a_new_cookie_is_taken_up() -> None:
    """A load balancer that moves us says so in a cookie."""
    sign_in = signed_in(password_session(username="u", password="p"), Server())

    sign_in.observe(Reply(system="s", call="c", status=200, headers={}, body=b"", cookies={"JSESSIONID": "moved"}))

    assert sign_in.headers()["Cookie"] == "JSESSIONID=moved"


def test_the_repr_shows_neither_digest_nor_cookie_nor_password() -> None:
    """Sign-in objects appear in error reports."""
    sign_in = signed_in(password_session(username="u", password="hush"), Server())

    assert not {"hush", "d1gest", "c00kie"} & set(repr(sign_in).replace("'", " ").replace("=", " ").split())


@pytest.mark.contract("core_dam 3.3", "core_dam 3.6", "core_dam 3.7")
def test_a_resource_ticket_is_fetched_with_ones_own() -> None:
    """Some sites accept only a ticket that was made for them."""
    server = Server(
        {"OTDS sign-in": b'{"ticket":"own"}', "OTDS ticket for resource": b'{"ticket":"theirs","userId":"mira.k"}'}
    )
    own = ticket_by_password(user_name="mira.k", password="p")

    sign_in = resource_ticket_session(own, lambda ticket: ticket_for_resource(ticket=ticket, target_resource_id="uuid"))
    asyncio.run(sign_in.sign_in(server))

    assert [call.name for call in server.calls] == ["OTDS sign-in", "OTDS ticket for resource", "sign in by ticket"]
    assert server.calls[1].body == JSONBody(value={"ticket": "own", "targetResourceId": "uuid"})
    assert server.calls[2].headers == {"OTDSToken": "theirs"}
    assert sign_in.is_signed_in


@pytest.mark.contract("core_dam 3.11")
def test_the_language_of_the_pages_travels_along() -> None:
    """Labels come in it."""
    assert (
        signed_in(password_session(username="u", password="p", locale="de_DE"), Server()).headers()["X-OTMM-Locale"]
        == "de_DE"
    )
