"""A form compiled for speed: parsers, defaults, conditions and checks as closures, made once at loading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from unitclient.catalog.cells import BadCell, fold_text
from unitclient.catalog.checks import REGISTRY
from unitclient.catalog.checks.registry import BatchCheck, BatchFinding, RowCheck
from unitclient.catalog.context import CheckContext, CheckedRow, RowState
from unitclient.catalog.defaults import DEFAULT_RULES, DefaultRule
from unitclient.catalog.identify import Identify, make_identify
from unitclient.catalog.model import CheckSpec, Condition, Consequence, Field, FieldType, Form
from unitclient.catalog.parsers import OddCell, Parser, make_parser, make_typed_parser
from unitclient.catalog.tables import Table

_KEY_CHECK = "unique-rows"
_REMEMBERED = 16_384
"""Texts remembered per field."""
_KEYS = frozenset({str, date})
"""Kinds of cells that are remembered: equal ones of these mean the same (1 and 1.0 and True would not)."""
_NOTHING = frozenset({"/", "-", "--", "—", "——", "无", "暂无", "N/A", "n/a"})
_NO_END = frozenset({"长期", "无固定期限", "无期限"})
_REPEATING = frozenset(
    {FieldType.CODE, FieldType.ID_KIND, FieldType.MONTH, FieldType.DATE, FieldType.YEAR, FieldType.MONEY}
)


class Reader(NamedTuple):
    """How one field's cells are read, and which texts were read already."""

    name: str
    parse: Parser
    remembers: bool
    blanks: frozenset[str]
    known: dict[object, Any]


@dataclass(frozen=True, slots=True)
class RowProgram:
    """What `check_row` runs, in this order: parse, identify, fill in, demand, check, note consequences."""

    form: Form
    empty: Mapping[str, Any]
    readers: Mapping[str, Reader]
    typed_readers: Mapping[str, Reader]
    identify: Identify | None
    defaults: tuple[tuple[str, DefaultRule], ...]
    required: tuple[str, ...]
    required_when: tuple[tuple[str, tuple[Condition, ...]], ...]
    checks: tuple[tuple[tuple[str, ...], RowCheck], ...]
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

    def _run(self, row: RowState, readers: Mapping[str, Reader]) -> CheckedRow:
        values, context = row.values, row.context
        self._parse(row, readers)
        if self.identify is not None:
            self.identify(row)
        defaulted = self._fill(row) if self.defaults else ()
        self._demand(row)
        for needs, check in self.checks:
            for name in needs:
                if values[name] is None:
                    break
            else:
                check(row)
        period = context.period_text
        noted = tuple([each.text for each in self.consequences if each.when.holds(values, period)])
        key = self.form.key_of(values)
        return CheckedRow(values, key, row.person_id, tuple(row.findings), noted, defaulted)

    def _parse(self, row: RowState, readers: Mapping[str, Reader]) -> None:
        values, context = row.values, row.context
        for name, cell in row.raw.items():
            if cell is None or cell == "":
                continue
            reader = readers.get(name)
            if reader is None:
                continue
            value = None
            # A staff list repeats its months, days, codes and amounts: what a cell meant before it means again.
            if reader.remembers and cell.__class__ in _KEYS:
                value = reader.known.get(cell)
            if value is None:
                value = _read(reader, cell, row, context)
            values[name] = value

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


def _read(reader: Reader, cell: object, row: RowState, context: CheckContext) -> Any:
    """The value of a cell, or None when it is empty or cannot be read; then there is a finding."""
    folded = cell
    if isinstance(cell, str):
        folded = fold_text(cell)
        if not folded or folded in reader.blanks:
            return None
    try:
        value = reader.parse(folded, context)
    except BadCell as bad:
        row.bad.add(reader.name)
        row.refuse(bad.code, reader.name, **bad.params)
        return None
    except OddCell as odd:
        row.warn(odd.code, reader.name)
        return odd.value
    if reader.remembers and cell.__class__ in _KEYS and len(reader.known) < _REMEMBERED:
        reader.known[cell] = value
    return value


def compile_form(form: Form, tables: Mapping[str, Table]) -> Form:
    """The form with its program."""
    by_name = dict(form.by_name)
    program = RowProgram(
        form=form,
        empty=dict.fromkeys(by_name),
        readers=_readers(form, tables, make_parser),
        typed_readers=_readers(form, tables, make_typed_parser),
        identify=make_identify(form.fields),
        defaults=tuple(_defaults(form)),
        required=tuple(field.name for field in form.fields if field.required),
        required_when=tuple((field.name, field.required_when) for field in form.fields if field.required_when),
        checks=tuple(_row_check(spec, form) for spec in form.checks if REGISTRY[spec.name].make_row is not None),
        consequences=form.consequences,
        batch_checks=tuple(_batch_checks(form)),
        only_keys=not any(REGISTRY[spec.name].make_batch and spec.name != _KEY_CHECK for spec in form.checks),
    )
    return replace(form, compiled=program)


def _readers(
    form: Form, tables: Mapping[str, Table], make: Callable[[Field, Table | None], Parser]
) -> dict[str, Reader]:
    insurances = tables.get("insurance")
    return {
        field.name: Reader(field.name, make(field, insurances), field.type in _REPEATING, _blanks(field), {})
        for field in form.fields
    }


def _blanks(field: Field) -> frozenset[str]:
    """Words for "nothing" where nothing follows from it: not where the program would demand or fill in something."""
    decides = field.required or field.required_when or field.default_rule or field.default is not None
    if decides or field.type in (FieldType.TEXT, FieldType.NAME):
        return frozenset()
    return _NO_END | _NOTHING if field.type is FieldType.DATE else _NOTHING


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
