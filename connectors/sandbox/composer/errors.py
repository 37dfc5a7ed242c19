"""Why a communication could not be composed. The vendor app turns these into its own error shapes.

ComposeError
├── UnknownTemplateError     no such template, version or channel
├── MissingDataError         the record lacks what the template needs
└── PictureError             a picture could not be had from its library
"""

from collections.abc import Sequence


class ComposeError(Exception):
    """Nothing was composed; the message is what the engine's log would say."""


class UnknownTemplateError(ComposeError):
    """There is no such template, or not in that version or on that channel."""


class MissingDataError(ComposeError):
    """``pointers`` are the JSON pointers that the record has no value at."""

    def __init__(self, template: str, pointers: Sequence[str]) -> None:
        self.template = template
        self.pointers = tuple(pointers)
        super().__init__(f"Required data is missing for {template}: {', '.join(self.pointers)}")


class PictureError(ComposeError):
    """A picture that the composition shows could not be fetched."""

    def __init__(self, slug: str, why: str) -> None:
        self.slug = slug
        super().__init__(f"Resource {slug} could not be read: {why}")
