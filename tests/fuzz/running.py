"""One target, many inputs: bounded in time and memory, the same inputs in the suite, new ones for as long as told."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from unitclient.errors import UserError

_Input = TypeVar("_Input")
SECONDS = float(os.environ.get("UC_FUZZ_SECONDS", "0"))
"""For each target; 0 is the suite's short run."""
MOST_S, MOST_KIB = 5.0, 300 * 1024
"""What one input may cost: seconds of the thread, and KiB by which the process's memory grows."""
_HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def fuzz(target: Callable[[_Input], object], inputs: st.SearchStrategy[_Input], examples: int) -> None:
    """Give the target `examples` inputs, or new ones for UC_FUZZ_SECONDS; whatever it raises is a fault."""

    def bounded(data: _Input) -> None:
        begun, before = time.thread_time(), _peak()
        target(data)
        spent, grown = time.thread_time() - begun, _peak() - before
        assert spent < MOST_S, f"{spent:.1f} s"
        assert grown < MOST_KIB, f"{grown} KiB more"

    if not SECONDS:
        _run(bounded, inputs, settings(max_examples=examples, derandomize=True, database=None))
        return
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        number = random.SystemRandom().getrandbits(64)
        _run(seed(number)(bounded), inputs, settings(max_examples=500, database=None, print_blob=True))


def refusal_of(work: Callable[[], object]) -> UserError | None:
    """The refusal that some work ends with, or None; anything else that it raises goes on."""
    try:
        work()
    except UserError as refused:
        return refused
    return None


def _run(target: Callable[[Any], None], inputs: st.SearchStrategy[Any], how: settings) -> None:
    phases = (Phase.generate, Phase.shrink)
    settings(how, deadline=None, phases=phases, suppress_health_check=_HEALTH)(given(inputs)(target))()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
