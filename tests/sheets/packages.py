"""Hand-made .xlsx packages, for files that no honest program writes."""

from __future__ import annotations

import io
import zipfile

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

HEADER_ROW = "".join(
    f'<c r="{letter}1" t="inlineStr"><is><t>{title}</t></is></c>'
    for letter, title in zip("ABCD", ("姓名", "证件号码", "参保年月", "缴费工资"), strict=True)
)
DATA_ROW = "".join(
    f'<c r="{letter}2" t="inlineStr"><is><t>{text}</t></is></c>'
    for letter, text in zip("ABCD", ("王示范", "51000019900101003X", "2026-07", "6500"), strict=True)
)


def sheet_xml(extra: str = "", prolog: str = "", first: str = HEADER_ROW, second: str = DATA_ROW) -> str:
    """A worksheet with a header, one person, and whatever else."""
    rows = f'<row r="1">{first}</row><row r="2">{second}</row>{extra}'
    return f"{prolog}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"


def package(sheet: str | bytes, **parts: str | bytes) -> bytes:
    """An .xlsx with this worksheet part. Other parts by name, with __ for / (xl__styles.xml)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{base}.sheet.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook {_MAIN} xmlns:r="{_OFFICE}">{sheets}</workbook>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()
