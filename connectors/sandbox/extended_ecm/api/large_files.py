"""The Large File Upload calls (contract 4, CONFIRMED)."""

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json
from connectors.sandbox.extended_ecm.large_files import LARGEST_BYTES, MOST_TRIES, PART_BYTES, SMALLEST_BYTES
from connectors.sandbox.extended_ecm.refusal import missing
from connectors.sandbox.extended_ecm.server import ContentServer


class LargeFilesApi:
    """``/v2/multipart``."""

    def __init__(self, server: ContentServer) -> None:
        self._files = server.large_files

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        return (
            Endpoint(method="GET", path="/v2/multipart/settings", handler=self.settings),
            Endpoint(method="POST", path="/v2/multipart", handler=self.begin),
            Endpoint(method="POST", path="/v2/multipart/{key}/{number}", handler=self.put),
            Endpoint(method="POST", path="/v2/multipart/{key}", handler=self.close),
            Endpoint(method="DELETE", path="/v2/multipart/{key}", handler=self.drop),
        )

    async def settings(self, ask: Ask) -> Json:
        """Whether and for which sizes."""
        del ask
        return {"is_enabled": True, "min_size": SMALLEST_BYTES, "max_size": LARGEST_BYTES}

    async def begin(self, ask: Ask) -> Json:
        """A key, and how to cut the file."""
        file = self._files.begin(
            owner_id=ask.who.id,
            file_name=ask.needed("file_name"),
            media_type=ask.needed("mime_type"),
            size_bytes=ask.needed_integer("file_size"),
        )
        return {
            "upload_key": file.key,
            "num_parts": file.part_count,
            "part_size": PART_BYTES,
            "max_retries": MOST_TRIES,
        }

    async def put(self, ask: Ask) -> Json:
        """One part, in any order."""
        part = ask.files.get("part_content")
        if part is None:
            raise missing("part_content")
        self._files.put(ask.path_text("key"), ask.path_id("number"), part.content, owner_id=ask.who.id)
        return {}

    async def close(self, ask: Ask) -> Json:
        """All parts are there."""
        self._files.close(ask.path_text("key"), owner_id=ask.who.id)
        return {}

    async def drop(self, ask: Ask) -> Json:
        """Give up."""
        self._files.drop(ask.path_text("key"), owner_id=ask.who.id)
        return {}
