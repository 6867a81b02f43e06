"""What the child answered, as the values of the wizard's state."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from unitclient.catalog.model import Form
from unitclient.desktop.dialogs.import_wizard.state import ColumnChoice, Found, Look, MatchLine, PreviewRow, Result
from unitclient.desktop.masking import HIDDEN
from unitclient.sheets.reader import lacking_titles
from unitclient.texts import say

Json = Mapping[str, Any]


def look_of(told: Json, *, masked: bool) -> Look:
    """A look; samples are hidden while values are masked."""
    return Look(
        sheets=tuple(told["sheets"]),
        sheet=told["sheet"],
        header_rows=(int(told["header_rows"][0]), int(told["header_rows"][1])),
        recognised=told["recognised"],
        columns=tuple(
            ColumnChoice(
                title["letters"],
                title["label"],
                tuple(HIDDEN if masked else sample for sample in title["samples"]),
            )
            for title in told["titles"]
        ),
        automatic=dict(told["columns"]),
        rows=int(told["rows"]),
        layout=told["layout"],
    )


def found_of(told: Json) -> Found:
    """A finding."""
    return Found(**{name: told[name] for name in Found.__dataclass_fields__})


def preview_rows(told: Json) -> tuple[PreviewRow, ...]:
    """The first rows."""
    return tuple(
        PreviewRow(row["number"], dict(row["cells"]), tuple(map(found_of, row["findings"]))) for row in told["rows"]
    )


def result_of(told: Json) -> Result:
    """The result of an import."""
    return Result(
        read=told["read"],
        taken=told["taken"],
        updated=told["updated"],
        unchanged=told["unchanged"],
        refused=told["refused"],
        findings=tuple(map(found_of, told["findings"])),
        untold=told["untold"],
        defaulted=tuple(told["defaulted"]),
        consequences=tuple(told["consequences"]),
        error_workbook=told["error_workbook"] or "",
    )


def match_lines(form: Form, look: Look, columns: Mapping[str, str]) -> tuple[MatchLine, ...]:
    """One line a field: those that must have a column, then those that have one, then the others."""
    samples = {column.letters: say("d-import-comma").join(column.samples) for column in look.columns}
    lines = [
        MatchLine(
            field=field.name,
            title=str(field.title),
            required=bool(lacking_titles(form, [name for name in form.by_name if name != field.name])),
            help=field.guidance(),
            letters=columns.get(field.name, ""),
            samples=samples.get(columns.get(field.name, ""), ""),
            automatic=columns.get(field.name, "") == look.automatic.get(field.name, ""),
        )
        for field in form.columns()
    ]
    return tuple(sorted(lines, key=lambda line: (not line.required, not look.automatic.get(line.field))))


def shared_columns(form: Form, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Titles of fields whose column another field has too."""
    taken: Collection[str] = list(columns.values())
    return tuple(str(form.field(name).title) for name, letters in columns.items() if list(taken).count(letters) > 1)


def fitting(columns: Any, form: Form, look: Look) -> dict[str, str] | None:
    """A remembered matching, when it still fits fields and columns; None otherwise."""
    letters = {column.letters for column in look.columns}
    if not isinstance(columns, dict) or not columns:
        return None
    fits = all(name in form.by_name and value in letters for name, value in columns.items())
    return dict(columns) if fits else None
