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
from unitclient.catalog.model import CheckSpec, Condition, Consequence, FieldType, Form
from unitclient.catalog.readers import Readers, make_readers
from unitclient.catalog.register_check import register_check
from unitclient.catalog.registers import Register
from unitclient.catalog.tables import Table

_KEY_CHECK = "unique-rows"


class Checks:
    """The checks of one row, in the form's order; each runs only when the fields it needs have values."""

    def __init__(self, checks: Sequence[tuple[tuple[str, ...], RowCheck]]) -> None:
        self._checks = tuple(checks)
        self.needed = frozenset(name for needs, _ in checks for name in needs)
        self._ready: dict[tuple[str, ...], tuple[RowCheck, ...]] = {}

    def ready(self, lacking: tuple[str, ...]) -> tuple[RowCheck, ...]:
        """What can run on a row that lacks these fields. Rows lack the same few, so each answer is kept."""
        found = self._ready.get(lacking)
        if found is None:
            found = tuple(check for needs, check in self._checks if not set(needs).intersection(lacking))
            self._ready[lacking] = found
        return found


@dataclass(frozen=True, slots=True)
class RowProgram:
    """What `check_row` runs, in this order: read, identify, fill in, demand, check, note consequences."""

    form: Form
    empty: Mapping[str, Any]
    readers: Readers
    typed_readers: Readers
    identify: Identify | None
    defaults: Mapping[str, DefaultRule]
    required: Mapping[str, tuple[Condition, ...]]
    """Fields that must have a value when one of the conditions holds, or always when there is none."""
    checks: Checks
    watched: tuple[str, ...]
    """Fields whose lack means something: a default, a demand, or a check that cannot run."""
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
        lacking = tuple([name for name in self.watched if values[name] is None])
        filled = self._fill(row, lacking)
        if filled:
            lacking = tuple([name for name in lacking if values[name] is None])
        if lacking:
            self._demand(row, lacking)
        for check in self.checks.ready(lacking):
            check(row)
        noted = tuple([each.text for each in self.consequences if each.when.holds(values, period)])
        return CheckedRow(values, self.form.key_of(values), row.person_id, tuple(row.findings), noted, filled)

    def _fill(self, row: RowState, lacking: tuple[str, ...]) -> tuple[str, ...]:
        """Fill in what has a default; the fields that were filled. A cell that could not be read is not replaced."""
        filled = []
        for name in lacking:
            rule = self.defaults.get(name)
            if rule is not None and name not in row.bad:
                value = rule(row)
                if value is not None:
                    row.values[name] = value
                    filled.append(name)
        return tuple(filled)

    def _demand(self, row: RowState, lacking: tuple[str, ...]) -> None:
        for name in lacking:
            conditions = self.required.get(name)
            if conditions is None or name in row.bad:
                continue
            period = row.context.period_text
            if not conditions or any(condition.holds(row.values, period) for condition in conditions):
                row.refuse("REQUIRED", name)

    def run_batch(self, rows: Sequence[CheckedRow], context: CheckContext) -> list[BatchFinding]:
        """The checks over all rows of a declaration."""
        return [finding for check in self.batch_checks for finding in check(rows, context)]


def compile_form(form: Form, tables: Mapping[str, Table], registers: Mapping[str, Register]) -> Form:
    """The form with its program."""
    readers, typed_readers = make_readers(form, tables)
    defaults, required = _defaults(form), _required(form)
    named = [_row_check(spec, form) for spec in form.checks if REGISTRY[spec.name].make_row is not None]
    checks = Checks([*named, *(register_check(move, registers[move.register]) for move in form.moves)])
    program = RowProgram(
        form=form,
        empty=dict.fromkeys(form.by_name),
        readers=readers,
        typed_readers=typed_readers,
        identify=make_identify(form.fields),
        defaults=defaults,
        required=required,
        checks=checks,
        watched=tuple(name for name in form.by_name if name in checks.needed or name in defaults or name in required),
        consequences=form.consequences,
        batch_checks=tuple(_batch_checks(form)),
        only_keys=not any(REGISTRY[spec.name].make_batch and spec.name != _KEY_CHECK for spec in form.checks),
    )
    return replace(form, compiled=program)


def _defaults(form: Form) -> dict[str, DefaultRule]:
    """Literals and rules, in the order of the fields: a rule may use what an earlier field was filled with."""
    found: dict[str, DefaultRule] = {}
    for field in form.fields:
        if field.default_rule:
            found[field.name] = DEFAULT_RULES[field.default_rule](dict(form.by_name))
        elif field.default is not None:
            make = _insurances if field.type is FieldType.INSURANCES else _constant
            found[field.name] = make(field.default)
    return found


def _required(form: Form) -> dict[str, tuple[Condition, ...]]:
    demands = [field for field in form.fields if field.required or field.required_when]
    return {field.name: () if field.required else field.required_when for field in demands}


def _constant(value: str | int) -> DefaultRule:
    return lambda _row: value


def _insurances(words: str | int) -> DefaultRule:
    return lambda _row: sorted(str(words).split())


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
