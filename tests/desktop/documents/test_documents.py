"""The documents page against a real centre: papers, preview, saving, printing, and files that somebody brings."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from PyQt6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from tests.desktop.month import SMALLEST, imports_of, unnamed
from tests.desktop.sign.office import Room
from tests.e2e.office import MONTH, staff
from unitclient.desktop.pages.documents.page import make_page
from unitclient.desktop.pages.documents.preview import PdfPages
from unitclient.desktop.pages.documents.printing import PdfPrint
from unitclient.desktop.pages.documents.view import DocumentsView
from unitclient.desktop.pages.roster.page import RosterPage
from unitclient.store.documents import latest_document
from unitclient.store.settings import put_setting
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.asking import PERSONAL_OPERATORS
from unitclient.workflows.declaring import prepare_form


@pytest.fixture
def page(desk: Room, qtbot: QtBot) -> DocumentsView:
    """The page, not yet filled."""
    made = make_page(desk.services)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    return made


@pytest.fixture
def filled(page: DocumentsView, desk: Room) -> DocumentsView:
    """The page of a unit whose month went all the way."""
    desk.clerk.enrols(staff(2))
    desk.clerk.declares()
    page.on_shown()
    return page


def words(page: DocumentsView, column: str) -> list[str]:
    place = page.model.places[column]
    return [str(page.model.index(row, place).data() or "") for row in range(page.model.count())]


def front(page: DocumentsView, paper: str) -> None:
    """Put a paper in front by its word."""
    page.table.go(words(page, "name").index(paper))


def test_without_papers_it_says_how_they_come(page: DocumentsView) -> None:
    page.on_shown()
    assert page.empty.accessibleName() == "还没有文书"
    assert not page.state.pdf


def test_every_paper_of_a_month_is_listed_and_seen(filled: DocumentsView, qtbot: QtBot) -> None:
    assert sorted(words(filled, "name")) == sorted([
        "受理回执", "受理回执", "受理结果通知书", "受理结果通知书", "扣款结果通知单", "核定通知书", "电子缴费凭证",
        "申报名册", "申报汇总表", "结算单", "缴费通知单", "记账通知单",
    ])  # fmt: skip
    front(filled, "结算单")
    assert filled.state.pdf.startswith(b"%PDF")
    pages = filled.preview.pages
    assert pages is not None
    assert "结算单" in pages.text(0).replace(" ", "")
    assert filled.preview.findChildren(type(filled.paper_name))[0].accessibleDescription()
    filled.show()
    qtbot.waitUntil(lambda: all(not one.pixmap().isNull() for one in filled.preview._labels))


def test_the_centres_own_paper_takes_the_prints_place_and_is_verified(
    filled: DocumentsView, desk: Room, tmp_path: Path
) -> None:
    front(filled, "受理回执")
    assert filled.state.signed
    assert filled.proof.text().endswith("中心电子签章")
    desk.dialogs.files.append(tmp_path / "receipt.pdf")
    filled.save.click()
    assert filled.drop_files([str(tmp_path / "receipt.pdf")])
    assert "验证通过" in filled.verdict.text()
    assert "受理单号：" in filled.told.text()
    assert "页数：1" in filled.told.text()
    data = bytearray((tmp_path / "receipt.pdf").read_bytes())
    data[len(data) // 3] ^= 1
    (tmp_path / "receipt.pdf").write_bytes(data)
    assert filled.drop_files([str(tmp_path / "receipt.pdf")])
    assert "不能采信" in filled.verdict.text()
    assert "签名之后被改动过" in filled.told.text()


def test_off_line_a_print_is_seen_and_says_that_it_is_one(
    filled: DocumentsView, desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    front(filled, "缴费通知单")
    kept = filled.state.pdf
    assert filled.state.signed

    def gone(*_: object) -> None:
        raise NotSent("no-connection")

    monkeypatch.setattr(CentreClient, "paper", gone)
    front(filled, "受理回执")
    assert filled.state.pdf
    assert filled.proof.text().endswith("打印件，无电子签章")
    assert filled.preview.pages is not None
    assert "打印件" in filled.preview.pages.text(0).replace(" ", "")
    front(filled, "缴费通知单")
    assert filled.state.pdf == kept, "what was fetched once is here for good"
    assert not filled.banner.isVisibleTo(filled)
    front(filled, "电子缴费凭证")
    assert not filled.state.pdf
    assert not filled.save.isEnabled()
    assert filled.banner.isVisibleTo(filled), "there is no print of it, so it says why nothing is seen"


def test_zoom_and_back(filled: DocumentsView) -> None:
    front(filled, "受理回执")
    filled.larger.click()
    assert filled.zoomed.text() == "125 %"
    filled.zoomed.click()
    filled.smaller.click()
    assert filled.zoomed.text() == "75 %"


def test_a_paper_is_saved_and_nothing_else_is_left_on_the_disk(
    filled: DocumentsView, desk: Room, tmp_path: Path
) -> None:
    front(filled, "申报汇总表")
    desk.dialogs.files.append(tmp_path / "s.pdf")
    filled.save.click()
    assert (tmp_path / "s.pdf").read_bytes() == filled.state.pdf
    assert "已保存到" in filled.banner.text()
    asked = desk.dialogs.asked[-1][1]
    assert asked.suggested == "申报汇总表-月度申报-2026-11.pdf"
    assert not list(desk.clerk.home.rglob("*.pdf"))


def test_a_place_that_cannot_be_written_is_refused_in_words(filled: DocumentsView, desk: Room, tmp_path: Path) -> None:
    front(filled, "申报汇总表")
    desk.dialogs.files.append(tmp_path / "nowhere" / "s.pdf")
    filled.save.click()
    assert "s.pdf" in filled.banner.text()


def test_printing_paints_every_page(filled: DocumentsView, tmp_path: Path, qtbot: QtBot) -> None:
    front(filled, "受理回执")
    pages = filled.preview.pages
    assert pages is not None
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printing = PdfPrint(filled.state.pdf, printer)
    with qtbot.waitSignal(printing.finished):
        printing.start()
    printed = PdfPages((tmp_path / "printed.pdf").read_bytes())
    assert printed.count() == pages.count()
    # The printer's margins move everything by a little.
    assert len(_ink(pages) ^ _ink(printed)) <= 2, "the bands make up the whole page"
    printed.close()


def _ink(pages: PdfPages) -> set[int]:
    """Which of twenty slices of the first page have something on them."""
    image = pages.image(0, 400)
    return {y * 20 // image.height() for y in range(image.height())
            if any(image.pixelColor(x, y).lightness() < 200 for x in range(400))}  # fmt: skip


def test_a_receipt_is_carried_out_and_verified_again(filled: DocumentsView, desk: Room, tmp_path: Path) -> None:
    front(filled, "受理回执")
    desk.dialogs.files.append(tmp_path)
    filled.envelope.click()
    (receipt,) = tmp_path.glob("receipt-*.json")
    assert filled.drop_files([str(receipt)])
    assert filled.verdict.text().endswith("验证通过：内容完整，签名有效")
    told = filled.told.text()
    assert "受理单号：" in told
    assert "签名人：" in told
    filled.close_check.click()
    assert filled.state.checked is None


def test_a_changed_file_does_not_hold(filled: DocumentsView, desk: Room, tmp_path: Path) -> None:
    receipt = latest_document(desk.clerk.base.store, desk.clerk.unit_number, DocumentKind.RECEIPT)
    assert receipt is not None
    from unitclient.sync.protocol import SignedDocument

    told = SignedDocument(receipt.document.replace(b"true", b"false"), receipt.cms).to_wire()
    (tmp_path / "r.json").write_text(json.dumps(told), "utf-8")
    desk.dialogs.files.append(tmp_path / "r.json")
    filled.verify.click()
    assert "不能采信" in filled.verdict.text()
    assert "×" in filled.told.text()
    assert "受理单号：" not in filled.told.text()


def test_a_signed_container_is_verified(filled: DocumentsView, desk: Room, tmp_path: Path) -> None:
    identity = filled.state.papers[0].declaration_id
    (tmp_path / "one.asice").write_bytes(desk.clerk.queued(identity).container)
    filled.receive({"file": str(tmp_path / "one.asice")})
    assert "验证通过" in filled.verdict.text()
    assert f"报送件编号：{identity}" in filled.told.text()


@pytest.mark.parametrize("data", [b"", b"{", b"PK\x03\x04", b"\x00" * 40, "文".encode() * 9])
def test_files_that_are_nothing_are_told_so(page: DocumentsView, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.asice").write_bytes(data)
    page.on_shown()
    page.intent_check.emit(tmp_path / "x.asice")
    assert page.state.checked is not None
    assert not page.state.checked.answer.ok
    assert "不能采信" in page.verdict.text()


def test_folders_and_missing_files_are_refused(page: DocumentsView, tmp_path: Path) -> None:
    page.intent_check.emit(tmp_path)
    assert "文件夹" in page.banner.text()
    page.intent_check.emit(tmp_path / "gone.json")
    assert "gone.json" in page.banner.text()


def test_led_here_with_a_declaration(page: DocumentsView, desk: Room) -> None:
    desk.clerk.enrols(staff(1))
    desk.clerk.declares()
    page.on_shown()
    wanted = page.state.papers[-1].declaration_id
    page.receive({"declaration": wanted})
    assert page.state.current.startswith(wanted)


def test_text_of_pages_is_searchable_chinese(filled: DocumentsView) -> None:
    front(filled, "受理回执")
    assert filled.preview.pages is not None
    text = filled.preview.pages.text(0)
    assert text == unicodedata.normalize("NFKC", text)
    assert "受理" in text


def test_it_fits_and_everything_has_a_name(filled: DocumentsView) -> None:
    hint = filled.minimumSizeHint()
    assert hint.width() <= SMALLEST[0]
    assert hint.height() <= SMALLEST[1]
    assert not unnamed(filled)


def test_the_view_knows_no_store() -> None:
    for module in ("view", "preview", "words", "state"):
        rooms = imports_of(f"pages.documents.{module}")
        assert not [
            one for one in rooms if one.startswith(("unitclient.store", "unitclient.sync", "unitclient.tokens"))
        ]
    assert not [one for one in imports_of("pages.documents.preview") if "QtPdf" in one]


def test_a_certificate_that_the_centre_issued_is_listed_and_seen(filled: DocumentsView, desk: Room) -> None:
    clerk = desk.clerk
    name, number = staff(1)[0][:2]
    assert clerk.imports("insurance-certificate", ["姓名", "证件号码", "用途"], [[name, number, "贷款"]]).taken == 1
    made = prepare_form(clerk.desk, clerk.unit, "insurance-certificate", MONTH)
    clerk.signs()
    clerk.settles()
    assert clerk.tracks(made.declaration_id)[1] == "accepted"
    filled.refresh()
    front(filled, "证明")
    pages = filled.preview.pages
    assert pages is not None
    shown = unicodedata.normalize("NFKC", pages.text(0)).replace(" ", "")
    assert "参保证明" in shown
    assert str(number) in shown


def test_signed_rosters_and_registers_are_papers_too(filled: DocumentsView, desk: Room) -> None:
    """Asked for at the roster, told with a business: each is fetched as the centre signs it, and kept."""
    clerk, (name, number) = desk.clerk, staff(1)[0][:2]
    heads = ["姓名", "证件号码", "用工之日", "合同期限类型", "合同终止日期", "岗位工种"]
    row = [name, number, "2026-11-01", "有固定期限", "2029-10-31", "装配工"]
    assert clerk.imports("employment-registration", heads, [row]).taken == 1
    prepare_form(clerk.desk, clerk.unit, "employment-registration", MONTH)
    clerk.signs()
    clerk.settles()
    roster = RosterPage(desk.services)
    roster.signed_paper()
    roster.deleteLater()
    ((where, target),) = desk.shell.went
    assert where == "documents"
    filled.refresh()
    filled.receive(target)
    shown = filled.state.paper()
    assert shown is not None
    assert (shown.name, filled.state.signed) == ("roster", True)
    pages = filled.preview.pages
    assert pages is not None
    assert str(number) in unicodedata.normalize("NFKC", pages.text(0)).replace(" ", "")
    front(filled, "台账通知单")
    assert filled.state.signed
    with desk.clerk.base.store.write("test.right"):
        put_setting(desk.clerk.base.store, PERSONAL_OPERATORS, "别人")
    filled.refresh()
    assert not {"参保花名册", "台账通知单"} & set(words(filled, "name"))


def test_the_unit_is_exported_into_a_folder_asked_for(filled: DocumentsView, desk: Room, tmp_path: Path) -> None:
    desk.dialogs.files.append(tmp_path / "usb")
    filled.export.click()
    (made,) = (tmp_path / "usb").iterdir()
    assert (made / "index.json").is_file()
    assert str(made) in filled.banner.text()
    (tmp_path / "taken").write_text("no folder")
    desk.dialogs.files.append(tmp_path / "taken")
    filled.export.click()
    assert "U 盘" in filled.banner.text()
