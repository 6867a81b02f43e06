"""What the business page shows, as values: the businesses, and the row that is being typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from unitclient.desktop.theme.tokens import State

if TYPE_CHECKING:
    from unitclient.catalog.model import Form

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence at a field, or about the whole row."""

    state: State
    text: str


@dataclass(frozen=True, slots=True)
class BusinessLine:
    """One business in the list."""

    form_id: str
    title: str
    summary: str
    pending: int
    rows: int = 0
    """All rows that are listed."""
    group: str = ""
    """The title of the group it stands in."""


@dataclass(frozen=True, slots=True)
class EntryState:
    """The row being typed.

    `serial` changes when the inputs are to be filled anew from `values`; between, they are the person's. `filled` are
    texts of what the program would put into empty fields; `hidden` are fields whose value is masked.
    """

    serial: int = 0
    editing: int | None = None
    values: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=lambda: NOTHING)
    row_notes: tuple[Note, ...] = ()
    filled: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    ticked: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    """{field: insurances that would be filled in}."""
    hidden: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """{field: what is shown instead}."""
    dirty: bool = False
    saving: bool = False
    locked: bool = False
    """A row that is on its way: it can be looked at and not changed."""
    focus: str = ""
    """The field that is to have the focus; with `focus_serial`, so that asking twice works."""
    focus_serial: int = 0


@dataclass(frozen=True, slots=True)
class BusinessState:
    """The whole page."""

    lines: tuple[BusinessLine, ...] = ()
    form: Form | None = None
    entry: EntryState = field(default_factory=EntryState)
    errors: int = 0
    """Rows of the form with findings."""
