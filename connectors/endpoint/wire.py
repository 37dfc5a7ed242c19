"""Described calls as requests, and their replies as records. Nothing here waits, sends or knows a secret's value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias
from urllib.parse import urlencode, urlsplit

import msgspec

from connectors.calls import Call, RawBody, Reply
from connectors.endpoint.description import REQUEST_KEY, DescribedCall, Failures, MappedField
from connectors.endpoint.expressions import Expression
from connectors.endpoint.paging import Turn
from connectors.endpoint.signing import SIGN_IN_CALL, Signer, Unsigned
from connectors.endpoint.templates import TextTemplate, Values
from connectors.endpoint.values import UnfitError, Value, check_input, from_json
from connectors.errors import ConnectorError, InvalidError
from connectors.http import FailureReader
from connectors.judging import error_for_status
from connectors.masking import scrub
from connectors.otds.wire import read_failure as read_oauth_failure
from connectors.shape import decode

Record: TypeAlias = Mapping[str, Value]
"""One item as the description maps it: every field that it names, None where the reply has none."""

_JSON: Final = msgspec.json.Encoder(decimal_format="number")
_NO_CONTENT: Final = 204
_PAIR: Final = 2


class UnfitValueError(InvalidError):
    """What was given cannot be carried by the call, so nothing was sent. ``fields``: input → why."""

    outcome = "was not asked: something that was given does not fit"

    @property
    def sentence(self) -> str:
        """One sentence for the person."""
        return f"{self.system} was not asked, for {self.detail}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call with what was given to it, ready to be asked page by page."""

    call: DescribedCall
    values: Values = field(repr=False)


def ask(system: str, call: DescribedCall, given: Mapping[str, object], *, request_key: str | None) -> Asked:
    """Check what was given. Raises: UnfitValueError."""
    complaints: dict[str, str] = {}
    values: dict[str, Value] = dict.fromkeys(call.inputs)
    for name in given.keys() - call.inputs.keys():
        complaints[name] = "the call takes nothing of that name"
    for name, declared in call.inputs.items():
        if given.get(name) is None:
            if declared.is_required:
                complaints[name] = "it is needed"
            continue
        try:
            values[name] = check_input(declared.kind, given[name])
        except UnfitError as error:
            complaints[name] = str(error)
    if call.idempotency_header:
        if not request_key:
            complaints[REQUEST_KEY] = "it is needed"
        values[REQUEST_KEY] = request_key
    if complaints:
        raise _unfit(system, call, complaints)
    return Asked(call=call, values=values)


def build(system: str, asked: Asked, turn: Turn, *, signer: Signer, base_url: str, now: datetime) -> tuple[Call, str]:
    """The request for one page (or the only one), and its target below the base address. Raises: UnfitValueError."""
    call = asked.call
    try:
        target = _target(asked, turn, signer)
        headers = _headers(asked)
    except UnfitError as error:
        raise _unfit(system, call, {error.name: str(error)}) from error
    body = _body(asked, turn)
    unsigned = Unsigned(
        method=call.method, target=urlsplit(base_url).path + target, body=body.content if body is not None else b""
    )
    headers |= signer.headers(unsigned, now=now)
    return (
        Call(
            name=call.title,
            method=call.method,
            path=target,
            headers=headers,
            body=body,
            repeatable=call.is_repeatable,
            deadline_s=call.deadline_s,
            accepts=call.answer.absent,
        ),
        target,
    )


def read_document(reply: Reply) -> object:
    """The reply's JSON; None for one without a body. Raises: ShapeError."""
    return None if reply.status == _NO_CONTENT or not reply.body else decode(reply, object)


def read_one(call: DescribedCall, reply: Reply) -> Record | None:
    """The one record of a reply; None when the system says that there is none. Raises: ShapeError."""
    if reply.status in call.answer.absent:
        return None
    # Read even where nothing of it is wanted: the page of a captive portal is no success.
    document = read_document(reply)
    if not call.answer.fields:
        return {}
    item = document if call.answer.item is None else _found(reply, call.answer.item, document)
    return read_record(call, reply, item, place="the reply")


def read_items(call: DescribedCall, reply: Reply, document: object) -> Sequence[object]:
    """The items of one page. Raises: ShapeError."""
    assert call.answer.items is not None  # noqa: S101 - only calls with items come here
    items = _found(reply, call.answer.items, document)
    if not isinstance(items, list):
        raise reply.odd(f"items ({call.answer.items.source}): expected a list, got {type(items).__name__}")
    return items


def read_record(call: DescribedCall, reply: Reply, item: object, *, place: str) -> Record:
    """One item as a record. ``place`` is where it stood, for the person. Raises: ShapeError."""
    if not isinstance(item, dict):
        raise reply.odd(f"{place}: expected an object, got {type(item).__name__}")
    record: dict[str, Value] = {}
    for name, mapped in call.answer.fields.items():
        try:
            record[name] = _mapped(mapped, item)
        except UnfitError as error:
            raise reply.odd(f"{place}, field {name} ({mapped.place.source}): {error}") from error
    return record


