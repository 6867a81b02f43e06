"""Days ahead, lengths that another field decides, own numbers, and fields that name files."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tests.catalog.people import catalog
from unitclient.catalog import CheckContext, check_row, load_catalog, recheck_row
from unitclient.catalog.file_limits import photo_fault
from unitclient.domain.files import stored_name
from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.paths import forms_root, resources_root

TODAY = CheckContext(date(2026, 11, 10), Period(2026, 11))
VEHICLE = {"plate": "湘J12345", "plate_kind": "02", "city": "430700", "engine_tail": "A1B2C3"}
PDF = b"%PDF-1.4\n%%EOF\n"
LINK = {
    "agreement_number": "XY1", "account_kind": "2", "institution": "示例银行", "account_name": "示例公司",
    "account_tail": "1234", "account_scope": "1", "signed_on": "2026-11-01", "agreement_file": "协议.pdf",
}  # fmt: skip


def codes(form: str, row: Mapping[str, object], context: CheckContext = TODAY) -> set[str]:
    return {finding.code for finding in check_row(catalog().form(form), row, context).findings}


@pytest.mark.parametrize(
    ("day", "told"), [("2026-11-09", True), ("2026-11-10", False), ("2026-11-24", False), ("2026-11-25", True)]
)
def test_a_day_window_counts_both_ends(day: str, told: bool) -> None:
    assert ("DAY_WINDOW" in codes("appointment", {"day": day})) is told


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"engine_tail": "A1B2C"}, "WRONG_LENGTH"),
        ({"engine_tail": None}, "REQUIRED"),
        ({"city": "370100", "frame_tail": "1234", "engine_tail": None}, ""),
        ({"city": "110000", "engine_tail": "LONGENGINE123"}, ""),
        ({"city": "110000", "engine_tail": None}, "REQUIRED"),
    ],
)
def test_the_city_says_how_many_characters(change: dict[str, object], code: str) -> None:
    assert codes("unit-vehicle", {**VEHICLE, **change}) == ({code} if code else set())


def test_a_number_of_its_own_is_the_same_for_the_same_row_and_stays() -> None:
    form, row = catalog().form("ticket"), {"category": "9", "subject": "登录", "question": "打不开"}
    first = check_row(form, row, TODAY)
    assert first.values["ticket_number"].startswith("20261110-")
    assert "ticket_number" in first.defaulted
    assert check_row(form, row, TODAY).key == first.key
    assert check_row(form, {**row, "subject": "签名"}, TODAY).key != first.key
    tomorrow = replace(TODAY, today=date(2026, 11, 11))
    assert recheck_row(form, first.values, tomorrow).key == first.key


def test_a_file_is_named_by_its_digest() -> None:
    form = catalog().form("account-link")
    name = stored_name(PDF, "pdf")
    known = {"协议.pdf": PDF, name: PDF}
    context = replace(TODAY, file=known.get)
    row = check_row(form, LINK, context)
    assert (row.findings, row.values["agreement_file"]) == ((), name)
    assert recheck_row(form, row.values, context).values["agreement_file"] == name
    assert codes("account-link", LINK) == {"FILE_MISSING"}
    assert codes("account-link", {**LINK, "agreement_file": name}, replace(context, file=lambda _: PDF + b"\n")) == {
        "FILE_CHANGED"
    }
    assert codes("account-link", LINK, replace(context, file=lambda _: b"text")) == {"FILE_KIND"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("width = 358, ", ""),
        ('kinds = ["jpg", "png"]', 'kinds = ["pdf"]'),
        ("bits = 24", "bits = 24, shades = 3"),
        ("max_bytes = 40960", "max_bytes = 99000000"),
        ('type = "photo"', 'type = "text"'),
    ],
)
def test_limits_that_are_wrong_are_refused(tmp_path: Path, old: str, new: str) -> None:
    shutil.copytree(forms_root() / "card-photo", tmp_path / "card-photo")
    _change(tmp_path / "card-photo/1/form.toml", lambda text: text.replace(old, new, 1))
    with pytest.raises(UserError) as refused:
        load_catalog(tmp_path, resources_root())
    assert (refused.value.code, refused.value.params["file"]) == ("form-broken", "card-photo/1/form.toml")


def _change(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


@pytest.mark.parametrize(
    ("colour", "taken"), [("white", True), ((240, 240, 236), True), ((200, 220, 255), False), ("blue", False)]
)
def test_a_card_photo_has_a_white_background(colour: str | tuple[int, int, int], taken: bool) -> None:
    """By the share of near-white pixels along the upper border; a dark coat below does not count."""
    picture = Image.new("RGB", (358, 441), colour)
    picture.paste((20, 20, 40), (0, 300, 358, 441))
    picture.paste((200, 160, 140), (110, 80, 250, 300))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, comment=b"x" * 15000)
    limits = catalog().form("card-photo").field("photo").file
    assert limits is not None
    fault = photo_fault(out.getvalue(), limits)
    assert (fault is None) is taken
    assert fault is None or (fault.code, fault.params["wanted"]) == ("PHOTO_BACKGROUND", "90")


def test_a_broken_picture_is_no_photo() -> None:
    out = io.BytesIO()
    Image.new("RGB", (358, 441), "white").save(out, "PNG")
    limits = catalog().form("card-photo").field("photo").file
    assert limits is not None
    broken = bytearray(out.getvalue())
    broken[60] ^= 0xFF
    fault = photo_fault(bytes(broken), replace(limits, min_bytes=1))
    assert fault is not None
