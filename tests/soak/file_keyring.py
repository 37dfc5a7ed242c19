"""A keyring that outlives a killed process: a file for each secret. For the soak alone; no desk may use such a one."""

import hashlib
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FileKeyring(KeyringBackend):
    """Secrets below ``folder``. A write is there whole or not at all, as in a real keyring."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring tells no types
        self._folder = folder

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""
        path = self._path(service, username)
        return path.read_text() if path.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        path = self._path(service, username)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(password)
        draft.replace(path)

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""
        path = self._path(service, username)
        if not path.exists():
            raise PasswordDeleteError(username)
        path.unlink()

    def _path(self, service: str, username: str) -> Path:
        return self._folder / hashlib.sha256(f"{service}\0{username}".encode()).hexdigest()
