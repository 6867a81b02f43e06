"""Every finding and refusal of this room can be read in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import unitclient.catalog
from unitclient import texts

SOURCE = "\n".join(path.read_text("utf-8") for path in Path(unitclient.catalog.__file__).parent.rglob("*.py"))
CODES = set(re.findall(r'(?:refuse|warn|tell|BadCell|OddCell|Finding)\(\s*"([A-Z][A-Z0-9_]+)"', SOURCE))
CODES |= set(re.findall(r'\)\("([A-Z][A-Z0-9_]+)", ', SOURCE)) | set(re.findall(r'_parts\(cell, "([A-Z_]+)"\)', SOURCE))
REASONS = set(re.findall(r'(?:refuse|broken)\(.*?, "([a-z0-9-]+)"', SOURCE))
IDENTITY_REASONS = ("LEN", "CHARS", "LOWER_X", "AREA", "DATE", "DATE_FUTURE", "DATE_RANGE", "CHECK", "NATION", "FORMAT")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_search_finds_codes() -> None:
    assert {"REQUIRED", "B101", "B105", "BAD_MONTH", "DUPLICATE_ROW", "B404", "MONEY_ROUNDED", "OUT_OF_RANGE"} <= CODES
    assert {"unknown-member", "not-toml", "wrong-type"} <= REASONS


@pytest.mark.parametrize("code", sorted(CODES))
def test_findings(code: str) -> None:
    entry = texts.catalogue()["finding"][code]
    for part in ("why", "fix"):
        assert entry["zh"][part]
        assert placeholders(entry["zh"][part]) == placeholders(entry["en"][part])


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_reasons_of_a_refused_form(reason: str) -> None:
    entry = texts.catalogue()["text"][f"form-reason-{reason}"]
    assert placeholders(entry["zh"]) == placeholders(entry["en"])


@pytest.mark.parametrize("reason", IDENTITY_REASONS)
def test_reasons_of_a_wrong_number(reason: str) -> None:
    assert set(texts.catalogue()["text"][f"catalog-id-{reason}"]) == {"zh", "en"}
