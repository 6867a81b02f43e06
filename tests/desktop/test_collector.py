"""Cycles are collected on the window's thread, and only there."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PyQt6.QtWidgets import QApplication

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
