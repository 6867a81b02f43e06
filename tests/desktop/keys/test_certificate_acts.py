"""Renewal, upgrade and change of a certificate from the keys page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.desktop.month import unnamed
from tests.desktop.sign.office import Room
from tests.e2e.office import ask, credential_of
from tests.tokens.lab import PIN
from unitclient.desktop.dialogs.certificate.dialog import ActChoice, CertificateDialog
from unitclient.desktop.dialogs.pin_summary import summary_box
from unitclient.desktop.pages.keys.page import make_page
from unitclient.desktop.pages.keys.view import KeysView
from unitclient.store.units import add_unit
from unitclient.tokens.keyref import KeyKind, KeyRef


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> KeysView:
    """The page of a unit whose key is in a file."""
    clerk = desk.clerk
    credential = credential_of(clerk.opened)
    path = clerk.home / "unit.p12"
    path.write_bytes(credential.to_pkcs12(PIN))
    ref = KeyRef(KeyKind.PKCS12, credential.certificate_sha256, path=str(path))
    with clerk.base.store.write("unit.key"):
        add_unit(clerk.base.store, replace(clerk.unit, key_ref=ref.to_dict()))
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.on_shown()
    return made


def test_renewal_that_comes_too_early_is_said_before_the_pin(page: KeysView, desk: Room) -> None:
    desk.dialogs.wizards["certificate"] = [None, ActChoice()]
    page.acts["renew"].click()
    assert not page.banner.text()
    page.acts["renew"].click()
    assert desk.dialogs.asked[-1] == ("certificate", {"act": "renew", "unit": desk.clerk.unit.name})
    assert "60 天" in page.banner.text()
    assert page.acts["renew"].isEnabled()


def test_upgrade_then_change(page: KeysView, desk: Room) -> None:
    """Each shows the new certificate, says what became of the old one, and the PIN dialog says what it is for."""
    clerk, before = desk.clerk, page.state.current
    desk.dialogs.wizards["certificate"] = [ActChoice("rsa-3072"), ActChoice("sm2-256")]
    page.acts["upgrade"].click()
    assert "并不比它强" in page.banner.text()
    desk.dialogs.pins = [PIN]
    page.acts["upgrade"].click()
    (summary,) = desk.dialogs.summaries
    assert (summary.unit_name, summary.lines) == (clerk.unit.name, ())
    assert "旧证书随后吊销" in summary.purpose
    assert "已升级" in page.banner.text()
    assert "旧证书已吊销" in page.banner.text()
    upgraded = page.state.current
    assert upgraded == clerk.unit.key_ref["certificate_sha256"] != before
    assert "SM2" in str([one.text() for one in page.about.findChildren(QLabel)])
    code = ask(clerk.unit.centre_url, "POST", f"/practice/certificates/{upgraded}/change-codes")["code"]
    desk.dialogs.wizards["certificate"] = [ActChoice("ec-256", "1", "new"), ActChoice("ec-256", code, "new")]
    page.acts["change"].click()
    assert page.state.current == upgraded
    page.acts["change"].click()
    assert page.state.current == clerk.unit.key_ref["certificate_sha256"] != upgraded
    assert "已换证" in page.banner.text()


def test_what_no_unit_signs_with_has_no_acts(page: KeysView) -> None:
    (key,) = page.state.keys
    page.render_state(replace(page.state, keys=(replace(key, units=(), numbers=()),)))
    assert not any(one.isEnabled() for one in page.acts.values())


def test_the_dialog_of_a_change(qtbot: QtBot) -> None:
    """Code and PIN are needed, the PIN twice; it leaves the dialog once."""
    answers: list[ActChoice | None] = []
    dialog = CertificateDialog("change", "甲单位", answers.append)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.go.isEnabled()
    dialog.code.setText(" 0123 ")
    dialog.pin.setText("246810")
    dialog.again.setText("246811")
    dialog.go.click()
    assert answers == []
    assert "不一样" in dialog.again_field.note.text()
    dialog.again.setText("246810")
    assert not unnamed(dialog)
    dialog.go.click()
    assert answers == [ActChoice("ec-256", "0123", "246810")]
    assert dialog.pin.text() == dialog.again.text() == ""
    assert "246810" not in repr(answers)


@pytest.mark.parametrize("act", ["renew", "upgrade"])
def test_the_dialogs_of_the_others(qtbot: QtBot, act: str) -> None:
    answers: list[ActChoice | None] = []
    for end in ("reject", "go"):
        dialog = CertificateDialog(act, "甲单位", answers.append)
        qtbot.addWidget(dialog)
        dialog.show()
        assert not unnamed(dialog)
        dialog.reject() if end == "reject" else dialog.go.click()
    assert answers == [None, ActChoice("" if act == "renew" else "ec-256")]


def test_the_pin_dialog_names_the_purpose(qtbot: QtBot, page: KeysView, desk: Room) -> None:
    desk.dialogs.wizards["certificate"] = [ActChoice("sm2-256")]
    desk.dialogs.pins = [None]
    page.acts["upgrade"].click()
    assert not page.banner.text()
    box = summary_box(desk.dialogs.summaries[0])
    qtbot.addWidget(box)
    assert any("不是申报" in one.text() for one in box.findChildren(QLabel))
