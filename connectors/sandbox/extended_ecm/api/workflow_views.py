"""Maps, drafts and processes as JSON. Keys are CONFIRMED by P's quoted replies unless marked (contract 10)."""

from connectors.sandbox.extended_ecm import category_forms
from connectors.sandbox.extended_ecm.api.replies import Json, bare
from connectors.sandbox.extended_ecm.categories import FORM_TYPES, Category
from connectors.sandbox.extended_ecm.members import Member
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workflows import FORM_PREFIX, Activity, Draft, Process, Step, WorkflowMap


class WorkflowViews:
    """Draws workflows."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    def _person(self, member_id: int) -> Json:
        member = self._server.members.find(member_id)
        if member is None:
            return {}
        return {
            "userId": member.id,
            "loginName": member.name,
            "firstName": member.first_name,
            "lastName": member.last_name,
            "emailAddress": member.email,
            "phone": "",
        }

    def definition(self, way: WorkflowMap) -> Json:
        """Attribute definitions lie in a data package of their own; the package's ``type`` numbers are P's."""
        category = Category(id=way.id, name="Attributes", fields=way.attributes)
        definitions = category_forms.schema(category)
        head = definitions[str(way.id)]
        assert isinstance(head, dict)  # noqa: S101 - the schema's own entry
        head["type_name"] = "Assoc"
        attributes: Json = {
            "data": {key: None for key, _ in category.slots({})},
            "definitions": definitions,
            "definitions_map": {str(way.id): category_forms.order(category)},
            "definitions_order": [str(way.id)],
        }
        return {
            "data_packages": [
                {"data": {}, "description": None, "sub_type": 2, "type": 1},
                {
                    "data": attributes,
                    "description": "Please fill in all required attributes.",
                    "sub_type": 3,
                    "type": 1,
                },
            ],
            "tasks": [
                {
                    "task_id": step.number,
                    "title": step.name,
                    "instructions": step.instructions,
                    "type": 1,
                    "sub_type": 1,
                    "data": {},
                    "description": None,
                }
                for step in way.steps
            ],
            "workflow_id": way.id,
            "workflow_roles": [],
        }

    # Forms

    def _form(self, way: WorkflowMap, values: dict[int, object], *, title: str) -> Json:
        properties: Json = {f"{FORM_PREFIX}_Title": {"title": "Title", "type": "string", "required": False}}
        data: Json = {f"{FORM_PREFIX}_Title": title, f"{FORM_PREFIX}_WorkflowDueDate": None}
        fields: Json = {f"{FORM_PREFIX}_Title": {"label": "Title", "type": "text", "hidden": False}}
        for attribute in way.attributes:
            key = f"{FORM_PREFIX}_{attribute.number}"
            kind, control = FORM_TYPES[attribute.kind]
            data[key] = values.get(attribute.number)
            properties[key] = {"title": attribute.name, "type": kind, "required": attribute.required, "readonly": False}
            fields[key] = {"label": attribute.name, "type": control, "hidden": False}
        return {
            "columns": 1,
            "data": data,
            "options": {"fields": fields, "form": {"attributes": {}, "renderForm": True}},
            "schema": {"properties": properties, "type": "object"},
            "type": 1,
        }

    def _package(self, folder_id: int) -> Json:
        return {"data": {"attachment_folder_id": folder_id}, "description": "", "sub_type": 1, "type": 1}

    def draft_form(self, draft: Draft) -> Json:
        """What is to be filled before the start."""
        return {
            "data": {
                "actions": [{"key": "Initiate", "label": "Start"}],
                "attachment_centric_default_mode": "properties",
                "attachments_on": True,
                "authentication": False,
                "comments_on": True,
                "data_packages": [self._package(draft.attachment_folder_id)],
                "enableTopAlignedLabel": True,
                "instructions": "Please say who is to approve it.",
                "process_id": draft.id,
                "task": {"type": 1, "sub_type": 1},
                "title": draft.title,
                "workflow_type": "1_1" if draft.document_ids else None,
            },
            "forms": [self._form(draft.map, draft.values, title=draft.title)],
        }

    def task_form(self, process: Process, step: Step) -> Json:
        """What can be done with a task; the keys of its actions are the map's own."""
        return {
            "data": {
                "actions": [{"key": "Delegate", "label": "Forward"}, {"key": "Review", "label": "Send for review"}]
                + ([] if step.dispositions else [{"key": "SendOn", "label": "Send on"}]),
                "attachments_on": True,
                "authentication": step.password,
                "comments_on": True,
                "custom_actions": [{"key": word, "label": word} for word in step.dispositions],
                "data_packages": [self._package(process.attachment_folder_id)],
                "instructions": step.instructions,
                "message": None,
                "process_id": process.id,
                "subprocess_id": process.id,
                "task": {"type": 1, "sub_type": 1},
                "task_id": step.number,
                "title": step.name,
            },
            "forms": [self._form(process.map, process.values, title=process.title)],
        }

    # Progress

    def _step(self, process: Process, step: Step, *, status: str) -> Json:
        person = self._person(process.assignee_id)
        current = f"{person.get('firstName', '')} {person.get('lastName', '')}"
        return {
            "process_id": process.id,
            "subprocess_id": process.id,
            "task_id": step.number,
            "task_name": step.name,
            "task_due_date": bare(process.due_at) or "",
            "task_start_date": bare(process.step_began_at),
            "task_status": status,
            "task_assignees": {"assignee": [person], "assigneeCount": 1, "currentAssignee": current},
        }

    def progress(self, process: Process, who: Member) -> Json:
        """One process with its steps."""
        status, now_at = process.seen_at(self._server.now()), process.step
        done = process.map.steps[: process.at_step]
        begun = self._person(process.initiator_id)
        manages = who.id in (process.initiator_id, process.map.manager_id)
        words = ("Archive", "ChangeAttr", "ChangeRoute", "Delete", "ManagerPerms", "Stop", "Suspend")
        return {
            "attachments": {"attachment_folder_id": process.attachment_folder_id},
            "data_packages": [
                {"TYPE": 1, "SUBTYPE": 1, "USERDATA": process.attachment_folder_id, "DESCRIPTION": ""},
            ],
            "permissions": {"SeeDetail": True, **dict.fromkeys(words, manages)},
            "step_list": {
                "completed": [self._step(process, each, status="completed") for each in done],
                "current": [self._step(process, now_at, status=status)] if now_at else [],
                "next": [
                    self._step(process, each, status="") for each in process.map.steps[process.at_step + 1 :] if now_at
                ],
            },
            "wf_details": {
                "date_initiated": bare(process.begun_at),
                "due_date": bare(process.due_at) or "",
                "initiator": {key: begun.get(key) for key in ("firstName", "lastName", "loginName", "userId")},
                "status": status,
                "wf_name": process.title,
                "work_workID": process.id,
            },
        }

    def status_row(self, process: Process) -> Json:
        """One line of the list of one's own workflows."""
        status, step = process.seen_at(self._server.now()), process.step
        person = self._person(process.assignee_id)
        return {
            "assignee": [person] if step else [],
            "assignee_count": 1 if step else 0,
            "comments_on": True,
            "current_assignee": f"{person.get('firstName', '')} {person.get('lastName', '')}" if step else "",
            "date_initiated": bare(process.begun_at),
            "due_date": bare(process.due_at) or "",
            "parallel_steps": [self._step(process, step, status=status)] if step else [],
            "process_id": process.id,
            "status_key": status,
            "step_name": step.name if step else "",
            "steps_count": 1 if step else 0,
            "subprocess_id": process.id,
            "task_id": step.number if step else 0,
            "wf_name": process.title,
        }

    def activity(self, each: Activity) -> Json:
        """One line of a process's history."""
        return {
            "action": each.action,
            "action_properties": {"label": each.label, "user_id": each.other_id},
            "comment": each.comment or None,
            "date": bare(each.at),
            "user_id": each.user_id,
        }
