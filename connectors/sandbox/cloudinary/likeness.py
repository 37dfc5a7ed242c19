"""Finding pictures by what they show, and telling what a picture shows.

The vendor does both with models; the sandbox answers from what people wrote about the asset, and for a picture from the
colours of its quarters (CHOSEN). Calls as the vendor's Python client asks; analysis by §1, CONFIRMED for its path.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from PIL import Image

from connectors.sandbox.cloudinary import answers
from connectors.sandbox.cloudinary.answers import Answer
from connectors.sandbox.cloudinary.matching import Term, matches_text
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, missing
from connectors.sandbox.cloudinary.resource import Resource
from connectors.sandbox.cloudinary.search_fields import names_of, text_of
from connectors.sandbox.cloudinary.state import Cloud

_MOST_FOUND: Final = 50
_MOST_COMPARED: Final = 500
_ANALYSES: Final = frozenset({"captioning", "google_tagging"})
_Print = Sequence[int]
"""The mean red, green and blue of each quarter."""


class LikenessCalls:
    """Each method answers one call: its parameters and the values in its path."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def visual_search(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST resources/visual_search by ``text``, ``image_asset_id``, ``image_url`` or ``image_file``."""
        del path
        words, asset_id = parameters.text("text"), parameters.text("image_asset_id")
        pictures = [one for one in self._known() if one.resource_type == "image"][:_MOST_COMPARED]
        if words:
            terms = [Term(text=word) for word in words.split()]
            found = [one for one in pictures if any(_says(one, term) for term in terms)]
        else:
            seen = self._print(parameters, asset_id)
            distances = ((_distance(seen, mark), one) for one in pictures if (mark := _print_of(one)) is not None)
            found = [one for _, one in sorted(distances, key=lambda pair: pair[0])]
        shown = [answers.listed(self._cloud, one) for one in found[:_MOST_FOUND]]
        return {"resources": shown, "total_count": len(found)}

    def analyze(self, parameters: Parameters, path: Mapping[str, str]) -> Answer:
        """POST analysis/analyze/uri: a caption or labels for an asset of this cloud."""
        if path["input_type"] != "uri":
            raise bad_value("input_type", path["input_type"])
        kind, uri = parameters.required("analysis_type"), parameters.required("uri")
        if kind not in _ANALYSES:
            raise RefusalError(420, f"You don't have an active subscription for {kind}")
        resource = next((one for one in self._known() if one.public_id in uri and one.resource_type == "image"), None)
        if resource is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, f"Error in loading {uri[:200]}")
        told: Answer = (
            {"caption": resource.context.get("alt") or resource.display_name}
            if kind == "captioning"
            else {"tags": list(resource.tags)}
        )
        return {
            "data": {"entity": uri, "analysis": {"data": told, "model_version": 1}},
            "request_id": self._cloud.mint("request"),
        }

    def _known(self) -> Iterable[Resource]:
        """One asset of every kind: what differs in names alone shows the same."""
        return (kind.resource for kind in self._cloud.kinds())

    def _print(self, parameters: Parameters, asset_id: str | None) -> _Print:
        if asset_id:
            seen = _print_of(self._cloud.by_id(asset_id))
        elif parameters.sent("image_file") is not None:
            seen = _print(parameters.sent("image_file") or b"")
        elif parameters.text("image_url"):
            url = parameters.required("image_url")
            named = (one for one in self._known() if one.public_id in url)
            seen = next((mark for one in named if (mark := _print_of(one)) is not None), None)
        else:
            raise missing("text")
        if seen is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Invalid image file")
        return seen


def _says(resource: Resource, term: Term) -> bool:
    return matches_text((*names_of(resource), *text_of(resource)), term)


def _print_of(resource: Resource) -> _Print | None:
    return _print((resource.latest.poster or resource.latest.file).read())


def _print(content: bytes) -> _Print | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return list(picture.convert("RGB").resize((2, 2)).tobytes())
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _distance(one: _Print, other: _Print) -> int:
    return sum(abs(left - right) for left, right in zip(one, other, strict=True))
