"""What the notices page shows, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unitclient.desktop.pages.queries.model import Query
    from unitclient.workflows.knowledge import Article


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement of the centre. `published` is its day, "YYYY-MM-DD"."""

    ref: str
    title: str
    body: str
    published: str
    received: str
    read: bool


@dataclass(frozen=True)
class NoticesState:
    """Everything the view needs. `services` are the other lists as data, `rows` their rows by id."""

    reading: bool = True
    notices: tuple[Notice, ...] = ()
    services: tuple[Query, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    current: str = ""
    articles: tuple[Article, ...] = ()
    """Knowledge articles that `typed` finds, or all."""
    typed: str = ""

    def notice(self) -> Notice | None:
        """The one in front."""
        return next((one for one in self.notices if one.ref == self.current), None)

    def unread(self) -> int:
        """How many were not read yet."""
        return sum(not one.read for one in self.notices)
