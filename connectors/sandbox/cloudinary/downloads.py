"""Downloads of originals and of old versions through the API host, by a signed query.

Source: contract §3.1 and §10: a link lasts until ``expires_at``, one hour by default.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import Response

from connectors.sandbox.cloudinary.encoding import MEDIA_TYPES
from connectors.sandbox.cloudinary.parameters import Parameters
from connectors.sandbox.cloudinary.refusals import RefusalError, bad_value, not_found
from connectors.sandbox.cloudinary.renditions import Renditions
from connectors.sandbox.cloudinary.state import RESOURCE_TYPES, Cloud


class DownloadCalls:
    """Answers bytes instead of JSON."""

    def __init__(self, cloud: Cloud, renditions: Renditions) -> None:
        self._cloud = cloud
        self._renditions = renditions

    async def download(self, parameters: Parameters, path: Mapping[str, str]) -> Response:
        """GET {resource_type}/download."""
        public_id = parameters.required("public_id")
        if path["resource_type"] not in RESOURCE_TYPES:
            raise not_found(public_id)
        check_expiry(self._cloud, parameters)
        resource = self._cloud.at(path["resource_type"], parameters.text("type") or "upload", public_id)
        transformation = parameters.text("transformation") or ""
        made = await self._renditions.deliver(resource, transformation, parameters.text("format"))
        headers = {}
        if parameters.flag("attachment"):
            name = parameters.text("target_filename") or f"{resource.filename}.{made.format}"
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return Response(made.content, media_type=made.media_type, headers=headers)

    async def download_backup(self, parameters: Parameters, path: Mapping[str, str]) -> Response:
        """GET download_backup."""
        del path
        resource = self._cloud.by_id(parameters.required("asset_id"))
        version_id = parameters.required("version_id")
        for revision in resource.revisions:
            if revision.version_id == version_id:
                content = await asyncio.to_thread(revision.file.read)
                return Response(content, media_type=MEDIA_TYPES.get(revision.format, revision.file.media_type))
        raise not_found(version_id)


def check_expiry(cloud: Cloud, parameters: Parameters) -> None:
    """§10: a link lasts until its ``expires_at``. Raises: RefusalError."""
    said = parameters.text("expires_at")
    if said is None:
        return
    if not said.isdecimal():
        raise bad_value("expires_at", said)
    if int(said) < cloud.now().timestamp():
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "The download link has expired")
