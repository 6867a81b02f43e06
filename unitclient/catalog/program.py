"""A form compiled for speed: parsers, defaults, conditions and checks as closures, made once at loading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from unitclient.catalog.checks import REGISTRY
from unitclient.catalog.checks.registry import BatchCheck, BatchFinding, RowCheck
from unitclient.catalog.context import CheckContext, CheckedRow, RowState
from unitclient.catalog.defaults import DEFAULT_RULES, DefaultRule
from unitclient.catalog.identify import Identify, make_identify
from unitclient.catalog.model import CheckSpec, Condition, Consequence, Form
from unitclient.catalog.readers import Readers, make_readers
from unitclient.catalog.tables import Table

_KEY_CHECK = "unique-rows"


class Checks:
    """The checks of one row, in the form's order; each runs only when the fields it needs have values."""

    def __init__(self, checks: Sequence[tuple[tuple[str, ...], RowCheck]]) -> None:
        self._checks = tuple(checks)
        self._needed = tuple({name: None for needs, _ in checks for name in needs})
        self._ready: dict[tuple[str, ...], tuple[RowCheck, ...]] = {}

    def run(self, row: RowState) -> None:
        """Run what can run on this row. Rows lack the same few fields, so what that leaves is worked out once."""
        values = row.values
        lacking = tuple([name for name in self._needed if values[name] is None])
        ready = self._ready.get(lacking)
        if ready is None:
            ready = self._ready[lacking] = tuple(
                check for needs, check in self._checks if not set(needs).intersection(lacking)
            )
        for check in ready:
            check(row)


@dataclass(frozen=True, slots=True)
class RowProgram:
    """What `check_row` runs, in this order: parse, identify, fill in, demand, check, note consequences."""

    form: Form
    empty: Mapping[str, Any]
    readers: Readers
    typed_readers: Readers
    identify: Identify | None
    defaults: tuple[tuple[str, DefaultRule], ...]
    required: tuple[str, ...]
    required_when: tuple[tuple[str, tuple[Condition, ...]], ...]
    checks: Checks
    consequences: tuple[Consequence, ...]
    batch_checks: tuple[BatchCheck, ...]
    only_keys: bool
    """Whether the rows are looked at together for nothing but keys that come twice."""

    def run(self, raw: Mapping[str, object], context: CheckContext) -> CheckedRow:
        """Read and check one row as typed. Never raises for what a cell holds."""
        return self._run(RowState(raw, dict(self.empty), context), self.readers)

    def rerun(self, values: Mapping[str, object], context: CheckContext) -> CheckedRow:
        """Check a row of typed values again: money is int fen."""
        return self._run(RowState(values, dict(self.empty), context), self.typed_readers)

    def _run(self, row: RowState, readers: Readers) -> CheckedRow:
        values, period = row.values, row.context.period_text
        readers.read_all(row)
        if self.identify is not None:
            self.identify(row)
        defaulted = self._fill(row) if self.defaults else ()
        self._demand(row)
        self.checks.run(row)
        noted = tuple([each.text for each in self.consequences if each.when.holds(values, period)])
        key = self.form.key_of(values)
        return CheckedRow(values, key, row.person_id, tuple(row.findings), noted, defaulted)

    def _fill(self, row: RowState) -> tuple[str, ...]:
        values, filled = row.values, []
        for name, rule in self.defaults:
            if values[name] is None and name not in row.bad:
                value = rule(row)
                if value is not None:
                    values[name] = value
                    filled.append(name)
        return tuple(filled)

    def _demand(self, row: RowState) -> None:
        values = row.values
        for name in self.required:
            if values[name] is None and name not in row.bad:
                row.refuse("REQUIRED", name)
        for name, conditions in self.required_when:
            if values[name] is None and name not in row.bad:
                period = row.context.period_text
                if any(condition.holds(values, period) for condition in conditions):
                    row.refuse("REQUIRED", name)

    def run_batch(self, rows: Sequence[CheckedRow], context: CheckContext) -> list[BatchFinding]:
        """The checks over all rows of a declaration."""
        return [finding for check in self.batch_checks for finding in check(rows, context)]


def compile_form(form: Form, tables: Mapping[str, Table]) -> Form:
    """The form with its program."""
    readers, typed_readers = make_readers(form, tables)
    program = RowProgram(
        form=form,
        empty=dict.fromkeys(form.by_name),
        readers=readers,
        typed_readers=typed_readers,
        identify=make_identify(form.fields),
        defaults=tuple(_defaults(form)),
        required=tuple(field.name for field in form.fields if field.required),
        required_when=tuple((field.name, field.required_when) for field in form.fields if field.required_when),
        checks=Checks([_row_check(spec, form) for spec in form.checks if REGISTRY[spec.name].make_row is not None]),
        consequences=form.consequences,
        batch_checks=tuple(_batch_checks(form)),
        only_keys=not any(REGISTRY[spec.name].make_batch and spec.name != _KEY_CHECK for spec in form.checks),
    )
    return replace(form, compiled=program)


def _defaults(form: Form) -> list[tuple[str, DefaultRule]]:
    """Literals and rules, in the order of the fields: a rule may use what an earlier field was filled with."""
    found: list[tuple[str, DefaultRule]] = []
    for field in form.fields:
        if field.default_rule:
            found.append((field.name, DEFAULT_RULES[field.default_rule](dict(form.by_name))))
        elif field.default is not None:
            found.append((field.name, _constant(field.default)))
    return found


def _constant(value: str | int) -> DefaultRule:
    return lambda _row: value


def _row_check(spec: CheckSpec, form: Form) -> tuple[tuple[str, ...], RowCheck]:
    kind = REGISTRY[spec.name]
    assert kind.make_row is not None
    needs = tuple(spec.params[name] for name, param in kind.params.items() if param.kind == "field")
    return needs, kind.make_row({**spec.params, "form": form}, form.by_name)


def _batch_checks(form: Form) -> list[BatchCheck]:
    makers: list[tuple[CheckSpec, Callable[..., BatchCheck] | None]] = [
        (spec, REGISTRY[spec.name].make_batch) for spec in form.checks
    ]
    return [make({**spec.params, "form": form}, form.by_name) for spec, make in makers if make is not None]