def failure_reader(failures: Failures) -> FailureReader:
    """Reads the errors of a system that says why where ``failures`` tells."""

    def read(reply: Reply) -> ConnectorError | None:
        if reply.call == SIGN_IN_CALL:
            return read_oauth_failure(reply)
        document = _document_or_none(reply)
        if document is None:
            return None
        if reply.status < 300:  # noqa: PLR2004 - the HTTP class boundary
            return _hidden_refusal(failures, reply, document)
        if reply.status < 400:  # noqa: PLR2004
            return None
        detail, fields = _words(failures, document), _field_words(failures, document)
        return error_for_status(reply, detail=detail, fields=fields) if detail or fields else None

    return read


def _target(asked: Asked, turn: Turn, signer: Signer) -> str:
    if turn.target:
        # Careful systems leave the key out of their links.
        missing = () if _carries(turn.target, signer.query) else signer.query
        return f"{turn.target}{'&' if '?' in turn.target else '?'}{urlencode(missing)}" if missing else turn.target
    query = [(name, text) for name, template in asked.call.query for text in template.fill_all(asked.values)]
    whole = urlencode([*query, *turn.query, *signer.query])
    path = asked.call.path.fill(asked.values)
    return f"{path}?{whole}" if whole else path


def _carries(target: str, query: tuple[tuple[str, str], ...]) -> bool:
    there = urlsplit(target).query.split("&")
    return all(any(pair.startswith(f"{name}=") for pair in there) for name, _ in query)


def _headers(asked: Asked) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    for name, template in asked.call.headers:
        headers |= _header(name, template, asked.values)
    if asked.call.idempotency_header:
        key = asked.values[REQUEST_KEY]
        headers |= _header(asked.call.idempotency_header, TextTemplate(pieces=(str(key),)), asked.values)
    return headers


def _header(name: str, template: TextTemplate, values: Values) -> dict[str, str]:
    try:
        filled = template.fill_header(values)
    except UnfitError as error:
        raise UnfitError(str(error), name=name) from error
    return {} if filled is None else {name: filled}


def _body(asked: Asked, turn: Turn) -> RawBody | None:
    call = asked.call
    if call.json is not None:
        value = call.json.fill(asked.values)
        if turn.body and isinstance(value, dict):
            value = {**value, **dict(turn.body)}
        return RawBody(content=_JSON.encode(value), media_type="application/json")
    if call.form:
        fields = [(name, text) for name, template in call.form for text in template.fill_all(asked.values)]
        return RawBody(content=urlencode(fields).encode(), media_type="application/x-www-form-urlencoded")
    return None


def _mapped(mapped: MappedField, item: object) -> Value:
    found = mapped.place.find(item)
    if found is not None:
        return from_json(mapped.kind, found)
    if mapped.is_required:
        raise UnfitError(f"expected {mapped.kind}, got nothing")
    return None


def _found(reply: Reply, expression: Expression, document: object) -> object:
    try:
        return expression.find(document)
    except UnfitError as error:
        raise reply.odd(f"{expression.source}: {error}") from error


def _document_or_none(reply: Reply) -> object:
    try:
        return msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _hidden_refusal(failures: Failures, reply: Reply, document: object) -> InvalidError | None:
    if _quietly(failures.refused_when, document) is not True:
        return None
    return InvalidError(
        system=reply.system,
        call=reply.call,
        detail=scrub(_words(failures, document)),
        request_id=reply.request_id,
        status=reply.status,
        fields={name: scrub(words) for name, words in _field_words(failures, document).items()},
    )


def _words(failures: Failures, document: object) -> str:
    words = _quietly(failures.detail, document)
    return words if isinstance(words, str) else ""


def _field_words(failures: Failures, document: object) -> Mapping[str, str]:
    match _quietly(failures.fields, document):
        case dict() as fields:
            pairs = list(fields.items())
        case list() as listed:
            pairs = [(pair[0], pair[1]) for pair in listed if isinstance(pair, list) and len(pair) == _PAIR]
        case _:
            pairs = []
    return {name: words for name, words in pairs if isinstance(name, str) and isinstance(words, str)}


def _quietly(expression: Expression | None, document: object) -> object:
    """What stands there; None when it does not fit: a refusal in an unknown form is still a refusal."""
    try:
        return expression.find(document) if expression else None
    except UnfitError:
        return None


def _unfit(system: str, call: DescribedCall, complaints: Mapping[str, str]) -> UnfitValueError:
    words = "; ".join(f"{name}: {why}" for name, why in sorted(complaints.items()))
    return UnfitValueError(system=system, call=call.title, detail=words, fields=complaints)
