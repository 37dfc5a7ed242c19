#!/bin/sh
# Makes .venv hold exactly what the lock file named as $1 says. A stamp is written last, so a set-up that broke off is
# thrown away and made anew instead of being used half-installed.
set -eu
lock=$1

for python in python3 python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$python
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "Proofdesk needs Python 3.11 or newer; none is on the path." >&2
    exit 1
fi
if ! "$found" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "This Python has no venv module. On Debian type: sudo apt-get install python3-venv" >&2
    exit 1
fi

hash_of() { "$found" -c 'import hashlib, pathlib, sys
print(hashlib.sha256(b"".join(pathlib.Path(p).read_bytes() for p in sys.argv[1:]) + sys.version.encode()).hexdigest())' "$@"; }

base=$(hash_of requirements.lock)
wanted=$(hash_of requirements.lock "$lock")
[ "$(cat .venv/.ready-"$lock" 2>/dev/null || true)" != "$wanted" ] || exit 0

# .base is there only while what lies below it is whole
if [ "$(cat .venv/.base 2>/dev/null || true)" != "$base" ]; then
    rm -rf .venv
    echo "Making .venv (about 1 GB, most of it Qt) ..."
    "$found" -m venv .venv
fi
rm -f .venv/.base
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
echo "$base" >.venv/.base
echo "$wanted" >".venv/.ready-$lock"
