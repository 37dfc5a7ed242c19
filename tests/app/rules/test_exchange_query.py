"""The search over exchanges: what is asked for is found, and what cannot be understood is pointed at."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.exchange_query import ExchangeKey, read


@dataclass(frozen=True, kw_only=True)
class Call:
    """An exchange as it is asked about."""

    system: str = "iconik"
    call: str = "list assets"
    method: str = "GET"
    address: str = "app.iconik.io/API/assets/v1/assets/a1/?page=2"
    took: timedelta = timedelta(milliseconds=94)
    status: int | None = 200
    outcome: str = "done"
    request_id: str = "7f3a20c4"
    entry: int | None = None


FAILED = Call(status=503, outcome="VendorFaultError", took=timedelta(seconds=5))
UNANSWERED = Call(status=None, outcome="UnansweredError")


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("system:iconik", Call(), Call(system="Core DAM")),
        ("system:core-dam,exstream", Call(system="Core DAM"), Call()),
        ("SYSTEM:Extended_ECM", Call(system="Extended ECM"), Call()),
        ("status:503", FAILED, Call()),
        ("status:5xx", FAILED, Call()),
        ("status:none", UNANSWERED, FAILED),
        ("status:404,5xx", FAILED, Call()),
        ("call:list", Call(), Call(call="read asset")),
        ('call:"list assets"', Call(), Call(call="list asset")),
        ("outcome:failed", UNANSWERED, Call()),
        ("outcome:done", Call(), FAILED),
        ("outcome:vendor-fault", FAILED, UNANSWERED),
        ("slower:500ms", FAILED, Call()),
        ("slower:>500ms", FAILED, Call()),
        ("slower:90", Call(), Call(took=timedelta(milliseconds=90))),
        ("slower:1.5s", FAILED, Call(took=timedelta(milliseconds=1_500))),
        ("slower:500ms,2s", Call(took=timedelta(seconds=1)), Call()),
        ("entry:12", Call(entry=12), Call(entry=1)),
        ("entry:#12", Call(entry=12), Call()),
        ("7f3a20", Call(), Call(request_id="")),
        ("assets/a1 get", Call(), Call(method="POST")),
        ("https://app.iconik.io", Call(address="https://app.iconik.io/"), Call()),
        ("system:iconik outcome:failed slower:1s", FAILED, UNANSWERED),
        ("", Call(), None),
    ],
)
def test_what_is_asked_for_is_found(text: str, wanted: Call, unwanted: Call | None) -> None:
    """The one failure among two thousand exchanges would stay hidden."""
    query = read(text)

    assert query.complaints == ()
    assert query.takes(wanted)
    assert unwanted is None or not query.takes(unwanted)


@pytest.mark.parametrize(
    ("text", "pointed_at", "said"),
    [
        ("get system:iconic", "iconic", "Try iconik."),
        ("sistem:iconik", "sistem:iconik", "There is no “sistem:”. Try system:."),
        ("status:600", "600", "“600” is no status. Try 404, 5xx or none."),
        ("status:5xx,abc get", "abc", "is no status"),
        ("outcome:faild", "faild", "Try failed."),
        ("slower:soon", "soon", "“soon” is no time. Try 500ms or 2s."),
        ("slower:<500ms", "<500ms", "is no time"),
        ("entry:abc", "abc", "is no entry"),
        ("system:", "system:", "Which system? Try iconik or core-dam."),
    ],
)
def test_a_complaint_points_at_the_word(text: str, pointed_at: str, said: str) -> None:
    """A list that is empty for a typing error looks like a day without trouble."""
    [complaint] = read(text).complaints

    assert text[complaint.start : complaint.end] == pointed_at
    assert said in complaint.sentence


def test_what_cannot_be_understood_narrows_nothing() -> None:
    """While a value is typed, the list would flicker empty."""
    assert read("status:60").takes(Call())


@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*ExchangeKey, ":", ",", '"', "<", ">", "5xx", " "])).map("".join)
)
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    """A keystroke must not end in an apology."""
    query = read(text)

    query.takes(Call())
    assert all(0 <= each.start <= each.end <= len(text) for each in query.complaints)
