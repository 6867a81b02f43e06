"""What has been billed and what has arrived, as checks may ask for it. Only the centre knows."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Arrived(NamedTuple):
    """Money that the bank debited for one person, insurance and month, by whose part it is; fen."""

    unit_fen: int = 0
    person_fen: int = 0
    base_fen: int = 0
    """The contribution base that the money stands for."""

    @property
    def total_fen(self) -> int:
        """Both parts."""
        return self.unit_fen + self.person_fen

    def part(self, side: str | None) -> int:
        """The part of one side ("unit", "person"), of both for anything else."""
        return {"unit": self.unit_fen, "person": self.person_fen}.get(str(side), self.total_fen)


class Ledger(Protocol):
    """The unit's account at the centre."""

    def arrived(self, id_number: str, insurance: str, month: str) -> Arrived:
        """What arrived for a person, insurance and month ("YYYY-MM")."""
        ...

    def is_billed(self, month: str) -> bool:
        """Whether a bill of that month stands."""
        ...


def split_amount(there: Arrived, amount_fen: int, side: str | None) -> tuple[int, int]:
    """(unit's part, person's part) of an amount taken from what is there: of one side, or of both as they stand.

    Of both the person's part is rounded half up, and the two always add up to the amount.
    """
    if side in ("unit", "person"):
        return (amount_fen, 0) if side == "unit" else (0, amount_fen)
    person_fen = (2 * amount_fen * there.person_fen + there.total_fen) // (2 * there.total_fen)
    return amount_fen - person_fen, person_fen
