"""The named checks a form may use, each with its parameters. A form file can only name checks that stand here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from unitclient.catalog.context import CheckContext, CheckedRow, RowState
from unitclient.catalog.model import Field
from unitclient.domain.findings import Finding

RowCheck = Callable[[RowState], None]
"""Looks at one row and adds findings to it."""


ALL_ROWS = -1


class BatchFinding(NamedTuple):
    """A finding about a batch: the row it is about, 0-based, or ALL_ROWS."""

    row: int
    finding: Finding


BatchCheck = Callable[[Sequence[CheckedRow], CheckContext], Iterable[BatchFinding]]
"""Looks at all rows of one declaration together."""


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a check.

    `kind` is "field" (a field's name; the check runs only when it has a value), "optional-field" (a field's name, may
    be without value or missing), "register" (one that the form moves), "int", "flag", "text" (a pattern, or one of
    `options`), "word" or "words". Without `default` the form must give it.
    """

    kind: str
    default: Any = None
    needed: bool = False
    options: tuple[str, ...] = ()


def field_param(default: str = "") -> Param:
    """A field that must have a value for the check to run; the form must name it when there is no default."""
    return Param("field", default or None, needed=not default)


def optional_field(default: str = "") -> Param:
    """A field that the check uses when the form has it."""
    return Param("optional-field", default)


Refuses = tuple[str, ...] | Callable[[Mapping[str, Any]], tuple[str, ...]]
"""Codes for which a check refuses; by its parameters where these decide. What it only points out is not among them."""


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A check by name: what it takes, how it is made for one form, and for which reasons it refuses."""

    name: str
    params: Mapping[str, Param]
    make_row: Callable[[Mapping[str, Any], Mapping[str, Field]], RowCheck] | None = None
    make_batch: Callable[[Mapping[str, Any], Mapping[str, Field]], BatchCheck] | None = None
    refuses: Refuses = ()

    def reasons(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """Codes for which a row or batch is refused by this check, used with these parameters."""
        return self.refuses(params) if callable(self.refuses) else self.refuses


REGISTRY: dict[str, CheckKind] = {}

MakeRow = Callable[[Mapping[str, Any], Mapping[str, Field]], RowCheck]
MakeBatch = Callable[[Mapping[str, Any], Mapping[str, Field]], BatchCheck]


def row_check(name: str, /, *, refuses: Refuses = (), **params: Param) -> Callable[[MakeRow], MakeRow]:
    """Register a maker of a row check: (parameters, fields by name) -> the check."""

    def register(make: MakeRow) -> MakeRow:
        assert name not in REGISTRY
        assert not {"name", "refuses"}.intersection(params)
        REGISTRY[name] = CheckKind(name, params, make_row=make, refuses=refuses)
        return make

    return register


def batch_check(name: str, /, *, refuses: Refuses = (), **params: Param) -> Callable[[MakeBatch], MakeBatch]:
    """Register a maker of a batch check."""

    def register(make: MakeBatch) -> MakeBatch:
        assert name not in REGISTRY
        assert not {"name", "refuses"}.intersection(params)
        REGISTRY[name] = CheckKind(name, params, make_batch=make, refuses=refuses)
        return make

    return register
