"""In which language a proof is, against which its customer reads: findings, and the way there in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.records import Channel, Finding, FindingLevel
from app.rules.locales import canonical, lookup

_PLACE = "Language"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageReport:
    """What was asked, what was taken, and what is wrong with it."""

    sentences: tuple[str, ...]
    findings: tuple[Finding, ...]


def language_report(
    wanted: str, available: tuple[str, ...], *, default: str, is_legal: bool, spoken: Mapping[Channel, str]
) -> LanguageReport:
    """``wanted``: what the record's customer reads; ``available``: the template's languages, empty when not told.

    ``spoken`` is what the outputs say of themselves. What nobody says is not checked, and said to be unknown.
    """
    if not wanted:
        return LanguageReport(sentences=("The record does not say which language its customer reads.",), findings=())
    if not available:
        words = "the composer does not say which languages the template is in"
        return LanguageReport(sentences=(f"Asked: {canonical(wanted)}. Nothing was looked up: {words}.",), findings=())
    choice = lookup(wanted, available, default=default, may_fall_back=not is_legal)
    sentences = [f"Asked: {canonical(wanted)}. The template is in {', '.join(available)}."]
    sentences += [step.reason for step in choice.steps if step.reason]
    findings: list[Finding] = []
    if choice.chosen is None:
        why = "legal text is never shown in another language" if is_legal else "there is no default either"
        sentences.append(f"Taken: none ({choice.path}); {why}.")
        findings.append(
            _found(FindingLevel.ERROR, f"There is no {canonical(wanted)} version, and {why}: do not send it")
        )
    else:
        sentences.append(f"Taken: {choice.chosen} ({choice.path}).")
        if choice.is_default:
            findings.append(
                _found(
                    FindingLevel.WARNING,
                    f"{canonical(wanted)} is not there: {choice.chosen} stands in, and is no match",
                )
            )
        for channel, language in spoken.items():
            if language and canonical(language) != canonical(choice.chosen):
                words = f"It says that it is in {language}; by lookup {choice.chosen} is to be taken"
                findings.append(_found(FindingLevel.ERROR, words, channel))
    return LanguageReport(sentences=tuple(sentences), findings=tuple(findings))


def _found(level: FindingLevel, sentence: str, channel: Channel | None = None) -> Finding:
    place = f"{channel.label} · language" if channel else _PLACE
    return Finding(level=level, sentence=sentence, place=place, channel=channel)
