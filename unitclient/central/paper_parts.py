"""What every paper of the centre is made of: its content, the books that give words their names, labelled pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unitclient.catalog.loader import Catalog
from unitclient.catalog.services import Service
from unitclient.documents import parts
from unitclient.documents.model import ListColumn
from unitclient.documents.proof import Pairs, ProofTable
from unitclient.domain.period import Period
from unitclient.texts import say

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Title, number and what stands on the paper (see documents.proof)."""

    title: str
    number: str
    pairs: Pairs = ()
    long_pairs: Pairs = ()
    tables: tuple[ProofTable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """What gives words their names."""

    catalog: Catalog
    services: Mapping[str, Service]


def title(kind: str, **params: object) -> str:
    """The title of a kind of document."""
    return say(f"document-sealed-{kind}", **params)


def month(text: str) -> tuple[str, str]:
    """The period, labelled."""
    return say("document-period"), parts.month(Period.parse(text))


def moment(name: str, text: str | None) -> tuple[str, str]:
    """An instant in China standard time, labelled; "—" when there is none."""
    return say(f"document-{name}"), parts.moment(datetime.fromisoformat(text)) if text else "—"


def plain(name: str, value: object) -> tuple[str, str]:
    """A value as it is, labelled."""
    return say(f"document-{name}"), str(value)


def columns(*named: tuple[str, int]) -> tuple[ListColumn, ...]:
    """Columns of a table: (name of the heading, width)."""
    return tuple(ListColumn(say(f"document-column-{name}"), width) for name, width in named)
