"""Approvals, comments and transcriptions (wire contract "iconik", §12 and §15)."""

from collections.abc import Mapping

from connectors.iconik.models.nouns import Moment, Noun, UserId, VendorWord, VersionId


class ApprovalStatus(VendorWord):
    """Where an approval stands. MIXED: reviewers, or a collection's assets, disagree (INFERRED)."""

    NONE = "N/A"
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    NOT_APPROVED = "NOT_APPROVED"
    MIXED = "MIXED"
    UNKNOWN = "UNKNOWN"


class Decision(Noun, frozen=True, kw_only=True):
    """What one reviewer, with or without an account, said about one version. It has no room for a reason."""

    status: ApprovalStatus
    user: UserId = UserId("")
    external: str = ""
    change_date: Moment | None = None
    version_id: VersionId = VersionId("")

    def __repr__(self) -> str:
        return f"Decision(status={self.status!r}, user={self.user!r}, version_id={self.version_id!r})"


class Approval(Noun, frozen=True, kw_only=True):
    """An approval request with what came of it, or the sum of decisions that nobody asked for."""

    status: ApprovalStatus = ApprovalStatus.NONE
    user_status: ApprovalStatus = ApprovalStatus.NONE
    """The caller's own decision."""
    min_number: int = 1
    """How many approvals are needed."""
    object_id: str = ""
    object_type: str = ""
    users: tuple[UserId, ...] = ()
    groups: tuple[str, ...] = ()
    externals: tuple[str, ...] = ()
    requested_by: UserId = UserId("")
    request_date: Moment | None = None
    change_date: Moment | None = None
    version_id: VersionId = VersionId("")
    approvals_by: tuple[Decision, ...] = ()

    def __repr__(self) -> str:
        return f"Approval(status={self.status!r}, object_id={self.object_id!r}, version_id={self.version_id!r})"


class ApprovalRequested(Noun, frozen=True, kw_only=True):
    """A request that iconik works on as a job, as it does for collections: re-read the approval afterwards."""

    job_id: str


class SegmentType(VendorWord):
    """What a segment says about its stretch."""

    COMMENT = "COMMENT"
    MARKER = "MARKER"
    QC = "QC"
    GENERIC = "GENERIC"
    TAG = "TAG"
    TRANSCRIPTION = "TRANSCRIPTION"
    SCENE = "SCENE"
    PERSON = "PERSON"
    SHOT = "SHOT"
    SEMANTIC_TRANSCRIPTION = "SEMANTIC_TRANSCRIPTION"
    UNKNOWN = "UNKNOWN"


class SpokenWord(Noun, frozen=True, kw_only=True):
    """One word of a transcription, with its place in milliseconds and how sure the engine was (0 to 1)."""

    value: str = ""
    start_ms: int = 0
    end_ms: int = 0
    score: float = 0.0


class Speech(Noun, frozen=True, kw_only=True):
    """What one speaker says in one segment."""

    speaker: str = ""
    words: tuple[SpokenWord, ...] = ()

    @property
    def text(self) -> str:
        """The words as a sentence."""
        return " ".join(word.value for word in self.words)


class Transcription(Noun, frozen=True, kw_only=True):
    """That a version's speech is written down in a language."""

    id: str
    language: str = ""
    speaker_labels: Mapping[str, object] = {}


class Segment(Noun, frozen=True, kw_only=True):
    """A comment or another marked stretch of an asset. A comment on a still, or on the whole, has no times."""

    id: str
    segment_type: str
    segment_text: str = ""
    time_start_milliseconds: int | None = None
    time_end_milliseconds: int | None = None
    version_id: VersionId = VersionId("")
    parent_id: str = ""
    external_id: str = ""
    is_internal: bool = False
    segment_checked: bool = False
    """Resolved."""
    user_id: UserId = UserId("")
    user_first_name: str = ""
    user_last_name: str = ""
    drawing: Mapping[str, object] = {}
    """As given: the space of its coordinates is undocumented."""
    transcription_id: str = ""
    transcription: Speech | None = None
    has_attachments: bool = False
    segment_color: str = ""
    date_created: Moment | None = None
    date_modified: Moment | None = None

    def __repr__(self) -> str:
        return f"Segment(id={self.id!r}, segment_type={self.segment_type!r})"
