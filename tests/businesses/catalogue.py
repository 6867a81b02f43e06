"""docs/catalogue.md from forms, queries and the systems' lists; `python -m tests.businesses.catalogue` writes it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.businesses.cases import FOLDER as CASES
from unitclient.app import load_parts
from unitclient.catalog.form_file import GROUPS
from unitclient.catalog.model import Form
from unitclient.catalog.services import load_services
from unitclient.paths import resources_root
from unitclient.texts import say, use_language

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "catalogue.md"
SYSTEMS = Path(__file__).parent / "systems"
_HEAD = """# The catalogue

What a unit can do and ask, made from `forms/`, `resources/queries/` and the lists of `tests/businesses/systems/`
(`python -m tests.businesses.catalogue` writes this page anew; a test compares).

"""


@dataclass(frozen=True)
class SystemRow:
    """What one of today's systems offers, and the folders that answer to it here.

    `test` is where something is seen that no folder is: "<file>::<function>".
    """

    system: str
    business: str
    folders: tuple[str, ...]
    test: str = ""


def system_rows() -> list[SystemRow]:
    """Every row of every list, in the order of the files."""
    found: list[SystemRow] = []
    for path in sorted(SYSTEMS.glob("*.toml")):
        rows = tomllib.loads(path.read_text("utf-8"))["row"]
        found += [
            SystemRow(told["system"], told["business"], tuple(told["folders"]), told.get("test", "")) for told in rows
        ]
    return found


def page() -> str:
    """The page as it should be."""
    use_language("zh")
    return _HEAD + "\n".join([*_businesses(), *_queries(), *_systems(), *_unconfirmed()]) + "\n"


def _businesses() -> Iterator[str]:
    catalog = load_parts().catalog
    yield from ("## Businesses", "")
    yield "| group | business | folder | fields | template | checks | registers | money | desk | test |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    forms = sorted(catalog.forms.values(), key=lambda form: (GROUPS.index(form.group or "other"), form.id))
    for form in forms:
        cells = (
            say(f"form-group-{form.group or 'other'}"),
            form.title.zh,
            f"`{form.id}`",
            str(len(form.fields)),
            f"{len(form.columns())} columns" if form.importable else "-",
            " ".join(sorted({check.name for check in form.checks})),
            " ".join(sorted({move.register for move in form.moves})),
            _money(form),
            form.desk.value,
            "case" if (CASES / f"{form.id}.toml").exists() else "own",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _money(form: Form) -> str:
    if form.charge is not None:
        return "charged"
    if form.bill_act is not None:
        return f"bill: {form.bill_act.value}"
    return "assessed" if form.effect.value in ("assess", "back-payment") else ""


def _queries() -> Iterator[str]:
    yield from ("## Queries answered by the centre", "")
    yield "| query | folder | inputs | columns | personal | again after |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for service in load_services(resources_root()).values():
        inputs = " ".join(f"{one.name}{'*' if one.required else ''}" for one in service.inputs)
        personal = "yes" if service.personal else ""
        cells = (
            service.title.zh,
            f"`{service.id}`",
            inputs,
            str(len(service.columns)),
            personal,
            f"{service.every_s} s",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _systems() -> Iterator[str]:
    yield from ("## What today's systems offer, and where it is here", "")
    yield "| system | business or query | folders | seen in |"
    yield "| --- | --- | --- | --- |"
    for row in system_rows():
        folders = " ".join(f"`{name}`" for name in row.folders)
        yield f"| {row.system} | {row.business} | {folders} | {f'`{row.test}`' if row.test else ''} |"
    yield ""


def _unconfirmed() -> Iterator[str]:
    yield from ("## What is not confirmed", "")
    yield "Codes and limits that no published source confirms yet: made for rehearsal, or of one region. The bureau's"
    yield "own tables take their place before anything is declared in earnest."
    yield ""
    yield "| kind | name | what | source | as of |"
    yield "| --- | --- | --- | --- | --- |"
    for table in load_parts().catalog.tables.values():
        if not table.confirmed:
            yield f"| code table | `{table.name}` | {table.title} | {table.source} | {table.date} |"
    for path in sorted((resources_root() / "policies").glob("*.json")):
        package = json.loads(path.read_text("utf-8"))
        rules = [rule for rule in package["rules"] if not rule["confirmed"]]
        if rules:
            months = f"{min(rule['since'] for rule in rules)} .. {max(rule['since'] for rule in rules)}"
            count = f"{len(rules)} of {len(package['rules'])} rules"
            yield f"| policy | `{path.stem}` | {count} | in the package | {months} |"
    yield ""


if __name__ == "__main__":
    DOCUMENT.write_text(page(), "utf-8")
