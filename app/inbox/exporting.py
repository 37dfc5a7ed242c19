"""Events for other programs: CloudEvents 1.0 in the JSON format, the sender's own bytes beside what we read in them.

The envelope and the data are ours: what the event claims, as the timelines have it. Beside them ``rawbody`` carries
what came over the wire, and ``rawsha256`` proves it. Unless somebody gave a reason, personal values in it are masked,
and bytes that cannot be masked value by value stay out. Source: CloudEvents 1.0.2 and its JSON event format; domain
rule 3.13.
"""

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from app.errors import UserError
from app.inbox.arriving import read
from app.records import DeliveryEvent, InboxEvent
from app.rules.event_words import about_of
from app.rules.personal_values import masked_json
from connectors.inbound import CloudEvent

_BATCH: Final = ".json"
"""A file of this name is one JSON batch; any other has one event per line."""
_PRIVATE: Final = 0o600


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
    """A file that is written piece by piece, and has its name only when it is whole. Blocks; use it in a thread."""

    def __init__(self, path: Path) -> None:
        """``path`` is what it is called at the end; a name that ends in ``.json`` makes it one batch."""
        self.path = path
        self._unfinished = path.with_name(f".{path.name}.part")
        self._is_batch = path.suffix.lower() == _BATCH

    def begin(self) -> None:
        """Make it, readable for its owner alone. Raises: UserError."""
        try:
            self._unfinished.unlink(missing_ok=True)
            # Private from its first moment, and never somebody else's file or link of that name.
            os.close(os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))
            self._unfinished.write_bytes(b"[" if self._is_batch else b"")
        except OSError as error:
            raise self._unwritable(error) from error

    def add(self, events: Iterable[InboxEvent], *, is_masked: bool) -> int:
        """Write some more; how many. Raises: UserError."""
        written = 0
        try:
            with self._unfinished.open("ab") as file:
                for event in events:
                    if self._is_batch:
                        file.write(b"\n" if file.tell() == 1 else b",\n")
                    file.write(cloud_event(event, is_masked=is_masked).structured())
                    file.write(b"" if self._is_batch else b"\n")
                    written += 1
        except OSError as error:
            raise self._unwritable(error) from error
        return written

    def finish(self) -> None:
        """Give it its name. Raises: UserError."""
        try:
            with self._unfinished.open("ab") as file:
                file.write(b"\n]\n" if self._is_batch else b"")
                file.flush()
                os.fsync(file.fileno())
            self._unfinished.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error

    def abandon(self) -> None:
        """Leave nothing of it."""
        self._unfinished.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(
            f"{self.path.name} cannot be written: {error.strerror or 'the system refused'}.",
            hint="Choose another folder, or free some space, and export again.",
        )
