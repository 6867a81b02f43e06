"""`unitclient certificates`: what the centre issued, listed and written."""

from __future__ import annotations

from pathlib import Path

from tests.cli.harness import practice, read, resident_id, run, staff, this_month, workbook


def test_a_certificate_is_applied_for_listed_and_written(tmp_path: Path) -> None:
    month = this_month()
    people = workbook(tmp_path / "people.xlsx", staff(3, month))
    wish = workbook(tmp_path / "wish.xlsx", [["王伟", resident_id(0), "贷款"]], headers=("姓名", "证件号码", "用途"))
    home = tmp_path / "home"
    with practice(home):
        assert run(home, "certificates").data == {"certificates": [], "files": [], "signed": []}
        assert run(home, "practice", "month", "--period", month, "--staff", people).code == 0
        assert run(home, "import", "insurance-certificate", wish).data["taken"] == 1
        assert run(home, "prepare", month + 1).code == 0
        pin = home / "practice" / "practice-pin.txt"
        assert run(home, "sign", "--all", "--pin-file", pin).code == 0
        assert run(home, "sync", "--until-settled").data["settled"] is True
        told = run(home, "certificates", tmp_path / "out").data
    (one,) = told["certificates"]
    assert (one["title"], one["name"], one["state"], one["valid"]) == ("参保证明", "王伟", "issued", True)
    assert [Path(path).read_bytes()[:5] for path in told["files"]] == [b"%PDF-"]
    assert told["signed"] == [True]
    verified = run(home, "verify", told["files"][0])
    assert verified.code == 0, verified.out
    assert verified.data["content"]["entries"][0]["values"]["certificate_number"] == one["number"]
    assert one["number"] in read(home, "certificates").out
