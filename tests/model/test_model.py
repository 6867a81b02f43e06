"""Two thousand steps of a unit's life in any order, checked after each; `make soak` takes more of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.e2e.office import practice_centre
from tests.model.machine import STEPS, UnitMachine

STEPS_A_RUN = 50
RUNS = int(os.environ.get("UC_MODEL_RUNS", "40"))


@pytest.mark.skipif("UC_MODEL_RUNS" not in os.environ, reason="takes minutes: make soak")
@pytest.mark.timeout(60 + STEPS_A_RUN * RUNS)
@pytest.mark.may_warn("faults and refusals are the story")
def test_a_units_life_in_any_order(tmp_path: Path) -> None:
    chosen = settings(max_examples=RUNS, stateful_step_count=STEPS_A_RUN, deadline=None, derandomize="UC_MODEL_RUNS" not
                      in os.environ, database=None, phases=(Phase.generate,),
                      suppress_health_check=list(HealthCheck))  # fmt: skip
    with practice_centre(tmp_path / "centre") as centre:

        class Machine(UnitMachine):
            pass

        Machine.centre = centre
        run_state_machine_as_test(Machine, settings=chosen)
    print({name: STEPS[name] for name in sorted(STEPS)})
    done = {name.partition(":")[0] for name in STEPS}
    assert {"import", "prepare", "sign", "sync", "withdraw", "void", "backup", "restore"} <= done
