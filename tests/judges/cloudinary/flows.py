# mypy: disable-error-code="import-not-found,no-any-return"
# The vendor's client is installed in the judge's environment alone.
"""What a team does with Cloudinary's own Python client, call by call, on the sandbox.

Runs in the judge's environment: the vendor's client and the standard library, nothing of ours but the ledger.
"""

import cloudinary

from tests.judges.cloudinary import delivering, describing, keeping, reading, uploading
from tests.judges.ledger import Ledger


def main() -> None:
    """Everything, in the order of a working day."""
    ledger = Ledger.from_stdin()
    ready = ledger.ready["cloudinary"]
    cloudinary.config(
        cloud_name=ready["cloud_name"],
        api_key=ready["api_key"],
        api_secret=ready["api_secret"],
        upload_prefix=ready["base_url"],
        secure=True,
    )
    reading.run(ledger)
    uploading.run(ledger)
    describing.run(ledger)
    keeping.run(ledger)
    delivering.run(ledger)
    ledger.end()


if __name__ == "__main__":
    main()
