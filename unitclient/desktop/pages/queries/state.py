"""What the queries page shows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from unitclient.desktop.pages.queries.model import Query
    from unitclient.errors import UserError


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer, what its columns add up to, and whether rows were left out."""

    rows: tuple[Mapping[str, Any], ...]
    sums: Mapping[str, int] = field(default_factory=dict)
    cut: bool = False
    told: str = ""
    """When it was answered, where the centre was asked."""
    stale: bool = False
    """It is an earlier answer: the centre could not be asked now."""
    document: str = ""
    """SHA-256 of the signed document that it stands in."""
    watched: bool = False
    """Its question is watched for change."""
    changes: tuple[str, ...] = ()
    """What changed since it was seen last, a line each, where it is watched."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A query asked for every row of a workbook: where the answers are, how many rows, how many without an answer."""

    path: Path
    rows: int
    refused: int


@dataclass(frozen=True)
class QueriesState:
    """Everything the view needs. `answer` is None before the first run of the query in front."""

    queries: tuple[Query, ...] = ()
    problems: tuple[UserError, ...] = ()
    current: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with an input, by its name."""
    running: bool = False
    answer: Answer | None = None

    def query(self) -> Query | None:
        """The query in front."""
        return next((query for query in self.queries if query.id == self.current), None)
