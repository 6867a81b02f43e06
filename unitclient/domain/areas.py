"""Administrative areas (GB/T 2260) as they stand in identity numbers and credit codes.

Codes are withdrawn when counties merge, but the numbers issued with them stay valid: so the table keeps history, an
unknown province is an error and an unknown county only a warning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAINLAND_PROVINCES = frozenset(
    str(code)
    for region in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for code in region
)
"""First two digits of the 31 provinces, autonomous regions and municipalities."""
TAIWAN = "71"
PERMIT_AREAS = frozenset({"810000", "820000", "830000"})
"""港澳台居民居住证 (国办发〔2018〕81号): Hong Kong, Macao, Taiwan."""
NATIONAL_REGISTRY = "10"
"""Credit codes given by a national authority begin their area with 100000."""


@dataclass(frozen=True)
class AreaTable:
    """Every six-digit code that was ever issued, as far as known."""

    codes: frozenset[str]

    @classmethod
    def of(cls, codes: Iterable[str]) -> AreaTable:
        """From codes in any order."""
        return cls(frozenset(codes))

    def knows(self, code: str) -> bool:
        """Whether the code is, or once was, an area."""
        return code in self.codes
