"""The month's people as the source of a paged table: filtered, sorted and written out from what was read once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from unitclient.desktop.models.rows import MARKS, Mark, QuerySpec, RowData
from unitclient.desktop.theme.tokens import State
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.workflows.month_check import PersonLine

SAME, ANY = "same", "any"
CHANGES = ("new", "gone", "wage", "base", "insurances", "amount")
LIMITS = ("floor", "cap")
_CHANGE_MARKS = {
    "new": (State.OK, "+"),
    "gone": (State.WARN, "−"),
    "wage": (State.INFO, "△"),
    "base": (State.INFO, "△"),
    "insurances": (State.INFO, "△"),
    "amount": (State.INFO, "△"),
    "same": (State.OFF, "="),
}


class PeopleSource:
    """A RowSource over persons in memory; ids are places. `reasons` are the findings of persons, by ID number."""

    def __init__(self, people: Sequence[PersonLine] = (), reasons: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.people = people
        self.reasons = reasons or {}

    def ids(self, query: QuerySpec) -> array[int]:
        """See RowSource."""
        found = [place for place, line in enumerate(self.people) if self._fits(line, query)]
        if query.order is not None:
            key = _SORTS[query.order.column]
            found.sort(key=lambda place: key(self.people[place]), reverse=query.order.descending)
        return array("q", found)

    def rows(self, ids: Sequence[int]) -> list[RowData]:
        """See RowSource."""
        return [self._row(self.people[place]) if place < len(self.people) else {} for place in ids]

    def counts(self, query: QuerySpec) -> dict[str, int]:
        """See RowSource: by chip id, under the query's text."""
        counted: dict[str, int] = {}
        text = query.text.casefold()
        for line in self.people:
            if _says(line, text):
                for word in self._words(line):
                    counted[word] = counted.get(word, 0) + 1
        return counted

    def place_of(self, id_number: str) -> int:
        """The place of a person, or -1."""
        return next((place for place, line in enumerate(self.people) if line.id_number == id_number), -1)

    def _fits(self, line: PersonLine, query: QuerySpec) -> bool:
        words = self._words(line)
        return all(":".join(one) in words for one in query.filters) and _says(line, query.text.casefold())

    def _words(self, line: PersonLine) -> set[str]:
        """The chips under which a person is found."""
        words = {f"change:{line.change}"}
        if line.change != SAME:
            words.add(f"change:{ANY}")
        if line.limit:
            words.add(f"limit:{line.limit}")
        if line.id_number in self.reasons:
            words.add(f"note:{ANY}")
        return words

    def _row(self, line: PersonLine) -> dict[str, Any]:
        state, sign = _CHANGE_MARKS[line.change]
        marks = {"change": Mark(state, (), sign)}
        if line.id_number in self.reasons:
            marks["name"] = Mark(State.WARN, self.reasons[line.id_number])
        if line.limit:
            marks["limit"] = Mark(State.INFO, (say(f"d-review-{line.limit}-why"),))
        return {
            "name": line.name,
            "id_number": line.id_number,
            "change": say(f"change-{line.change}" if line.change != SAME else "d-review-same"),
            "before": line.before,
            "after": line.after,
            "delta": line.after - line.before,
            "limit": say(f"d-review-{line.limit}") if line.limit else "",
            MARKS: marks,
        }


def _says(line: PersonLine, text: str) -> bool:
    return not text or text in line.name.casefold() or text in line.id_number.casefold()


_SORTS: Mapping[str, Callable[[PersonLine], Any]] = {
    "name": lambda line: line.name,
    "id_number": lambda line: line.id_number,
    "change": lambda line: (*CHANGES, SAME).index(line.change),
    "before": lambda line: line.before,
    "after": lambda line: line.after,
    "delta": lambda line: line.after - line.before,
    "limit": lambda line: line.limit,
}
