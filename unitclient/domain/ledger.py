"""What has been billed and what has arrived, as checks may ask for it. Only the centre knows."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Arrived(NamedTuple):
    """Money that the bank debited for one person, insurance and month, by whose part it is; fen."""

    unit_fen: int = 0
    person_fen: int = 0

    @property
    def total_fen(self) -> int:
        """Both parts."""
        return self.unit_fen + self.person_fen


class Ledger(Protocol):
    """The unit's account at the centre."""

    def arrived(self, id_number: str, insurance: str, month: str) -> Arrived:
        """What arrived for a person, insurance and month ("YYYY-MM")."""
        ...

    def is_billed(self, month: str) -> bool:
        """Whether a bill of that month stands."""
        ...
