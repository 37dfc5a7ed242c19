"""Assets for the store's tests."""

from datetime import UTC, date, datetime

from app.records import Asset, AssetKey, AssetKind, AssetState, System

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)


def make_asset(
    id_: str = "a1",
    *,
    system: System = System.ICONIK,
    name: str = "spring-banner-fr",
    kind: AssetKind = AssetKind.IMAGE,
    state: AssetState = AssetState.APPROVED,
    locale: str = "fr",
    changed_at: datetime = NOW,
    tags: tuple[str, ...] = (),
    description: str = "",
    rights_end: date | None = None,
) -> Asset:
    """An asset that differs from the usual one in what is given."""
    return Asset(
        key=AssetKey(system, id_),
        name=name,
        kind=kind,
        state=state,
        version="v1",
        media_type="image/png",
        changed_at=changed_at,
        locale=locale,
        tags=tags,
        description=description,
        rights_end=rights_end,
    )
