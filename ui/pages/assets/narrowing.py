"""How the list is narrowed: facets as keys and words, toggled, dropped, kept between two starts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from app.records import AssetKind, AssetState, System
from app.rules.asset_query import Bound, Choice, Condition, QueryKey, read_bound
from app.rules.asset_times import Days, Named, When, days_ahead, days_back, days_past
from app.rules.asset_uses import Uses
from app.store.asset_question import AssetFacets, AssetOrder, AssetQuestion, Moments
from ui.pages.assets import words
from ui.pages.assets.filters import Facet, FacetOption
from ui.shell.memory import Json

_FIRST_DAY, _LAST_DAY = date(1971, 1, 1), date(9000, 1, 1)
"""Beyond these a day has no moment in every zone; no asset was changed there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What people asked for, times as they said them: “within 30 days” means other days tomorrow."""

    question: AssetQuestion = field(default_factory=AssetQuestion)
    """Without its times and numbers."""
    expires: When | None = None
    changed: When | None = None
    used: Uses | None = None

    def asked(self, *, today: date) -> AssetQuestion:
        """The question as it stands on one day."""
        return replace(
            self.question,
            rights_end=_days_of_rights(self.expires, today),
            lacks_rights_end=self.expires is Named.NONE,
            changed=_moments_of_change(self.changed, today),
            used=self.used,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One facet with several values: its field in the question, its key in a search, its values as keys and words."""

    field: str
    key: QueryKey
    title: str
    parse: Callable[[str], str]
    word: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """One facet with a time or a number: its key, which is its field, and what the menu offers."""

    key: QueryKey
    title: str
    usual: tuple[str, ...]


_FACETS: Sequence[_Kind] = (
    _Kind(
        field="states",
        key=QueryKey.STATE,
        title="State",
        parse=AssetState,
        word=lambda key: words.state_word(AssetState(key)),
    ),
    _Kind(field="systems", key=QueryKey.SYSTEM, title="Library", parse=System, word=lambda key: System(key).label),
    _Kind(
        field="kinds",
        key=QueryKey.KIND,
        title="Kind",
        parse=AssetKind,
        word=lambda key: words.KINDS[AssetKind(key)][0],
    ),
    _Kind(field="locales", key=QueryKey.LOCALE, title="Locale", parse=str, word=words.locale_word),
)
_SPANS: Sequence[_Span] = (
    _Span(key=QueryKey.EXPIRES, title="Rights end", usual=("<30d", "<3m", "past", "none")),
    _Span(key=QueryKey.CHANGED, title="Changed", usual=("<7d", "<1m", ">3m")),
    _Span(key=QueryKey.USED, title="Used", usual=(">0", "0")),
)
_BY_FIELD = {facet.field: facet for facet in _FACETS}
_BY_KEY = {facet.key: facet for facet in _FACETS}


def is_narrowed(narrowing: Narrowing) -> bool:
    """Whether anything is left out: by words or by a facet."""
    wordless = replace(narrowing.question, words=narrowing.question.words.strip())
    return replace(narrowing, question=wordless) != without_limits(narrowing)


def without_limits(narrowing: Narrowing) -> Narrowing:
    """Everything, in the same order."""
    return Narrowing(question=AssetQuestion(order=narrowing.question.order))


def toggled(narrowing: Narrowing, field: str, key: str, *, on: bool) -> Narrowing:
    """``narrowing`` with one value of a facet added or taken away; a time or a number replaces the one before."""
    if field not in _BY_FIELD:
        return _bounded(narrowing, QueryKey(field), read_bound(QueryKey(field), key) if on else None)
    value = _BY_FIELD[field].parse(key)
    chosen = _chosen(narrowing.question, field)
    return _with(narrowing, field, chosen | {value} if on else chosen - {value})


def dropped(narrowing: Narrowing, field: str) -> Narrowing:
    """``narrowing`` without a facet."""
    return _with(narrowing, field, frozenset()) if field in _BY_FIELD else _bounded(narrowing, QueryKey(field), None)


def under(narrowing: Narrowing, conditions: Iterable[Condition]) -> Narrowing:
    """``narrowing`` with what was typed: names join those of their facet, bounds replace the one before."""
    for condition in conditions:
        if isinstance(condition, Choice):
            for value in condition.values:
                narrowing = toggled(narrowing, _BY_KEY[condition.key].field, value, on=True)
        else:
            narrowing = _bounded(narrowing, condition.key, condition.bound)
    return narrowing


