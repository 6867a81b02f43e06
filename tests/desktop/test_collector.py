"""Cycles are collected on the window's thread, and only there."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from unitclient.desktop import collector as module
from unitclient.desktop.collector import Collector


class Cycle:
    """Refers to itself, and tells where it ended."""

    ended: list[int]

    def __init__(self, ended: list[int]) -> None:
        self.itself = self
        self.ended = ended

    def __del__(self) -> None:
        self.ended.append(threading.get_ident())


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector()
    made.start()
    yield made
    made.stop()


def test_cycles_of_another_thread_end_on_the_window_s(collector: Collector) -> None:
    ended: list[int] = []
    thread = threading.Thread(target=lambda: [Cycle(ended) for _ in range(3000)])
    thread.start()
    thread.join()
    assert ended == []
    collector.collect()
    assert len(ended) == 3000
    assert set(ended) == {threading.get_ident()}


def test_little_garbage_is_left_alone(collector: Collector) -> None:
    gc.collect()
    ended: list[int] = []
    Cycle(ended)
    collector.collect()
    assert ended == []
    collector.settle()
    assert gc.get_freeze_count() > 0


@pytest.mark.parametrize("on", [True, False])
def test_what_was_found_is_given_back(qapp: QApplication, on: bool) -> None:
    if on:
        gc.enable()
    made = Collector()
    made.start()
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled() is on
    gc.disable()
    gc.freeze()


def test_much_is_set_aside_and_looked_at_when_the_window_is_left(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.collect()
    gc.freeze()
    ended: list[int] = []
    kept = [[number] for number in range(50_000)]
    for _ in range(gc.get_threshold()[2] + 1):
        Cycle(ended)
        gc.collect(1)
    assert len(ended) == gc.get_threshold()[2] + 1
    old = Cycle(ended)
    gc.collect(1)
    del old
    ended.clear()
    frozen = gc.get_freeze_count()
    collector.collect()
    assert gc.get_freeze_count() >= frozen + len(kept)
    assert ended == []
    monkeypatch.setattr(module, "_AWAY_S", 0.0)
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: Qt.ApplicationState.ApplicationInactive)
    collector.collect()
    assert len(ended) == 1
