"""Thumbnails, proxies, formats and files (wire contract "iconik", §9)."""

from collections.abc import Mapping, Sequence

from connectors.iconik.models.assets import ArchiveStatus, ObjectStatus
from connectors.iconik.models.nouns import Noun, VendorWord, VersionId
from connectors.iconik.models.uploads import Arrival


class FileStatus(VendorWord):
    """How far a file, proxy or keyframe has come. Only CLOSED is complete and playable (INFERRED)."""

    OPEN = "OPEN"
    GROWING = "GROWING"
    AWAITED = "AWAITED"
    CLOSED = "CLOSED"
    FAILED = "FAILED"
    ARCHIVED = "ARCHIVED"
    MISSING = "MISSING"
    REDISCOVERED = "REDISCOVERED"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"


class KeyframeType(VendorWord):
    """A still of one moment, a sheet of many, or the picture that stands for the asset."""

    KEYFRAME = "KEYFRAME"
    KEYFRAME_MAP = "KEYFRAME_MAP"
    POSTER = "POSTER"
    UNKNOWN = "UNKNOWN"


class Resolution(Noun, frozen=True, kw_only=True):
    """Size in pixels; 0 when iconik does not say."""

    width: int = 0
    height: int = 0


class Keyframe(Noun, frozen=True, kw_only=True):
    """A thumbnail. ``url`` is signed by the storage provider: it needs, and must be sent, no iconik header."""

    id: str
    type: KeyframeType = KeyframeType.UNKNOWN
    status: FileStatus = FileStatus.UNKNOWN
    url: str = ""
    resolution: Resolution = Resolution()
    is_custom_keyframe: bool = False
    version_id: VersionId = VersionId("")

    def __repr__(self) -> str:
        return f"Keyframe(id={self.id!r}, type={self.type!r}, status={self.status!r})"


class Proxy(Arrival, frozen=True, kw_only=True):
    """A playable stand-in for the original. ``url`` is signed; see :class:`Keyframe`."""

    name: str = ""
    filename: str = ""
    status: FileStatus = FileStatus.UNKNOWN
    url: str = ""
    resolution: Resolution = Resolution()
    codec: str = ""
    format: str = ""
    frame_rate: str = ""
    start_time_code: str = ""
    is_drop_frame: bool = False
    is_public: bool = False
    size: int = 0
    version_id: VersionId = VersionId("")

    def __repr__(self) -> str:
        return f"Proxy(id={self.id!r}, name={self.name!r}, status={self.status!r})"


class Component(Noun, frozen=True, kw_only=True):
    """One track of a format."""

    id: str
    name: str = ""
    type: str = ""


class Format(Noun, frozen=True, kw_only=True):
    """One form in which an asset's version exists: ``ORIGINAL``, ``PPRO_PROXY`` …"""

    id: str
    name: str = ""
    status: ObjectStatus = ObjectStatus.UNKNOWN
    archive_status: ArchiveStatus = ArchiveStatus.UNKNOWN
    is_online: bool = False
    storage_methods: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    metadata: tuple[Mapping[str, object], ...] = ()
    warnings: tuple[str, ...] = ()
    version_id: VersionId = VersionId("")


class FileSet(Noun, frozen=True, kw_only=True):
    """The files of one format on one storage."""

    id: str
    format_id: str = ""
    storage_id: str = ""
    name: str = ""
    base_dir: str = ""
    component_ids: tuple[str, ...] = ()
    status: ObjectStatus = ObjectStatus.UNKNOWN
    is_archive: bool = False
    version_id: VersionId = VersionId("")


class File(Arrival, frozen=True, kw_only=True):
    """One stored file. ``url`` is only there when a signed one was asked for."""

    name: str = ""
    original_name: str = ""
    directory_path: str = ""
    size: int = 0
    type: str = ""
    status: FileStatus = FileStatus.UNKNOWN
    storage_id: str = ""
    file_set_id: str = ""
    format_id: str = ""
    checksum: str = ""
    url: str = ""
    version_id: VersionId = VersionId("")

    def __repr__(self) -> str:
        return f"File(id={self.id!r}, name={self.name!r}, status={self.status!r})"


class Attachment(Arrival, frozen=True, kw_only=True):
    """A file attached to a comment."""

    name: str = ""
    filename: str = ""
    size: int = 0
    status: FileStatus = FileStatus.UNKNOWN
    url: str = ""

    def __repr__(self) -> str:
        return f"Attachment(id={self.id!r}, name={self.name!r}, status={self.status!r})"


class Subtitle(Noun, frozen=True, kw_only=True):
    """Subtitles in one language."""

    id: str
    language: str
    name: str = ""
    closed_captions: bool = False
    format_id: str = ""
    version_id: VersionId = VersionId("")


class DownloadURL(Noun, frozen=True, kw_only=True):
    """A signed address that saves under the file's own name; asking for it is logged as a download."""

    url: str

    def __repr__(self) -> str:
        return "DownloadURL(url=…)"


def poster_of(keyframes: Sequence[Keyframe], *, custom_poster: str = "", custom_keyframe: str = "") -> Keyframe | None:
    """The picture to show: the one chosen by hand, else POSTER, else the first KEYFRAME; None when nothing is ready.

    CHOSEN: iconik says which kinds there are, not which one stands for the asset.
    """
    ready = [frame for frame in keyframes if frame.status is FileStatus.CLOSED and frame.url]
    for chosen in (custom_poster, custom_keyframe):
        for frame in ready:
            if chosen and frame.id == chosen:
                return frame
    for kind in (KeyframeType.POSTER, KeyframeType.KEYFRAME):
        for frame in ready:
            if frame.type is kind:
                return frame
    return None
