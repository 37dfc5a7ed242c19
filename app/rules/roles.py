"""Who may do what on this desk: one table of roles and actions, and the sentence for everybody who may not.

A guard-rail for people who share a desk, not a wall (docs/decisions/0016): what an account may do in a system, that
system decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a person is here for."""

    AGENT = "agent"
    TEMPLATE_OWNER = "template owner"
    MEDIA = "media"
    ARCHIVIST = "archivist"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """Something that changes or reveals, in the words that begin “… needs the role”."""

    JUDGE_ASSETS = "Approving and rejecting assets"
    COMPOSE = "Composing proofs"
    FILE = "Filing"
    RESEND = "Sending again"
    LIFT_SUPPRESSION = "Lifting a suppression"
    CLOSE_CHANNEL = "Closing a channel"
    DISMISS_SILENCE = "Dismissing a silence"
    OPEN_DOCUMENT = "Opening a customer's document"
    SAVE_COPY = "Saving a customer's document"
    REVEAL = "Revealing personal values"
    FORGET_CUSTOMER = "Forgetting a customer"
    MEND_ENTRY = "Mending what waits"
    STEER_SYSTEM = "Pausing and resuming a system"
    REPLAY_EVENTS = "Replaying events"
    EXPORT_EVENTS = "Exporting events"
    CONNECT = "Connecting systems"
    CHANGE_SETTINGS = "Changing this desk's settings"
    CHANGE_ROLE = "Changing the role"
    SIGN_OUT = "Signing out"


class RevealReason(StrEnum):
    """Why personal values are looked at. A choice and not typed words, which could name somebody."""

    CONTACT = "contact"
    """The customer is in touch just now."""
    COMPLAINT = "complaint"
    REQUEST = "request"
    """They asked what is known of them."""
    CHECK = "check"
    """Something about the data is wrong."""


_EVERYBODY: Final = frozenset({Action.MEND_ENTRY, Action.SIGN_OUT})
"""Nobody is kept from mending or leaving: what waits was wished by somebody who might."""

MAY: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        Role.AGENT: _EVERYBODY
        | {
            Action.RESEND,
            Action.LIFT_SUPPRESSION,
            Action.CLOSE_CHANNEL,
            Action.DISMISS_SILENCE,
            Action.OPEN_DOCUMENT,
            Action.SAVE_COPY,
            Action.REVEAL,
            Action.REPLAY_EVENTS,
        },
        Role.TEMPLATE_OWNER: _EVERYBODY | {Action.COMPOSE},
        Role.MEDIA: _EVERYBODY | {Action.JUDGE_ASSETS},
        Role.ARCHIVIST: _EVERYBODY
        | {
            Action.FILE,
            Action.OPEN_DOCUMENT,
            Action.SAVE_COPY,
            Action.REVEAL,
            Action.FORGET_CUSTOMER,
            Action.EXPORT_EVENTS,
        },
        Role.ADMINISTRATOR: frozenset(Action),
    }
)


def may(role: Role, action: Action) -> bool:
    """Whether ``role`` may do ``action``."""
    return action in MAY[role]


def objection_to(role: Role, action: Action) -> str:
    """Why ``role`` may not do ``action``, in one sentence; empty when it may."""
    if may(role, action):
        return ""
    those = [each.value for each in Role if may(each, action) and each is not Role.ADMINISTRATOR]
    return f"{action.value} needs the role {' or '.join(those or [Role.ADMINISTRATOR.value])}; ask your administrator."


def needs_reason(role: Role, *, is_restricted: bool) -> bool:
    """Whether revealing an address needs a reason.

    An agent looks because somebody calls, many times a day. Everybody else looks at the exception, and so does whoever
    looks at a customer who asked to be forgotten.
    """
    return role is not Role.AGENT or is_restricted
