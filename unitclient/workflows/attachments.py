"""Files that go with declarations: found where a cell says, kept in the store, put into the container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

from unitclient.catalog.model import Form
from unitclient.domain.files import KINDS, is_stored_name, stored_name
from unitclient.errors import UserError
from unitclient.seal.container import ATTACHMENTS
from unitclient.store.attachments import attachment_sizes, get_attachment, put_attachment
from unitclient.store.declarations import Declaration
from unitclient.store.items import Item
from unitclient.store.store import Store
from unitclient.sync import protocol
from unitclient.workflows.desk import Desk

MOST_FILES, MOST_BYTES = 50, 5 * 1024 * 1024
"""What one submission may carry beside its rows; the container's own limits lie a little higher."""
_LARGEST = 64 * 1024 * 1024
"""Larger files are not even read."""


class Drawer:
    """The files that cells name: by the name they are kept under, or by where they lie.

    With a `folder` only files in it are taken, for the path stands in a sheet that somebody else may have made: such a
    sheet must neither reach other files of this computer nor make it ask another one for a file.
    """

    def __init__(self, store: Store, unit_number: str, folder: Path | None = None) -> None:
        self._store = store
        self._unit_number = unit_number
        self._folder = folder
        self._seen: dict[str, Path] = {}

    def read(self, text: str) -> bytes | None:
        """The bytes, or None when there is no such file or it may not be read."""
        if is_stored_name(text):
            return get_attachment(self._store, self._unit_number, text)
        path = self._place(text)
        data = _bytes_of(path) if path is not None else None
        if path is not None and data is not None:
            for kind in KINDS:
                self._seen[stored_name(data, kind)] = path
        return data

    def keep(self, form: Form, values: Mapping[str, Any]) -> None:
        """Keep the files of a row that is taken, inside a write. UserError attachment-changed for one that changed."""
        for field in form.files:
            name = values.get(field)
            path = self._seen.pop(str(name), None)
            if name is None or path is None:
                continue
            data = _bytes_of(path)
            if data is None or stored_name(data, str(name).rpartition(".")[2]) != name:
                raise UserError("attachment-changed", path=path)
            put_attachment(self._store, self._unit_number, str(name), data)

    def _place(self, text: str) -> Path | None:
        if self._folder is None:
            return Path(text).expanduser() if text else None
        # By the words alone: asking the disk about a path may already be the harm.
        named = PureWindowsPath(text)
        if named.drive or named.root or ".." in named.parts or not named.parts:
            return None
        return self._folder.joinpath(*named.parts)


def fitting(desk: Desk, unit_number: str, form: Form, items: Sequence[Item]) -> int:
    """How many of these rows, from the first on, one submission can carry with their files."""
    if not form.files:
        return len(items)
    names: set[str] = set()
    total = 0
    for index, item in enumerate(items):
        more = set(_named(form, item.values)) - names
        total += sum(attachment_sizes(desk.store, unit_number, more).values())
        names |= more
        if len(names) > MOST_FILES or total > MOST_BYTES:
            return index
    return len(items)


def attachments_of(desk: Desk, declaration: Declaration) -> dict[str, bytes]:
    """{entry of the container: bytes} of the files that a declaration's rows name. UserError attachment-lost."""
    form = desk.catalog.form(declaration.form, declaration.form_version)
    if not form.files:
        return {}
    told = protocol.Declaration.from_bytes(declaration.payload)
    rows = (dict(zip(told.columns, row, strict=True)) for row in told.rows)
    found = {}
    for name in sorted({name for row in rows for name in _named(form, row)}):
        data = get_attachment(desk.store, declaration.unit, name)
        if data is None:
            raise UserError("attachment-lost", mendable=False, name=name)
        found[ATTACHMENTS + name] = data
    return found


def _named(form: Form, values: Mapping[str, Any]) -> list[str]:
    return [str(values[field]) for field in form.files if values.get(field) is not None]


def _bytes_of(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return path.read_bytes()
    except (OSError, ValueError):  # a name that the system refuses
        return None
