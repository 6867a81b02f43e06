"""Matchings of columns that were made by hand, remembered by form and by the layout of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from unitclient.store.settings import get_setting, put_setting

if TYPE_CHECKING:
    from unitclient.desktop.session import Session


class Memory:
    """In the settings of the database: titles of columns say much about an office, and nothing about persons."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def recall(self, form_id: str, layout: str) -> Mapping[str, Any]:
        """What was remembered ({"columns": {field: letters}, "header_rows": [first, last]}), or nothing."""
        told = get_setting(self._session.desk().store, _key(form_id, layout), {})
        return told if isinstance(told, dict) else {}

    def keep(
        self,
        form_id: str,
        layout: str,
        columns: Mapping[str, str],
        header_rows: Sequence[int] | None,
        automatic: Mapping[str, str],
    ) -> None:
        """Remember a matching; one that the titles say anyway needs no remembering and replaces what was there."""
        told: dict[str, Any] = (
            {} if dict(columns) == dict(automatic) and not header_rows else {"columns": dict(columns)}
        )
        if header_rows:
            told["header_rows"] = list(header_rows)
        if told == dict(self.recall(form_id, layout)):
            return
        store = self._session.desk().store
        with store.write("import.matching", subject=form_id):
            put_setting(store, _key(form_id, layout), told)


def _key(form_id: str, layout: str) -> str:
    return f"import.matching.{form_id}.{layout}"
