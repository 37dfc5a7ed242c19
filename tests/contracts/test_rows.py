"""Rows, the calls that carry them out, and the evidence of a run."""

from pathlib import Path

import pytest

from tests.contracts.evidence import Evidence, JudgedCall, side_of
from tests.contracts.evidence import Judged as JudgedBy
from tests.contracts.rows import Asked, Contract, Contracts, Mark, Row, Side, pattern_of


def contracts(*rows: Row, beyond: dict[Side, str] | None = None) -> Contracts:
    return Contracts({"vendor": Contract(row=rows, beyond=beyond or {})})


def row(row_id: str = "1.1", *calls: str, beyond: dict[Side, str] | None = None) -> Row:
    return Row(id=row_id, says="lists things", mark=Mark.CONFIRMED, calls=calls, beyond=beyond or {})


def test_the_contracts_of_the_project_can_be_read() -> None:
    """A broken file would be noticed only by whoever prints the table."""
    assert all(each.says for each in Contracts.read().rows.values())


@pytest.mark.parametrize(
    ("path", "asked", "matches"),
    [
        ("/things/{id}", "/things/7", True),
        ("/things/{id}", "/things/7/", True),
        ("/things/{id}/", "/things/7", True),
        ("/things/{id}", "/things/7/parts", False),
        ("/things/{rest...}", "/things/7/parts", True),
        ("/things/{id}.json?page={n}", "/things/7.json", True),
        ("/things/{id}.json", "/things/7xjson", False),
    ],
)
def test_a_call_is_known_by_its_path(path: str, asked: str, matches: bool) -> None:
    """A row would be held by somebody else's call."""
    assert bool(pattern_of(path).fullmatch(asked)) is matches


def test_a_row_is_held_by_whoever_was_seen_to_call_it() -> None:
    """A row would count as held because another method was called on its path."""
    told = contracts(row("1.1", "GET /things"), row("1.2", "POST /things"))

    held = told.carried_out([Asked(side=Side.JUDGE, method="GET", path="/things/")])

    assert held == {"vendor 1.1": {Side.JUDGE}}


def test_a_row_may_excuse_a_side_as_its_whole_contract_may() -> None:
    """A table would blame a judge that does not exist."""
    told = contracts(row("1.1", beyond={Side.CLIENT: "forbidden"}), row("1.2"), beyond={Side.JUDGE: "there is none"})

    assert told.beyond("vendor 1.1", Side.CLIENT) == "forbidden"
    assert told.beyond("vendor 1.1", Side.JUDGE) == "there is none"
    assert told.beyond("vendor 1.2", Side.CLIENT) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("row = 1", "vendor.toml"),
        ('[[row]]\nid = "1.1"\nsays = "x"\nmark = "GUESSED"', "GUESSED"),
        ('[[row]]\nid = "1"\nsays = "x"\nmark = "CHOSEN"\n[[row]]\nid = "1"\nsays = "y"\nmark = "CHOSEN"', "twice"),
    ],
)
def test_a_malformed_contract_is_named(tmp_path: Path, text: str, words: str) -> None:
    """Rows would silently be left out of the table."""
    (tmp_path / "vendor.toml").write_text(text)

    with pytest.raises(ValueError, match=words):
        Contracts.read(tmp_path)


def test_an_exchange_counts_for_who_asked_it() -> None:
    """The desk's client would be praised for what a judge called."""
    seen = Evidence()

    seen.at = "tests/judges/cloudinary/test_cloudinary.py::test_it"
    seen.note_exchange(method="GET", path="/a", agent="CloudinaryPython/1")
    seen.note_exchange(method="GET", path="/b", agent="Proofdesk/0.1")
    seen.at = "tests/connectors/sandbox/cloudinary/test_api.py::test_it"
    seen.note_exchange(method="GET", path="/c", agent="python-httpx/1")

    assert {(each.side, each.path) for each in seen.asked} == {
        (Side.SANDBOX, "/a"),
        (Side.JUDGE, "/a"),
        (Side.SANDBOX, "/b"),
        (Side.CLIENT, "/b"),
        (Side.SANDBOX, "/c"),
    }


def test_evidence_travels_between_processes() -> None:
    """What a parallel run found would be lost, and rows would seem open."""
    one, other = Evidence(at="tests/connectors/iconik/test_wire.py::test_it"), Evidence()
    one.note_test(["iconik 1.1"])
    one.note_exchange(method="GET", path="/a", agent="Proofdesk/0.1")
    one.judged.append(JudgedBy(judge="sdk", calls=(JudgedCall(name="ping", reason="no answer"),)))

    other.take(one.packed())

    assert (other.named, other.asked, other.judged) == (one.named, one.asked, one.judged)


@pytest.mark.parametrize(
    ("test", "side"),
    [
        ("tests/connectors/iconik/test_wire.py::test_a", Side.CLIENT),
        ("tests/stories/test_support.py::test_a", Side.CLIENT),
        ("tests/connectors/sandbox/iconik/test_door.py::test_a", Side.SANDBOX),
        ("tests/judges/iconik/test_iconik.py::test_a", Side.JUDGE),
    ],
)
def test_a_test_is_about_the_side_that_it_lies_at(test: str, side: Side) -> None:
    """A row would be held by the wrong side."""
    assert side_of(test) is side
