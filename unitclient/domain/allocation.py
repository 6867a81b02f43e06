"""Part payment: money goes to what is owed in proportion, and the parts add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence


def allocate(paid_fen: int, dues: Sequence[int]) -> list[int]:
    """Share a payment over dues (fen) by the largest remainder; of equal remainders the first gets the fen.

    Raises ValueError for a negative amount, and for a payment above the sum of the dues: what is over is a refund.
    """
    total = sum(dues)
    if paid_fen < 0 or paid_fen > total or any(due < 0 for due in dues):
        raise ValueError(paid_fen)
    if total == 0:
        return [0] * len(dues)
    shares = [paid_fen * due // total for due in dues]
    by_remainder = sorted(range(len(dues)), key=lambda place: -(paid_fen * dues[place] % total))
    for place in by_remainder[: paid_fen - sum(shares)]:
        shares[place] += 1
    return shares
