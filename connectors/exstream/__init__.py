"""OpenText Exstream: designs, on-demand composition, batch runs, artifacts and delivery events."""

from connectors.exstream.client import ExstreamClient, open_exstream
from connectors.exstream.manifest import DeliveryManifest, ManifestCustomer, ManifestFile, ManifestQueue
from connectors.exstream.models import (
    Config,
    CurrentUser,
    DataSource,
    Domain,
    FlowModel,
    HistoryEntry,
    Link,
    Queue,
    ResourceState,
    ResourceVersion,
    SetManifest,
    Version,
)
from connectors.exstream.runtime import (
    ChannelEvent,
    CollectionResource,
    EmailEvent,
    FlowInstance,
    FlowStep,
    Job,
    Output,
    OutputContext,
    RunState,
)
from connectors.exstream.sign_in import CLOUD_SCOPE, PRIVATE_SCOPE, client_sign_in, person_sign_in
from connectors.exstream.site import FilterSpelling, OffsetMeaning, Site

__all__ = [
    "CLOUD_SCOPE",
    "PRIVATE_SCOPE",
    "ChannelEvent",
    "CollectionResource",
    "Config",
    "CurrentUser",
    "DataSource",
    "DeliveryManifest",
    "Domain",
    "EmailEvent",
    "ExstreamClient",
    "FilterSpelling",
    "FlowInstance",
    "FlowModel",
    "FlowStep",
    "HistoryEntry",
    "Job",
    "Link",
    "ManifestCustomer",
    "ManifestFile",
    "ManifestQueue",
    "OffsetMeaning",
    "Output",
    "OutputContext",
    "Queue",
    "ResourceState",
    "ResourceVersion",
    "RunState",
    "SetManifest",
    "Site",
    "Version",
    "client_sign_in",
    "open_exstream",
    "person_sign_in",
]
