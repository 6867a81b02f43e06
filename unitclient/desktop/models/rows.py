"""What a table shows and asks: marks on cells, the query behind a list, and where rows come from."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from unitclient.desktop.theme.tokens import State

MARKS = "_marks"
"""Key of a row under which its marks stand: {column key ("" = the whole row): Mark}."""

RowData = Mapping[str, Any]
"""One row: values by column key, and its marks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a cell or row stands, and why. `sign` replaces the state's usual sign in a state column."""

    state: State
    reasons: tuple[str, ...] = ()
    sign: str = ""


NO_MARKS: Mapping[str, Mark] = {}


def marks_of(row: RowData) -> Mapping[str, Mark]:
    """The marks of a row."""
    found: Mapping[str, Mark] = row.get(MARKS, NO_MARKS)
    return found


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a list is sorted."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """Which rows, in which order: typed text, chosen filters as (name, value), order."""

    text: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    order: Order | None = None

    def is_narrow(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.text.strip() or self.filters)


class RowSource(Protocol):
    """Where the rows of a large table come from: a query gives ids in order, ids give rows."""

    def ids(self, query: QuerySpec) -> array[int]:
        """Ids ('q') of the rows that a query finds, in its order."""
        ...

    def rows(self, ids: Sequence[int]) -> list[RowData]:
        """The rows of these ids, in the order given; an id that is gone gives an empty row."""
        ...

    def counts(self, query: QuerySpec) -> dict[str, int]:
        """How many rows each filter would find under the query's text, by filter name."""
        ...


class Ask(Protocol):
    """Has a query answered, now or later, on the window's thread."""

    def __call__(self, query: QuerySpec, done: Callable[[array[int]], None]) -> None:
        """Call `done` with the ids."""
        ...
