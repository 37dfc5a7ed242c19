"""Who may do what: every role and every action, and the sentence for whoever may not."""

import pytest

from app.rules.roles import MAY, Action, Role, may, needs_reason, objection_to

ADMINISTRATORS = {
    Action.COMPOSE: {Role.TEMPLATE_OWNER},
    Action.JUDGE_ASSETS: {Role.MEDIA},
    Action.FILE: {Role.ARCHIVIST},
    Action.FORGET_CUSTOMER: {Role.ARCHIVIST},
    Action.EXPORT_EVENTS: {Role.ARCHIVIST},
    Action.RESEND: {Role.AGENT},
    Action.LIFT_SUPPRESSION: {Role.AGENT},
    Action.CLOSE_CHANNEL: {Role.AGENT},
    Action.DISMISS_SILENCE: {Role.AGENT},
    Action.REPLAY_EVENTS: {Role.AGENT},
    Action.OPEN_DOCUMENT: {Role.AGENT, Role.ARCHIVIST},
    Action.SAVE_COPY: {Role.AGENT, Role.ARCHIVIST},
    Action.REVEAL: {Role.AGENT, Role.ARCHIVIST},
    Action.STEER_SYSTEM: set[Role](),
    Action.CONNECT: set[Role](),
    Action.CHANGE_SETTINGS: set[Role](),
    Action.CHANGE_ROLE: set[Role](),
    Action.MEND_ENTRY: set(Role),
    Action.SIGN_OUT: set(Role),
}
"""Who may do each besides the administrator, who may do everything."""


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_every_role_may_what_the_table_says_and_nothing_else(role: Role, action: Action) -> None:
    """A line that nobody thought of gives a right, or takes one from those who need it."""
    expected = role is Role.ADMINISTRATOR or role in ADMINISTRATORS[action]

    assert may(role, action) is expected
    assert (objection_to(role, action) == "") is expected


def test_no_role_is_left_out_of_the_table() -> None:
    """Whoever has it could not do anything, or the desk would not open."""
    assert set(MAY) == set(Role)
    assert set(ADMINISTRATORS) == set(Action)


def test_the_sentence_names_the_role_and_who_can_help() -> None:
    """“Forbidden” leaves a person with nobody to ask."""
    assert objection_to(Role.AGENT, Action.FILE) == "Filing needs the role archivist; ask your administrator."
    assert objection_to(Role.MEDIA, Action.REVEAL) == (
        "Revealing personal values needs the role agent or archivist; ask your administrator."
    )
    assert objection_to(Role.MEDIA, Action.CONNECT) == (
        "Connecting systems needs the role administrator; ask your administrator."
    )


def test_only_an_agent_with_an_ordinary_customer_needs_no_reason() -> None:
    """Looking without a reason is for those whose work it is all day."""
    asked = {(role, is_restricted) for role in Role for is_restricted in (False, True)}

    assert {each for each in asked if not needs_reason(each[0], is_restricted=each[1])} == {(Role.AGENT, False)}
