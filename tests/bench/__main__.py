"""``python -m tests.bench NAME [--json] [its own options]``: run one benchmark and print what it found.

A benchmark is a module with ``run``, and ``arguments`` where it takes options of its own.
"""

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
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("name", choices=names)
    wanted, rest = parser.parse_known_args()
    benchmark = importlib.import_module(f"tests.bench.{wanted.name}")
    own = argparse.ArgumentParser(prog=f"python -m tests.bench {wanted.name}", description=benchmark.__doc__)
    if hasattr(benchmark, "arguments"):
        benchmark.arguments(own)
    result: Result = benchmark.run(**vars(own.parse_args(rest)))
    if wanted.json:
        sys.stdout.write(json.dumps(result.as_json()) + "\n")
    else:
        sys.stdout.write(result.as_words() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
