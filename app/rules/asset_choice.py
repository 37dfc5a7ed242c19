"""Which asset, in which version, goes into one place of a communication, and why every other one does not.

Source: flows D2, D4, D8 and I2 for what is asked, domain rule 3.9 for languages. What must hold (approved, rights,
channel, kind, product, region …) is settled first; then language, then how closely the facts fit, then the newest
approval; what is still equal is decided by key, and told as a tie. Order of arrival never counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from app.records import Asset, AssetKey, AssetKind, AssetState, AssetVersion, Channel
from app.rules.locales import LocaleChoice, canonical, lookup

_NO_FACTS: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one place of a communication asks for."""

    slot: str
    channel: Channel
    locales: tuple[str, ...]
    """The customer's languages, best first; empty when the place shows no words."""
    on: date
    """The day on which it is sent."""
    shown_until: date | None = None
    """How long it can be seen, where the picture is fetched each time it is looked at; None: on that day alone."""
    kinds: frozenset[AssetKind] = frozenset(AssetKind)
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the communication is about: ``{"product": "home", "region": "FR", "segment": "green tariff"}``."""
    default: AssetKey | None = None
    """What is shown when nothing fits; it has to be approved like any other, and is told as a default."""
    default_locale: str | None = None
    is_legal: bool = False
    """Legal text: the wanted language, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One asset with what its library says it is for."""

    asset: Asset
    facts: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_FACTS)
    """By name, the values that it is for; a name that is left out is one for which it serves all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenAsset:
    """What goes in."""

    asset: Asset
    version: AssetVersion
    matched: tuple[str, ...]
    """The names of the facts that it was made for, sorted; the others it merely does not contradict."""
    is_default: bool = False
    """Nothing fitted: this stands in, and is no match."""
    remarks: tuple[str, ...] = ()
    """What a person should know although it was taken: a newer version under review, rights that end soon, a tie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedAsset:
    """What does not go in, with every reason."""

    asset: Asset
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetChoice:
    """The outcome for one place."""

    slot: str
    chosen: ChosenAsset | None
    locale: LocaleChoice
    rejected: tuple[RejectedAsset, ...]
    """Every other candidate, by key."""

    @property
    def sentence(self) -> str:
        """What was taken, in one line."""
        if self.chosen is None:
            looked_at = {0: "there are no candidates", 1: "the one candidate does not fit"}
            many = len(self.rejected)
            return f"Nothing may be shown in {self.slot}: {looked_at.get(many, f'none of {many} candidates fits')}."
        taken = f"{self.chosen.asset.name} {self.chosen.version.label}"
        if self.chosen.is_default:
            return f"{self.slot} shows {taken}, the default: nothing fits."
        fits = f", made for this {' and '.join(self.chosen.matched)}" if self.chosen.matched else ""
        return f"{self.slot} shows {taken}{fits}."


def choose_asset(need: Need, candidates: Iterable[Candidate]) -> AssetChoice:
    """The one asset version for ``need``, and a reason for every other one.

    Two candidates with one key are one asset told twice; which telling is kept does not hang on their order.
    """
    told = {each.asset.key: each for each in sorted(candidates, key=_by_content)}
    judged = [_judged(need, told[key]) for key in sorted(told)]
    fitting = [each for each in judged if isinstance(each, _Fitting)]
    contest = [each for each in fitting if each.asset.key != need.default]
    locale = _locale(need, contest)
    best = sorted((each for each in contest if _is_readable(each.asset, locale, need)), key=_by_fit)
    default = next((each for each in fitting if each.asset.key == need.default and not need.is_legal), None)
    winner = best[0] if best else default
    rejected = [each for each in judged if isinstance(each, RejectedAsset)]
    rejected += [
        RejectedAsset(asset=each.asset, reasons=(_why_not(each, winner, locale, need),))
        for each in fitting
        if each is not winner
    ]
    return AssetChoice(
        slot=need.slot,
        chosen=_taken(need, winner, ties=[each for each in best[1:] if _fit(each) == _fit(best[0])])
        if winner
        else None,
        locale=locale,
        rejected=tuple(sorted(rejected, key=lambda each: each.asset.key)),
    )


def newest_approved(asset: Asset) -> AssetVersion | None:
    """The newest version of ``asset`` that is approved, or None.

    A library that keeps approval for the asset alone speaks of its newest version. Where the versions were not loaded
    the asset's own label stands for that one. A retired or superseded asset has no version that may be used.
    """
    if asset.state in {AssetState.RETIRED, AssetState.SUPERSEDED}:
        return None
    versions = asset.versions or (AssetVersion(id="", label=asset.version, created_at=None, state=asset.state),)
    own = (versions[0].state or asset.state, *(version.state for version in versions[1:]))
    return next((version for version, state in zip(versions, own, strict=True) if state is AssetState.APPROVED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitting:
    """A candidate that could be taken."""

    asset: Asset
    version: AssetVersion
    matched: tuple[str, ...]


def _judged(need: Need, candidate: Candidate) -> _Fitting | RejectedAsset:
    asset = candidate.asset
    version = newest_approved(asset)
    objections = (*_about_rights(need, asset), *_about_use(need, asset), *_about_facts(need, candidate))
    if version is None:
        return RejectedAsset(asset=asset, reasons=(_about_state(asset), *objections))
    if objections:
        return RejectedAsset(asset=asset, reasons=objections)
    matched = tuple(sorted(name for name in need.facts if candidate.facts.get(name)))
    return _Fitting(asset=asset, version=version, matched=matched)


def _about_state(asset: Asset) -> str:
    words = asset.state.value.replace("_", " ")
    if asset.state is AssetState.APPROVED:
        return "No version of it is approved."
    if asset.state is AssetState.UNKNOWN:
        return f"{asset.key.system.label} does not say that it is approved."
    return f"It is {words}, not approved."


def _about_rights(need: Need, asset: Asset) -> tuple[str, ...]:
    if asset.rights_end is None or asset.rights_end >= need.on:
        return ()
    return (f"Its rights ended on {asset.rights_end.isoformat()}.",)


def _about_use(need: Need, asset: Asset) -> tuple[str, ...]:
    objections: list[str] = []
    if need.channel is Channel.SMS:
        objections.append("A text message carries no asset.")
    if asset.channels and need.channel.value not in {channel.strip().casefold() for channel in asset.channels}:
        objections.append(f"It is not licensed for {need.channel.label}: only for {_list(asset.channels)}.")
    if asset.kind not in need.kinds:
        objections.append(f"It is of the kind “{asset.kind}”; {need.slot} takes {_list(sorted(need.kinds))}.")
    return tuple(objections)


def _about_facts(need: Need, candidate: Candidate) -> tuple[str, ...]:
    return tuple(
        f"It is for {name} {_list(sorted(meant))}, not {wanted}."
        for name, wanted in sorted(need.facts.items())
        if (meant := candidate.facts.get(name)) and wanted.casefold() not in {each.casefold() for each in meant}
    )


def _locale(need: Need, contest: Sequence[_Fitting]) -> LocaleChoice:
    return lookup(
        need.locales,
        {each.asset.locale for each in contest},
        default=need.default_locale,
        may_fall_back=not need.is_legal,
    )


def _is_readable(asset: Asset, locale: LocaleChoice, need: Need) -> bool:
    """Whether ``asset`` is in the language that is shown. A place without words takes whatever there is."""
    if not need.locales:
        return True
    return locale.chosen is not None and canonical(asset.locale) == canonical(locale.chosen)


def _fit(fitting: _Fitting) -> tuple[int, float]:
    """Less is better: more facts matched, then the later made version; a version of unknown age is the oldest."""
    made = fitting.version.created_at
    return -len(fitting.matched), -made.timestamp() if made is not None else float("inf")


def _by_fit(fitting: _Fitting) -> tuple[tuple[int, float], AssetKey]:
    return _fit(fitting), fitting.asset.key


def _taken(need: Need, winner: _Fitting, *, ties: Sequence[_Fitting]) -> ChosenAsset:
    asset, version = winner.asset, winner.version
    remarks: list[str] = []
    newest = asset.versions[0] if asset.versions else version
    if newest != version:
        state = (newest.state or asset.state).value.replace("_", " ")
        remarks.append(f"{newest.label} is newer and {state}; {version.label} is the newest that is approved.")
    ends = asset.rights_end
    if ends is not None and need.shown_until is not None and ends < need.shown_until:
        remarks.append(f"Its rights end on {ends.isoformat()}, and it is shown until {need.shown_until.isoformat()}.")
    if ties:
        remarks.append(f"{_list([each.asset.name for each in ties])} would do as well; the key decided.")
    return ChosenAsset(
        asset=asset,
        version=version,
        matched=winner.matched,
        is_default=asset.key == need.default,
        remarks=tuple(remarks),
    )


def _why_not(loser: _Fitting, winner: _Fitting | None, locale: LocaleChoice, need: Need) -> str:
    if loser.asset.key == need.default:
        return (
            "It is the default, and legal text has none." if need.is_legal else "It is the default, and another fits."
        )
    if winner is None or not _is_readable(loser.asset, locale, need):
        nearer = f"{locale.chosen} is nearer to" if locale.chosen else "that is not"
        return f"It is {loser.asset.locale or 'in no language'}; {nearer} {_list(need.locales)}."
    name = winner.asset.name
    if len(loser.matched) < len(winner.matched):
        return f"{name} is made for this {_list(sorted(set(winner.matched) - set(loser.matched)))}."
    if _fit(loser) != _fit(winner):
        return f"{name} {winner.version.label} is newer."
    return f"It would do as well as {name}; the key decided."


def _list(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "nothing"


def _by_content(candidate: Candidate) -> tuple[AssetKey, str]:
    facts = sorted((name, sorted(meant)) for name, meant in candidate.facts.items())
    return candidate.asset.key, repr((candidate.asset, facts))
