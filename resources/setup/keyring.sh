#!/bin/sh
# Sees to a real Secret Service for the tests (gnome-keyring on a bus of its own). What cannot be had is no reason to
# stop: those tests are skipped then, and say why.
set -eu
[ "$(uname)" = Linux ] || exit 0

missing=""
command -v dbus-daemon >/dev/null 2>&1 || missing="$missing dbus"
command -v gnome-keyring-daemon >/dev/null 2>&1 || missing="$missing gnome-keyring"
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
as_root=""
if ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests of a real keyring are skipped: there is no$missing here." >&2
    exit 0
elif [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "The tests of a real keyring are skipped; for them type: sudo $install" >&2
        exit 0
    fi
    as_root="sudo"
fi
echo "Installing a keyring for the tests:$missing"
log=$(mktemp)
if ! { $as_root apt-get update && DEBIAN_FRONTEND=noninteractive $as_root $install; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "It could not be installed; the tests of a real keyring are skipped." >&2
fi
rm -f "$log"
