"""`unitclient export-data`, and `verify` of what it wrote."""

from __future__ import annotations

from pathlib import Path

from tests.cli.harness import read, run, this_month


def test_a_unit_is_exported_and_its_documents_verify(settled_home: Path, tmp_path: Path) -> None:
    told = run(settled_home, "export-data", tmp_path / "usb").data
    folder = Path(told["folder"])
    assert folder.parent == tmp_path / "usb"
    slip = next(one["path"] for one in told["files"] if one["what"] == "document:slip")
    assert run(settled_home, "verify", folder / slip).data["ok"] is True
    assert run(settled_home, "verify", folder / f"{slip}.p7s").data["ok"] is True
    assert "中心签名文件" in read(settled_home, "export-data", tmp_path / "usb").out


def test_months_the_wrong_way_round_are_refused(settled_home: Path, tmp_path: Path) -> None:
    month = this_month()
    asked = ("export-data", tmp_path, "--since", month, "--until", month + -1)
    assert run(settled_home, *asked).refusal == "export-span"
    assert list(tmp_path.iterdir()) == []
