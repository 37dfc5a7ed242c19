"""iconik as an ASGI app: one tenant, its services, and the storage that their signed addresses lead to."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.iconik.access import Access
from connectors.sandbox.iconik.accounts import Accounts
from connectors.sandbox.iconik.actions import Actions
from connectors.sandbox.iconik.approvals import Approvals
from connectors.sandbox.iconik.archiving import Archiving
from connectors.sandbox.iconik.assets import Assets
from connectors.sandbox.iconik.attachments import Attachments
from connectors.sandbox.iconik.collections import Collections
from connectors.sandbox.iconik.comments import Comments
from connectors.sandbox.iconik.documents import Documents
from connectors.sandbox.iconik.door import Door
from connectors.sandbox.iconik.faults import Fault
from connectors.sandbox.iconik.files import Files
from connectors.sandbox.iconik.history import History
from connectors.sandbox.iconik.jobs import Jobs
from connectors.sandbox.iconik.lag import Lag
from connectors.sandbox.iconik.media import Media
from connectors.sandbox.iconik.metadata import Metadata
from connectors.sandbox.iconik.notices import Notices
from connectors.sandbox.iconik.oauth import OAuth
from connectors.sandbox.iconik.packaging import Packaging
from connectors.sandbox.iconik.proxying import Proxying
from connectors.sandbox.iconik.relations import Relations
from connectors.sandbox.iconik.review import Review
from connectors.sandbox.iconik.saved import SavedSearches
from connectors.sandbox.iconik.search import Search
from connectors.sandbox.iconik.shares import Shares
from connectors.sandbox.iconik.stats import Stats
from connectors.sandbox.iconik.storage import Storage
from connectors.sandbox.iconik.tenant import Tenant
from connectors.sandbox.iconik.tokens import Tokens
from connectors.sandbox.iconik.transcripts import Transcripts
from connectors.sandbox.iconik.transfer import Transfer
from connectors.sandbox.iconik.uploading import Uploading
from connectors.sandbox.iconik.uploads import Uploads
from connectors.sandbox.iconik.webhooks import Webhooks
from connectors.sandbox.iconik.workbench import Workbench
from connectors.sandbox.world import World


def build(world: World) -> Starlette:
    """The app. It keeps what is written to it in memory and reads the world only while it is built, clock apart."""
    tenant = Tenant(world)
    tokens = Tokens(tenant)
    storage, uploads = Storage(tenant), Uploads()
    transfer = Transfer(storage, tenant.storages, uploads, tenant.ids)
    media = Media(tenant, storage, uploads)
    jobs, history, notices = Jobs(tenant), History(tenant), Notices(tenant)
    approvals, comments = Approvals(tenant), Comments(tenant)
    metadata = Metadata(tenant, jobs, comments)
    index = Documents(tenant, media, metadata, approvals, comments)
    search = Search(tenant, index, metadata)
    webhooks = Webhooks(tenant)
    lag = Lag(tenant=tenant, comments=comments, index=index)
    bench = Workbench(tenant, uploads, media=media, storage=storage, transfer=transfer, jobs=jobs)
    attachments = Attachments(tenant, uploads, comments=comments, bench=bench, storage=storage)
    return Starlette(
        routes=[
            *transfer.routes(),
            *storage.routes(),
            *Accounts(tenant, tokens).routes(),
            *OAuth(tenant, tokens).routes(),
            *Access(tenant).routes(),
            *SavedSearches(tenant, search).routes(),
            *search.routes(),
            *Relations(tenant).routes(),
            *comments.routes(),
            *Actions(tenant).routes(),
            *Assets(tenant, history, jobs).routes(),
            *Collections(tenant, index).routes(),
            *Shares(tenant).routes(),
            *Review(tenant, approvals, history=history, jobs=jobs, notices=notices).routes(),
            *notices.routes(),
            *metadata.routes(),
            *Packaging(bench).routes(),
            *Uploading(bench, history=history).routes(),
            *Proxying(bench).routes(),
            *attachments.routes(),
            *Archiving(tenant, media, uploads, jobs=jobs, history=history).routes(),
            *Transcripts(tenant, comments, media, jobs).routes(),
            *Files(tenant, media, history).routes(),
            *jobs.routes(),
            *webhooks.routes(),
            *Stats(tenant).routes(),
        ],
        middleware=[Middleware(Door, tenant=tenant, tokens=tokens, jobs=jobs, lag=lag, webhooks=webhooks)],
        exception_handlers={Fault: _fault, HTTPException: _no_route},
    )


async def _fault(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, Fault)  # noqa: S101 - registered for nothing else
    return error.reply()


async def _no_route(request: Request, error: Exception) -> Response:
    """404 and 405 in the vendor's shape."""
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    return Fault(error.status_code, error.detail).reply()
