"""The keys page: units' certificates, real tokens, key files, days left, chain, revocation lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, shown_texts, unnamed
from tests.desktop.sign.office import Room
from tests.e2e.office import credential_of
from tests.tokens.lab import PIN, make_lab
from unitclient.desktop.pages.keys.page import make_page
from unitclient.desktop.pages.keys.view import KeysView
from unitclient.desktop.pages.keys.words import days_advice, days_state, days_word
from unitclient.desktop.theme.tokens import State


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> KeysView:
    """The page, not yet filled."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    return made


def test_the_units_certificate_without_any_token(page: KeysView, desk: Room) -> None:
    page.on_shown()
    (key,) = page.state.keys
    assert key.units == (desk.clerk.unit.name,)
    assert key.trusted
    assert len(key.chain) >= 2
    assert "证书链完整" in page.chain.text()
    assert page.pill.state is State.OK
    assert "✓" in page.lists.text()
    assert "OCSP" in page.lists.text()
    assert "主管证书" in shown_texts(page)
    assert desk.clerk.unit.name in shown_texts(page) or key.subject in shown_texts(page)


def test_a_token_is_seen_with_its_pin_state_and_no_pin(page: KeysView, desk: Room, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "tokens").mkdir()
    lab = make_lab(tmp_path / "tokens", (credential_of(desk.clerk.opened),))
    monkeypatch.setenv("SOFTHSM2_CONF", str(lab.folder / "softhsm2.conf"))
    desk.dialogs.files.append(Path(lab.ref.library))
    page.on_shown()
    page.library.click()
    (key,) = page.state.keys
    assert key.found == "token"
    assert key.pin == "ok"
    assert key.signs
    assert desk.services.settings.layout("key-libraries") == [lab.ref.library]
    assert not [one for one in desk.dialogs.asked if one[0] == "pin"]


def test_a_library_that_is_none_is_told_and_the_rest_is_listed(page: KeysView, desk: Room, tmp_path: Path) -> None:
    (tmp_path / "vendor.so").write_bytes(b"not a library")
    desk.dialogs.files.append(tmp_path / "vendor.so")
    page.on_shown()
    page.library.click()
    assert "vendor.so" in page.banner.text()
    assert page.state.keys


def test_a_key_file(page: KeysView, desk: Room, tmp_path: Path) -> None:
    credential = credential_of(desk.clerk.opened)
    data = pkcs12.serialize_key_and_certificates(b"key", credential.key, credential.certificate, None,
                                                 BestAvailableEncryption(PIN.encode()))  # fmt: skip
    (tmp_path / "unit.pfx").write_bytes(data)
    page.on_shown()
    desk.dialogs.files += [tmp_path / "unit.pfx"] * 3
    desk.dialogs.wizards["unlock"] = ["wrong", None, PIN]
    page.file.click()
    assert page.banner.text()
    page.file.click()
    page.file.click()
    assert desk.dialogs.asked[-1] == ("unlock", {"file": "unit.pfx"})
    assert len(page.state.keys) == 1, "the same certificate is listed once"


@pytest.mark.parametrize(
    ("days", "state", "word"),
    [
        (400, State.OK, "还有 400 天"),
        (61, State.OK, "还有 61 天"),
        (60, State.WARN, "还有 60 天"),
        (30, State.WARN, "还有 30 天"),
        (7, State.ERR, "还有 7 天"),
        (1, State.ERR, "还有 1 天"),
        (0, State.ERR, "今天到期"),
        (-1, State.ERR, "已过期 1 天"),
        (None, State.OFF, "没有证书"),
    ],
)
def test_days_left(days: int | None, state: State, word: str) -> None:
    assert days_state(days) is state
    assert days_word(days) == word


def test_advice_gets_more_pressing() -> None:
    told = [days_advice(days) for days in (61, 60, 31, 30, 8, 7, 2, 1, 0, -1)]
    assert told[0] == ""
    assert told[1] == told[2]
    assert told[3] == told[4]
    assert told[5] == told[6]
    assert told[7] == told[8]
    assert len(set(told)) == 6


def test_it_fits_and_everything_has_a_name(page: KeysView) -> None:
    page.on_shown()
    page.show()
    hint = page.minimumSizeHint()
    assert hint.width() <= SMALLEST[0]
    assert hint.height() <= SMALLEST[1]
    assert not unnamed(page)
    assert page.findChildren(QLabel)


def test_a_list_that_is_out_of_date_says_so(page: KeysView, desk: Room) -> None:
    from unitclient.desktop.pages.keys.state import ListLine
    from unitclient.desktop.pages.keys.words import list_line

    now = datetime.now(UTC)
    assert "已于" in list_line(ListLine("甲", now - timedelta(days=9), now - timedelta(days=2), fresh=False))
    assert "没有写明" in list_line(ListLine("甲", now, None, fresh=True))
