"""What lies in the archive on the first day: volumes, categories, a workspace per customer, what was archived there,
two holds and three retention schedules. Names of people and documents are the world's; the rest is CHOSEN."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from connectors.sandbox.extended_ecm.categories import Attribute, Category, Kind
from connectors.sandbox.extended_ecm.filing import INCOMING_FOLDER, Compose, Filing, fitting
from connectors.sandbox.extended_ecm.forms import (
    CUSTOMER_CATEGORY,
    DELIVERY_CATEGORY,
    DOCUMENT_CATEGORY,
    customer_fields,
    delivery_fields,
    document_fields,
)
from connectors.sandbox.extended_ecm.nodes import TYPE_NAMES, Node, NodeType
from connectors.sandbox.extended_ecm.records import Hold, Placing, RecordFacts, Schedule
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workflows import Step, WorkflowMap
from connectors.sandbox.extended_ecm.workspaces import (
    BO_TYPE,
    CUSTOMER_TYPE_ID,
    CUSTOMER_TYPE_NAME,
    EXT_SYSTEM_ID,
    BusinessObject,
    Role,
    Workspace,
    WorkspaceType,
)
from connectors.sandbox.world import WorldCustomer

ENTERPRISE_ID: Final = 2000
RECYCLE_BIN_ID: Final = 2005
CATEGORIES_ID: Final = 2006
"""Well-known numbers (M, contract 1); clients should find volumes by type all the same."""

APPROVAL_MAP: Final = "Document approval"
REVIEW_MAP: Final = "Second reading"
SIGNED_MAP: Final = "Signed release"
REPORT_NICKNAME: Final = "new_documents"

_SCHEDULES: Final = (
    ("CLM-10", "Claims, ten years", 10, "Destroy"),
    ("POL-07", "Policies and bills, seven years", 7, "Destroy"),
    ("COR-03", "Correspondence, three years", 3, "Review"),
)
_HELD_DIRECTLY: Final = 3
_LIKES_OFFERS: Final = "green-tariff"
"""The segment whose customers agreed to marketing."""
_OLD: Final = timedelta(days=800)


def seed(server: ContentServer, documents: Compose) -> None:
    """Fill an empty server. ``documents`` is kept, and called when the bytes of an archived document are needed."""
    _Seeding(server, documents).run()


class _Seeding:
    def __init__(self, server: ContentServer, documents: Compose) -> None:
        self._server = server
        self._documents = documents
        self._by = server.members.first_user.id
        self._at = server.world.began - _OLD
        self._folders = (
            *dict.fromkeys(template.group for template in server.world.templates if template.group),
            INCOMING_FOLDER,
        )

    def run(self) -> None:
        enterprise = self._volume(NodeType.ENTERPRISE_VOLUME, "Enterprise", node_id=ENTERPRISE_ID)
        self._volume(NodeType.RECYCLE_BIN, "Recycle Bin", node_id=RECYCLE_BIN_ID)
        definitions = self._categories(self._volume(NodeType.CATEGORIES_VOLUME, "Categories", node_id=CATEGORIES_ID))
        self._volume(NodeType.CLASSIFICATION_VOLUME, "Classifications")
        self._volume(NodeType.PERSONAL_VOLUME, "Personal Workspace")
        templates = self._volume(NodeType.TEMPLATES_VOLUME, "Content Server Document Templates")
        plan = self._records(self._volume(NodeType.RECORDS_VOLUME, "Records Management"))
        location = self._folder(enterprise, "Customers")
        kind = self._customer_type(templates, location, definitions[CUSTOMER_CATEGORY])
        workspaces = {
            customer.number: self._workspace(kind, location, customer, definitions[CUSTOMER_CATEGORY])
            for customer in self._server.world.customers
        }
        filing = Filing(self._server, self._documents, definitions[DOCUMENT_CATEGORY], by=self._by)
        filed = [
            filing.file(sent, place, workspaces[sent.customer])
            for place, sent in enumerate(self._server.world.sent)
            if sent.archived and sent.customer in workspaces
        ]
        self._declare(filed, plan)
        self._holds(workspaces, filed)
        self._workflows(enterprise)
        self._report(enterprise)

    # The frame

    def _volume(self, kind: NodeType, name: str, *, node_id: int | None = None) -> Node:
        return self._server.tree.hang(
            Node(
                id=self._server.tree.new_id() if node_id is None else node_id,
                parent_id=-1,
                type=kind,
                name=name or TYPE_NAMES[kind],
                created_at=self._at,
                created_by=self._by,
                modified_at=self._at,
                modified_by=self._by,
            )
        )

    def _folder(self, parent: Node, name: str) -> Node:
        return self._server.make(parent=parent, kind=NodeType.FOLDER, name=name, by=self._by, at=self._at)

    def _categories(self, volume: Node) -> dict[str, Category]:
        folder = self._server.make(
            parent=volume, kind=NodeType.CATEGORY_FOLDER, name="Harbour Mutual", by=self._by, at=self._at
        )
        made: dict[str, Category] = {}
        for name, fields in (
            (DOCUMENT_CATEGORY, document_fields()),
            (CUSTOMER_CATEGORY, customer_fields()),
            (DELIVERY_CATEGORY, delivery_fields()),
        ):
            node = self._server.make(parent=folder, kind=NodeType.CATEGORY, name=name, by=self._by, at=self._at)
            made[name] = self._server.categories[node.id] = Category(id=node.id, name=name, fields=fields)
        return made

    def _customer_type(self, templates: Node, location: Node, category: Category) -> WorkspaceType:
        template = self._server.make(
            parent=templates, kind=NodeType.WORKSPACE, name="Customer workspace", by=self._by, at=self._at
        )
        template.categories[category.id] = category.blank()
        for name in self._folders:
            self._folder(template, name)
        people = {member.title: member.id for member in self._server.members.all() if member.title}
        roles = [
            self._role("Records manager", "Files and holds", True, people.get("records manager")),
            self._role("Support", "Finds and sends again", False, people.get("support lead")),
            self._role("Reader", "Looks things up", False, None),
        ]
        self._server.workspaces.add(Workspace(node_id=template.id, type_id=None, template_id=None, roles=roles))
        config = self._folder(templates, "Workspace types")
        kind = WorkspaceType(
            id=CUSTOMER_TYPE_ID,
            name=CUSTOMER_TYPE_NAME,
            names={"en": CUSTOMER_TYPE_NAME, "fr": "Client", "de": "Kunde", "es": "Cliente", "ar": "عميل"},
            template_id=template.id,
            template_name=template.name,
            location_id=location.id,
            config_node_id=config.id,
            ext_system_id=EXT_SYSTEM_ID,
            bo_type=BO_TYPE,
        )
        self._server.workspaces.types[kind.id] = kind
        return kind

    def _role(self, name: str, description: str, leader: bool, member_id: int | None) -> Role:
        words = ["see", "see_contents"] if name == "Reader" else ["see", "see_contents", "modify", "add_items"]
        return Role(
            id=self._server.tree.new_id(),
            name=name,
            description=description,
            leader=leader,
            permissions=words,
            member_ids=[member_id or self._by] if leader or member_id else [],
        )

    # Customers and their documents

    def _workspace(self, kind: WorkspaceType, location: Node, customer: WorldCustomer, category: Category) -> Node:
        called = customer.company or f"{customer.given_name} {customer.family_name}".strip()
        node, made = self._server.build_workspace(
            kind, name=fitting(f"{called} ({customer.number})"), parent=location, by=self._by, at=self._at
        )
        self._server.workspaces.bind(
            made, BusinessObject(ext_system_id=EXT_SYSTEM_ID, bo_type=BO_TYPE, bo_id=customer.number)
        )
        given: dict[str, object] = {
            category.key_of("Customer number"): customer.number,
            category.key_of("Name"): called[:254],
            category.key_of("Language"): customer.locale,
            category.key_of("Segments"): list(customer.segments),
            category.key_of("Mail consent"): customer.email_allowed,
            category.key_of("SMS consent"): customer.sms_allowed,
            category.key_of("Mail returned"): customer.email_bad,
            category.key_of("Preferred channels"): list(customer.preferred_channels),
            category.key_of("Country"): customer.country,
            category.key_of("Mail marketing"): customer.email_allowed and _LIKES_OFFERS in customer.segments,
            category.key_of("SMS marketing"): customer.sms_allowed and _LIKES_OFFERS in customer.segments,
        }
        home = ", ".join((*customer.address_lines, f"{customer.postcode} {customer.city}".strip(), customer.country))
        contacts = [("Mail", customer.email), ("Mobile", customer.mobile), ("Post", home[:254])]
        for row, (medium, address) in enumerate([each for each in contacts if each[1]], start=1):
            given[f"{category.id}_6_{row}_7"] = medium
            given[f"{category.id}_6_{row}_8"] = address
        node.categories[category.id] = category.changed(category.blank(), given)
        return node

    # Records

    def _records(self, volume: Node) -> dict[str, int]:
        """The file plan: schedule name → classification id."""
        plan: dict[str, int] = {}
        for name, title, years, disposition in _SCHEDULES:
            node = self._server.make(
                parent=volume, kind=NodeType.RM_CLASSIFICATION, name=name, by=self._by, at=self._at, description=title
            )
            plan[name] = node.id
            self._server.records.schedules[name] = Schedule(
                id=self._server.tree.new_id(), name=name, title=title, years=years, disposition=disposition
            )
        return plan

    def _declare(self, filed: Sequence[Node], plan: dict[str, int]) -> None:
        for node in filed:
            values = next(iter(node.categories.values()))
            kinds = set(values.values())
            schedule = (
                "CLM-10"
                if "Claim decision" in kinds
                else "POL-07"
                if kinds & {"Policy", "Bill", "Statement"}
                else "COR-03"
            )
            self._server.records.facts[node.id] = RecordFacts(
                classification_id=plan[schedule],
                file_number=f"{schedule}-{node.id}",
                record_date=node.created_at,
                schedule_name=schedule,
            )

    def _holds(self, workspaces: Mapping[str, Node], filed: Sequence[Node]) -> None:
        """One on a whole workspace, one on single documents, one that a query brought: each way of being frozen."""
        began = self._server.world.began
        customers = self._server.world.customers
        sued = next((each.number for each in customers if each.family_name == "Marchetti"), customers[-1].number)
        self._hold("Marchetti v. Harbour", "LEGAL", began - timedelta(days=90), [workspaces[sued]])
        self._hold("Regulator request 26-114", "AUDIT", began - timedelta(days=20), filed[:_HELD_DIRECTLY])
        if len(filed) > _HELD_DIRECTLY:
            query = self._server.tree.new_id()
            self._hold("Tax audit 2025", "TAX", began - timedelta(days=5), filed[-1:], query_id=query)

    def _workflows(self, enterprise: Node) -> None:
        """One that a form precedes, and one that starts in one call."""
        folder = self._folder(enterprise, "Workflows")
        decide = ("Approve", "Reject")
        for name, approver, steps in (
            (
                APPROVAL_MAP,
                Attribute(number=2, name="Approver", kind=Kind.INTEGER, required=True),
                (
                    Step(number=1, name="Approver", instructions="Please check the document.", dispositions=decide),
                    Step(number=2, name="Release", instructions="Please release the document."),
                ),
            ),
            (
                REVIEW_MAP,
                None,
                (Step(number=1, name="Review", instructions="Please read it again.", dispositions=decide),),
            ),
            (
                SIGNED_MAP,
                None,
                (Step(number=1, name="Sign", instructions="Sign it.", dispositions=decide, password=True),),
            ),
        ):
            node = self._server.make(parent=folder, kind=NodeType.WORKFLOW_MAP, name=name, by=self._by, at=self._at)
            remark = Attribute(number=3, name="Remark", max_length=80)
            self._server.workflows.maps[node.id] = WorkflowMap(
                id=node.id,
                name=name,
                steps=steps,
                manager_id=self._by,
                start_step=approver is not None,
                attributes=(approver, remark) if approver else (remark,),
                assignee_number=approver.number if approver else None,
            )

    def _report(self, enterprise: Node) -> None:
        """The one report that can be run by its nickname."""
        node = self._server.make(
            parent=enterprise, kind=NodeType.WEB_REPORT, name="New documents", by=self._by, at=self._at
        )
        node.nickname = REPORT_NICKNAME

    def _hold(self, name: str, kind: str, at: datetime, nodes: Sequence[Node], *, query_id: int = 0) -> None:
        hold = Hold(
            id=self._server.tree.new_id(),
            name=name,
            kind=kind,
            comment="Do not delete until released in writing.",
            applied_at=at,
            applied_by=self._by,
            alternate_id=name.upper().replace(" ", "-"),
        )
        hold.node_ids = {
            node.id: Placing(by=self._by, at=max(at, node.created_at), query_id=query_id) for node in nodes
        }
        self._server.records.holds[hold.id] = hold
