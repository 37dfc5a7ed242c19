"""How the question is narrowed: facets as keys and words, toggled, dropped, kept between two starts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.records import AssetKind, AssetState, System
from app.store.assets import AssetFacets, AssetOrder, AssetQuestion
from ui.pages.assets import words
from ui.pages.assets.filters import Facet, FacetOption
from ui.shell.memory import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One facet: its field in the question, its title, its values as keys and as words."""

    field: str
    title: str
    parse: Callable[[str], str]
    word: Callable[[str], str]


_FACETS: Sequence[_Kind] = (
    _Kind(field="states", title="State", parse=AssetState, word=lambda key: words.state_word(AssetState(key))),
    _Kind(field="systems", title="Library", parse=System, word=lambda key: System(key).label),
    _Kind(field="kinds", title="Kind", parse=AssetKind, word=lambda key: words.KINDS[AssetKind(key)][0]),
    _Kind(field="locales", title="Locale", parse=str, word=words.locale_word),
)
_BY_FIELD = {facet.field: facet for facet in _FACETS}


def is_narrowed(question: AssetQuestion) -> bool:
    """Whether anything is left out: by words or by a facet."""
    return bool(question.words.strip()) or any(_chosen(question, facet.field) for facet in _FACETS)


def without_limits(question: AssetQuestion) -> AssetQuestion:
    """The question for everything, in the same order."""
    return AssetQuestion(order=question.order)


def toggled(question: AssetQuestion, field: str, key: str, *, on: bool) -> AssetQuestion:
    """``question`` with one value of a facet added or taken away."""
    value = _BY_FIELD[field].parse(key)
    chosen = _chosen(question, field)
    return _with(question, field, chosen | {value} if on else chosen - {value})


def dropped(question: AssetQuestion, field: str) -> AssetQuestion:
    """``question`` without a facet."""
    return _with(question, field, frozenset())


def facets_of(question: AssetQuestion, counts: AssetFacets) -> list[Facet]:
    """What can be chosen, with how many each choice would leave; what is chosen already is always offered."""
    return [
        Facet(key=facet.field, title=facet.title, options=_options(facet, question, getattr(counts, facet.field)))
        for facet in _FACETS
    ]


def kept(question: AssetQuestion) -> Json:
    """``question`` as JSON, without its words: those are of the moment."""
    return {"order": question.order.value, **{each.field: sorted(_chosen(question, each.field)) for each in _FACETS}}


def restored(value: object) -> AssetQuestion:
    """The question that :func:`kept` made; what cannot be read any more is left out."""
    question = AssetQuestion()
    if not isinstance(value, Mapping):
        return question
    for facet in _FACETS:
        keys = value.get(facet.field)
        for key in keys if isinstance(keys, list) else ():
            try:
                question = toggled(question, facet.field, str(key), on=True)
            except ValueError:
                continue
    known = {order.value: order for order in AssetOrder}
    return replace(question, order=known.get(str(value.get("order")), AssetOrder.NEWEST))


def _options(facet: _Kind, question: AssetQuestion, counts: Mapping[str, int]) -> tuple[FacetOption, ...]:
    chosen = _chosen(question, facet.field)
    shown = {**counts, **{value: 0 for value in sorted(chosen) if value not in counts}}
    return tuple(
        FacetOption(key=str(value), word=facet.word(value), count=many, is_on=value in chosen)
        for value, many in shown.items()
    )


def _chosen(question: AssetQuestion, field: str) -> frozenset[str]:
    values: frozenset[str] = getattr(question, field)
    return values


def _with(question: AssetQuestion, field: str, values: frozenset[str]) -> AssetQuestion:
    changes: dict[str, frozenset[str]] = {field: values}
    return replace(question, **changes)  # type: ignore[arg-type]  # the field decides the type of its values
