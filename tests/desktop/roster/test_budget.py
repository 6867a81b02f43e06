"""What 100,000 people on the page may cost, with wide bounds; the goals are those of tests.benchmarks.desktop."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.desktop.homes import run_here
from tests.benchmarks.desktop.tables import measure


def test_a_hundred_thousand_people_are_looked_through_quickly(tmp_path: Path, qapp: object) -> None:
    home = tmp_path / "home"
    run_here("import pathlib, sys; from tests.desktop.roster import crowd; "
             "crowd.crowded_home(pathlib.Path(sys.argv[1]), 100_000)", home)  # fmt: skip
    figures = measure(home)
    told = repr(figures)
    assert figures.people > 100_000, told
    assert figures.pages_read <= 3, told
    assert max(map(min, figures.filter_ms.values())) < 200, told
    assert max(map(min, figures.sort_ms.values())) < 400, told
    assert min(figures.jump_ms) < 100, told
    assert figures.wheel <= 0.15, told
    assert (figures.mouse_paints, figures.idle_paints) == (0, 0), told
