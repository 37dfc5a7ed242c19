"""One picture of a proof judged: whether it is the right asset in the right version and language, and why. Pure.

Source: flows D1, D2, D8 and C1; the choice itself is that of :mod:`app.rules.asset_choice` among the languages of one
family. What a library did not say is said to be unknown, never made up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.records import Asset, Channel
from app.rules.asset_choice import AssetChoice, Candidate, Need, choose_asset, newest_approved
from app.rules.locales import NEUTRAL, LocaleChoice, canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a proof is of, as far as the choice of its pictures depends on it."""

    locale: str
    """Which language the record's customer reads; empty when the record does not say."""
    default_locale: str
    on: date
    legal_tags: frozenset[str] = frozenset()
    """In lower case: an asset with one of these tags is legal text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureVerdict:
    """What is to be said of one picture."""

    newer: str = ""
    """The label of an approved version that is newer than the one shown."""
    objections: tuple[str, ...] = ()
    is_legal_missing: bool = False
    """Legal text that is not there in the customer's language: nothing may go out."""
    why: tuple[str, ...] = ()


def judge_picture(
    asset: Asset,
    shown_version: str,
    *,
    slot: str,
    channels: Iterable[Channel],
    family: Iterable[Asset],
    circumstances: Circumstances,
) -> PictureVerdict:
    """``asset`` in ``shown_version`` (empty: the address pins none) as it stands in ``slot`` on ``channels``.

    ``family`` are the same picture in all languages that are known, ``asset`` among them.
    """
    has_words = canonical(asset.locale) not in NEUTRAL
    is_legal = any(tag.casefold() in circumstances.legal_tags for tag in asset.tags)
    choices = [
        choose_asset(
            Need(
                slot=slot,
                channel=channel,
                locales=(circumstances.locale,) if has_words and circumstances.locale else (),
                on=circumstances.on,
                default_locale=circumstances.default_locale,
                is_legal=is_legal,
            ),
            [Candidate(asset=each) for each in family],
        )
        for channel in channels
    ]
    own = [
        reason
        for choice in choices
        for each in choice.rejected
        if each.asset.key == asset.key
        for reason in each.reasons
    ]
    chosen = next((choice for choice in choices if choice.chosen), None)
    newer = _newer(asset, shown_version)
    is_missing = is_legal and has_words and bool(choices) and not any(choice.chosen for choice in choices)
    missing = [f"Legal text is not there in {circumstances.locale}, and no other language may stand in."]
    return PictureVerdict(
        newer=newer,
        objections=tuple(dict.fromkeys((*(missing if is_missing else ()), *own))),
        is_legal_missing=is_missing,
        why=tuple(
            dict.fromkeys(
                (
                    *_about_version(asset, shown_version, newer=newer),
                    *(_about_language(choice.locale, circumstances) for choice in choices[:1] if has_words),
                    *(_about_choice(chosen, asset) if chosen else ()),
                )
            )
        ),
    )


def _newer(asset: Asset, shown_version: str) -> str:
    """An approved version newer than ``shown_version``; what is not among the known versions is not compared."""
    labels = [version.label for version in asset.versions]
    newest = newest_approved(asset)
    if newest is None or shown_version not in labels or newest.label not in labels:
        return ""
    return newest.label if labels.index(newest.label) < labels.index(shown_version) else ""


def _about_version(asset: Asset, shown_version: str, *, newer: str) -> list[str]:
    if newer:
        return [f"The address pins {shown_version}, and {newer} is approved and newer: compose again to take it."]
    newest = newest_approved(asset)
    if not shown_version:
        followed = f"It shows the newest version, {asset.version}" if asset.version else "It shows the newest version"
        return [f"{followed}: the address pins none."]
    if newest is None:
        return [f"The address pins {shown_version}. No version of it is known to be approved."]
    if newest.label == shown_version:
        return [f"The address pins {shown_version}, the newest that is approved."]
    if shown_version not in {version.label for version in asset.versions}:
        return [f"The address pins {shown_version}; whether that is the newest approved one is not known."]
    return [f"The address pins {shown_version}, newer than {newest.label}, the newest that is approved."]


def _about_language(locale: LocaleChoice, circumstances: Circumstances) -> str:
    if not circumstances.locale:
        return "The record names no language, so which one fits is not known."
    if locale.chosen is None:
        return f"Language, among what may be shown: {locale.path}."
    reasons = [step.reason for step in locale.steps if step.reason]
    because = f" ({' '.join(reasons)})" if reasons else ""
    return f"Language, among what may be shown: {locale.path}{because}."


def _about_choice(choice: AssetChoice, shown: Asset) -> list[str]:
    assert choice.chosen is not None  # noqa: S101 - the caller looked
    lines: list[str] = []
    if choice.chosen.asset.key != shown.key:
        lines.append(f"By rule {choice.chosen.asset.name} {choice.chosen.version.label} goes here.")
    lines += choice.chosen.remarks
    lines += [
        f"Not {rejected.asset.name}: {' '.join(rejected.reasons)}"
        for rejected in choice.rejected
        if rejected.asset.key != shown.key
    ]
    return lines
