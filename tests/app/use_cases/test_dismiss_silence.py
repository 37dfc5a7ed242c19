"""A silence that somebody dismissed is gone until there is a new one, and the audit has why."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.errors import UserError
from app.records import Channel, Silence
from app.rules.expectations import Expected
from app.store import Store, audit, silences
from app.use_cases.dismiss_silence import DismissSilence, DismissWish
from tests.app.inbox.arrivals_made import NOW
from tests.app.inbox.test_waiting import Scene

REASON = "She has it in her hand."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Store.open(tmp_path) as opened:
        yield Scene(opened)


def dismiss(scene: Scene, silence: Silence, reason: str = REASON) -> None:
    """Do it."""
    use = DismissSilence(store=scene.store, clock=scene.clock, publish=scene.told.append)
    asyncio.run(use(DismissWish(silence=silence, reason=reason, actor="ada")))


def noticed(scene: Scene) -> Silence:
    """One that is."""
    scene.send("c1")
    (silence,) = scene.look()
    return silence


def test_nobody_looks_at_it_any_more_and_nobody_is_asked(scene: Scene) -> None:
    """It would be back at the next look, a quarter of an hour later."""
    dismiss(scene, noticed(scene))
    assert scene.source is not None
    asked = len(scene.source.asked)

    later = scene.look(timedelta(days=3))

    assert later == ()
    assert asyncio.run(scene.store.read(silences.count)) == 0
    assert len(scene.source.asked) == asked


def test_a_new_silence_is_another_one(scene: Scene) -> None:
    """What was told since, and was followed by nothing, would be seen by nobody."""
    dismiss(scene, noticed(scene))
    scene.send("c1", "deferred")

    (again,) = scene.look()

    assert again.communication == "c1"


def test_hours_that_are_set_higher_and_lower_again_bring_nothing_back(scene: Scene) -> None:
    """Every change of a setting would show again what was dismissed by hand."""
    silence = noticed(scene)
    dismiss(scene, silence)
    key = (silence.communication, silence.channel.value, silence.state.value)

    async def note(*, is_waited_for: bool) -> bool:
        wanted = [Expected(channel=Channel.EMAIL, states=(silence.state,), before=scene.clock.now())]
        looked = await scene.store.read(
            silences.look_on, wanted if is_waited_for else [], after=NOW - timedelta(days=9), behind=None
        )
        found = looked.silent
        assert is_waited_for == (key in {each[:3] for each in found})
        return await scene.store.write(silences.note, found, now=scene.clock.now())

    changed = [asyncio.run(note(is_waited_for=each)) for each in (False, True)]

    assert changed == [False, False]
    assert asyncio.run(scene.store.read(silences.count)) == 0


def test_who_dismissed_it_and_why_is_in_the_audit(scene: Scene) -> None:
    """A letter that never came, and nobody could say who had decided not to look."""
    silence = noticed(scene)

    dismiss(scene, silence)

    row = asyncio.run(scene.store.ledger.read(audit.newest))[0]
    assert (row.actor, row.action, row.words) == ("ada", "silence.dismissed", {"reason": REASON})
    assert silence.communication not in row.reference
    assert scene.told[-1].silences


def test_one_that_is_over_is_not_dismissed(scene: Scene) -> None:
    """The next silence of the same letter would be dismissed before anybody saw it."""
    silence = noticed(scene)
    scene.send("c1", "delivered")

    with pytest.raises(UserError, match="no silence any more"):
        dismiss(scene, silence)


def test_without_a_reason_it_stays(scene: Scene) -> None:
    """One click would empty the list."""
    silence = noticed(scene)

    with pytest.raises(UserError, match="needs a reason"):
        dismiss(scene, silence, " ")

    assert asyncio.run(scene.store.read(silences.count)) == 1


def test_what_cannot_be_noted_is_not_dismissed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list would be empty, and the audit as well."""
    silence = noticed(scene)

    def full(*_: Any, **__: Any) -> None:
        raise UserError("There is no space left on the disk.")

    monkeypatch.setattr(audit, "add", full)

    with pytest.raises(UserError, match="no space"):
        dismiss(scene, silence)

    assert asyncio.run(scene.store.read(silences.count)) == 1
