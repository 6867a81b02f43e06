"""A query as data: what is asked, from which source, and the columns of the answer; read from resources/queries.

    source = "contributions"            # a name of `sources.SOURCES`, or "centre" (catalog.services)
    order = 10
    title.zh = "单位缴费明细"             # and title.en; hint.zh, hint.en: one sentence
    [[input]]
    name = "since"                      # an input that the source knows
    kind = "month"                      # month, text or choice
    title.zh = "起始月"
    default = "-11"                     # a month: so many months from the one worked on; else the text itself
    [[column]]
    key = "total_fen"
    kind = "money"                      # as in a table: text, id, phone, money, month, date, state, count
    title.zh = "合计"
    sensitive = true                    # hidden while values are masked
    sum = true                          # added up below the table
    says = "acceptance"                 # its words are shown as the screen says them (`words.say_word`)

A new file is a new query, without any Python, as far as its source exists.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from unitclient.catalog.model import NO_TEXT, Bilingual
from unitclient.catalog.services import FILE_NAME
from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.errors import UserError

CENTRE = "centre"
"""The source that is not here: the centre is asked."""


class InputKind(StrEnum):
    """How an input is entered."""

    MONTH = "month"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class QueryInput:
    """One input. `choices` are pairs (value, title) of a choice."""

    name: str
    kind: InputKind
    title: Bilingual
    default: str = ""
    required: bool = False
    hint: Bilingual = NO_TEXT
    choices: tuple[tuple[str, Bilingual], ...] = ()


@dataclass(frozen=True, slots=True)
class QueryColumn(ColumnSpec):
    """A column of the answer, titled by the file itself. `sum`: its amounts are added up."""

    said: Bilingual = NO_TEXT
    sum: bool = False
    says: str = ""
    """What the words of the column are (`words.say_word`)."""

    def title(self) -> str:
        """What stands in the header."""
        return str(self.said)


@dataclass(frozen=True, slots=True)
class Query:
    """One query service."""

    id: str
    source: str
    order: int
    title: Bilingual
    hint: Bilingual
    inputs: tuple[QueryInput, ...]
    columns: tuple[QueryColumn, ...]

    @property
    def asks_centre(self) -> bool:
        """Whether the centre answers it."""
        return self.source == CENTRE


def load_queries(folder: Path, sources: Mapping[str, Sequence[str]]) -> tuple[tuple[Query, ...], tuple[UserError, ...]]:
    """Every query of a folder in its order, and what is wrong with files that are none.

    `sources` are the names of sources with the inputs each knows. A wrong file (UserError d-query-broken) hides
    nothing but itself.
    """
    found: list[Query] = []
    problems: list[UserError] = []
    for path in sorted((*folder.glob("*.toml"), *folder.glob(f"*/{FILE_NAME}"))):
        try:
            found.append(_query(path, sources))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
            problems.append(UserError("d-query-broken", file=path.name, reason=_reason(wrong)))
    return tuple(sorted(found, key=lambda query: (query.order, query.id))), tuple(problems)


def _reason(wrong: Exception) -> str:
    return f"{wrong.args[0]!r} ?" if isinstance(wrong, KeyError) else str(wrong)


def _query(path: Path, sources: Mapping[str, Sequence[str]]) -> Query:
    told = tomllib.loads(path.read_text("utf-8"))
    source = str(told["source"])
    if source not in sources:
        raise ValueError(f"source = {source!r} ({', '.join(sources)})")
    inputs = tuple(_input(one) for one in told.get("input", ()))
    for one in inputs if source != CENTRE else ():
        if one.name not in sources[source]:
            raise ValueError(f"input {one.name!r} ({', '.join(sources[source])})")
    columns = tuple(_column(one) for one in told["column"])
    if not columns:
        raise KeyError("column")
    query_id = path.parent.name if path.name == FILE_NAME else path.stem
    hint = _text(told["hint"]) if "hint" in told else NO_TEXT
    return Query(query_id, source, int(told.get("order", 1000)), _text(told["title"]), hint, inputs, columns)


def _text(told: Mapping[str, Any]) -> Bilingual:
    return Bilingual(str(told["zh"]), str(told["en"]))


def _input(told: Mapping[str, Any]) -> QueryInput:
    return QueryInput(
        name=str(told["name"]),
        kind=InputKind(told.get("kind", "text")),
        title=_text(told["title"]),
        default=str(told.get("default", "")),
        required=bool(told.get("required", False)),
        hint=_text(told["hint"]) if "hint" in told else NO_TEXT,
        choices=tuple((str(one["value"]), _text(one["title"])) for one in told.get("choice", ())),
    )


def _column(told: Mapping[str, Any]) -> QueryColumn:
    return QueryColumn(
        str(told["key"]),
        kind=Kind(told.get("kind", "text")),
        width=int(told.get("width", 12)),
        sensitive=bool(told.get("sensitive", False)),
        said=_text(told["title"]),
        sum=bool(told.get("sum", False)),
        says=str(told.get("says", "")),
    )
