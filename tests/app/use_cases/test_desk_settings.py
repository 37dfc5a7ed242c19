"""What a person chooses under Settings."""

import asyncio

import pytest

from app.errors import UserError
from app.notary import Notary
from app.settings import MARKETING_KINDS, Settings
from app.store import Store, audit
from app.use_cases.desk_settings import ChangeSetting
from tests.app.outbox.fakes import FakeClock


def test_what_cannot_be_noted_is_not_changed(store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as marketing was changed, letters went out by it, and the audit knows of nothing."""
    settings = Settings(store)
    change = ChangeSetting(settings=settings, changed=lambda: None, notary=Notary(store=store, clock=clock))

    def refuse(*_: object, **__: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(audit, "add", refuse)
    with pytest.raises(UserError, match="full"):
        asyncio.run(change(MARKETING_KINDS.key, "newsletter"))
    again = Settings(store)
    asyncio.run(again.load())

    assert (settings.value(MARKETING_KINDS), again.value(MARKETING_KINDS)) == (MARKETING_KINDS.default,) * 2
