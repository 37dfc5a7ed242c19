"""In how many places an asset is used, as people write it in a search: ``>0``, ``0``, ``<3``."""

import re
from dataclasses import dataclass
from typing import Final

from app.rules.asset_times import Side

_USES: Final = re.compile(r"(?P<side>[<>]?)(?P<places>\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Uses:
    """So many places, fewer or more. ``str`` writes it as it is typed."""

    side: Side
    places: int

    def __str__(self) -> str:
        return f"{self.side}{self.places}"

    @property
    def words(self) -> str:
        """``nowhere``, ``anywhere``, ``in 1 place``, ``in fewer than 3 places``."""
        if self.most == 0:
            return "nowhere"
        if self.least == 1 and self.most is None:
            return "anywhere"
        side = {Side.BELOW: "fewer than ", Side.ABOVE: "more than ", Side.AT: ""}[self.side]
        return f"in {side}{self.places} place{'' if self.places == 1 else 's'}"

    @property
    def least(self) -> int:
        """In so many places or more."""
        return {Side.BELOW: 0, Side.ABOVE: self.places + 1, Side.AT: self.places}[self.side]

    @property
    def most(self) -> int | None:
        """In so many places or fewer; None without an end. Fewer than none is none."""
        return {Side.BELOW: max(0, self.places - 1), Side.ABOVE: None, Side.AT: self.places}[self.side]


def read_uses(text: str) -> Uses | None:
    """``>0``, ``0`` or ``<3``; None when ``text`` is none of these."""
    found = _USES.fullmatch(text)
    return Uses(Side(found["side"]), int(found["places"])) if found else None
