"""``python -m tests.bench.scale ROOT [--assets 1000000 …]``: build the profile ``scale`` under ROOT, once."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path
from time import perf_counter

from tests.bench.scale.building import Sizes, build


def main() -> int:
    """Build it, saying what was done; a profile that is there already is left alone."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("root", type=Path, help="where the profile lies, as XDG_DATA_HOME/proofdesk would be")
    for size in fields(Sizes):
        parser.add_argument(f"--{size.name}", type=int, default=size.default, help="rows (%(default)s)")
    chosen = vars(parser.parse_args())
    began = perf_counter()

    def say(what: str) -> None:
        sys.stdout.write(f"{perf_counter() - began:6.0f} s  {what}\n")
        sys.stdout.flush()

    folder = build(chosen.pop("root"), Sizes(**chosen), say=say)
    say(f"the profile lies in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
