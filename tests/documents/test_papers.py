"""The printed documents: text that can be searched and copied, amounts, marks, pages, QR code."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image

from tests.documents.papers import LATE_FEE, RECEIPT_SHA256, marks, receipt, settlement, summary, text_of
from unitclient.documents.model import Payment, PersonLine
from unitclient.documents.receipt import render_receipt
from unitclient.documents.settlement import render_settlement
from unitclient.documents.summary import render_summary
from unitclient.errors import UserError
from unitclient.texts import use_language


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """Each test begins and ends in Chinese."""
    use_language("zh")
    yield
    use_language("zh")


def test_the_settlement_statement_can_be_searched_and_adds_up(tmp_path: Path) -> None:
    text = text_of(render_settlement(settlement()), tmp_path)
    for expected in (
        "社会保险费结算单", "演练精密机械有限公司", "51010000012345", "91510100MA62DEMO0X", "2026年11月",
        "SL202611250000017", "JS510100202611000123", "基本养老保险（补缴）", "161,234.56", "80,617.28",
        "123.45（15天）",
        "人民币贰拾肆万陆仟叁佰玖拾元零柒角贰分", "¥246,390.72", RECEIPT_SHA256, "2026-11-2510:59:01",
        "2026-11-3017:00:00",
        "已出结算单，待扣款", "第1页/共1页",
    ):  # fmt: skip
        assert expected in text
    assert "演练单位，不具效力" not in text
    assert "参考数据" not in text


def test_rows_that_do_not_add_up_to_the_bill_are_never_printed() -> None:
    with pytest.raises(UserError) as refusal:
        render_settlement(settlement(total=LATE_FEE))
    assert refusal.value.code == "document-total-differs"


def test_a_failed_debit_names_the_bank_s_reason(tmp_path: Path) -> None:
    payment = Payment("debit-failed", "K01", "演练银行", "6789")
    text = text_of(render_settlement(settlement(payment)), tmp_path)
    assert "扣款失败：余额不足（K01）" in text
    assert "演练银行尾号6789" in text


def test_reference_data_and_practice_are_said_on_the_paper(tmp_path: Path) -> None:
    text = text_of(render_settlement(settlement(given=marks(reference_data=True, practice=True))), tmp_path)
    assert "演练单位，不具效力·参考数据：政策包尚未确认" in text


def test_rare_characters_and_long_names_are_printed_whole(tmp_path: Path) -> None:
    names = ("张𬭚", "李䶮", "迪丽热巴·迪力木拉提·阿卜杜拉", "王\U000f0000")
    people = tuple(PersonLine(name, "510101199003070000", 876_543, 140_000, 70_000) for name in names)
    text = text_of(render_summary(summary(people)), tmp_path)
    for name in ("张𬭚", "李䶮", "王[U+F0000]"):
        assert name in text
    assert "迪丽热巴·迪力木拉提·阿" in text
    assert "5,600.00" in text


def test_the_detail_runs_over_pages_that_are_counted_and_headed(tmp_path: Path) -> None:
    people = tuple(PersonLine(f"张{number}", "510101199003070000", 1, 1, 1) for number in range(70))
    text = text_of(render_summary(summary(people)), tmp_path)
    assert "第4页/共4页" in text
    assert text.count("证件号码") == 3


def test_a_summary_shows_the_change_and_says_when_it_was_not_sent(tmp_path: Path) -> None:
    text = text_of(render_summary(summary(proof=None)), tmp_path)
    assert "上月240,000.00，本月增减+6,267.27" in text
    assert "尚未取得受理回执" in text


def test_the_receipt_is_one_page_and_says_late_or_undecided(tmp_path: Path) -> None:
    text = text_of(render_receipt(receipt(accepted=None, refused=None, timely=False)), tmp_path)
    for expected in ("受理回执", "月度申报", "审核中", "逾期", "183,234字节", "第1页/共1页", "部分受理"):
        assert expected in text
    assert "970/5" in text_of(render_receipt(receipt()), tmp_path)


def test_english_labels(tmp_path: Path) -> None:
    use_language("en")
    text = text_of(render_settlement(settlement()), tmp_path)
    for expected in ("SocialInsuranceSettlementStatement", "Pension(backpayment)", "Page1of1", "人民币贰拾肆万"):
        assert expected in text


def test_the_same_data_makes_the_same_bytes() -> None:
    assert render_receipt(receipt()) == render_receipt(receipt())


def test_fonts_are_embedded_and_map_back_to_unicode(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(render_settlement(settlement()))
    rows = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_qr_code_holds_the_digest_of_the_receipt(tmp_path: Path) -> None:
    """Reads the modules off the rendered page and compares them with the code for the digest."""
    (tmp_path / "paper.pdf").write_bytes(render_receipt(receipt()))
    subprocess.run(["pdftoppm", "-r", "300", "-gray", tmp_path / "paper.pdf", tmp_path / "paper"], check=True)
    with Image.open(next(tmp_path.glob("paper-*.pgm"))) as opened:
        page = opened.point(lambda level: 255 if level < 40 else 0)
    matrix = segno.make(RECEIPT_SHA256, error="m", micro=False).matrix
    left, top, right, bottom = _code_box(page)
    module = (right - left) / len(matrix)
    assert abs(module - (bottom - top) / len(matrix)) < 0.2
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            seen = page.getpixel((left + int((x + 0.5) * module), top + int((y + 0.5) * module)))
            assert (seen == 255) == bool(dark), (x, y)


def _code_box(page: Image.Image) -> tuple[int, int, int, int]:
    """The box of the dark area left of the digests, between the heading and the small print: only the code is there."""
    dots = page.width / 210
    left, top, right, bottom = (int(edge * dots) for edge in (17, 112, 49, 150))
    box = page.crop((left, top, right, bottom)).getbbox()
    assert box is not None
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top
