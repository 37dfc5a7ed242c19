"""What every flow needs: the vendor's client, its answers checked, and the ledger."""

from collections.abc import Callable
from typing import Any

from pythonik.friendly import Iconik

from tests.judges.ledger import Ledger


class Desk:
    """Asks with the vendor's client and books each call."""

    def __init__(self, ledger: Ledger) -> None:
        told = ledger.ready["iconik"]
        self.ledger = ledger
        self.told = told
        self.ik = self.client(told["app_id"], told["auth_token"])

    def client(self, app_id: str, auth_token: str) -> Iconik:
        """The vendor's client for one token."""
        return Iconik(app_id, auth_token, base_url=f"{self.told['base_url']}/API")

    def ask(
        self, name: str, call: Callable[[], Any], *, status: int = 200, check: Callable[[Any], bool] | None = None
    ) -> Any:
        """Perform a call; it passes when it ends with ``status``, is read by the client, and fits ``check``."""
        parsed = None
        with self.ledger.call(name):
            answer = call()
            parsed = answer.parsed
            assert int(answer.status_code) == status, f"{int(answer.status_code)}: {answer.content[:200]!r}"
            assert check is None or check(parsed), f"unexpected answer: {answer.content[:200]!r}"
        return parsed


def every(page_call: Callable[[int], Any]) -> list[Any]:
    """All objects of a list with page numbers, to the page without a next one."""
    found: list[Any] = []
    page = 1
    while True:
        answer = page_call(page)
        assert int(answer.status_code) == 200, answer.content[:200]
        found += answer.parsed.objects
        if not answer.parsed.next_url:
            return found
        page += 1


def behind(page_call: Callable[[str], Any]) -> list[Any]:
    """All objects of a list without page numbers."""
    found: list[Any] = []
    last = ""
    while True:
        answer = page_call(last)
        assert int(answer.status_code) == 200, answer.content[:200]
        found += answer.parsed.objects
        if not answer.parsed.next_url:
            return found
        last = str(answer.parsed.objects[-1].id)
