"""A customer's own word about being written to: read for what it asks, and not kept."""

from datetime import UTC, datetime

import msgspec
import pytest

from app.inbox.meaning import Meaning, NotUnderstoodError, Told
from app.inbox.understanding import understand
from app.records import Channel, SendingWish

TOLD = Told(event="texts/1", source="texts", received_at=datetime(2026, 5, 12, 9, tzinfo=UTC))


def read(kind: str, **data: object) -> Meaning:
    """An event of that kind about Inès' texts."""
    body = {"type": kind, "data": {"customer": "HM-204881", "channel": "sms", **data}}
    return understand(msgspec.json.encode(body), TOLD)


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("STOP", SendingWish.STOP),
        ("arrêt svp", SendingWish.STOP),
        ("Start", SendingWish.START),
        ("Stopped by yesterday, nobody home", None),
        ("HELP", None),
        ("", None),
    ],
)
def test_the_first_word_decides(words: str, wish: SendingWish | None) -> None:
    """STOP would be ignored, or a chat taken for it."""
    meaning = read("message.replied", text=words)

    assert [word.wish for word in meaning.words] == ([wish] if wish else [])
    assert meaning.claims == ()


def test_what_was_typed_is_not_kept() -> None:
    """What somebody wrote about their illness would lie in the list."""
    meaning = read("message.replied", text="STOP writing to me, I am in hospital")

    assert "hospital" not in repr(meaning)


def test_a_carrier_that_acts_by_itself_is_noted() -> None:
    """The agent would lift what only the customer can."""
    (word,) = read("message.replied", text="STOP", toll_free=True).words

    assert word.is_kept_by_carrier


def test_a_word_that_the_carrier_does_not_know_counts_here() -> None:
    """Nobody would act on it, and the next text would go out all the same."""
    (word,) = read("message.replied", text="ARRET", toll_free=True).words

    assert (word.wish, word.is_kept_by_carrier) == (SendingWish.STOP, False)


def test_no_word_is_of_tomorrow() -> None:
    """One START from a clock that is ahead by years would outweigh every STOP until then."""
    body = {"type": "message.replied", "time": "2099-01-01T00:00:00Z"}
    data = {"customer": "HM-204881", "channel": "sms", "text": "START"}

    (word,) = understand(msgspec.json.encode({**body, "data": data}), TOLD).words

    assert word.at == TOLD.received_at


def test_an_unsubscribe_says_how_far_it_reaches() -> None:
    """Who left the newsletter would get no bill."""
    (word,) = read("message.unsubscribed", channel="email", scope="Marketing").words

    assert (word.channel, word.scope, word.at) == (Channel.EMAIL, "marketing", TOLD.received_at)


@pytest.mark.parametrize("lacks", [{"customer": ""}, {"channel": "pigeon"}])
def test_a_word_of_nobody_is_not_understood(lacks: dict[str, str]) -> None:
    """It would close nothing and look as if it had."""
    with pytest.raises(NotUnderstoodError):
        read("message.unsubscribed", **lacks)
