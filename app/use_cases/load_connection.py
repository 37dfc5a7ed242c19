"""A kept connection together with its secrets, which lie in the keyring or in memory and nowhere else."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from app.connections import BROWSER, FORMS, REFRESH_TOKEN, SIGN_IN, Connection, ReadConnection, read_form
from app.credentials import Credentials
from app.errors import UserError
from app.form_fields import FieldKind
from app.network_fields import NETWORK_FIELDS, ROOTS_PEM, network_of, with_files_read
from app.records import System
from app.store import Store, connections
from app.systems.browser_tokens import BrowserWay, browser_way, pending_owner, pending_token


async def find_connection(store: Store, system: System) -> Connection | None:
    """The kept connection to ``system``; None when there is none."""
    kept = await store.ledger.read(connections.every)
    return next((each for each in kept if each.system is system), None)


async def with_secrets(credentials: Credentials, connection: Connection) -> ReadConnection:
    """``connection`` with the secrets that are kept for it."""
    secrets = await credentials.load(connection.owner, FORMS[connection.system].secret_keys)
    return ReadConnection(connection=connection, secrets=secrets)


async def load_connection(store: Store, credentials: Credentials, system: System) -> ReadConnection:
    """The kept connection to ``system`` with its secrets. Raises: UserError when there is none."""
    connection = await find_connection(store, system)
    if connection is None:
        raise UserError(f"{system.label} is not connected.", hint="Add it first.")
    return await with_secrets(credentials, connection)


async def read_with_kept_secrets(
    store: Store, credentials: Credentials, system: System, values: Mapping[str, str]
) -> ReadConnection:
    """What was typed. An empty secret field of a connection that is edited means: as before, at the same hosts.

    Raises: UserError beside a field that cannot be right.
    """
    before = await find_connection(store, system)
    kept = (await with_secrets(credentials, before)).secrets if before is not None else {}
    if before is not None and _leads_elsewhere(before, values):
        # Never sent to a computer that it was not typed for; what the proxy and the certificate need goes on.
        kept = {key: value for key, value in kept.items() if key in _OF_THE_WAY}
    if before is not None and _host(values.get("proxy_url", "")) != _host(before.settings.get("proxy_url", "")):
        kept = {key: value for key, value in kept.items() if key != "proxy_password"}
    roots = before.settings.get(ROOTS_PEM, "") if before is not None else ""
    typed = await asyncio.to_thread(with_files_read, values)
    read = read_form(system, typed, kept=[*kept, *(["roots"] if roots else [])])
    connection = _with_roots(read.connection, typed.get(ROOTS_PEM) or roots)
    counting = {each.key for each in FORMS[system].asked(typed) if each.is_secret}
    secrets = {key: value for key, value in {**kept, **read.secrets}.items() if key in counting}
    # What cannot be used is said beside its field, and not by a broken connection tomorrow.
    await asyncio.to_thread(network_of, connection.settings, secrets)
    if before is not None and REFRESH_TOKEN in counting and browser_way(connection) != _way_of(before):
        secrets.pop(REFRESH_TOKEN, None)
    pending = pending_token(credentials, connection) if REFRESH_TOKEN in counting else ""
    if pending:
        return ReadConnection(
            connection=connection,
            secrets={**secrets, REFRESH_TOKEN: pending},
            token_owner=pending_owner(system),
        )
    return ReadConnection(
        connection=connection, secrets=secrets, token_owner=before.owner if before is not None else ""
    )


_OF_THE_WAY: Final = frozenset(each.key for each in NETWORK_FIELDS)


def _way_of(before: Connection) -> BrowserWay | None:
    """How ``before`` is signed in to with a browser, when it is."""
    return browser_way(before) if before.settings.get(SIGN_IN) == BROWSER else None


def _leads_elsewhere(before: Connection, values: Mapping[str, str]) -> bool:
    """Whether ``values`` name a host that ``before`` did not."""
    fields = [each for each in FORMS[before.system].asked(values) if each.kind is FieldKind.URL]
    known = {_host(before.base_url), *(_host(before.settings.get(each.key) or each.default) for each in fields)}
    return not {_host(values.get(each.key, "").strip() or each.default) for each in fields} <= {*known, ""}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # it is said beside its field
        return ""


def _with_roots(connection: Connection, roots: str) -> Connection:
    """``connection`` with the authorities that it trusts, where it trusts any of its own."""
    if connection.settings.get("trust") != "file":
        return connection
    return replace(connection, settings={**connection.settings, ROOTS_PEM: roots})
