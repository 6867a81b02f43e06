"""The pictures can be taken, every page fits the smallest window with nothing cut off, and the README shows some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PyQt6.QtGui import QImage

from tests.screenshots.__main__ import ROOT, main
from tests.screenshots.dialogs import MAKERS
from tests.screenshots.pages import SCENES
from tests.screenshots.plan import DIALOGS, PAGES, Plan, shots
from unitclient.desktop.shell.registry import page_specs

LARGEST_BYTES = 1_000_000


def test_every_page_fits_with_nothing_cut_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All pages and the PIN dialog at 150 % on 1366 x 768; what does not fit is told by a line each."""
    wanted = ",".join((*PAGES, "pin"))
    found = main(["--out", str(tmp_path), "--pages", wanted, "--states", "normal", "--themes", "light",
                  "--scale", "1.5", "--languages", "zh", "--quick"])  # fmt: skip
    assert found == 0, capsys.readouterr().out
    picture = QImage(str(tmp_path / "roster-normal-light-150-zh.png"))
    assert (picture.width(), picture.height()) == (1365, 768)
    assert len(list(tmp_path.glob("sheet-light-150-zh-*.png"))) == 5
    colours = {picture.pixel(x, y) for x in range(0, 1365, 7) for y in range(0, 768, 7)}
    assert len(colours) > 20


def test_every_page_and_dialog_of_the_program_is_there() -> None:
    assert {spec.id for spec in page_specs()} == set(PAGES) == set(SCENES)
    assert set(DIALOGS) == set(MAKERS)
    folders = {path.name for path in (ROOT / "unitclient/desktop/dialogs").iterdir() if (path / "__init__.py").exists()}
    for folder in folders:
        assert any(name.startswith(folder.partition("_")[0]) for name in DIALOGS), folder


def test_names_of_files_say_what_they_show() -> None:
    plan = Plan(names=("roster",), themes=("dark", "light"), scales=(1.0, 2.0))
    names = [one.path(Path()).name for one in shots(plan)]
    assert "roster-empty-dark-200-zh.png" in names
    assert "roster-normal-light-100-en.png" in names
    assert not [name for name in names if name.endswith("en.png") and "light-100" not in name]
    assert len(names) == len(set(names))


def test_the_readme_shows_pictures_that_are_there() -> None:
    shown = re.findall(r"\((docs/images/[\w.-]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert len(set(shown)) == 6
    for name in shown:
        picture = QImage(str(ROOT / name))
        assert (picture.width(), picture.height()) == (1366, 768), name
    assert sum((ROOT / name).stat().st_size for name in set(shown)) < LARGEST_BYTES
