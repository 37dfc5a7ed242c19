"""How the fields of an event are read."""

from datetime import UTC, datetime, timedelta

import pytest

from app.inbox.meaning import moment, without_addresses


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("550 5.1.1 <ines@lamer.example>: unknown", "550 5.1.1 <(address)>: unknown"),
        ("ines@lamer.example, joao@norte.example", "(address), (address)"),
        ("mailbox full", "mailbox full"),
        ("unknown subscriber +49 1520 0091736", "unknown subscriber (number)"),
        ("to 0033 6 39 98 00 42: expired", "to (number): expired"),
        ("id 2026051209000012 from 10.0.0.1 at 2026-05-12T09:00:00+02:00", None),
    ],
)
def test_addresses_are_taken_out_of_a_reason(words: str, left: str | None) -> None:
    """Refusing servers repeat them, and the timeline is read by many. None: nothing is."""
    assert without_addresses(words) == (words if left is None else left)


@pytest.mark.timeout(120)
def test_a_reason_of_a_megabyte_costs_little() -> None:
    """One crafted event must not hold up the engine."""
    words = "x" * 1_000_000

    assert without_addresses(words) == words


NINE = datetime(2026, 5, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2026-05-12T09:00:00Z", NINE),
        ("2026-05-12T11:00:00+02:00", NINE),
        ("2026-05-12T09:00:00", NINE),
        (1_778_576_400, NINE),
        (1_778_576_400_000, NINE),
        (1_778_576_400.25, NINE + timedelta(seconds=0.25)),
        ("1778576400", NINE),
        ("1778576400.25", NINE + timedelta(seconds=0.25)),
        ("1778576400000", NINE),
        ("1778010112345", datetime(2026, 5, 5, 19, 41, 52, 345_000, tzinfo=UTC)),
        (20_260_512, datetime(2026, 5, 12, tzinfo=UTC)),
        ("20260512T090000Z", NINE),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00Z", None),
        (float("inf"), None),
        (10**18, None),
        (-1, None),
        (True, None),
        ("soon", None),
    ],
)
def test_a_time_is_read_as_senders_write_it(said: object, when: datetime | None) -> None:
    """Of two claims the one that arrived last would stand, whichever happened last."""
    assert moment(said) == when
