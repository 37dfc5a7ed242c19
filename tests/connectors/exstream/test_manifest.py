"""The delivery file: UTF-16, a DOCTYPE, and nothing that it may fetch or expand."""

import codecs

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


@pytest.mark.contract("exstream 2.7", "exstream 7.c")
@pytest.mark.parametrize("declared", ["UTF-16", "UTF-8", "utf-16le", ""])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_a_manifest_is_read_however_it_was_written(mark: bytes, encoding: str, declared: str) -> None:
    """Strangers' tools write all of these, and declare what they like; unread, nobody knows which file is whose."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = MANIFEST.replace('<?xml version="1.0" encoding="UTF-16"?>', declaration).lstrip()

    manifest = read_manifest(mark + text.encode(encoding))

    file = manifest.files[0]
    assert (manifest.customers_processed, manifest.pages_processed) == (2, 3)
    assert (file.name, file.page_count, file.size_bytes) == ("jobs/1/output/Queue_2_email/1001.pdf", 1, 250746)
    assert (file.customers[0].number, dict(file.customers[0].keys)) == ("1", {"AccountNumber": "1001"})


@pytest.mark.contract("exstream 7.c")
@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><outputList>&b;</outputList>',
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><outputList>&x;</outputList>',
        b"<!DOCTYPE o [<!ATTLIST outputList pagesProcessed CDATA '7'>]><outputList/>",
        b"<!DOCTYPE o SYSTEM 'a' [<!ELEMENT outputList ANY>]><outputList/>",
        "<!DOCTYPE o [<!ENTITY a 'b'>]><outputList/>".encode("utf-16"),
        b"<outputList><queue></outputList>",
        b"<outputList>\xff</outputList>",
        b"\xff\xfe<",
        b"<html/>",
        b"",
    ],
)
def test_what_is_no_safe_manifest_is_refused(content: bytes) -> None:
    """A file from a server must not read ours, nor grow without end."""
    with pytest.raises(ValueError, match=r"manifest|outputList"):
        read_manifest(content)


@pytest.mark.contract("exstream 7.b")
def test_keys_stay_out_of_the_repr() -> None:
    """They are customers' data, and reprs end in logs."""
    assert "1001" not in repr(read_manifest(MANIFEST.encode("utf-16")).files[0].customers[0])
