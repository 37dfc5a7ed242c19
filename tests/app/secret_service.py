"""A real Secret Service for a test: gnome-keyring on a bus of its own, with a home of its own."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Final

import pytest

PASSWORD: Final = b"open sesame"
ENDS_WITHIN_S: Final = 300
_BUS: Final = """<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""
"""No folder of services: nothing is started by itself, such as a second daemon or a window that asks for a password."""


class SecretService:
    """A bus and the daemon on it. Close it."""

    def __init__(self) -> None:
        # The path of a socket may have 107 letters; a test's own folder may have more.
        self.home = Path(mkdtemp(prefix="keyring-"))
        config = self.home / "bus.conf"
        config.write_text(_BUS.format(folder=self.home))
        self.environment = {
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_RUNTIME_DIR": str(self.home),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.home}/bus",
        }
        self._bus = self._started(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"])
        _first_line(self._bus)
        self._daemon: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the daemon with its collection unlocked, as a session does at its beginning."""
        self._daemon = self._started(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"], told=PASSWORD
        )
        assert self._daemon.stdout is not None
        self._daemon.stdout.read()  # it closes its output when it answers

    def die(self) -> None:
        """Kill the daemon, whatever it is doing."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.communicate(timeout=ENDS_WITHIN_S)
            self._daemon = None

    def lock(self) -> None:
        """Lock the collection, as the desktop does after a while. There is nobody here to type its password."""
        import secretstorage  # noqa: PLC0415 - on Linux alone

        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()

    def unlock(self) -> None:
        """What a person's password does."""
        self.die()
        self.start()

    def close(self) -> None:
        """End both and delete everything."""
        self.die()
        self._bus.kill()
        self._bus.communicate(timeout=ENDS_WITHIN_S)
        shutil.rmtree(self.home, ignore_errors=True)

    def _started(self, command: list[str], *, told: bytes = b"") -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
        )
        assert process.stdin is not None
        process.stdin.write(told)
        process.stdin.close()
        process.stdin = None
        return process


def opened() -> SecretService:
    """One that runs; the test is skipped where the daemon cannot be had."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a Secret Service is Linux's keyring")
    missing = [name for name in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"there is no {' and no '.join(missing)} here: apt-get install gnome-keyring dbus")
    return SecretService()


def _first_line(process: "subprocess.Popen[bytes]") -> None:
    said: IO[bytes] | None = process.stdout
    assert said is not None
    said.readline()
