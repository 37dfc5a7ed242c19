"""Sign-in calls as they are built, and their answers as they are read, without a server."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from connectors.calls import FormBody, JSONBody, Reply
from connectors.errors import ConnectorError, ForbiddenError, InvalidError, ShapeError, SignInError
from connectors.otds import TokenPath, wire


def reply(body: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Reply(system="OTDS", call="test", status=status, headers={"content-type": media_type}, body=raw)


def test_a_tenant_is_one_path_segment() -> None:
    """A tenant with a slash must not reach another endpoint."""
    assert TokenPath.CLOUD.for_tenant("a/b c") == "/tenants/a%2Fb%20c/oauth2/token"


def test_a_token_request_names_its_grant() -> None:
    """The fields are the whole contract of the token endpoint."""
    call = wire.token_by_password(username="u", password="p", client_id="c", scope="otds:groups", base_url="http://o")

    assert call.path == "http://o/otdsws/oauth2/token"
    assert call.body == FormBody(
        fields=(
            ("grant_type", "password"),
            ("username", "u"),
            ("password", "p"),
            ("client_id", "c"),
            ("scope", "otds:groups"),
        )
    )


def test_a_resource_ticket_asks_for_the_ticket_type() -> None:
    """Core DAM's front ends send both keys together."""
    call = wire.ticket_by_password(user_name="u", password="p", target_resource_id="r")

    assert isinstance(call.body, JSONBody)
    assert call.body.value == {
        "userName": "u",
        "password": "p",
        "ticketType": "OTDSTICKET",
        "targetResourceId": "r",
    }


def test_no_sign_in_call_shows_its_secret() -> None:
    """Calls are written to logs while they fail."""
    calls = (
        wire.ticket_by_password(user_name="u", password="hush"),
        wire.token_by_client(client_id="c", client_secret="hush", as_basic=True),
        wire.token_by_client(client_id="c", client_secret="hush", as_json=True),
        wire.token_by_refresh(refresh_token="hush", client_id="c"),
    )

    assert "hush" not in repr(calls)


@pytest.mark.parametrize("body", [{"ticket": "*T*", "userId": "u@p"}, {"ticket": "*T*", "user_id": "u@p"}])
def test_a_ticket_is_read_in_both_spellings(body: dict[str, str]) -> None:
    """The two endpoints differ in nothing but their keys."""
    ticket = wire.read_ticket(reply(body))

    assert (ticket.value, ticket.user_id) == ("*T*", "u@p")


@pytest.mark.parametrize(
    ("said", "life"), [(900, timedelta(minutes=15)), ("900", timedelta(minutes=15)), (None, None), (-1, timedelta(0))]
)
def test_a_tokens_life_is_read_as_sent(said: object, life: timedelta | None) -> None:
    """Some servers send seconds as text; a missing life is not a life of nothing."""
    token = wire.read_token(reply({"access_token": "t", "expires_in": said}))

    assert token.expires_in == life


@pytest.mark.contract("extended_ecm 2.b6")
@pytest.mark.parametrize(
    ("answer", "read", "kind"),
    [
        (reply({"ticket": None, "failureReason": "locked"}), wire.read_ticket, SignInError),
        (reply({"ticket": None}), wire.read_ticket, ShapeError),
        (reply({"status": 1034, "error": "Expired OTDS SSO ticket"}, status=400), wire.read_ticket, SignInError),
        (reply({"status": 1001, "error": "no"}, status=401), wire.read_ticket, SignInError),
        (reply(b"", status=401), wire.read_token, SignInError),
        (reply({"error": "invalid_grant", "error_description": "no"}, status=400), wire.read_token, SignInError),
        (reply({"error": "invalid_scope"}, status=400), wire.read_token, InvalidError),
        (reply({"access_token": ""}), wire.read_token, ShapeError),
        (reply({"access_token": "t", "expires_in": "soon"}), wire.read_token, ShapeError),
        (reply(b"<html>", media_type="text/html"), wire.read_token, ShapeError),
    ],
)
def test_an_answer_that_is_no_token_raises_its_class(
    answer: Reply, read: Callable[[Reply], object], kind: type[ConnectorError]
) -> None:
    """Every failure needs its sentence and its decision."""
    with pytest.raises(kind):
        read(answer)


def test_a_failure_keeps_the_services_words() -> None:
    """The person is told what the service said."""
    failure = wire.read_failure(reply({"status": 2, "error": "Not an administrator"}, status=403))

    assert isinstance(failure, ForbiddenError)
    assert failure.detail == "Not an administrator"


def test_a_web_page_is_left_to_its_status() -> None:
    """A proxy's error page has no words worth repeating."""
    assert wire.read_failure(reply(b"<html>", status=502, media_type="text/html")) is None
