"""What an HTML output shows: its pictures, its links and how heavy it is. Reads, never renders, never fetches."""

from dataclasses import dataclass
from html.parser import HTMLParser

from app.records import Channel, Finding, FindingLevel
from app.rules.renditions import mail_weight_finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """One picture of the page, in reading order from 1."""

    place: int
    address: str
    alt_text: str | None
    """None where the page has no alt attribute at all; an empty one marks decoration."""
    width_px: int = 0
    """As the page says; 0 where it does not, or not in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlFacts:
    """What was read off one page."""

    pictures: tuple[ShownPicture, ...]
    links: tuple[str, ...]
    scripts: int
    language: str = ""
    """As the page says of itself; empty when it does not."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures: list[ShownPicture] = []
        self.links: list[str] = []
        self.scripts = 0
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "html":
            self.language = named.get("lang") or ""
        if tag == "img" and named.get("src"):
            self.pictures.append(
                ShownPicture(
                    place=len(self.pictures) + 1,
                    address=named["src"] or "",
                    alt_text=(named["alt"] or "") if "alt" in named else None,
                    width_px=_pixels(named.get("width")),
                )
            )
        elif tag in {"video", "source"} and named.get("poster"):
            self.pictures.append(ShownPicture(place=len(self.pictures) + 1, address=named["poster"] or "", alt_text=""))
        elif tag == "a" and named.get("href"):
            self.links.append(named["href"] or "")
        elif tag == "script":
            self.scripts += 1


_LONGEST_NUMBER = 5


def _pixels(said: str | None) -> int:
    word = (said or "").strip().removesuffix("px")
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _LONGEST_NUMBER else 0


def html_facts(content: bytes) -> HtmlFacts:
    """Read ``content`` as UTF-8, replacing what is not; a broken page gives what could be read."""
    reader = _Reader()
    reader.feed(content.decode("utf-8", errors="replace"))
    reader.close()
    return HtmlFacts(
        pictures=tuple(reader.pictures),
        links=tuple(reader.links),
        scripts=reader.scripts,
        language=reader.language,
    )


def mail_findings(content: bytes) -> tuple[Finding, ...]:
    """What will go wrong with this mail at its reader's."""
    facts = html_facts(content)
    findings: list[Finding] = []
    weight = mail_weight_finding(len(content))
    if weight.level is not FindingLevel.PASSED:
        findings.append(weight)
    findings += [
        _mail(FindingLevel.WARNING, "Alt text is missing: with images off this says nothing", f"image {picture.place}")
        for picture in facts.pictures
        if picture.alt_text is None
    ]
    if facts.scripts:
        findings.append(
            _mail(FindingLevel.ERROR, "The mail carries a script, which mail readers remove", "head or body")
        )
    unsafe = sum(
        1 for link in facts.links if not link.startswith(("https:", "mailto:", "tel:", "#", "http://127.0.0.1"))
    )
    if unsafe:
        findings.append(_mail(FindingLevel.WARNING, f"{unsafe} of {len(facts.links)} links do not use HTTPS", "links"))
    return tuple(findings)


def _mail(level: FindingLevel, sentence: str, place: str) -> Finding:
    return Finding(level=level, sentence=sentence, place=f"Email · {place}", channel=Channel.EMAIL)
