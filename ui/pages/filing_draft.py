"""What another page hands over to be filed: a composed proof, a document out of a timeline."""

from dataclasses import dataclass, field

from app.records import Channel, CustomerNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingDraft:
    """The form of the archive page, filled as far as the other page knows."""

    content: bytes = field(repr=False)
    media_type: str
    name: str
    """Of the file, with its ending: ``claim-C88120-settlement.pdf``."""
    customer: CustomerNumber | None = None
    document_type: str = ""
    """As the archive's category names it; left open when it is none of its choices."""
    channel: Channel | None = None
    """The way that the document is made for."""
