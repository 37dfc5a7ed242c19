"""Whatever a client sends: the archive answers in the vendor's shapes and never breaks."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sandbox.extended_ecm.app import parts_of
from connectors.sandbox.extended_ecm.server import ContentServer
from tests.connectors.sandbox.extended_ecm.conftest import build_archive

KEYS: Final = tuple(
    """
    type parent_id name description roles ids names category_id categories page limit fields expand sort where
    where_name where_type lookfor original_id reserved_user_id metadata_token hold_id holdID class_id permissions
    right_id apply_to id ext_system_id bo_type bo_id template_id number_to_keep rel_bw_id rel_type date_applied nickname
    url name_multilingual actions rm_metadataToken status official rsi location_id1 where_bo_id permissions_array
    where_workspace_type_id where_audit_date_start workflow_id doc_ids draftprocess_id process_id task_id action
    custom_action values comment assignee definition interests data bws_infos IDs shareProvider shareOptions
    providerParams coordinators rendition_type queryID userID docxreftyp mode where_names attribute_key
    attribute_values client_id page_size doc_id Kind wstatus current_state versions_control_advanced assigned_member_id
    upload_key file_name file_size mime_type holdname where_rel_types
    """.split()  # noqa: SIM905 - a hundred quoted words, one to a line, would hide the test
)
numbers = st.one_of(st.integers(10_001, 10_110), st.sampled_from([0, -1, 1, 16, 1001, 1010, 2000, 10**17, 2.5]))
odd: Final[tuple[Any, ...]] = (
    *("", "x", "null", "true", "{", "[]", "1 2", "９", "2026-13-01", "custom", "initiate", "formUpdate", "Approve"),
    *([], ["x"], ["1", "2"], [None], [{"id": "x", "action": "replace"}], [{"id": None}], [{"right_id": 1010}]),
    *({}, {"a": 1}, {"id": "x"}, {"categories": {"x": 1}}, {"categories": {"10005_6": {"x": 1}}}),
    *({"classifications": {"id": ["x"]}}, {"importteam": 1}, {"invitees": [{"perm": 9}]}, {"workflow_id": [1]}),
    *({"recipients": ["x"], "RSTYPE": "y"}, {"WorkflowForm_2": "x", "WorkflowForm_WorkflowDueDate": "x"}),
    *(None, True, False),
)
values = st.one_of(numbers, st.sampled_from(odd), st.text(max_size=8))
wishes = st.dictionaries(st.sampled_from(KEYS), values, max_size=7)
segments = st.one_of(
    numbers.map(str), st.sampled_from(["x", "latest", "owner", "group", "%20", "９", "small", "new_documents"])
)


CALLS_EACH: Final = 40


class Archivist:
    """An archive that is asked again and again, whatever became of it before; a new one after some time."""

    def __init__(self) -> None:
        self._archive, self._asked = build_archive(), 0
        world, authority = self._archive.world, self._archive.authority
        self.calls = [
            (endpoint.method, endpoint.path)
            for part in parts_of(ContentServer(world, authority))
            for endpoint in part.endpoints
            if not endpoint.path.endswith("/auth")
        ]

    def asked(self, method: str, path: str, wish: Mapping[str, Any], form: str) -> httpx.Response:
        """What the archive answers; an exception within it passes through."""
        self._asked += 1
        if not self._asked % CALLS_EACH:
            self._archive = build_archive()

        async def ask() -> httpx.Response:
            async with self._archive.bare() as http:
                match form:
                    case "query":
                        return await http.request(method, path, params=_flat(wish))
                    case "body":
                        return await http.request(method, path, data={"body": json.dumps(wish)})
                    case "files":
                        file = {"file": ("ü.bin", b"x", "image/png")}
                        return await http.request(method, path, data=_flat(wish), files=file)
                    case _:
                        return await http.request(method, path, data=_flat(wish))

        return asyncio.run(ask())


def _flat(wish: Mapping[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in wish.items()}


ARCHIVIST: Final = Archivist()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    call=st.sampled_from(ARCHIVIST.calls),
    parts=st.lists(segments, min_size=4, max_size=4),
    wish=wishes,
    form=st.sampled_from(["query", "body", "fields", "files"]),
)
def test_any_request_is_answered_in_the_vendors_shapes(
    call: tuple[str, str], parts: list[str], wish: dict[str, Any], form: str
) -> None:
    """An archive that breaks on an odd request teaches a client nothing about the real one."""
    method, pattern = call
    left = iter(parts)
    path = re.sub(r"\{\w+\}", lambda _: next(left), pattern).removeprefix("/")

    reply = ARCHIVIST.asked(method, path, wish, form)

    assert reply.status_code in (200, 400, 401, 403, 404, 409, 500), reply.status_code
    assert reply.status_code == 200 or "error" in reply.json()
