"""Every reason for which a business can refuse is in its case file, on both ends, or reasons.toml says why not."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.businesses.cases import FOLDER, load_case
from unitclient.app import load_parts
from unitclient.catalog.reasons import reasons_of
from unitclient.texts import catalogue

HERE = Path(__file__).parent
TOLD: Mapping[str, Mapping[str, Any]] = tomllib.loads((HERE / "reasons.toml").read_text("utf-8"))
PARTS = load_parts()
WALKED = sorted(form for form in PARTS.catalog.forms if (FOLDER / f"{form}.toml").exists())


def possible(form: str) -> frozenset[str]:
    return reasons_of(PARTS.catalog.form(form), PARTS.catalog.registers)


@pytest.mark.parametrize("form", WALKED)
def test_every_reason_is_shown(form: str) -> None:
    shown = {reason.code for reason in load_case(form).refuse}
    excused = {*TOLD["every-walk"], *TOLD["elsewhere"]}
    excused |= {*TOLD["unreachable"].get(form, {})}
    assert sorted(possible(form) - shown - excused) == []


@pytest.mark.parametrize("form", WALKED)
def test_what_one_end_alone_refuses_is_for_the_centre_to_know(form: str) -> None:
    one_sided = {reason.code for reason in load_case(form).refuse if reason.by != "both"}
    assert sorted(one_sided - set(TOLD["centre"])) == []
    assert all(reason.by in ("both", "centre") for reason in load_case(form).refuse)


def test_no_excuse_is_left_over() -> None:
    for form, codes in TOLD["unreachable"].items():
        shown = {reason.code for reason in load_case(form).refuse}
        assert set(codes) <= possible(form) - shown, form


def test_what_is_seen_elsewhere_is_there() -> None:
    for code, place in TOLD["elsewhere"].items():
        file, _, function = place.partition("::")
        source = (HERE.parents[1] / file).read_text("utf-8")
        assert code in source.partition(f"def {function}(")[2].partition("\ndef ")[0]


def test_every_reason_has_its_words() -> None:
    for code in {code for form in WALKED for code in possible(form)}:
        assert code in catalogue()["finding"], code
