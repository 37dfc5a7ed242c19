"""What the page says, and which pictures it lets through."""

import pytest

from app.records import AssetState, BillItem, Finding, FindingLevel
from app.use_cases.compose_proof import Composition
from tests.ui.pages.proofs.fakes import BANNER, proof_of, record, template
from ui.pages.proofs import words
from ui.pages.proofs.shelf import ProofKey, ProofShelf


def bill_item(address: str, *, known: bool = True) -> BillItem:
    """One picture, traced to a library or not."""
    return BillItem(
        slot="picture 1",
        name="banner",
        version="v1",
        key=BANNER if known else None,
        state=AssetState.APPROVED,
        address=address,
    )


@pytest.mark.parametrize(
    ("name", "said"), [("mira.kovac", "MK"), ("Mira Kovac", "MK"), ("lea", "L"), ("", ""), ("t.lind@hm.example", "TL")]
)
def test_initials(name: str, said: str) -> None:
    """The owner is found by them."""
    assert words.initials(name) == said


def test_only_pictures_of_libraries_may_be_fetched() -> None:
    """A tracking pixel in a template would report every look at a proof."""
    html = (
        b'<img src="https://dam.example/a.png?x=1&amp;y=2"><img src="https://dam.example/b.png">'
        b'<img src="https://tracker.example/pixel.gif"><img src="http://dam.example/plain.png">'
    )
    bill = (bill_item("https://dam.example/a.png?x=1&y=2"), bill_item("https://tracker.example/pixel.gif", known=False))

    allowed = words.allowed_pictures(html, bill)

    assert allowed == {"https://dam.example/a.png?x=1&y=2", "https://dam.example/b.png"}


def test_the_dear_character_is_named_with_its_place() -> None:
    """Without the place it is searched for in three hundred characters."""
    said = words.sms_words("Do not worry, it’s paid")

    assert ("Because of", "’ U+2019 at 17") in said.facts
    assert ("In plain form", "1 segment, GSM-7") in said.facts


def test_a_character_that_cannot_be_seen_has_a_name() -> None:
    """“Because of ” and then nothing explains nothing."""
    said = words.sms_words("318,40\u00a0€")

    assert ("Because of", "no-break space U+00A0 at 7") in said.facts


def test_a_plain_message_blames_nobody() -> None:
    """A finding without a cause teaches people to overlook findings."""
    said = words.sms_words("All is well")

    assert said.driver_at is None
    assert said.facts == (("Encoding", "GSM-7"), ("Characters", "11"))


@pytest.mark.parametrize(
    ("place", "number"), [("Email · image 3", 3), ("Bill of assets · picture 2", 2), ("Email · whole mail", None)]
)
def test_the_place_of_a_finding(place: str, number: int | None) -> None:
    """A finding leads to where it is."""
    finding = Finding(level=FindingLevel.WARNING, sentence="", place=place)

    assert words.picture_place(finding) == number


def test_another_value_is_another_composition() -> None:
    """A proof of old data would be shown for the new."""
    one, other = record("Inès"), type(record("Inès"))(id="Inès", name="Inès", data={"customer": {"name": "Agnès"}})

    assert ProofKey.of(template("T"), one) != ProofKey.of(template("T"), other)


def test_the_shelf_gives_up_what_was_not_looked_at() -> None:
    """Sixty proofs of several megabytes are enough for one window."""
    shelf = ProofShelf(most=2)
    kept = [record(name) for name in ("a", "b", "c")]
    keys = [ProofKey.of(template("T"), each) for each in kept]
    for each, key in zip(kept[:2], keys[:2], strict=True):
        shelf.put(key, proof_of(Composition(template=template("T").id, record=each)))
    shelf.find(keys[0])

    shelf.put(keys[2], proof_of(Composition(template=template("T").id, record=kept[2])))

    assert [shelf.find(key) is not None for key in keys] == [True, False, True]
