"""Sending bytes to the storage behind iconik, each kind in its own way (wire contract "iconik", §10).

No call here is signed in: addresses carry their own proof, and no iconik header may reach a storage provider.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha1
from typing import Final
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connectors.calls import Call, RawBody, Reply
from connectors.iconik.models.uploads import Arrival
from connectors.iconik.wire.operations import Operation

RESUME: Final = 308
"""What GCS answers while bytes are missing."""
DEADLINE_S: Final = 300.0
_BYTES: Final = "application/octet-stream"


def start_resumable(arrival: Arrival) -> Operation[str]:
    """GCS: where the bytes go, from the ``Location`` of a bodiless POST (CONFIRMED)."""
    call = _call(
        "start transfer", "POST", arrival.upload_url, b"", {"x-goog-resumable": "start", **arrival.upload_headers}
    )

    def location(reply: Reply) -> str:
        if not reply.headers.get("location"):
            raise reply.odd("expected a Location header")
        return reply.headers["location"]

    return Operation(call=call, read=location)


def put_range(session_url: str, content: bytes, *, first: int, size_bytes: int) -> Operation[int]:
    """GCS: a piece of the file from byte ``first`` on; answers how many bytes are there now. Repeatable by design."""
    headers = {"Content-Range": f"bytes {first}-{first + len(content) - 1}/{size_bytes}"} if content else {}
    call = _call("send bytes", "PUT", session_url, content, headers, repeatable=True, accepts=frozenset({RESUME}))

    def arrived(reply: Reply) -> int:
        if reply.status != RESUME:
            return size_bytes
        last = reply.headers.get("range", "").rpartition("-")[2]
        return int(last) + 1 if last.isdecimal() else 0

    return Operation(call=call, read=arrived)


def put_whole(arrival: Arrival, content: bytes) -> Operation[None]:
    """S3 and others: the whole file in one PUT (INFERRED for S3)."""
    method = arrival.upload_method or "PUT"
    call = _call("send file", method, arrival.upload_url, content, arrival.upload_headers, repeatable=True)
    return Operation(call=call, read=lambda _reply: None)


def put_block_blob(arrival: Arrival, content: bytes) -> Operation[None]:
    """Azure: the whole file as one block blob (CONFIRMED)."""
    headers = {"x-ms-blob-type": "BlockBlob", **arrival.upload_headers}
    call = _call("send file", "PUT", arrival.upload_url, content, headers, repeatable=True)
    return Operation(call=call, read=lambda _reply: None)


def post_to_b2(arrival: Arrival, content: bytes) -> Operation[None]:
    """B2: the whole file with its checksum (CONFIRMED). Not repeatable: after a failure B2 wants a new address."""
    headers = {
        "Authorization": str(arrival.upload_credentials.get("authorizationToken", "")),
        "X-Bz-File-Name": arrival.upload_filename,
        "X-Bz-Content-Sha1": sha1(content, usedforsecurity=False).hexdigest(),
        **arrival.upload_headers,
    }
    call = _call("send file", "POST", arrival.upload_url, content, headers)
    return Operation(call=call, read=lambda _reply: None)


def start_multipart(arrival: Arrival) -> Operation[str]:
    """S3: the ``UploadId`` of a multipart upload (CONFIRMED)."""
    call = _call("start multipart", "POST", arrival.multipart_upload_url, b"", {})
    return Operation(call=call, read=_upload_id)


def put_part(url: str, content: bytes) -> Operation[str]:
    """S3: one part; answers its ETag, which the end of the upload asks for (CONFIRMED)."""
    call = _call("send part", "PUT", url, content, {}, repeatable=True)

    def etag(reply: Reply) -> str:
        if not reply.headers.get("etag"):
            raise reply.odd("expected an ETag header")
        return reply.headers["etag"]

    return Operation(call=call, read=etag)


def complete_multipart(url: str, etags: Sequence[str]) -> Operation[None]:
    """S3: put the parts together, ``etags`` in their order (body INFERRED from S3's own interface)."""
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
        for number, etag in enumerate(etags, start=1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    call = _call("complete multipart", "POST", url, body, {}, media_type="application/xml")
    return Operation(call=call, read=lambda _reply: None)


def abort_multipart(url: str) -> Operation[None]:
    """S3: forget the parts sent so far."""
    call = Call(
        name="abort multipart",
        method="DELETE",
        path=url,
        signed_in=False,
        repeatable=True,
        accepts=frozenset({404}),
    )
    return Operation(call=call, read=lambda _reply: None)


def _upload_id(reply: Reply) -> str:
    try:
        found = fromstring(reply.body).find("{*}UploadId")
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise reply.odd("expected XML with an UploadId") from error
    if found is None or not found.text:
        raise reply.odd("expected XML with an UploadId")
    return str(found.text)


def _call(
    name: str,
    method: str,
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    *,
    media_type: str = _BYTES,
    repeatable: bool = False,
    accepts: frozenset[int] = frozenset(),
) -> Call:
    return Call(
        name=name,
        method=method,
        path=url,
        headers=dict(headers),
        body=RawBody(content=content, media_type=media_type),
        repeatable=repeatable,
        signed_in=False,
        deadline_s=DEADLINE_S,
        accepts=accepts,
    )
