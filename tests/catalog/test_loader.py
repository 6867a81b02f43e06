"""Loading forms, and refusing wrong ones with file, line and reason."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.catalog.people import catalog, form
from unitclient import texts
from unitclient.catalog import Catalog, FieldType, load_catalog
from unitclient.catalog.checks import REGISTRY
from unitclient.domain.roster import ChangeKind
from unitclient.errors import UserError
from unitclient.paths import forms_root, resources_root

SIX = {
    "enrol": ChangeKind.ENROL,
    "stop": ChangeKind.STOP,
    "annual-wage": ChangeKind.WAGE,
    "base-change": ChangeKind.WAGE,
    "monthly": ChangeKind.ASSESS,
    "back-payment": ChangeKind.BACK_PAYMENT,
}


def load(root: Path) -> Catalog:
    return load_catalog(root, resources_root())


def test_the_six_forms_of_the_month() -> None:
    assert {name: catalog().forms[name].effect for name in SIX} == SIX
    assert [name for name, each in catalog().forms.items() if not each.importable] == ["monthly"]


@pytest.mark.parametrize("form_id", sorted(catalog().forms))
def test_a_form_is_complete(form_id: str) -> None:
    one = form(form_id)
    on_screen = [name for section in one.screen.sections for name in section.fields]
    assert sorted(on_screen) == sorted(one.by_name), "every field stands on the entry screen once"
    assert one.source
    assert len(one.digest) == 64
    for field in one.fields:
        assert re.fullmatch(r"[A-Z]{3}[0-9A-Z]{3}" if not field.local else "", field.code), field.name
        assert field.title.zh
        assert field.title.en
        if field.required and one.importable:
            assert field.example, field.name


def test_an_enrolment_demands_four_fields() -> None:
    assert [each.name for each in form("enrol").fields if each.required] == ["name", "id_number", "start_month", "wage"]


def test_dates_of_a_stop_never_default() -> None:
    for field in form("stop").fields:
        if field.type in (FieldType.MONTH, FieldType.DATE):
            assert field.default is None
            assert not field.default_rule


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("姓名", "name"),
        ("* 姓　名：", "name"),
        ("EMPLOYEE_NAME", "name"),
        ("身份证号码", "id_number"),
        ("身份证号(18)", "id_number"),
        ("参保时间(yyyy-MM-dd)", "start_month"),
        ("社保起缴时间", "start_month"),
        ("入职日期", "start_month"),
        ("申报工资", "wage"),
        ("社保基数（元）", "wage"),
        ("AAC003", "name"),
        ("First month", "start_month"),
    ],
)
def test_column_titles_of_real_sheets(header: str, name: str) -> None:
    found = form("enrol").column_for(header)
    assert found is not None
    assert found[0].name == name


def test_a_better_title_has_a_lower_rank() -> None:
    enrol = form("enrol")
    ranks = [found[1] for title in ("缴费工资", "申报工资", "缴费基数") if (found := enrol.column_for(title))]
    assert ranks == sorted(ranks)
    assert len(ranks) == 3
    assert enrol.column_for("公积金基数") is None


def test_unknown_forms_and_versions() -> None:
    with pytest.raises(UserError) as refused:
        catalog().form("nothing")
    assert refused.value.code == "form-unknown"
    with pytest.raises(UserError):
        catalog().form("enrol", "99")
    assert catalog().form("enrol", "1") is catalog().form("enrol")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(forms_root() / "stop", tmp_path / "stop")
    return tmp_path


def test_the_newest_version_is_the_form_and_old_ones_stay(root: Path) -> None:
    for version in ("2", "10"):
        shutil.copytree(root / "stop" / "1", root / "stop" / version)
        path = root / "stop" / version / "form.toml"
        path.write_text(path.read_text("utf-8").replace('version = "1"', f'version = "{version}"'), "utf-8")
    loaded = load(root)
    assert loaded.form("stop").version == "10"
    assert loaded.form("stop", "1").version == "1"
    assert loaded.form("stop").digest != loaded.form("stop", "1").digest


def test_the_digest_covers_every_file_of_the_folder(root: Path) -> None:
    before = load(root).form("stop").digest
    (root / "stop" / "1" / "note.txt").write_text("x", "utf-8")
    assert load(root).form("stop").digest != before


def swap(old: str, new: str, nth: int = 1) -> Callable[[str], str]:
    """Replace the nth occurrence."""

    def change(text: str) -> str:
        parts = text.split(old)
        assert len(parts) > nth, old
        return old.join(parts[:nth]) + new + old.join(parts[nth:])

    return change


BREAKS = [
    (swap('type = "month"', 'type = "moonth"'), "moonth"),
    (swap('table = "change_reason"', 'table = "reasons"'), "reasons"),
    (swap('table = "change_reason"\n', ""), "[[field]]"),
    (swap("required = true", "requierd = true"), "requierd"),
    (swap("required = true", 'required = "yes"'), 'required = "yes"'),
    (swap('effect = "stop"', 'effect = "halt"'), "halt"),
    (swap('effect = "stop"', 'effect = "enrol"'), 'effect = "enrol"'),
    (swap('version = "1"', 'version = "2"'), 'version = "2"'),
    (swap('id = "stop"', 'id = "stopp"'), "stopp"),
    (swap('key = ["id_number"]', 'key = ["number"]'), '"number"'),
    (swap('key = ["id_number"]', "key = []"), "key = []"),
    (swap('name = "insured-here"', 'name = "insured-there"'), "insured-there"),
    (swap('name = "code-fits"\ncode = "reason"', 'name = "code-fits"\ncode = "cause"'), "cause"),
    (swap("grace_day = 15", 'grace_day = "15"'), 'grace_day = "15"'),
    (swap("grace_day = 15", "grace_days = 15"), "grace_days"),
    (swap('text = "consequence-own-wish"', 'text = "consequence-none"'), "consequence-none"),
    (swap('values = ["222"]', 'values = ["2222"]', 1), "2222"),
    (swap('values = ["223"]', 'values = ["223"]\nfilled = true'), "[[consequence]]"),
    (swap('title = { zh = "姓名", en = "Name" }', 'title = { zh = "姓名" }'), "title"),
    (swap('aliases = ["解除日期"', 'aliases = ["停保年月"'), "停保年月"),
    (swap('name = "remark"', 'name = "reason"'), 'name = "reason"'),
    (swap("width = 16", "width = 1"), "width = 1"),
    (swap('default_rule = "kind-of-reason"', 'default_rule = "guess"'), "guess"),
    (swap('default_rule = "kind-of-reason"', 'default = "halt"'), 'default = "halt"'),
    (swap('default_rule = "kind-of-reason"', "default = 5"), "default = 5"),
    (swap('columns = ["name", "id_number", "stop_kind"', 'columns = ["name", "id", "stop_kind"'), "columns"),
    (swap('fields = ["name", "id_number", "person_number"]', 'fields = ["name", "nobody"]'), "nobody"),
    (swap("[screen]", "[screan]"), "[[screen.section"),
    (swap('[print]\n', '[print]\nsums = ["name"]\n'), "sums"),
    (swap('type = "text"', 'type = "text"\ntable = "sex"'), 'table = "sex"'),
    (swap('source = "', 'source = "" # "'), 'source = ""'),
    (swap('id = "stop"', 'id = "stop'), 'id = "stop'),
    (swap('field = "last_paid_month"\nmonth = "equal"', 'field = "reason"\nmonth = "equal"'), 'month = "equal"'),
]  # fmt: skip


@pytest.mark.parametrize(("change", "at"), BREAKS, ids=[at for _, at in BREAKS])
def test_a_wrong_form_is_refused_with_file_line_and_reason(root: Path, change: Callable[[str], str], at: str) -> None:
    path = root / "stop" / "1" / "form.toml"
    text = change(path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as refused:
        load(root)
    params = refused.value.params
    assert refused.value.code == "form-broken"
    assert params["file"] == "stop/1/form.toml"
    line = text.split("\n")[int(params["line"]) - 1]
    assert at.removeprefix("[[") in line or at == line, (line, params["reason"])
    shown = texts.error_texts("form-broken", params)
    assert params["reason"] in shown.why
    assert path.read_text("utf-8") == text


def test_a_pattern_that_is_no_regular_expression(root: Path) -> None:
    path = root / "stop" / "1" / "form.toml"
    path.write_text(
        path.read_text("utf-8") + '\n[[check]]\nname = "pattern"\nfield = "remark"\npattern = "("\n', "utf-8"
    )
    with pytest.raises(UserError) as refused:
        load(root)
    assert "(" in refused.value.params["reason"]


def test_a_file_that_is_not_utf8_or_not_there(root: Path) -> None:
    path = root / "stop" / "1" / "form.toml"
    path.write_bytes("姓名".encode("gb18030"))
    with pytest.raises(UserError, match="form-broken"):
        load(root)
    path.unlink()
    with pytest.raises(UserError, match="form-broken"):
        load(root)


def test_a_byte_order_mark_and_windows_line_ends_are_read(root: Path) -> None:
    path = root / "stop" / "1" / "form.toml"
    text = path.read_text("utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(root).form("stop").title.zh == "减员申报"


@pytest.mark.parametrize("folder", ["Stop/1", "stop/v1"])
def test_a_wrong_folder_name(root: Path, folder: str) -> None:
    shutil.move(root / "stop" / "1", root / folder)
    with pytest.raises(UserError) as refused:
        load(root)
    assert refused.value.params["file"] == f"{folder}/form.toml"


def test_every_check_has_a_meaning() -> None:
    for kind in REGISTRY.values():
        maker = kind.make_row or kind.make_batch
        assert maker is not None
        assert maker.__doc__, kind.name
