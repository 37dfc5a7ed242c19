"""``python -m connectors.endpoint FILE…``: whether descriptions can be used, and if not, everything that is wrong."""

import sys
from collections.abc import Sequence
from pathlib import Path

from connectors.endpoint.problems import DescriptionError
from connectors.endpoint.reading import load_description


def main(arguments: Sequence[str]) -> int:
    """Check each file; 0 when all of them can be used."""
    if not arguments:
        sys.stderr.write("Name the files to check: python -m connectors.endpoint FILE…\n")
        return 2
    return max(_check(Path(each)) for each in arguments)


def _check(path: Path) -> int:
    try:
        description = load_description(path)
    except DescriptionError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"{path}: {error.strerror or 'it cannot be read'}.\n")
        return 1
    slots = ", ".join(description.slots) or "none"
    sys.stdout.write(f"{path.name}: {description.title}, {len(description.calls)} calls. Credentials: {slots}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
