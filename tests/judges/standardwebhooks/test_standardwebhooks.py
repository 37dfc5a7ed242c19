"""The library of Standard Webhooks on our receiver and on the sandbox's sender."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.inbound import ArrivalTrust, standard_webhooks
from tests.judges.bench import Judge, Ready
from tests.judges.standardwebhooks.receiving import receiving

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
OLDER = "whsec_" + base64.b64encode(b"the secret that was before").decode()
SEED = b"a private key for the judge only"
KNOWN: dict[str, str] = {}
"""Calls that fail, with the reason."""


def test_their_library_and_our_receiver_agree(judged_sandbox: Ready) -> None:
    """A signature that we both made wrong would be right in every test of ours."""
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    whpk = "whpk_" + base64.b64encode(public).decode()
    with receiving({"sender": standard_webhooks(SECRET, OLDER, whpk)}) as ours:
        given = {
            "address": ours.address,
            "secret": SECRET,
            "older_secret": OLDER,
            "private_key": base64.b64encode(SEED).decode(),
        }
        verdict = Judge("standardwebhooks").run(judged_sandbox, given=given)

    assert verdict.failed.keys() == KNOWN.keys(), verdict.failed
    assert len(verdict.calls) >= 40
    assert verdict.handed["public_key"] == whpk
    believed = sum(call.name.endswith((": believed", ": 204")) for call in verdict.calls)
    assert [arrival.trust for arrival in ours.arrivals].count(ArrivalTrust.VERIFIED) == believed
