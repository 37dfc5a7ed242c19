"""The trade's nouns as frozen records: what crosses every border inside the desk. Vendor words end at app.systems."""

from app.records.ability import Ability, AccountFacts, Offer, Standing
from app.records.archive import (
    Category,
    CategoryField,
    Customer,
    CustomerDocument,
    CustomerNumber,
    Filing,
    NodeId,
    Workspace,
)
from app.records.asset import Asset, AssetKey, AssetKind, AssetState, AssetVersion, Reviewer
from app.records.changes import Changes
from app.records.communication import Channel, ChannelConsent, ContactPoint, DeliveryEvent, DeliveryState
from app.records.inbox import InboxEvent, InboxState, Trust
from app.records.outbox import EntryId, EntryState, OutboxEntry, Receipt, RequestKey, Verb
from app.records.proof import BillItem, DriverRecord, Finding, FindingLevel, Proof, ProofOutput
from app.records.system import ConnectionState, System, SystemStatus
from app.records.template import Template, TemplateId, TemplateState
from app.records.usage import Usage, UsageKind

__all__ = [
    "Ability",
    "AccountFacts",
    "Asset",
    "AssetKey",
    "AssetKind",
    "AssetState",
    "AssetVersion",
    "BillItem",
    "Category",
    "CategoryField",
    "Changes",
    "Channel",
    "ChannelConsent",
    "ConnectionState",
    "ContactPoint",
    "Customer",
    "CustomerDocument",
    "CustomerNumber",
    "DeliveryEvent",
    "DeliveryState",
    "DriverRecord",
    "EntryId",
    "EntryState",
    "Filing",
    "Finding",
    "FindingLevel",
    "InboxEvent",
    "InboxState",
    "NodeId",
    "Offer",
    "OutboxEntry",
    "Proof",
    "ProofOutput",
    "Receipt",
    "RequestKey",
    "Reviewer",
    "Standing",
    "System",
    "SystemStatus",
    "Template",
    "TemplateId",
    "TemplateState",
    "Trust",
    "Usage",
    "UsageKind",
    "Verb",
    "Workspace",
]
