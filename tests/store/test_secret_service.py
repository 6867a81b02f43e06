"""A key kept by the desktop's own store: GNOME Keyring on a bus of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unitclient.errors import UserError
from unitclient.store import keys

_NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
_START = 'printf x | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"'
_STORY = """
import json, sys
from pathlib import Path
import secretstorage
from unitclient.errors import UserError
from unitclient.store import keys, slots
from unitclient.store.kdf import Cost
from unitclient.store.secret_service import available

home, with_word = Path(sys.argv[1]), Path(sys.argv[2])
told = {"available": available()}
key = keys.load_or_create(home)
told["again"] = keys.load(home) == key
told["raw"] = any(form in keys.key_path(home).read_bytes() for form in (key, key.hex().encode()))
shared = keys.load_or_create(with_word)
slots.put_slot(with_word, shared, "主管", "Kranich/Werft-91", Cost(1, 64, 1))
slots.put_slot(with_word, shared, "主管", "Kranich/Werft-91", Cost(1, 64, 1))
bus = secretstorage.dbus_init()
told["kept"] = len(list(secretstorage.search_items(bus, {"application": "unitclient"})))
told["slot"] = keys.load(with_word, "Kranich/Werft-91", "主管") == shared
secretstorage.get_collection_by_alias(bus, "default").lock()
told["locked_available"] = available()
try:
    keys.load(home)
except UserError as refusal:
    told["locked"] = refusal.code
print(json.dumps(told))
"""


@pytest.mark.skipif(not all(map(shutil.which, _NEEDED)), reason="needs GNOME Keyring and a private bus")
def test_the_key_is_wrapped_by_the_desktops_store_and_a_copy_gives_nothing(tmp_path: Path) -> None:
    home, with_word = tmp_path / "home", tmp_path / "staffed"
    env = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"),
           "XDG_RUNTIME_DIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}  # fmt: skip
    line = ["dbus-run-session", "--", "sh", "-c", _START, "sh", sys.executable, "-c", _STORY, str(home), str(with_word)]
    done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "available": True, "again": True, "raw": False, "slot": True, "kept": 2, "locked_available": False,
        "locked": "store-keyring-locked",
    }  # fmt: skip
    layers = [one["kind"] for one in json.loads(keys.key_path(home).read_text("utf-8"))["layers"]]
    assert layers == ["secret-service"]
    (slot,) = json.loads(keys.key_path(with_word).read_text("utf-8"))["slots"].values()
    assert [one["kind"] for one in slot["layers"]] == ["argon2id", "secret-service"]
    # Here is another session: who copied the whole folder has no key, and no password helps.
    with pytest.raises(UserError, match="store-keyring-missing"):
        keys.load(home)
    with pytest.raises(UserError, match="store-keyring-missing"):
        keys.load(with_word, "Kranich/Werft-91", "主管")


def test_without_a_bus_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    key = keys.load_or_create(tmp_path / "home")
    assert keys.load(tmp_path / "home") == key
    assert json.loads(keys.key_path(tmp_path / "home").read_text("utf-8"))["layers"] == []
