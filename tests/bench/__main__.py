"""``python -m tests.bench NAME [--json]``: run one benchmark and print what it found."""

import argparse
import importlib
import json
import sys
from pathlib import Path

from tests.bench.result import Result


def main() -> int:
    """Run the named benchmark; the JSON object is the last line of the output."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py") if path.stem != "result")
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=names)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args()
    result: Result = importlib.import_module(f"tests.bench.{wanted.name}").run()
    if wanted.json:
        sys.stdout.write(json.dumps(result.as_json()) + "\n")
    else:
        sys.stdout.write(result.as_words() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
