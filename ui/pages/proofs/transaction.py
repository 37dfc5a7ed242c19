"""A transaction in a file as a test record. What it holds is a customer's: no error tells any of it."""

import hashlib
import json
from pathlib import Path

from app.errors import UserError
from app.records import DriverRecord

LARGEST_FILE_BYTES = 8_000_000


def read_record(path: Path) -> DriverRecord:
    """The transaction in ``path``. Raises: UserError."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise UserError(f"{path.name} is larger than 8 MB.", hint="A transaction holds the data of one customer.")
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read.", hint="Check that the file is still there.") from error
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path.name} is no JSON.", hint="Open a file that holds one JSON object.") from error
    if not isinstance(data, dict):
        raise UserError(f"{path.name} holds no JSON object.", hint="A transaction is one object with named values.")
    return DriverRecord(id=f"file:{hashlib.sha256(content).hexdigest()[:16]}", name=path.name, data=data)
