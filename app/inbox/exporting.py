"""Events for other programs: CloudEvents 1.0 in the JSON format, the sender's own bytes beside what we read in them.

The envelope and the data are ours: what the event claims, as the timelines have it. Beside them ``rawbody`` carries
what came over the wire, and ``rawsha256`` proves it. Unless somebody gave a reason, personal values in it are masked,
and bytes that cannot be masked value by value stay out. Source: CloudEvents 1.0.2 and its JSON event format; domain
rule 3.13.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from app.inbox.arriving import read
from app.records import DeliveryEvent, InboxEvent
from app.rules.event_words import about_of
from app.rules.personal_values import masked_json
from app.whole_file import WholeFile
from connectors.inbound import CloudEvent

_BATCH: Final = ".json"
"""A file of this name is one JSON batch; any other has one event per line."""


def cloud_event(event: InboxEvent, *, is_masked: bool) -> CloudEvent:
    """``event`` as a CloudEvent; ``source`` and ``id`` are what makes it this one and no other here as well."""
    _, meaning = read(event)
    raw = masked_json(event.raw) if is_masked else event.raw
    more: dict[str, str | int | bool] = {
        "trust": event.trust.value,
        "state": event.state.value,
        "received": event.received_at.isoformat().replace("+00:00", "Z"),
        "timesseen": event.times_seen,
    }
    if event.raw:
        more |= {"rawtype": event.media_type, "rawsha256": hashlib.sha256(event.raw).hexdigest()}
    if raw:
        more |= {"rawbody": b64encode(raw).decode(), "rawmasked": is_masked}
    claims = meaning.claims if meaning else ()
    return CloudEvent(
        id=event.id.removeprefix(f"{event.source}/") or event.id,
        source=f"/{quote(event.source, safe='')}",
        type=event.type or f"inbox.{event.state}",
        subject=about_of(event) if event.about else None,
        time=event.occurred_at,
        datacontenttype="application/json",
        extensions=more,
        data=msgspec.json.encode({"claims": [_claim(claim) for claim in claims]}),
    )


def _claim(claim: DeliveryEvent) -> Mapping[str, object]:
    said = {
        "communication": claim.communication,
        "customer": claim.customer,
        "channel": claim.channel.value,
        "state": claim.state.value,
        "title": claim.title,
        "at": claim.at.isoformat(),
        "code": claim.code,
        "providerVerdict": claim.provider_verdict,
        "bounce": claim.bounce.value if claim.bounce else "",
        "detail": claim.detail,
        "run": claim.run,
    }
    return {name: value for name, value in said.items() if value}


class ExportFile:
    """Events in a file that has its name only when it is whole. Blocks; use it in a thread."""

    def __init__(self, path: Path) -> None:
        """``path`` is what it is called at the end; a name that ends in ``.json`` makes it one batch."""
        self._file = WholeFile(path)
        self._is_batch = path.suffix.lower() == _BATCH
        self._is_empty = True

    def begin(self) -> None:
        """Make it. Raises: UserError."""
        self._file.begin()
        self._file.add([b"["] if self._is_batch else [])

    def add(self, events: Sequence[InboxEvent], *, is_masked: bool) -> int:
        """Write some more; how many. Raises: UserError."""
        self._file.add(piece for event in events for piece in self._pieces(event, is_masked=is_masked))
        return len(events)

    def finish(self) -> None:
        """Give it its name. Raises: UserError."""
        self._file.add([b"\n]\n"] if self._is_batch else [])
        self._file.finish()

    def abandon(self) -> None:
        """Leave nothing of it."""
        self._file.abandon()

    def _pieces(self, event: InboxEvent, *, is_masked: bool) -> Iterator[bytes]:
        told = cloud_event(event, is_masked=is_masked).structured()
        if not self._is_batch:
            yield told
            yield b"\n"
            return
        yield b"\n" if self._is_empty else b",\n"
        self._is_empty = False
        yield told
