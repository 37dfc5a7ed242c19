"""Who is let in, how often, and what is said to the others."""

from datetime import timedelta

import pytest

from connectors.errors import SignInError
from connectors.iconik import IconikClient
from connectors.iconik.models import User
from connectors.sandbox.iconik.door import WINDOW, WINDOW_CALLS
from connectors.sandbox.iconik.tokens import LOGIN_LASTS
from tests.connectors.sandbox.iconik.desk import Desk

WHO_AM_I = "/API/users/v1/users/current/"


async def who(iconik: IconikClient) -> User:
    """The cheapest signed-in call."""
    return await iconik.current_user()


@pytest.mark.contract("iconik 2.1", "iconik 1.4")
def test_a_token_acts_as_its_default_user(desk: Desk) -> None:
    """Decisions are made in this person's name."""
    assert desk.run(who).email == desk.secrets["email"]


def test_a_password_acts_as_its_owner(desk: Desk) -> None:
    """Two people with one name on every decision would be no review."""
    assert desk.run_as("Lea Moreau", who).email == desk.email_of("Lea Moreau")


def test_a_wrong_password_is_a_refused_sign_in(desk: Desk) -> None:
    """iconik answers 400 to it; the person must still land on the sign-in card."""
    client = desk.open_with_password(desk.secrets["email"], "wrong")

    with pytest.raises(SignInError):
        desk.run_with(client, who)


@pytest.mark.contract("iconik 3.3")
@pytest.mark.parametrize("changed", [{"auth_token": "no such token"}, {"app_id": "another application"}])
def test_a_wrong_token_is_refused(desk: Desk, changed: dict[str, str]) -> None:
    """Half a credential is none."""
    with pytest.raises(SignInError, match="Token is invalid"):
        desk.run_with(desk.open(**changed), who)


def test_a_tokens_id_is_no_token(desk: Desk) -> None:
    """People paste it by mistake (§17); that must show at once and not as missing roles."""

    async def token_id(iconik: IconikClient) -> str:
        return (await iconik.check_token()).id

    pasted = desk.run(token_id)

    with pytest.raises(SignInError):
        desk.run_with(desk.open(auth_token=pasted), who)


def test_an_expired_login_is_renewed_without_a_person(desk: Desk) -> None:
    """A working day is longer than a token."""

    async def before_and_after(iconik: IconikClient) -> bool:
        before = await iconik.current_user()
        desk.world.clock.advance(LOGIN_LASTS + timedelta(minutes=1))
        return await iconik.current_user() == before

    assert desk.run_as("Lea Moreau", before_and_after)


@pytest.mark.contract("iconik 1.3")
@pytest.mark.parametrize("path", [WHO_AM_I, WHO_AM_I.rstrip("/")])
def test_paths_are_served_with_and_without_their_slash(desk: Desk, path: str) -> None:
    """A published client omits it on some calls."""
    assert desk.ask("GET", path).status_code == 200


@pytest.mark.contract("iconik 4.2")
def test_every_answer_tells_what_is_left_of_the_budget(desk: Desk) -> None:
    """The Activity page shows it."""
    first, second = desk.ask("GET", WHO_AM_I), desk.ask("GET", WHO_AM_I)

    assert int(first.headers["RateLimit-Remaining"]) - int(second.headers["RateLimit-Remaining"]) == 1


@pytest.mark.contract("iconik 4.1", "iconik 3.9")
def test_too_many_calls_are_turned_away_until_the_window_has_passed(desk: Desk) -> None:
    """1,000 in 20 seconds is the documented limit; a desk that never met it would never slow down."""
    for _ in range(WINDOW_CALLS):
        desk.ask("GET", WHO_AM_I)

    refused = desk.ask("GET", WHO_AM_I)
    desk.world.clock.advance(WINDOW)
    later = desk.ask("GET", WHO_AM_I)

    assert (refused.status_code, refused.json()) == (429, {"errors": ["Too many requests"]})
    assert later.status_code == 200


@pytest.mark.contract("iconik 3.1")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/API/assets/v1/nothing/here/", 404),
        ("DELETE", "/API/users/v1/users/current/", 405),
        ("GET", "/API/assets/v1/assets/00000000-0000-0000-0000-000000000000/", 404),
        ("GET", "/API/assets/v1/assets/?page=9999", 404),
        ("GET", "/API/assets/v1/assets/?per_page=0", 400),
        ("GET", "/API/assets/v1/assets/?per_page=ten", 400),
    ],
)
def test_refusals_have_the_vendors_shape(desk: Desk, method: str, path: str, status: int) -> None:
    """A client that reads ``errors`` must find it everywhere."""
    refused = desk.ask(method, path)

    assert refused.status_code == status
    assert set(refused.json()) == {"errors"}


@pytest.mark.parametrize("content", [b"{", b"[]", b'"text"'])
def test_a_malformed_body_is_a_400(desk: Desk, content: bytes) -> None:
    """A broken body must not become a fault of the server's."""
    login = desk.ask_unsigned("POST", "/API/auth/v1/auth/simple/login/", content=content)

    assert login.status_code == 400
    assert set(login.json()) == {"errors"}


@pytest.mark.contract("iconik 3.2")
def test_a_missing_field_is_named(desk: Desk) -> None:
    """The page shows the sentence beside the field."""
    refused = desk.ask("POST", "/API/assets/v1/assets/", json={})

    assert refused.json() == {"errors": {"title": "Missing data for required field."}}


@pytest.mark.parametrize("object_ids", [[{}], [[1]], [None], ["not an id"]])
@pytest.mark.parametrize("path", ["/API/metadata/v1/assets/views/{view}/", "/API/assets/v1/approvals/bulk/"])
def test_ids_that_are_none_are_refused(desk: Desk, path: str, object_ids: list[object]) -> None:
    """A list of anything must not become a fault of the server's."""
    method = "PUT" if "views" in path else "POST"
    body = {"object_ids": object_ids, "object_type": "assets", "status": "APPROVED", "metadata_values": {}}

    refused = desk.ask(method, path.format(view=desk.view("Marketing")), json=body)

    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"object_ids"})
