"""The structured metadata schema: fields, their options, their validations.

Source: wire contract "Cloudinary" §3.1, §3.2 and §4.2, CONFIRMED. Values of ``enum`` and ``set`` fields are options'
external ids, never labels.
"""

from collections.abc import Mapping, Sequence

from connectors.calls import Call, segment
from connectors.cloudinary.link import Link, admin
from connectors.cloudinary.models import MetadataField, MetadataFields, MetadataOptions, MetadataType
from connectors.shape import JSONValue, decode


def list_fields(cloud: str) -> Call:
    """Every field with its options."""
    return admin(cloud, "GET", "metadata_fields", name="metadata fields")


def one_field(cloud: str, external_id: str) -> Call:
    """One field."""
    return admin(cloud, "GET", f"metadata_fields/{segment(external_id)}", name="metadata field")


def create_field(
    cloud: str,
    *,
    external_id: str,
    label: str,
    kind: MetadataType,
    is_mandatory: bool = False,
    default: JSONValue = None,
    options: Mapping[str, str] | None = None,
    validation: Mapping[str, JSONValue] | None = None,
) -> Call:
    """A new field. A second time it is a 409, so that it may be repeated. ``validation`` as :func:`between` makes."""
    body: dict[str, JSONValue] = {
        "external_id": external_id,
        "label": label,
        "type": kind.value,
        "mandatory": is_mandatory,
    }
    if default is not None:
        body["default_value"] = default
    if options is not None:
        body["datasource"] = {"values": _values(options)}
    if validation is not None:
        body["validation"] = validation
    return admin(cloud, "POST", "metadata_fields", name="new metadata field", body=body)


def change_field(cloud: str, external_id: str, changes: Mapping[str, JSONValue]) -> Call:
    """Change what ``changes`` names, in the vendor's keys: ``label``, ``mandatory``, ``default_value``, …"""
    where = f"metadata_fields/{segment(external_id)}"
    return admin(cloud, "PUT", where, name="change metadata field", body=dict(changes))


def delete_field(cloud: str, external_id: str) -> Call:
    """Away with a field and its values; its id stays taken for a while (§11)."""
    where = f"metadata_fields/{segment(external_id)}"
    return admin(cloud, "DELETE", where, name="delete metadata field", repeatable=False)


def put_options(cloud: str, external_id: str, options: Mapping[str, str]) -> Call:
    """Add or relabel options: labels by the options' external ids."""
    where = f"metadata_fields/{segment(external_id)}/datasource"
    return admin(cloud, "PUT", where, name="metadata options", body={"values": _values(options)})


def hide_options(cloud: str, external_id: str, options: Sequence[str]) -> Call:
    """Have nobody choose ``options`` any more; assets that have them keep them."""
    where = f"metadata_fields/{segment(external_id)}/datasource"
    return admin(cloud, "DELETE", where, name="hide metadata options", body={"external_ids": list(options)})


def unhide_options(cloud: str, external_id: str, options: Sequence[str]) -> Call:
    """Offer hidden options again."""
    where = f"metadata_fields/{segment(external_id)}/datasource_restore"
    body: dict[str, JSONValue] = {"external_ids": list(options)}
    return admin(cloud, "POST", where, name="unhide metadata options", body=body, repeatable=True)


def between(
    low: int | str | None = None, high: int | str | None = None, *, has_ends: bool = True
) -> dict[str, JSONValue]:
    """A validation: a number or a day (ISO text) from ``low`` to ``high``. Raises: ValueError without either."""
    edges = [(name, edge) for name, edge in (("greater_than", low), ("less_than", high)) if edge is not None]
    rules: list[dict[str, JSONValue]] = [{"type": name, "value": edge, "equals": has_ends} for name, edge in edges]
    if not rules:
        raise ValueError("a range needs at least one end")
    return rules[0] if len(rules) == 1 else {"type": "and", "rules": rules}


def length(low: int = 0, high: int | None = None) -> dict[str, JSONValue]:
    """A validation: a text of ``low`` to ``high`` characters. Keys INFERRED."""
    rule: dict[str, JSONValue] = {"type": "strlen", "min": low}
    return rule if high is None else {**rule, "max": high}


def _values(options: Mapping[str, str]) -> list[dict[str, JSONValue]]:
    return [{"external_id": option, "value": label} for option, label in options.items()]


class Schema:
    """The fields of one cloud. Every method raises any ConnectorError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def fields(self) -> tuple[MetadataField, ...]:
        """Every field."""
        return decode(await self._link.send(list_fields(self._link.cloud)), MetadataFields).metadata_fields

    async def field(self, external_id: str) -> MetadataField:
        """One field."""
        return decode(await self._link.send(one_field(self._link.cloud, external_id)), MetadataField)

    async def create(
        self,
        external_id: str,
        *,
        label: str,
        kind: MetadataType,
        is_mandatory: bool = False,
        default: JSONValue = None,
        options: Mapping[str, str] | None = None,
        validation: Mapping[str, JSONValue] | None = None,
    ) -> MetadataField:
        """A new field. Raises: ConflictError when its id is taken."""
        call = create_field(
            self._link.cloud,
            external_id=external_id,
            label=label,
            kind=kind,
            is_mandatory=is_mandatory,
            default=default,
            options=options,
            validation=validation,
        )
        return decode(await self._link.send(call), MetadataField)

    async def change(self, external_id: str, changes: Mapping[str, JSONValue]) -> MetadataField:
        """Change what ``changes`` names, in the vendor's keys."""
        return decode(await self._link.send(change_field(self._link.cloud, external_id, changes)), MetadataField)

    async def delete(self, external_id: str) -> None:
        """Delete a field, and with it every asset's value of it."""
        await self._link.send(delete_field(self._link.cloud, external_id))

    async def put_options(self, external_id: str, options: Mapping[str, str]) -> MetadataOptions:
        """Add or relabel options."""
        return decode(await self._link.send(put_options(self._link.cloud, external_id, options)), MetadataOptions)

    async def hide_options(self, external_id: str, options: Sequence[str]) -> MetadataOptions:
        """Have nobody choose ``options`` any more."""
        return decode(await self._link.send(hide_options(self._link.cloud, external_id, options)), MetadataOptions)

    async def unhide_options(self, external_id: str, options: Sequence[str]) -> MetadataOptions:
        """Offer hidden options again."""
        return decode(await self._link.send(unhide_options(self._link.cloud, external_id, options)), MetadataOptions)
