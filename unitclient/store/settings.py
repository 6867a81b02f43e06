"""Settings by key; a value is anything JSON can hold. Secrets have their own places and are not settings."""

from __future__ import annotations

from typing import Any

from unitclient.store import jsontext
from unitclient.store.models import SettingRow
from unitclient.store.store import Store


def get_setting(store: Store, key: str, default: Any = None) -> Any:
    """The value of a key, or `default`."""
    row = store.row(SettingRow.select().where(SettingRow.key == key))
    return default if row is None else jsontext.load(row["value"])


def put_setting(store: Store, key: str, value: Any) -> None:
    """Set a key, inside a write."""
    store.change(SettingRow.insert(key=key, value=jsontext.dump(value)).on_conflict("REPLACE"))


def all_settings(store: Store) -> dict[str, Any]:
    """Every setting."""
    return {row["key"]: jsontext.load(row["value"]) for row in store.rows(SettingRow.select())}
