#!/bin/sh
# Sees to the system libraries and fonts that Qt needs on Linux: nothing to do, or apt installs them where it may,
# or the one line to type is printed and the set-up stops. Sonames are tested, not packages: names of packages differ.
set -eu
[ "$(uname)" = Linux ] || exit 0

# soname:package, for QtCore to QtWebEngine and the xcb window system
needed="libglib-2.0.so.0:libglib2.0-0 libbrotlidec.so.1:libbrotli1 libGL.so.1:libgl1 libEGL.so.1:libegl1
libxkbcommon.so.0:libxkbcommon0 libfreetype.so.6:libfreetype6 libfontconfig.so.1:libfontconfig1 libdbus-1.so.3:libdbus-1-3
libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-shape.so.0:libxcb-shape0 libxkbcommon-x11.so.0:libxkbcommon-x11-0 libpulse.so.0:libpulse0
libnspr4.so:libnspr4 libnss3.so:libnss3 libXcomposite.so.1:libxcomposite1 libXdamage.so.1:libxdamage1
libXrandr.so.2:libxrandr2 libXtst.so.6:libxtst6 libasound.so.2:libasound2 libxkbfile.so.1:libxkbfile1"
# a file that proves the font, and its package: without them other scripts are boxes
fonts="/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf:fonts-noto-core
/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk
/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf:fonts-noto-color-emoji"

loader=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
missing=""
for pair in $needed; do
    printf '%s' "$loader" | grep -q "[[:space:]]${pair%%:*} " || missing="$missing ${pair#*:}"
done
if command -v apt-get >/dev/null 2>&1; then
    for pair in $fonts; do
        [ -e "${pair%%:*}" ] || missing="$missing ${pair#*:}"
    done
    ls /usr/share/fonts/*/inter/* >/dev/null 2>&1 || missing="$missing fonts-inter"
fi
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo"
    else
        echo "Proofdesk needs some system libraries. Type this once, then start again:" >&2
        echo "    sudo apt-get update && sudo $install" >&2
        exit 1
    fi
    echo "Installing the system libraries that Qt needs:$missing"
    log=$(mktemp)
    if ! { $as_root apt-get update && DEBIAN_FRONTEND=noninteractive $as_root $install; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        echo "apt could not install them. Look at the lines above, then type: sudo $install" >&2
        exit 1
    fi
    rm -f "$log"
else
    echo "Proofdesk needs system libraries that Debian calls:$missing" >&2
    echo "Install what your system calls them, then start again." >&2
    exit 1
fi
