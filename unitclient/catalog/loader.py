"""Loading the catalogue: every form under forms/<form>/<version>/, and the code tables they use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from pathlib import Path
from types import MappingProxyType
from typing import Any

from unitclient.catalog.form_file import read_form
from unitclient.catalog.model import Form
from unitclient.catalog.program import compile_form
from unitclient.catalog.registers import Register, load_registers
from unitclient.catalog.sections import Section, broken
from unitclient.catalog.tables import Table, load_tables
from unitclient.errors import UserError

FILE_NAME = "form.toml"
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_FORM_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Catalog:
    """All businesses that the program knows. `forms` has the newest version of each, by id."""

    forms: Mapping[str, Form]
    versions: Mapping[tuple[str, str], Form]
    tables: Mapping[str, Table]
    registers: Mapping[str, Register] = member(default_factory=lambda: MappingProxyType({}))

    def form(self, form_id: str, version: str | None = None) -> Form:
        """A form by id, the newest version when none is named. Raises UserError form-unknown."""
        found = self.forms.get(form_id) if version is None else self.versions.get((form_id, version))
        if found is None:
            asked = form_id if version is None else f"{form_id} {version}"
            raise UserError("form-unknown", form=asked, known=", ".join(self.forms))
        return found

    def table(self, name: str) -> Table:
        """A code table by name; KeyError when there is none."""
        return self.tables[name]


def load_catalog(forms_root: Path, resources_root: Path) -> Catalog:
    """Read and compile every form. A form that is wrong raises UserError form-broken with file, line and reason."""
    tables = load_tables(resources_root)
    registers = load_registers(resources_root)
    common = load_fields(resources_root)
    versions: dict[tuple[str, str], Form] = {}
    newest: dict[str, Form] = {}
    for folder in _version_folders(forms_root):
        form = load_form(folder, forms_root, tables, registers, common)
        versions[form.id, form.version] = newest[form.id] = form
    return Catalog(MappingProxyType(newest), MappingProxyType(versions), tables, registers)


def load_form(
    folder: Path,
    forms_root: Path,
    tables: Mapping[str, Table],
    registers: Mapping[str, Register],
    common: Mapping[str, Mapping[str, Any]],
) -> Form:
    """One form from its folder."""
    form_id, version = folder.parent.name, folder.name
    file = (folder / FILE_NAME).relative_to(forms_root).as_posix()
    if _FORM_ID.fullmatch(form_id) is None or _VERSION.fullmatch(version) is None:
        raise broken(file, 1, "folder-name")
    if not (folder / FILE_NAME).is_file():
        raise broken(file, 1, "no-file")
    top = Section.read(folder / FILE_NAME, file)
    return compile_form(read_form(top, form_id, version, tables, digest(folder), registers, common), tables, registers)


def load_fields(resources_root: Path) -> Mapping[str, Mapping[str, Any]]:
    """Fields that many businesses have alike, by name: resources/fields.toml. A form's field names one by `like`."""
    path = resources_root / "fields.toml"
    return Section.read(path, path.name).content if path.is_file() else {}


def digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a form's folder, hex."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _version_folders(forms_root: Path) -> list[Path]:
    """Folders of versions, each form's oldest first. Files beside the folders mean nothing."""
    found = [folder for form in forms_root.iterdir() if form.is_dir() for folder in form.iterdir() if folder.is_dir()]
    visible = [folder for folder in found if not folder.name.startswith((".", "__"))]
    return sorted(visible, key=lambda folder: (folder.parent.name, _order(folder.name)))


def _order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Versions in the order of their numbers: 2 before 10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in version.split("."))
