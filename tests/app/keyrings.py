"""Keyrings in memory: one that behaves, and those that are locked, small, slow, or cut off in the middle."""

from threading import Event

from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError


class FakeKeyring:
    """A keyring in memory that can be locked, or too small."""

    def __init__(self, *, is_locked: bool = False, room: int = 100_000) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.is_locked = is_locked
        self.room = room

    def get_password(self, service: str, username: str) -> str | None:
        """What is held."""
        self._open()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Hold as much as there is room for."""
        self._open()
        self.held[service, username] = password[: self.room]

    def delete_password(self, service: str, username: str) -> None:
        """Forget."""
        self._open()
        if (service, username) not in self.held:
            raise PasswordDeleteError("No such password!")
        del self.held[service, username]

    def _open(self) -> None:
        if self.is_locked:
            raise KeyringLocked("Failed to unlock the collection!")


class MergedKeyring(FakeKeyring):
    """A keyring that two were merged into: under ``doubled`` it has entries of another machine, and gives those."""

    def __init__(self) -> None:
        super().__init__()
        self.doubled: dict[tuple[str, str], list[str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The oldest of what is held."""
        older = self.doubled.get((service, username))
        return older[0] if older else super().get_password(service, username)

    def delete_password(self, service: str, username: str) -> None:
        """Forget one of them."""
        if self.doubled.get((service, username)):
            self.doubled[service, username].pop(0)
        else:
            super().delete_password(service, username)


class HangingKeyring(FakeKeyring):
    """A keyring whose service takes the question and says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = Event()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing, before it is let go."""
        self.asked += 1
        self.answers.wait()
        return super().get_password(service, username)


class CutError(BaseException):
    """The process was killed: nothing catches it."""


class CappedKeyring(FakeKeyring):
    """A keyring by Windows' rule, whose ``cut_after``-th writing call from now on is the last thing that happens."""

    CAP_BYTES = 2560

    def __init__(self) -> None:
        super().__init__()
        self.cut_after: int | None = None
        self.fails_at: int | None = None
        """The one call of any kind, counted from now on, that fails; the next ones work again."""
        self.longest = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        """Hold it, or refuse as Windows does."""
        self._maybe_fail()
        size = len(password.encode("utf-16-le"))
        if size > self.CAP_BYTES:
            raise PasswordSetError("The stub received bad data.")
        self.longest = max(self.longest, size)
        self._count_down()
        super().set_password(service, username, password)

    def get_password(self, service: str, username: str) -> str | None:
        """What is held."""
        self._maybe_fail()
        return super().get_password(service, username)

    def delete_password(self, service: str, username: str) -> None:
        """Forget."""
        self._maybe_fail()
        self._count_down()
        super().delete_password(service, username)

    def _maybe_fail(self) -> None:
        if self.fails_at is not None:
            self.fails_at -= 1
            if self.fails_at < 0:
                self.fails_at = None
                raise OSError("the bus is busy")

    def _count_down(self) -> None:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise CutError
            self.cut_after -= 1
