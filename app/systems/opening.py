"""From a connection and its secrets to the translator that speaks to the system."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.connections import Connection, ReadConnection
from app.name_fields import name_in
from app.network_fields import network_of
from app.outgoing import OutgoingFiles
from app.records import System
from app.systems.browser_tokens import BrowserTokens
from app.systems.cloudinary import CloudinaryLibrary
from app.systems.core_dam import CoreDamLibrary
from app.systems.exstream import ExstreamComposer, ExstreamSite
from app.systems.extended_ecm import EcmArchive, EcmNames
from app.systems.iconik import IconikLibrary
from app.systems.ports import Connected, Systems
from connectors.cloudinary import open_cloudinary, open_cloudinary_signed_in
from connectors.core_dam import open_core_dam, password_session
from connectors.exstream import Site, client_sign_in, open_exstream, person_sign_in
from connectors.extended_ecm import by_browser, by_directory_password, by_password, open_extended_ecm
from connectors.http import Exchange, SignIn
from connectors.iconik import BrowserLogin, open_iconik, open_iconik_signed_in
from connectors.network import Network
from connectors.oauth.chain import ChainedSignIn, RefreshChain

OnExchange = Callable[[Exchange], None]


def open_system(
    read: ReadConnection,
    *,
    outgoing: OutgoingFiles,
    tokens: BrowserTokens,
    on_exchange: OnExchange = lambda _exchange: None,
) -> Connected:
    """The translator for a connection. Nothing is sent yet. Runs on the engine's loop.

    Raises: UserError when its client certificate cannot be used.
    """
    way = _Way(
        connection=read.connection,
        secrets=read.secrets,
        network=network_of(read.connection.settings, read.secrets),
        chain=tokens.chain(read) if read.signs_in_with_browser else None,
        on_exchange=on_exchange,
    )
    match read.connection.system:
        case System.EXSTREAM:
            return _exstream(way)
        case System.EXTENDED_ECM:
            return _extended_ecm(way, outgoing)
        case System.CORE_DAM:
            return _core_dam(way)
        case System.ICONIK:
            return _iconik(way)
        case System.CLOUDINARY:
            return _cloudinary(way)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What every way into a system is made of."""

    connection: Connection
    secrets: Mapping[str, str] = field(repr=False)
    network: Network
    chain: RefreshChain | None
    """The tokens of a sign-in with a browser; None when a secret is the proof."""
    on_exchange: OnExchange


async def put_in_place(systems: Systems, opened: Connected) -> None:
    """Let ``opened`` speak for its system from now on; whatever spoke before is closed."""
    before = systems.find(opened.system)
    match opened:
        case ExstreamComposer():
            systems.composer = opened
        case EcmArchive():
            systems.archive = opened
        case CloudinaryLibrary() | CoreDamLibrary() | IconikLibrary():
            systems.libraries[opened.system] = opened
        case _:
            raise TypeError(type(opened).__name__)
    systems.facts.pop(opened.system, None)
    if before is not None:
        await before.close()


def _exstream(way: _Way) -> ExstreamComposer:
    said, secrets = way.connection.settings, way.secrets
    otds_url, tenant, subscription = said["otds_url"], said.get("tenant", ""), said.get("subscription", "")
    client_secret = secrets.get("client_secret", "")
    sign_in: SignIn = (
        ChainedSignIn(way.chain)
        if way.chain is not None
        else client_sign_in(
            otds_url=otds_url,
            tenant=tenant,
            subscription=subscription,
            client_id=said["client_id"],
            client_secret=client_secret,
        )
        if client_secret
        else person_sign_in(
            otds_url=otds_url,
            tenant=tenant,
            subscription=subscription,
            client_id=said["client_id"],
            username=said.get("username", ""),
            password=secrets.get("password", ""),
        )
    )
    client = open_exstream(
        base_url=way.connection.base_url,
        sign_in=sign_in,
        site=Site(uses_events=True),
        on_exchange=way.on_exchange,
        wire=way.network,
    )
    return ExstreamComposer(
        client, site=ExstreamSite(domain=said["domain"], tenant=tenant, locales_name=name_in(said, "locales_name"))
    )


def _extended_ecm(way: _Way, outgoing: OutgoingFiles) -> EcmArchive:
    said, secrets = way.connection.settings, way.secrets
    who = {"username": said.get("username", ""), "password": secrets.get("password", "")}
    otds_url = said.get("otds_url", "")
    sign_in = by_directory_password(otds_url=otds_url, **who) if otds_url else by_password(**who)
    client = open_extended_ecm(
        base_url=way.connection.base_url,
        cs_path=said["cs_path"],
        sign_in=by_browser(way.chain) if way.chain is not None else sign_in,
        on_exchange=way.on_exchange,
        wire=way.network,
    )
    names = EcmNames(
        country=name_in(said, "country_name"),
        mail_marketing=name_in(said, "mail_marketing_name"),
        sms_marketing=name_in(said, "sms_marketing_name"),
    )
    return EcmArchive(client, outgoing=outgoing, names=names)


def _core_dam(way: _Way) -> CoreDamLibrary:
    said, secrets = way.connection.settings, way.secrets
    client = open_core_dam(
        base_url=way.connection.base_url,
        prefix=None,  # sites run several releases; the first call finds out
        sign_in=ChainedSignIn(way.chain)
        if way.chain is not None
        else password_session(username=said["username"], password=secrets.get("password", "")),
        on_exchange=way.on_exchange,
        wire=way.network,
    )
    return CoreDamLibrary(client, delivery_url=said.get("delivery_url", ""))


def _iconik(way: _Way) -> IconikLibrary:
    if way.chain is not None:
        signed_in = open_iconik_signed_in(
            BrowserLogin(way.chain, client_id=way.connection.settings["client_id"]),
            base_url=way.connection.base_url,
            on_exchange=way.on_exchange,
            wire=way.network,
        )
        return IconikLibrary(signed_in, base_url=way.connection.base_url)
    client = open_iconik(
        app_id=way.connection.settings["app_id"],
        auth_token=way.secrets.get("auth_token", ""),
        base_url=way.connection.base_url,
        on_exchange=way.on_exchange,
        wire=way.network,
    )
    return IconikLibrary(client, base_url=way.connection.base_url)


def _cloudinary(way: _Way) -> CloudinaryLibrary:
    said, secrets = way.connection.settings, way.secrets
    if way.chain is not None:
        return CloudinaryLibrary(
            open_cloudinary_signed_in(
                ChainedSignIn(way.chain),
                cloud_name=said["cloud_name"],
                base_url=way.connection.base_url,
                delivery_url=said["delivery_url"],
                on_exchange=way.on_exchange,
                wire_to_api=way.network,
                wire_to_delivery=way.network,
            )
        )
    client = open_cloudinary(
        cloud_name=said["cloud_name"],
        api_key=said["api_key"],
        api_secret=secrets.get("api_secret", ""),
        base_url=way.connection.base_url,
        delivery_url=said["delivery_url"],
        on_exchange=way.on_exchange,
        wire_to_api=way.network,
        wire_to_delivery=way.network,
    )
    return CloudinaryLibrary(client)
