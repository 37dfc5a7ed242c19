"""What a request says, whichever way it says it: query, JSON body, or form with files.

Cloudinary takes the same parameters as JSON and as forms, arrays as ``name[]`` or as JSON arrays, and booleans as
``true`` or ``1`` (contract §3).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import UploadFile
from starlette.requests import Request

from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file out of a form."""

    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """One request's parameters; a name's last value wins, arrays keep all."""

    values: Mapping[str, object]
    """Text, or what JSON has; arrays without their ``[]``."""
    signable: Mapping[str, object]
    """The parameters of query and form only, as a signature covers them."""
    file: SentFile | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Other files of a form, by the name of their field."""

    def sent(self, name: str) -> bytes | None:
        """The bytes of the file in field ``name``; None when there is none."""
        return self.files.get(name)

    def text(self, name: str) -> str | None:
        """The parameter as text; None when it was not sent. Numbers and booleans of JSON become text."""
        value = self.values.get(name)
        match value:
            case None:
                return None
            case str():
                return value
            case bool():
                return "true" if value else "false"
            case int() | float():
                return str(value)
            case _:
                return json.dumps(value)

    def required(self, name: str) -> str:
        """The parameter as text, which must not be empty."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def texts(self, name: str) -> list[str]:
        """The parameter as a list: an array, or one text divided at its commas."""
        value = self.values.get(name)
        match value:
            case None | "":
                return []
            case str():
                return [part.strip() for part in value.split(",") if part.strip()]
            case list():
                return [str(item) for item in value]
            case _:
                raise bad_value(name, value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """The parameter as a boolean."""
        value = self.text(name)
        if value in {None, ""}:
            return default
        return value in {"true", "1", "True"}

    def number(self, name: str, *, default: int, low: int, high: int) -> int:
        """The parameter as an integer within bounds."""
        value = self.text(name)
        if value in {None, ""}:
            return default
        if value is None or not value.isascii() or not value.isdecimal() or not low <= int(value) <= high:
            raise bad_value(name, value)
        return int(value)

    def mapping(self, name: str) -> Mapping[str, object] | None:
        """The parameter as a JSON object, also when it came as text; None when it was not sent."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("{"):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_value(name, value) from None
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_value(name, value)
        return value

    def objects(self, name: str) -> list[Mapping[str, object]]:
        """The parameter as a list of JSON objects."""
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_value(name, value)
        return value


async def read_parameters(request: Request) -> Parameters:
    """Everything that ``request`` says. Raises: RefusalError for a body that is not what it claims to be."""
    query = _folded(request.query_params.multi_items())
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return await _with_form(request, query)
    body = await request.body()
    if not body.strip():
        return Parameters(values=query, signable=query)
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusalError(HTTPStatus.BAD_REQUEST, "Invalid JSON in request body") from None
    if not isinstance(sent, dict):
        raise RefusalError(HTTPStatus.BAD_REQUEST, "Invalid JSON in request body")
    given = {key: value for key, value in sent.items() if value is not None}
    return Parameters(values={**query, **given}, signable={**query, **given})


async def _with_form(request: Request, query: Mapping[str, object]) -> Parameters:
    file: SentFile | None = None
    pairs: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    async with request.form(max_fields=5000, max_part_size=64 * 1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if name == "file":
                    file = SentFile(filename=value.filename or "file", content=await value.read())
                elif name == "image_file":
                    files[name] = await value.read()
                else:  # clients send plain fields as nameless parts too
                    pairs.append((name, (await value.read()).decode("utf-8", "replace")))
            else:
                pairs.append((name, value))
    values = {**query, **_folded(pairs)}
    return Parameters(values=values, signable=values, file=file, files=files)


def _folded(pairs: Sequence[tuple[str, str]]) -> dict[str, object]:
    folded: dict[str, object] = {}
    for name, value in pairs:
        if not name.endswith("[]"):
            folded[name] = value
            continue
        array = folded.setdefault(name.removesuffix("[]"), [])
        if isinstance(array, list):
            array.append(value)
    return folded
