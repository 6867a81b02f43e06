"""What a clerk may set on this computer: how the network is reached, time stamps, backups, who works here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from unitclient.errors import UserError
from unitclient.seal.trust import TrustStore
from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store
from unitclient.store.units import add_unit, get_unit, list_units
from unitclient.workflows.files import read_file
from unitclient.workflows.rights import needs

OPERATOR = "operator"
"""The operator (经办人) is the selected unit's; every other key is this computer's."""
TSA_URL, TSA_CA_FILE = "tsa.url", "tsa.ca_file"
PROXY, NETWORK_CA_FILE = "network.proxy", "network.ca_file"
BACKUP_FOLDER = "backup.folder"
_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Setting:
    """A key with its value; None when it is not set."""

    key: str
    value: str | None


def all_settings(store: Store) -> list[Setting]:
    """Every key that may be set, with its value."""
    return [setting(store, key) for key in CHECKS]


def setting(store: Store, key: str) -> Setting:
    """One key; UserError setting-unknown."""
    _refuse_unknown(key)
    if key == OPERATOR:
        unit = next((unit for unit in list_units(store) if unit.selected), None)
        return Setting(key, (unit.operator or None) if unit else None)
    return Setting(key, get_setting(store, key))


@needs("settings")
def change_setting(store: Store, key: str, value: str | None) -> Setting:
    """Set a key, or remove it with None.

    UserError setting-unknown, setting-wrong (with the reason), no-unit for the operator before there is a unit.
    """
    _refuse_unknown(key)
    checked = None if value is None else CHECKS[key](key, value.strip())
    with store.write("setting.change", subject=key):
        if key == OPERATOR:
            _set_operator(store, checked or "")
        else:
            put_setting(store, key, checked)
    return Setting(key, checked)


def _set_operator(store: Store, operator: str) -> None:
    unit = next((unit for unit in list_units(store) if unit.selected), None)
    if unit is None:
        raise UserError("no-unit")
    add_unit(store, replace(get_unit(store, unit.unit_number), operator=operator))


def _refuse_unknown(key: str) -> None:
    if key not in CHECKS:
        raise UserError("setting-unknown", key=key, known=", ".join(CHECKS))


def _web_address(key: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port  # a port that is no number shows only when it is read
    except ValueError as wrong:
        raise UserError("setting-not-address", key=key, value=value) from wrong
    if parts.scheme not in ("http", "https") or not parts.hostname or any(map(str.isspace, value)):
        raise UserError("setting-not-address", key=key, value=value)
    return value


def _certificates(key: str, value: str) -> str:
    path = Path(value).expanduser().absolute()
    try:
        found = TrustStore.from_pem(read_file(path)).anchors
    except ValueError:
        found = ()
    if not found:
        raise UserError("setting-no-certificates", key=key, path=path)
    return str(path)


def _folder(key: str, value: str) -> str:
    path = Path(value).expanduser().absolute()
    if not path.is_dir():
        raise UserError("setting-not-folder", key=key, path=path)
    return str(path)


def _person(key: str, value: str) -> str:
    if not 0 < len(value) <= _LONGEST_NAME or not value.isprintable():
        raise UserError("setting-not-name", key=key, limit=_LONGEST_NAME)
    return value


CHECKS: dict[str, Callable[[str, str], str]] = {
    PROXY: _web_address,
    NETWORK_CA_FILE: _certificates,
    TSA_URL: _web_address,
    TSA_CA_FILE: _certificates,
    BACKUP_FOLDER: _folder,
    OPERATOR: _person,
}
"""{key: its check}: takes key and entry, gives what is kept, or raises UserError."""
