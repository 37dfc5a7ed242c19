"""What happens on the health of the desk: it is read again every two seconds while it is in sight."""

from collections.abc import Callable
from datetime import UTC, datetime

from app.activity import Activity
from app.measures import Measures
from ui.pages.activity.health import words
from ui.pages.activity.health.view import HealthView


class HealthController:
    """Fills :class:`HealthView`."""

    def __init__(
        self,
        view: HealthView,
        *,
        measures: Measures,
        activity: Activity,
        copy: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._view, self._measures, self._activity = view, measures, activity
        self._copy, self._now = copy, now
        view.moments.passed.connect(self.tick)
        view.copy_action.triggered.connect(self.copy)
        self.tick()

    def tick(self) -> None:
        """Show everything as it is now."""
        view, readings = self._view, self._measures.readings()
        late = self._measures.window
        view.window_row.show_measure(words.window_of(late.facts(), late.series()))
        view.outbox_row.show_measure(words.outbox_of(readings))
        view.inbox_row.show_measure(words.inbox_of(readings))
        view.store_row.show_measure(words.store_of(readings))
        healths = self._activity.health()
        rates = {health.system: self._activity.rate(health.system) for health in healths}
        view.show_systems(words.systems_of(healths, rates, readings[-1] if readings else None, now=self._now()))
        view.header.set_aside("the last minutes of this desk")

    def copy(self) -> None:
        """Put what a report would say of it into the clipboard."""
        self._copy("\n".join(self._measures.queues()))
