"""What the page says about templates, records, proofs and findings. Pure: records in, words out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from app.checks.html import html_facts
from app.records import (
    AssetState,
    BillItem,
    Channel,
    DriverRecord,
    Finding,
    FindingLevel,
    Proof,
    ProofOutput,
    Template,
    TemplateState,
)
from app.rules.sms import SmsEncoding, plain_form, sms_cost
from app.wording import age, clock_time
from ui.widgets import StateMark
from ui.widgets.sms_view import SmsWords

_TEMPLATE_MARKS = {
    TemplateState.DRAFT: StateMark.DRAFT,
    TemplateState.IN_REVIEW: StateMark.IN_REVIEW,
    TemplateState.APPROVED: StateMark.APPROVED,
    TemplateState.REJECTED: StateMark.REJECTED,
    TemplateState.UNKNOWN: StateMark.MIXED,
}
_ASSET_MARKS = {
    AssetState.DRAFT: StateMark.DRAFT,
    AssetState.IN_REVIEW: StateMark.IN_REVIEW,
    AssetState.MIXED: StateMark.MIXED,
    AssetState.APPROVED: StateMark.APPROVED,
    AssetState.REJECTED: StateMark.REJECTED,
    AssetState.SUPERSEDED: StateMark.SUPERSEDED,
    AssetState.RETIRED: StateMark.RETIRED,
    AssetState.UNKNOWN: StateMark.WARNING,
}
_FINDING_MARKS = {
    FindingLevel.ERROR: StateMark.REJECTED,
    FindingLevel.WARNING: StateMark.WARNING,
    FindingLevel.PASSED: StateMark.PASSED,
}
_SHORT_S = 0.1
_CHECKED = frozenset({Channel.EMAIL, Channel.SMS})
"""The channels whose outputs the desk has checks for. Saying of another that nothing was found would be a lie."""
_PLACE = re.compile(r"\b(?:image|picture) (\d+)")


def template_state(state: TemplateState) -> tuple[StateMark, str]:
    """The shape and the word of a template's state."""
    return _TEMPLATE_MARKS[state], state.value.replace("_", " ")


def asset_state(state: AssetState) -> tuple[StateMark, str]:
    """The shape and the word of an asset's state."""
    return _ASSET_MARKS[state], state.value.replace("_", " ")


def bill_remark(item: BillItem) -> str:
    """What to know first of an asset that a proof shows: what speaks against it, or a newer version."""
    objections = [each for each in item.objections if "approved" not in each]
    if objections:
        return objections[0].removesuffix(".")
    return f"newer approved {item.newer}" if item.newer else ""


def finding_mark(level: FindingLevel) -> StateMark:
    """The shape of a finding."""
    return _FINDING_MARKS[level]


def initials(name: str) -> str:
    """``MK`` for ``mira.kovac`` and for ``Mira Kovac``; empty for nobody."""
    parts = [part for part in re.split(r"[\s._@-]+", name.partition("@")[0]) if part]
    return "".join(part[0] for part in parts[:2]).upper()


def state_counts(templates: Iterable[Template]) -> tuple[tuple[StateMark, str], ...]:
    """``approved 9`` and so on, the states that there are, approved first."""
    counted = Counter(template.state for template in templates)
    order = (
        TemplateState.APPROVED,
        TemplateState.IN_REVIEW,
        TemplateState.DRAFT,
        TemplateState.REJECTED,
        TemplateState.UNKNOWN,
    )
    return tuple(
        (template_state(state)[0], f"{template_state(state)[1]} {counted[state]}") for state in order if counted[state]
    )


def record_label(number: int, record: DriverRecord) -> str:
    """``7 · Inès Caron``."""
    return f"{number} · {record.name}"


def proof_aside(template: Template, proof: Proof | None) -> str:
    """``v14 · composed 09:41 in 0.8 s``."""
    if proof is None:
        return f"v{template.version}"
    took_s = max((output.took_s for output in proof.outputs), default=0.0)
    took = f"{took_s:.1f} s" if took_s >= _SHORT_S else f"{took_s * 1000:.0f} ms"
    return f"v{proof.version} · composed {clock_time(proof.composed_at)} in {took}"


def stale_words(proof: Proof, *, now: datetime) -> str:
    """``26 min old``."""
    return f"{age(proof.composed_at, now=now)} old"


def no_output(template_name: str, channel: Channel) -> str:
    """Why a pane is bare though the proof is composed."""
    kind = {Channel.PRINT: "letter", Channel.EMAIL: "mail", Channel.WEB: "web page", Channel.SMS: "text message"}
    return f"{template_name} has no {kind[channel]}."


def output_for(proof: Proof, channel: Channel) -> ProofOutput | None:
    """What a channel came to, or None when the template has none for it."""
    return next((output for output in proof.outputs if output.channel is channel), None)


def pane_state(proof: Proof, channel: Channel) -> tuple[StateMark, str]:
    """``1 error``, ``2 warnings``, ``no findings``, ``not checked``: the pane's own state."""
    findings = [finding for finding in proof.findings if finding.channel is channel]
    if not findings and channel not in _CHECKED:
        return StateMark.DRAFT, "not checked"
    return _worst(findings, nothing="no findings")


def findings_summary(findings: Sequence[Finding]) -> str:
    """``1 error · 2 warnings``."""
    counted = Counter(finding.level for finding in findings)
    parts = [
        _several(counted[level], word)
        for level, word in ((FindingLevel.ERROR, "error"), (FindingLevel.WARNING, "warning"))
        if counted[level]
    ]
    return " · ".join(parts) or "nothing wrong"


def _worst(findings: Sequence[Finding], *, nothing: str) -> tuple[StateMark, str]:
    for level, word in ((FindingLevel.ERROR, "error"), (FindingLevel.WARNING, "warning")):
        number = sum(1 for finding in findings if finding.level is level)
        if number:
            return finding_mark(level), _several(number, word)
    return StateMark.PASSED, nothing


def _several(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def picture_place(finding: Finding) -> int | None:
    """Which picture of its output, or which line of the bill, a finding is about; from 1."""
    hit = _PLACE.search(finding.place)
    return int(hit[1]) if hit else None


def allowed_pictures(html: bytes, bill: Sequence[BillItem]) -> frozenset[str]:
    """The pictures of ``html`` that come from where a library's asset comes from, by their exact addresses."""
    libraries = {urlsplit(item.address)[:2] for item in bill if item.key is not None}
    shown = (picture.address for picture in html_facts(html).pictures)
    return frozenset(address for address in shown if urlsplit(address)[:2] in libraries)


def _visible(char: str) -> str:
    """The character itself, or its name where there is nothing to see."""
    return char if char.isprintable() and not char.isspace() else unicodedata.name(char, "nameless").lower()


def sms_words(text: str) -> SmsWords:
    """The message with its cost in words."""
    cost = sms_cost(text)
    facts = [("Encoding", cost.encoding.value)]
    if cost.driver_at is not None:
        facts.append(("Because of", f"{_visible(cost.driver)} U+{ord(cost.driver):04X} at {cost.driver_at + 1}"))
        plain = sms_cost(plain_form(text))
        if plain.encoding is SmsEncoding.GSM_7:
            facts.append(("In plain form", f"{_several(plain.segments, 'segment')}, {plain.encoding.value}"))
    facts.append(("Characters", str(len(text))))
    return SmsWords(
        text=text,
        segments=cost.segments,
        share=cost.units / cost.room if cost.room else 0.0,
        cost=f"**{_several(cost.segments, 'segment')}** · {cost.units} of {cost.room}",
        driver_at=cost.driver_at,
        facts=tuple(facts),
    )
