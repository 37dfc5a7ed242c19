"""Security policies: who may see what, and who may say so (core-dam 5.12 and 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connectors.sandbox.core_dam.errors import OtmmError, malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy of the site. What it is called is CHOSEN."""

    policy_id: int
    name: str
    description: str
    is_for_editors: bool
    """Whether an editor has the right to apply it."""


ADMINISTRATORS: Final = Policy(
    policy_id=1, name="Administrators", description="Only administrators", is_for_editors=False
)
MARKETING: Final = Policy(
    policy_id=2, name="Marketing", description="Everybody in marketing and service", is_for_editors=True
)
POLICIES: Final[Mapping[str, Policy]] = {str(each.policy_id): each for each in (ADMINISTRATORS, MARKETING)}
BY_TEMPLATE: Final = (MARKETING.policy_id,)
"""What the import template applies; it needs no right of the caller (CONFIRMED)."""


def wanted_policies(described: Mapping[str, object]) -> tuple[int, ...]:
    """The policies that an asset or folder is to be under; those of the template when it names none.

    Raises: OtmmError for an unknown one, and for one that the caller may not apply (both codes CHOSEN).
    """
    listed = described.get("security_policy_list")
    if listed is None:
        return BY_TEMPLATE
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise malformed("security_policy_list")
    found = []
    for each in listed:
        policy = POLICIES.get(str(each.get("id")))
        if policy is None:
            raise malformed("security_policy_list")
        if not policy.is_for_editors:
            raise OtmmError(403, "OTMM_POLICY_DENIED", f"You may not apply the security policy {policy.name}.")
        found.append(policy.policy_id)
    return tuple(found) or BY_TEMPLATE
