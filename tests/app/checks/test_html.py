"""What is read off a page of HTML, and what will go wrong with a mail."""

import pytest

from app.checks.html import html_facts, mail_findings
from app.records import Channel, FindingLevel
from app.rules.renditions import MAIL_CLIP_BYTES


@pytest.mark.parametrize(
    ("page", "addresses"),
    [
        ('<img src="a.png"><IMG SRC="b.png" />', ["a.png", "b.png"]),
        ('<img src="a?x=1&amp;y=2">', ["a?x=1&y=2"]),
        ("<img><img src=''>", []),
        ('<video poster="p.jpg"><source poster="q.jpg"></video>', ["p.jpg", "q.jpg"]),
        ('<!-- <img src="old.png"> -->', []),
        ('<img src="half', []),
    ],
)
def test_the_pictures_of_a_page_are_found_in_reading_order(page: str, addresses: list[str]) -> None:
    """The bill would miss what is shown, or name what is not."""
    pictures = html_facts(page.encode()).pictures

    assert [picture.address for picture in pictures] == addresses
    assert [picture.place for picture in pictures] == list(range(1, len(addresses) + 1))


def test_no_alt_text_and_an_empty_one_are_two_things() -> None:
    """Decoration would be reported, and a missing description not."""
    page = b'<img src="a"><img src="b" alt=""><img src="c" alt="A roof">'

    assert [picture.alt_text for picture in html_facts(page).pictures] == [None, "", "A roof"]


def test_bytes_that_are_no_text_are_read_as_far_as_they_go() -> None:
    """One wrong byte would leave a proof without any check."""
    facts = html_facts(b'\xff\xfe<img src="a.png">')

    assert [picture.address for picture in facts.pictures] == ["a.png"]


@pytest.mark.parametrize(
    ("page", "level", "word"),
    [
        (b"x" * (MAIL_CLIP_BYTES + 1), FindingLevel.ERROR, "clips at 102 KB"),
        (b'<img src="a">', FindingLevel.WARNING, "Alt text is missing"),
        (b"<script>1</script>", FindingLevel.ERROR, "script"),
        (b'<a href="http://example.com">x</a>', FindingLevel.WARNING, "1 of 1 links do not use HTTPS"),
    ],
)
def test_each_trouble_of_a_mail_is_one_finding(page: bytes, level: FindingLevel, word: str) -> None:
    """Readers would meet it first."""
    findings = mail_findings(page)

    assert [(each.level, each.channel) for each in findings] == [(level, Channel.EMAIL)]
    assert word in findings[0].sentence
    assert findings[0].place.startswith("Email · ")


def test_a_mail_without_trouble_has_no_findings() -> None:
    """Owners would learn to look past them."""
    page = (
        b'<a href="https://a"><img src="a" alt=""></a><a href="mailto:a@b">x</a><a href="tel:1">y</a><a href="#z">z</a>'
    )

    assert mail_findings(page) == ()
