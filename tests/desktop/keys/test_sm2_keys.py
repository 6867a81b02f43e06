"""SM2 on the keys page: a device behind SKF with its tries, and a key file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.month import shown_texts
from tests.desktop.sign.office import Room
from tests.seal.gm import gm_world
from tests.tokens.lab import PIN
from tests.tokens.skf_device import build_with_openssl, make_device
from unitclient.desktop.pages.keys.page import make_page
from unitclient.desktop.pages.keys.view import KeysView
from unitclient.texts import say


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> KeysView:
    """The page, not yet filled."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    return made


def test_an_skf_device(page: KeysView, desk: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library is chosen like any other; the tries that are left are shown, and no PIN is asked for."""
    library = build_with_openssl(tmp_path, "skf.c")
    if library is None:
        pytest.skip("no C compiler or no libssl-dev")
    device = make_device(tmp_path / "device", library, gm_world().unit)
    (device.folder / "wrong").write_text("4")
    for name, value in device.env.items():
        monkeypatch.setenv(name, value)
    desk.dialogs.files.append(Path(library))
    page.on_shown()
    page.library.click()
    key = next(one for one in page.state.keys if one.found == "token")
    assert (key.algorithm, key.signs, key.pin, key.tries) == ("SM2", True, "low", 2)
    page.table.go(page.state.keys.index(key))
    assert say("d-keys-pin-tries", word=say("d-keys-pin-low"), tries=2) in shown_texts(page)
    assert not [one for one in desk.dialogs.asked if one[0] == "pin"]


def test_an_sm2_key_file(page: KeysView, desk: Room, tmp_path: Path) -> None:
    (tmp_path / "unit.pfx").write_bytes(gm_world().unit.to_pkcs12(PIN))
    page.on_shown()
    desk.dialogs.files.append(tmp_path / "unit.pfx")
    desk.dialogs.wizards["unlock"] = [PIN]
    page.file.click()
    key = next(one for one in page.state.keys if one.found == "file")
    assert (key.algorithm, key.signs) == ("SM2", True)
