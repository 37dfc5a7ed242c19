"""Words for times, sizes and counts, the same on every page. Local time, because people read it."""

from datetime import UTC, datetime, timedelta

THIN_SPACE = "\u2009"


def clock_time(moment: datetime) -> str:
    """``09:41`` in the desktop's own zone."""
    return f"{moment.astimezone():%H:%M}"


def day_and_time(moment: datetime, *, now: datetime | None = None) -> str:
    """``today 09:41``, ``yesterday 18:04``, ``11 Jan``, ``11 Jan 2025``."""
    here = moment.astimezone()
    today = (now or datetime.now(UTC)).astimezone().date()
    if here.date() == today:
        return f"today {here:%H:%M}"
    if here.date() == today - timedelta(days=1):
        return f"yesterday {here:%H:%M}"
    return f"{here.day} {here:%b}" if here.year == today.year else f"{here.day} {here:%b %Y}"


def age(since: datetime, *, now: datetime | None = None) -> str:
    """``9 s``, ``3 min``, ``2 h``, ``4 d``: how long ago, in the unit that matters."""
    seconds = max(0, round(((now or datetime.now(UTC)) - since).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def count(number: int) -> str:
    """``48 310`` with thin spaces, so that a line never breaks inside it and columns stay even."""
    return f"{number:,}".replace(",", THIN_SPACE)


def size(size_bytes: int) -> str:
    """``184 kB``, ``2.4 MB``: decimal, as mail and web limits are."""
    if size_bytes < 1_000:  # noqa: PLR2004
        return f"{size_bytes} B"
    for unit, factor in (("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)):
        if size_bytes < factor * 1_000 or unit == "GB":
            value = size_bytes / factor
            return f"{value:.0f} {unit}" if value >= 10 or unit == "kB" else f"{value:.1f} {unit}"  # noqa: PLR2004
    raise AssertionError  # pragma: no cover - the last unit returns
