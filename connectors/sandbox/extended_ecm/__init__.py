"""Extended ECM (Content Server REST v1 and v2) on loopback: the archive of record of Harbour Mutual."""

from connectors.sandbox.extended_ecm.app import CS_PATH, build
from connectors.sandbox.extended_ecm.forms import CUSTOMER_CATEGORY, DOCUMENT_CATEGORY
from connectors.sandbox.extended_ecm.workspaces import BO_TYPE, CUSTOMER_TYPE_NAME, EXT_SYSTEM_ID

__all__ = [
    "BO_TYPE",
    "CS_PATH",
    "CUSTOMER_CATEGORY",
    "CUSTOMER_TYPE_NAME",
    "DOCUMENT_CATEGORY",
    "EXT_SYSTEM_ID",
    "build",
]
