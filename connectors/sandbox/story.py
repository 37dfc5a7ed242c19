"""The days of Inès Caron, HM-204881: a letter, read bills, and today a mail to a mailbox that does not exist."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from connectors.sandbox.world import DeliveryFact, SentCommunication, WorldTemplate

LATEST_RUN: Final = 4711
"""The number of the run of the day on which the sandbox was started; the day before has one less."""

_CUSTOMER: Final = "HM-204881"
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

_STORY: Final[tuple[tuple[str, str, int, tuple[tuple[str, int, int, str], ...]], ...]] = (
    (
        "renewal-notice",
        "email",
        2 * _HOUR,
        (
            ("generated", 0, 1, ""),
            ("submitted", 2, 1, ""),
            ("handed_over", 4, 0, ""),
            ("handed_over", 4, 5, ""),
            ("not_delivered", 66, 2, "5.1.1 mailbox unknown"),
        ),
    ),
    (
        "renewal-notice",
        "sms",
        _HOUR,
        (("failed", 1, 1, "not attempted: no consent for SMS at that time"),),
    ),
    (
        "monthly-bill",
        "web",
        6 * _DAY,
        (
            ("generated", 0, 1, ""),
            ("submitted", 3, 1, ""),
            ("posted", 9, 2, ""),
            ("opened", 5 * _HOUR, 4, "read for 48 s on a phone"),
        ),
    ),
    (
        "tariff-change",
        "print",
        10 * _DAY,
        (
            ("generated", 0, 1, ""),
            ("submitted", 5, 2, ""),
            ("handed_over", 4 * _HOUR, _HOUR, "tracking 3C-771-204"),
            ("posted", 8 * _HOUR, 14 * _HOUR, "tracking 3C-771-204"),
        ),
    ),
    (
        "monthly-bill",
        "email",
        13 * _DAY,
        (
            ("generated", 0, 1, ""),
            ("submitted", 3, 1, ""),
            ("handed_over", 6, 2, ""),
            ("posted", 31, 2, ""),
            ("opened", 28 * _HOUR, 3, ""),
        ),
    ),
)
"""Template, channel, seconds before the start; then the facts: kind, seconds after composing, until told, detail."""


def tell_story(began: datetime, templates: Mapping[str, WorldTemplate]) -> tuple[SentCommunication, ...]:
    """The story on those of ``templates`` (by slug) that exist and have the channel."""
    told = []
    for place, (template, channel, seconds_before, facts) in enumerate(_STORY, start=1):
        if template not in templates or channel not in templates[template].channels:
            continue
        identity = f"S-caron-{place}"
        before = timedelta(seconds=seconds_before)
        composed_at = began - before
        told.append(
            SentCommunication(
                id=identity,
                template=template,
                customer=_CUSTOMER,
                channel=channel,
                title=templates[template].name,
                composed_at=composed_at,
                job_id=str(LATEST_RUN - before.days),
                facts=tuple(
                    DeliveryFact(
                        id=f"{identity}-{kind}",
                        kind=kind,
                        at=composed_at + timedelta(seconds=after_s),
                        reported_at=composed_at + timedelta(seconds=after_s + told_s),
                        detail=detail,
                    )
                    for kind, after_s, told_s, detail in facts
                ),
                archived=facts[0][0] == "generated",
            )
        )
    return tuple(told)
