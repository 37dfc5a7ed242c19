"""Mail digests, reminders, reports (contract 11). The server calls nobody by itself: who wants news asks for it."""

from collections.abc import Mapping, Sequence
from datetime import date

from connectors.extended_ecm.access_models import Interest, Reminder, ReportParameter
from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import Content, MemberId, NodeId
from connectors.extended_ecm.wire import documents, notices


class NoticeCalls(Connection):
    """What people are told, and what reports print."""

    async def interests(self, node_id: NodeId) -> tuple[Interest, ...]:
        """What whoever is signed in is told about a node."""
        return notices.read_interests(await self._send(notices.interests(node_id)))

    async def set_interests(self, node_id: NodeId, reports: Mapping[int, int]) -> tuple[Interest, ...]:
        """Interest → report; whatever is not named is told no more."""
        return notices.read_interests(await self._send(notices.set_interests(node_id, reports)))

    async def reminders(self, node_id: NodeId) -> tuple[Reminder, ...]:
        """The reminders on a node."""
        return notices.read_reminders(await self._send(notices.reminders(node_id)), self._zone)

    async def remind(
        self, node_id: NodeId, *, recipients: Sequence[MemberId], due: date, description: str, kind: int = 1
    ) -> None:
        """Remind people of a node."""
        call = notices.remind(node_id, recipients=recipients, due=due, description=description, kind=kind)
        await self._send(call)

    async def report(self, nickname: str, parameters: Mapping[str, str] | None = None) -> Content:
        """What a report prints; it may be anything."""
        return documents.read_content(await self._send(notices.report(nickname, parameters or {})))

    async def report_parameters(self, nickname: str) -> tuple[ReportParameter, ...]:
        """What a report asks for."""
        return notices.read_report_parameters(await self._send(notices.report_parameters(nickname)))
