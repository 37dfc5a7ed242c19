"""The directory as administrators change it: who comes, who goes, who is in which group."""

from http import HTTPStatus

import pytest

from connectors.sandbox.otds import OtdsSandbox
from tests.connectors.sandbox.otds.test_app import request


def signed_in(sandbox: OtdsSandbox) -> dict[str, str]:
    return {"OTDSTicket": sandbox.authority.issue_ticket("desk")}


def add(sandbox: OtdsSandbox, name: str) -> int:
    made = request(sandbox, "POST", "/otdsws/rest/users", headers=signed_in(sandbox), json={"name": name})
    return made.status_code


def sign_in(sandbox: OtdsSandbox, name: str, password: str) -> int:
    body = {"userName": name, "password": password}
    return request(sandbox, "POST", "/otdsws/rest/authentication/credentials", json=body).status_code


def test_a_new_person_signs_in_with_the_password_that_was_set(sandbox: OtdsSandbox) -> None:
    """A person in the directory who cannot sign in is none."""
    add(sandbox, "judith")

    before = sign_in(sandbox, "judith", "gavel")
    path, body = "/otdsws/rest/users/judith/password", {"newPassword": "gavel"}
    request(sandbox, "PUT", path, headers=signed_in(sandbox), json=body)

    assert (before, sign_in(sandbox, "judith", "gavel")) == (401, 200)


def test_somebody_who_is_gone_holds_no_good_ticket(sandbox: OtdsSandbox) -> None:
    """A person who left would go on working until their ticket ends."""
    ticket = sandbox.authority.issue_ticket("mira.k")

    request(sandbox, "DELETE", "/otdsws/rest/users/mira.k@harbour", headers=signed_in(sandbox))

    assert sandbox.authority.user_of_ticket(ticket) is None


def test_a_name_is_given_once(sandbox: OtdsSandbox) -> None:
    """Two people of one name would share their rights."""
    assert (add(sandbox, "judith"), add(sandbox, "judith")) == (201, 409)


def test_members_of_a_group_are_read_and_leave_with_their_account(sandbox: OtdsSandbox) -> None:
    """Rights are given to groups: an empty one opens nothing, a stale one too much."""
    headers = signed_in(sandbox)
    into = {"stringList": ["support@harbour"]}

    request(sandbox, "POST", "/otdsws/rest/users/mira.k@harbour/memberof", headers=headers, json=into)
    both = request(sandbox, "GET", "/otdsws/rest/groups/support/members", headers=headers).json()["users"]
    request(sandbox, "DELETE", "/otdsws/rest/users/mira.k@harbour", headers=headers)
    left = request(sandbox, "GET", "/otdsws/rest/groups/support/members", headers=headers).json()["users"]

    assert [each["name"] for each in both] == ["ada.l", "mira.k"]
    assert [each["name"] for each in left] == ["ada.l"]


def test_the_groups_of_a_person_are_listed(sandbox: OtdsSandbox) -> None:
    """What somebody may do follows from it."""
    path = "/otdsws/rest/users/ada.l/memberof"

    groups = request(sandbox, "GET", path, headers=signed_in(sandbox)).json()["groups"]

    assert [each["name"] for each in groups] == ["support"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "users", {}, HTTPStatus.BAD_REQUEST),
        ("POST", "users", {"name": "x", "userPartitionID": "nowhere"}, HTTPStatus.NOT_FOUND),
        ("PATCH", "users/nobody", {"description": "x"}, HTTPStatus.NOT_FOUND),
        ("PUT", "users/desk/password", {}, HTTPStatus.BAD_REQUEST),
        ("POST", "users/desk/memberof", {}, HTTPStatus.BAD_REQUEST),
        ("POST", "groups/nobodys/memberof", {"stringList": ["support"]}, HTTPStatus.NOT_FOUND),
        ("PUT", "resources/nothing", {}, HTTPStatus.NOT_FOUND),
        ("PATCH", "oauthclients/nobody", {}, HTTPStatus.NOT_FOUND),
        ("GET", "accessroles/nothing", {}, HTTPStatus.NOT_FOUND),
        ("POST", "consolidation", {"objectToConsolidate": "nothing"}, HTTPStatus.NOT_FOUND),
    ],
)
def test_what_cannot_be_done_is_refused_in_the_services_own_shape(
    sandbox: OtdsSandbox, method: str, path: str, body: dict[str, object], status: int
) -> None:
    """A half-made account is worse than none."""
    refused = request(sandbox, method, f"/otdsws/rest/{path}", headers=signed_in(sandbox), json=body)

    assert (refused.status_code, set(refused.json())) == (status, {"status", "error", "errorDetails"})


def test_nobody_administers_without_signing_in(sandbox: OtdsSandbox) -> None:
    """Anybody on the network could make themselves an account."""
    refused = request(sandbox, "POST", "/otdsws/rest/users", json={"name": "stranger"})

    assert refused.status_code == HTTPStatus.UNAUTHORIZED