def facets_of(narrowing: Narrowing, counts: AssetFacets) -> list[Facet]:
    """What can be chosen, with how many each choice would leave; what is chosen already is always offered."""
    named = [
        Facet(
            key=facet.field,
            query_key=facet.key,
            title=facet.title,
            options=_options(facet, narrowing.question, getattr(counts, facet.field)),
        )
        for facet in _FACETS
    ]
    bounded = [
        Facet(
            key=span.key.value, query_key=span.key, title=span.title, options=_bounds(span, _bound(narrowing, span.key))
        )
        for span in _SPANS
    ]
    return named + bounded


def kept(narrowing: Narrowing) -> dict[str, Json]:
    """``narrowing`` as JSON, without its words: those are of the moment."""
    question = narrowing.question
    named: dict[str, Json] = {each.field: sorted(_chosen(question, each.field)) for each in _FACETS}
    bounded = {each.key.value: str(_bound(narrowing, each.key) or "") for each in _SPANS}
    return {"order": question.order.value, **named, **bounded}


def restored(value: object) -> Narrowing:
    """What :func:`kept` was made of; what cannot be read any more is left out."""
    if not isinstance(value, Mapping):
        return Narrowing()
    known = {order.value: order for order in AssetOrder}
    narrowing = Narrowing(question=AssetQuestion(order=known.get(str(value.get("order")), AssetOrder.NEWEST)))
    for facet in _FACETS:
        keys = value.get(facet.field)
        for key in keys if isinstance(keys, list) else ():
            try:
                narrowing = toggled(narrowing, facet.field, str(key), on=True)
            except ValueError:
                continue
    for span in _SPANS:
        narrowing = _bounded(narrowing, span.key, read_bound(span.key, str(value.get(span.key.value))))
    return narrowing


def asks_of(narrowing: Narrowing) -> dict[str, Json]:
    """``narrowing`` as JSON with its words, as a view keeps it."""
    return {**kept(narrowing), "words": narrowing.question.words.strip()}


def asked_by(asks: Mapping[str, object]) -> Narrowing:
    """What :func:`asks_of` was made of; what cannot be read any more is left out."""
    narrowing = restored(asks)
    words = asks.get("words")
    return replace(narrowing, question=replace(narrowing.question, words=words if isinstance(words, str) else ""))


def _options(facet: _Kind, question: AssetQuestion, counts: Mapping[str, int]) -> tuple[FacetOption, ...]:
    chosen = _chosen(question, facet.field)
    shown = {**counts, **{value: 0 for value in sorted(chosen) if value not in counts}}
    return tuple(
        FacetOption(key=str(value), word=facet.word(value), count=many, is_on=value in chosen)
        for value, many in shown.items()
    )


def _bounds(span: _Span, chosen: Bound | None) -> tuple[FacetOption, ...]:
    offered = span.usual if chosen is None or str(chosen) in span.usual else (*span.usual, str(chosen))
    bounds = {key: read_bound(span.key, key) for key in offered}
    return tuple(
        FacetOption(key=key, word=words.bound_words(span.key, bound), count=None, is_on=bound == chosen)
        for key, bound in bounds.items()
        if bound is not None
    )


def _chosen(question: AssetQuestion, field: str) -> frozenset[str]:
    values: frozenset[str] = getattr(question, field)
    return values


def _bound(narrowing: Narrowing, key: QueryKey) -> Bound | None:
    bounds: dict[QueryKey, Bound | None] = {
        QueryKey.EXPIRES: narrowing.expires,
        QueryKey.CHANGED: narrowing.changed,
        QueryKey.USED: narrowing.used,
    }
    return bounds[key]


def _with(narrowing: Narrowing, field: str, values: frozenset[str]) -> Narrowing:
    changes: dict[str, frozenset[str]] = {field: values}
    question = replace(narrowing.question, **changes)  # type: ignore[arg-type]  # the field decides the type of its values
    return replace(narrowing, question=question)


def _bounded(narrowing: Narrowing, key: QueryKey, bound: Bound | None) -> Narrowing:
    if key is QueryKey.USED:
        return replace(narrowing, used=bound if isinstance(bound, Uses) else None)
    when = None if isinstance(bound, Uses) else bound
    return replace(narrowing, expires=when) if key is QueryKey.EXPIRES else replace(narrowing, changed=when)


def _days_of_rights(when: When | None, today: date) -> Days | None:
    if isinstance(when, Named):
        return days_past(today=today) if when is Named.PAST else None
    return None if when is None else days_ahead(when, today=today)


def _moments_of_change(when: When | None, today: date) -> Moments | None:
    if when is None or isinstance(when, Named):
        return None
    days = days_back(when, today=today)
    return Moments(
        since=None if days.since is None else _midnight(days.since),
        before=None if days.until is None else _midnight(min(days.until, _LAST_DAY) + timedelta(days=1)),
    )


def _midnight(day: date) -> datetime:
    """The beginning of a day where the desk stands."""
    return datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time()).astimezone()
