"""Finding the header: which of the first rows name the columns, in one to three levels, and which field each means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unitclient.catalog.headers import normal_header
from unitclient.catalog.model import Form
from unitclient.sheets import limits
from unitclient.sheets.model import Cell, Merge
from unitclient.texts import catalogue

_LEAF_RANK = 50
"""Added to the rank of a title that fits only by its lowest level."""
_MIN_FIELDS = 2
_NOTE_KEYS = ("sheets-note-reason", "sheets-note-fix")

Grid = list[list[str]]


class Matcher:
    """Which field a column title means, and how well (0 is best)."""

    def __init__(self, form: Form) -> None:
        self._known: dict[str, tuple[int, str]] = {}
        self._asked: dict[str, tuple[int, str] | None] = {}
        for field in form.fields:
            for rank, title in enumerate((*field.headers(), field.name)):
                known = normal_header(title)
                if known and (known not in self._known or rank < self._known[known][0]):
                    self._known[known] = (rank, field.name)

    def match(self, label: str) -> tuple[int, str] | None:
        """(rank, field name), or None."""
        if label not in self._asked:
            self._asked[label] = self._known.get(normal_header(label)) if label else None
        return self._asked[label]


@dataclass(frozen=True, slots=True)
class Header:
    """A found header: 0-based first and last row, field -> column, each column's joined title, columns not used."""

    first: int
    last: int
    mapping: Mapping[str, int]
    labels: tuple[str, ...]
    twice: tuple[tuple[str, int, int], ...]
    """(field, column used, column left out): two columns that both name the field."""


def note_labels() -> frozenset[str]:
    """The titles of the two columns that an error workbook adds, in every language."""
    return frozenset(normal_header(text) for key in _NOTE_KEYS for text in catalogue()["text"][key].values())


def find_header(top: Sequence[Sequence[Cell]], matcher: Matcher, merges: Sequence[Merge] | None) -> Header | None:
    """The best header in the first rows of a sheet, or None. `merges` None: unknown, blanks continue to the right."""
    best: Header | None = None
    titles = [_may_be_titles(row) for row in top]
    for depth in range(1, limits.MAX_HEADER_ROWS + 1):
        for first in range(min(limits.HEADER_SEARCH_ROWS, len(top) - depth + 1)):
            if not titles[first + depth - 1]:
                continue
            found = _try(top, first, depth, matcher, merges)
            if len(found.mapping) >= _MIN_FIELDS and (best is None or len(found.mapping) > len(best.mapping)):
                best = found
    return None if best is None else _extended(best, top, matcher, merges)


def header_at(
    top: Sequence[Sequence[Cell]], first: int, last: int, matcher: Matcher, merges: Sequence[Merge] | None
) -> Header:
    """The header that somebody said is in these 0-based rows, whatever it names."""
    return _try(top, first, last - first + 1, matcher, merges)


def likely_header(top: Sequence[Sequence[Cell]]) -> int:
    """The 0-based row that looks most like titles where nothing is recognised: the most different texts, no numbers."""
    titles = [len(set(_texts(row)) - {""}) if _may_be_titles(row) else 0 for row in top[: limits.HEADER_SEARCH_ROWS]]
    return titles.index(max(titles)) if titles else 0


def _may_be_titles(row: Sequence[Cell]) -> bool:
    """Titles are texts; a row with several numbers or dates has none. (This only saves time.)"""
    return sum(not isinstance(cell, str) for cell in row) < _MIN_FIELDS


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in row]


def _levels(top: Sequence[Sequence[Cell]], first: int, depth: int, merges: Sequence[Merge] | None) -> Grid:
    """The header's texts, level by level; upper titles are repeated over the columns that they span."""
    levels = [_texts(row) for row in top[first : first + depth]]
    if merges is None:
        for upper, lower in pairwise(levels):
            _continue_right(upper, lower)
        return levels
    for (row, left), (_bottom, right) in merges:
        if first <= row < first + depth and left < len(levels[row - first]):
            level = levels[row - first]
            level[left : right + 1] = [level[left]] * (min(right + 1, len(level)) - left)
    return levels


def _continue_right(upper: list[str], lower: list[str]) -> None:
    for column in range(1, min(len(upper), len(lower))):
        if not upper[column] and lower[column]:
            upper[column] = upper[column - 1]


def _try(
    top: Sequence[Sequence[Cell]], first: int, depth: int, matcher: Matcher, merges: Sequence[Merge] | None
) -> Header:
    levels = _levels(top, first, depth, merges)
    width = max(map(len, levels), default=0)
    mapping: dict[str, tuple[int, int]] = {}
    twice: list[tuple[str, int, int]] = []
    labels = []
    for column in range(width):
        parts = [level[column] for level in levels if column < len(level) and level[column]]
        labels.append("".join(dict.fromkeys(parts)))
        found = _match(parts, matcher)
        if found is not None:
            _claim(found, column, mapping, twice)
    plain = {field: column for field, (_rank, column) in mapping.items()}
    return Header(first, first + depth - 1, plain, tuple(labels), tuple(twice))


def _match(parts: list[str], matcher: Matcher) -> tuple[int, str] | None:
    """By all levels joined, or else by the lowest one alone."""
    if not parts:
        return None
    whole = matcher.match("".join(dict.fromkeys(parts)))
    if whole is not None or len(parts) == 1:
        return whole
    leaf = matcher.match(parts[-1])
    return None if leaf is None else (leaf[0] + _LEAF_RANK, leaf[1])


def _claim(
    found: tuple[int, str], column: int, mapping: dict[str, tuple[int, int]], twice: list[tuple[str, int, int]]
) -> None:
    rank, field = found
    held = mapping.get(field)
    if held is None:
        mapping[field] = (rank, column)
        return
    used, left_out = (column, held[1]) if rank < held[0] else (held[1], column)
    mapping[field] = (min(rank, held[0]), used)
    twice.append((field, used, left_out))


def _extended(
    header: Header, top: Sequence[Sequence[Cell]], matcher: Matcher, merges: Sequence[Merge] | None
) -> Header:
    """The header with the rows below that still belong to it: titles again in words, or below a merged title."""
    last = header.last
    mapped = set(header.mapping.values())
    for (row, left), (bottom, _right) in merges or ():
        if header.first <= row <= header.last and left in mapped:
            last = max(last, min(bottom, header.last + limits.MAX_HEADER_ROWS - 1))
    while last + 1 < len(top) and last + 1 - header.first < limits.MAX_HEADER_ROWS:
        hits = [matcher.match(text) for text in _texts(top[last + 1])]
        if sum(hit is not None for hit in hits) < _MIN_FIELDS:
            break
        last += 1
    return Header(header.first, last, header.mapping, header.labels, header.twice)
