"""What 100,000 people on the page may cost, with wide bounds; the goals are those of tests.desktop.bench_tables."""

from __future__ import annotations

from pathlib import Path

from tests.desktop.bench_tables import fill, measure


def test_a_hundred_thousand_people_are_looked_through_quickly(tmp_path: Path, qapp: object) -> None:
    home = tmp_path / "home"
    fill(home, 100_000)
    figures = measure(home)
    told = "\n".join(figures.lines())
    assert figures.people > 100_000, told
    assert figures.pages_read <= 3, told
    assert max(figures.filter_ms.values()) < 200, told
    assert max(figures.sort_ms.values()) < 400, told
    assert figures.jump_ms < 100, told
    assert figures.wheel <= 0.15, told
    assert (figures.mouse_paints, figures.idle_paints) == (0, 0), told
