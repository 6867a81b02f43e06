"""Files that must not be read: bombs, entities, passwords, damage, and things that are no spreadsheets."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.sheets.forms import HEADER, ROW, form, workbook
from tests.sheets.packages import DATA_ROW, package, sheet_xml
from unitclient.errors import UserError
from unitclient.sheets import read_sheet
from unitclient.texts import LANGUAGES, error_texts, use_language


def refusal(path: Path) -> UserError:
    with pytest.raises(UserError) as refused:
        list(read_sheet(path, form()).rows)
    for language in LANGUAGES:
        use_language(language)
        assert all(error_texts(refused.value.code, refused.value.params))
    use_language("zh")
    return refused.value


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_the_honest_package_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", package(sheet_xml()))
    assert [row.values["name"] for row in read_sheet(path, form()).rows] == ["王示范"]


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (sheet_xml(prolog='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "sheet-xml-entities"),
        (sheet_xml(prolog='<?xml version="1.0"?><!-- --><!DOCTYPE x SYSTEM "file:///x">'), "sheet-xml-entities"),
        (sheet_xml(prolog='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"), "sheet-broken"),
        (sheet_xml(prolog='<?xml version="1.0" encoding="GBK"?>').encode("gbk"), "sheet-broken"),
        (sheet_xml()[:-40], "sheet-broken"),
        ("<workbook/>", "sheet-broken"),
        (sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "sheet-too-large"),
        (sheet_xml("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "sheet-too-large"),
        (sheet_xml('<row r="900000"><c r="CZ900000" t="str"><v></v></c></row>'), "sheet-too-large"),
        (sheet_xml(f'<row r="3"><c r="A3" t="inlineStr"><is><t>{"x" * 20_000_000}</t></is></c></row>'), "sheet-bomb"),
        (sheet_xml(second=DATA_ROW.replace("王示范", "&lol;")), "sheet-broken"),
    ],
    ids=["entity", "doctype", "utf16", "gbk", "cut", "other-root", "corner", "corner-quotes", "far", "long-row", "lol"],
)  # fmt: skip
def test_hostile_sheet_parts(tmp_path: Path, sheet: str | bytes, code: str) -> None:
    assert refusal(written(tmp_path / "a.xlsx", package(sheet))).code == code


def test_far_cells_that_hold_only_a_style_are_no_reason_to_refuse(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", package(sheet_xml('<row r="1048576"><c r="XFD1048576" s="0"/></row>')))
    assert len(list(read_sheet(path, form()).rows)) == 1


def test_doctype_in_another_part(tmp_path: Path) -> None:
    strings = '<!DOCTYPE sst [<!ENTITY a "b">]><sst/>'
    data = package(sheet_xml(), **{"xl__sharedStrings.xml": strings})
    assert refusal(written(tmp_path / "a.xlsx", data)).code == "sheet-xml-entities"


def test_bomb_by_ratio(tmp_path: Path) -> None:
    data = package(sheet_xml(), **{"xl__sharedStrings.xml": b" " * 60_000_000})
    assert refusal(written(tmp_path / "a.xlsx", data)).code == "sheet-bomb"


def test_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    data = bytearray(package(sheet_xml(), **{"xl__sharedStrings.xml": b" " * 60_000_000}))
    directory = data.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", data, directory + 24)[0] == 60_000_000
    struct.pack_into("<I", data, directory + 24, 1000)
    assert refusal(written(tmp_path / "a.xlsx", bytes(data))).code == "sheet-broken"


def test_bomb_by_number_of_parts(tmp_path: Path) -> None:
    data = package(sheet_xml(), **{f"xl__media__{number}.txt": "" for number in range(5000)})
    assert refusal(written(tmp_path / "a.xlsx", data)).code == "sheet-bomb"


def test_damaged_zip(tmp_path: Path) -> None:
    data = workbook(tmp_path / "a.xlsx", [HEADER, ROW]).read_bytes()
    assert refusal(written(tmp_path / "b.xlsx", data[: len(data) // 2])).code == "sheet-broken"
    middle = data.index(b"xl/worksheets/sheet1.xml") + 80
    spoiled = data[:middle] + bytes(byte ^ 0x55 for byte in data[middle : middle + 40]) + data[middle + 40 :]
    assert refusal(written(tmp_path / "c.xlsx", spoiled)).code == "sheet-broken"
    assert refusal(written(tmp_path / "d.xlsx", b"PK\x03\x04" + b"x" * 100)).code == "sheet-broken"


def test_zip_with_a_password(tmp_path: Path) -> None:
    data = bytearray(package(sheet_xml()))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert refusal(written(tmp_path / "a.xlsx", bytes(data))).code == "sheet-encrypted"


def test_encrypted_xls_by_its_filepass_record(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("S").write(0, 0, "x")
    buffer = io.BytesIO()
    book.save(buffer)
    data = bytearray(buffer.getvalue())
    # The record after BOF is INTERFACEHDR or similar; a FILEPASS in its place is what an encrypted file has.
    bof = data.index(b"\x09\x08\x10\x00")
    struct.pack_into("<H", data, bof + 20, 0x002F)
    assert refusal(written(tmp_path / "a.xls", bytes(data))).code == "sheet-encrypted"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "sheet-empty"),
        ("a.csv", b"\r\n  \n", "sheet-empty"),
        ("a.xlsx", b"%PDF-1.7 ...", "sheet-unknown-type"),
        ("a.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode(), "sheet-unknown-type"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "sheet-unknown-type"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "sheet-broken"),
        ("a.xlsx", bytes(range(256)) * 4, "sheet-broken"),
        ("a.bin", bytes(range(256)) * 4, "sheet-unknown-type"),
        ("a.csv", b"\xff\xfe\xff\xd8\x00", "sheet-broken"),
    ],
)
def test_things_that_are_no_spreadsheets(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    assert refusal(written(tmp_path / name, data)).code == code


def test_zip_that_is_no_workbook(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(written(tmp_path / "a.xlsx", buffer.getvalue())).code == "sheet-unknown-type"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx").code == "sheet-not-found"
    assert refusal(tmp_path).code == "sheet-not-readable"


@pytest.mark.parametrize("cut", [600, 1024, 2048, 3000])
def test_cut_off_xls(tmp_path: Path, cut: int) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for column, title in enumerate(HEADER):
        sheet.write(0, column, title)
    book.save(str(tmp_path / "a.xls"))
    data = (tmp_path / "a.xls").read_bytes()
    assert refusal(written(tmp_path / "b.xls", data[:cut])).code == "sheet-broken"


def test_office_encrypted_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("S")
    buffer = io.BytesIO()
    book.save(buffer)
    data = bytearray(buffer.getvalue())
    entry = data.index("Workbook".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    data[entry : entry + len(name)] = name
    struct.pack_into("<H", data, entry + 64, len(name) + 2)
    assert refusal(written(tmp_path / "a.xlsx", bytes(data))).code == "sheet-encrypted"


def test_ods_that_unrolls_into_a_huge_grid(tmp_path: Path) -> None:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16000"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    content = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S">{row}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert refusal(written(tmp_path / "a.ods", buffer.getvalue())).code == "sheet-too-large"


def test_encrypted_ods(tmp_path: Path) -> None:
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}">{entry}</m:manifest>')
        archive.writestr("content.xml", b"\x00\x01garbage")
    assert refusal(written(tmp_path / "a.ods", buffer.getvalue())).code == "sheet-encrypted"


def test_elements_with_a_namespace_prefix(tmp_path: Path) -> None:
    plain = sheet_xml('<row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3"><f>1+1</f><v></v></c></row>')
    names = "row", "sheetData", "worksheet", "is", "c", "t", "f", "v"
    prefixed = plain.replace("xmlns=", "xmlns:x=")
    for name in names:
        prefixed = prefixed.replace(f"<{name}>", f"<x:{name}>").replace(f"<{name} ", f"<x:{name} ")
        prefixed = prefixed.replace(f"</{name}>", f"</x:{name}>")
    path = written(tmp_path / "a.xlsx", package(prefixed))
    _good, bad = read_sheet(path, form()).rows
    assert {finding.code: finding.field for finding in bad.findings} == {
        "CELL_ERROR": "name",
        "FORMULA_NO_VALUE": "id_number",
    }


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_spoiled_bytes_never_bring_the_program_down(tmp_path: Path, kind: str) -> None:
    """Whatever is wrong with a file, it is read or refused. (The reading library panics on some of these.)"""
    dice = random.Random(kind)
    whole = SPOILED[kind](tmp_path / f"a.{kind}").read_bytes()
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        path = written(tmp_path / f"b.{kind}", bytes(data[: dice.choice((len(data), dice.randrange(len(data))))]))
        with suppress(UserError):
            list(read_sheet(path, form()).rows)


def test_xls_dimensions_beyond_the_format(tmp_path: Path) -> None:
    data = bytearray(xls(tmp_path / "a.xls").read_bytes())
    record = data.index(b"\x00\x02\x0e\x00")
    struct.pack_into("<I", data, record + 8, 0xFFFFFFFF)
    assert refusal(written(tmp_path / "b.xls", bytes(data))).code == "sheet-broken"


def xls(path: Path) -> Path:
    book = xlwt.Workbook()
    for title in ("S", "T"):
        sheet = book.add_sheet(title)
        for column, text in enumerate(HEADER):
            sheet.write(0, column, text)
            sheet.write(1, column, ROW[column])
    book.save(str(path))
    return path


def ods(path: Path) -> Path:
    document = OpenDocumentSpreadsheet()
    table = Table(name="S")
    for texts in (HEADER, ROW):
        row = TableRow()
        for text in texts:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(text)))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


SPOILED: dict[str, Callable[[Path], Path]] = {
    "xlsx": lambda path: workbook(path, [HEADER, ROW]),
    "xls": xls,
    "ods": ods,
}
