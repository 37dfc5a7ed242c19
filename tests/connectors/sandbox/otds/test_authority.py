"""The authority decides for every OpenText system of the sandbox who is let in."""

from datetime import timedelta

import pytest

from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World


@pytest.fixture
def authority(world: World) -> TicketAuthority:
    return TicketAuthority(world)


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("desk", "desk"),
        ("DESK@harbour", "desk"),
        ("harbour\\mira.k", "mira.k"),
        ("proofdesk@OAuthClients", "proofdesk@OAuthClients"),
        ("desk@elsewhere", None),
        ("stranger", None),
        ("stranger@OAuthClients", None),
    ],
)
def test_every_spelling_of_a_name_leads_to_one_login(authority: TicketAuthority, name: str, login: str | None) -> None:
    """Clients write names with and without their partition; both must meet the same account."""
    assert authority.login_of(name) == login


def test_a_ticket_ends_with_its_time(authority: TicketAuthority, world: World) -> None:
    """A test of an expired ticket moves the clock; the ticket must notice, and be told from an invented one."""
    ticket = authority.issue_ticket("desk", life=timedelta(minutes=5))

    world.clock.advance(timedelta(minutes=6))

    assert authority.user_of_ticket(ticket) is None
    assert authority.is_expired_ticket(ticket)
    assert not authority.is_expired_ticket("*OTDSSSO*invented*")


def test_a_bearer_header_names_its_user(authority: TicketAuthority) -> None:
    """The other systems read the header through this one door."""
    token = authority.issue_token("mira.k", client_id="proofdesk")

    user = authority.user_of_bearer(f"bearer {token.value}")

    assert user == "mira.k"


def test_a_refresh_token_works_once(authority: TicketAuthority) -> None:
    """A replayed refresh token is the mark of a stolen one."""
    token = authority.issue_token("mira.k", client_id="proofdesk")

    renewed = authority.renew_token(token.refresh_value, client_id="proofdesk")

    assert renewed is not None
    assert authority.renew_token(token.refresh_value, client_id="proofdesk") is None


def test_withdrawing_everything_lets_nobody_in(authority: TicketAuthority) -> None:
    """The control plane injects an expired session this way."""
    ticket, token = authority.issue_ticket("desk"), authority.issue_token("desk", client_id="proofdesk")

    authority.withdraw_all()

    assert authority.user_of_ticket(ticket) is None
    assert authority.user_of_token(token.value) is None


def test_tokens_are_the_same_for_a_seed_and_hidden_in_reprs(world: World) -> None:
    """Recorded exchanges stay comparable, and a log line never opens a door."""
    first = TicketAuthority(world).issue_token("desk", client_id="proofdesk")
    second = TicketAuthority(world).issue_token("desk", client_id="proofdesk")

    assert first.value == second.value
    assert first.value not in repr(first)
