"""The delivery file: UTF-16, a DOCTYPE, and nothing that it may fetch or expand."""

import pytest

from connectors.exstream.manifest import read_manifest

MANIFEST = """<?xml version="1.0" encoding="UTF-16"?>
<!DOCTYPE outputList SYSTEM "outputlist.dtd">
<outputList transactions="0" customersProcessed="2" pagesProcessed="3">
  <queue name="email" mimeType="application/pdf" pdl="PDF">
    <file name="jobs/1/output/Queue_2_email/1001.pdf">
      <customer number="1"><key name="AccountNumber">1001</key></customer>
      <pageCount>1</pageCount><fileSize>250746</fileSize>
    </file>
  </queue>
</outputList>"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_manifest_is_read_by_its_byte_order_mark(encoding: str) -> None:
    """Without it nobody knows which file is whose."""
    text = MANIFEST if encoding == "utf-16" else MANIFEST.replace("UTF-16", "UTF-8")

    manifest = read_manifest(text.encode(encoding))

    file = manifest.files[0]
    assert (manifest.customers_processed, manifest.pages_processed) == (2, 3)
    assert (file.name, file.page_count, file.size_bytes) == ("jobs/1/output/Queue_2_email/1001.pdf", 1, 250746)
    assert (file.customers[0].number, dict(file.customers[0].keys)) == ("1", {"AccountNumber": "1001"})


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><outputList>&b;</outputList>',
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><outputList>&x;</outputList>',
        b"<outputList><queue></outputList>",
        b"<html/>",
        b"",
    ],
)
def test_what_is_no_safe_manifest_is_refused(content: bytes) -> None:
    """A file from a server must not read ours, nor grow without end."""
    with pytest.raises(ValueError, match=r"manifest|outputList"):
        read_manifest(content)


def test_keys_stay_out_of_the_repr() -> None:
    """They are customers' data, and reprs end in logs."""
    assert "1001" not in repr(read_manifest(MANIFEST.encode("utf-16")).files[0].customers[0])
