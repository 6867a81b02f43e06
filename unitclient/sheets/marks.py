"""What a reading library does not tell about a sheet: hidden rows, error cells, formulas without a value, its size."""

from __future__ import annotations

from dataclasses import dataclass, field

from unitclient.errors import UserError
from unitclient.sheets import limits
from unitclient.sheets.cells import column_letter


@dataclass(slots=True)
class Marks:
    """Rows are counted from 1, columns from 0. `errors` and `formulas`: {row: {column: error text or formula}}."""

    hidden: set[int] = field(default_factory=set)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: dict[int, dict[int, str]] = field(default_factory=dict)


def check_grid(rows: int, columns: int) -> None:
    """Refuse a sheet whose last filled cell lies so far out that no library could hold it: UserError sheet-too-large.

    One forgotten cell in the last corner of a sheet makes the reading library ask for 500 GB and abort the program.
    """
    if rows * columns > limits.MAX_GRID_CELLS:
        raise too_large(rows, columns)


def too_large(rows: int, columns: int) -> UserError:
    """The refusal of a sheet that reaches as far as this."""
    return UserError("sheet-too-large", rows=rows, columns=columns, cell=f"{column_letter(columns - 1)}{rows}")
