"""Which language version is taken for somebody, and what was tried on the way there.

Source: RFC 4647 §3.4 (lookup), with two rules of domain-rules 3.9 on top of it: a version in another script is never
taken for the wanted one (``zh-TW`` does not fall to ``zh-Hans``), and legal text does not fall back at all. Tags are
compared, never interpreted beyond that; no registry is asked, and nothing that is written wrongly raises.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

NEUTRAL: Final = ("zxx", "", "und", "mul")
"""What a content says of its language that has none, does not tell it, or has several (RFC 5646 §4.1); best first."""

_RANGE: Final = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*", re.ASCII)
_SCRIPT: Final = re.compile(r"[a-z]{4}", re.ASCII)
_REGION: Final = re.compile(r"[a-z]{2}|[0-9]{3}", re.ASCII)

_BY_REGION: Final = {
    "az": ("latn", {"arab": "iq ir", "cyrl": "ru"}),
    "bs": ("latn", {}),
    "kk": ("cyrl", {"arab": "af cn ir mn"}),
    "mn": ("cyrl", {"mong": "cn"}),
    "pa": ("guru", {"arab": "pk"}),
    "sr": ("cyrl", {"latn": "me ro tr"}),
    "uz": ("latn", {"arab": "af", "cyrl": "cn"}),
    "zh": ("hans", {"hant": "au bn gb gf hk id mo pa pf ph sr th tw us vn"}),
}

LIKELY_SCRIPTS: Final[Mapping[str, str]] = MappingProxyType(
    {language: script for language, (script, _) in _BY_REGION.items()}
    | {
        f"{language}-{region}": script
        for language, (_, others) in _BY_REGION.items()
        for script, regions in others.items()
        for region in regions.split()
    }
)
"""The script that a tag means without saying so, for languages that are written in several (CLDR, likely subtags)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleStep:
    """One tag that was tried."""

    tag: str
    """In canonical case, such as ``zh-Hant``."""
    reason: str
    """Why it was not taken; empty for the step that found something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleChoice:
    """What was taken and how it was come to."""

    wanted: tuple[str, ...]
    chosen: str | None
    """As its library spells it; None when there is nothing that may be shown."""
    steps: tuple[LocaleStep, ...]
    is_default: bool = False
    """Nothing that was wanted was there: this is shown instead, and is no match."""

    @property
    def is_exact(self) -> bool:
        """Whether it is what was wanted first, and no fallback."""
        return bool(self.wanted) and self.chosen is not None and canonical(self.chosen) == canonical(self.wanted[0])

    @property
    def path(self) -> str:
        """``pt-BR → pt``; a default is told as such, and nothing found as ``missing``."""
        tried = [step.tag for step in self.steps]
        if self.chosen is None:
            tried.append("missing")
        elif self.is_default:
            tried.append("any language" if canonical(self.chosen) in NEUTRAL else f"default {self.chosen}")
        return " → ".join(tried)


def canonical(tag: str) -> str:
    """``tag`` in the case that people write (RFC 5646 §2.1.1): ``ZH-hANT-tw`` is ``zh-Hant-TW``.

    An underscore is read as a hyphen: several systems write ``fr_CA`` (CHOSEN). Total and idempotent.
    """
    subtags = _subtags(tag)
    plain = len(_before_extensions(subtags))
    shown = [*subtags[:1], *map(_shown, subtags[1:plain]), *subtags[max(plain, 1) :]]
    return "-".join(shown)


def fallbacks(language_range: str) -> tuple[str, ...]:
    """What lookup tries for one range, the range itself first, without the default.

    A single letter or digit goes together with the subtag after it; ``*`` inside a range is left out of it (RFC 4647
    §3.2). Empty when the range is ``*``, says nothing (``und``), or is no language range.
    """
    subtags = [subtag for place, subtag in enumerate(_subtags(language_range)) if subtag != "*" or place == 0]
    if not _RANGE.fullmatch("-".join(subtags)):
        return ()
    tried: list[str] = []
    while subtags and subtags != ["und"]:
        tried.append(canonical("-".join(subtags)))
        subtags.pop()
        while subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return tuple(tried)


def lookup(
    wanted: str | Sequence[str], available: Iterable[str], *, default: str | None = None, may_fall_back: bool = True
) -> LocaleChoice:
    """The one version among ``available`` for the first of ``wanted`` that has any.

    ``wanted`` is a language range or several in order of preference; each is tried to its end before the next.
    Where nothing matches, a version without a language (:data:`NEUTRAL`) serves everybody, then ``default`` if it is
    available. With ``may_fall_back=False``, as for legal text, only the wanted range itself counts. The order of
    ``available`` does not.
    """
    ranges = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    # Of spellings of one tag the first in the order of code points, so that the order of arrival does not decide.
    by_tag = {canonical(tag): tag for tag in sorted(available, reverse=True)}
    steps: list[LocaleStep] = []
    for each in ranges:
        chain = fallbacks(each)
        if not chain:
            steps.append(LocaleStep(tag=each, reason=_says_nothing(each)))
        for tag in chain[: None if may_fall_back else 1]:
            reason = _objection(tag, each, by_tag)
            steps.append(LocaleStep(tag=tag, reason=reason))
            if not reason:
                return LocaleChoice(wanted=ranges, chosen=by_tag[tag], steps=tuple(steps))
    instead = _instead(by_tag, default) if may_fall_back else None
    return LocaleChoice(wanted=ranges, chosen=instead, steps=tuple(steps), is_default=instead is not None)


def script_of(tag: str) -> str:
    """The script that ``tag`` names or means, such as ``Hant``; empty for a language that has only one."""
    subtags = _subtags(tag)
    language, rest = subtags[0], _before_extensions(subtags[1:])
    named = next((subtag for subtag in rest if _SCRIPT.fullmatch(subtag)), "")
    region = next((subtag for subtag in rest if _REGION.fullmatch(subtag)), "")
    likely = LIKELY_SCRIPTS.get(f"{language}-{region}") or LIKELY_SCRIPTS.get(language, "")
    return (named or likely).capitalize()


def _shown(subtag: str) -> str:
    if _SCRIPT.fullmatch(subtag):
        return subtag.capitalize()
    return subtag.upper() if _REGION.fullmatch(subtag) else subtag


def _objection(tag: str, wanted: str, by_tag: Mapping[str, str]) -> str:
    if tag not in by_tag:
        return f"There is no {tag} version."
    asked, written = script_of(wanted), script_of(tag)
    if asked != written and written:
        return f"{tag} is written in {written}, and {asked} is wanted."
    return ""


def _says_nothing(language_range: str) -> str:
    word = language_range.strip()
    if not word or word == "*" or word.casefold() in NEUTRAL:
        return "No language is named."
    return "That is not written as a language is."


def _instead(by_tag: Mapping[str, str], default: str | None) -> str | None:
    neutral = next((by_tag[tag] for tag in NEUTRAL if tag in by_tag), None)
    if neutral is not None:
        return neutral
    return by_tag.get(canonical(default)) if default is not None else None


def _subtags(tag: str) -> list[str]:
    return tag.strip().replace("_", "-").lower().split("-")


def _before_extensions(subtags: Sequence[str]) -> Sequence[str]:
    end = next((place for place, subtag in enumerate(subtags) if len(subtag) == 1), len(subtags))
    return subtags[:end]
