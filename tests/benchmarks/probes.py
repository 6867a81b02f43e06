"""One measurement in a process of its own: `python -m tests.benchmarks.probes NAME ARGUMENT...` prints a JSON object.

Nothing is warm but the modules: forms and database are opened before the clock starts, and each probe works once.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import bench_sign, workbooks
from tests.benchmarks.workbooks import PERIOD
from unitclient.app import open_desk
from unitclient.store.declarations import set_acceptance, set_transport
from unitclient.store.documents import StoredDocument, add_document
from unitclient.store.items import ItemState, items, settle
from unitclient.store.staff import upsert_persons
from unitclient.store.transport import Transport
from unitclient.store.units import Unit, add_unit, select_unit, selected_unit
from unitclient.workflows.desk import Desk
from unitclient.workflows.importing import import_form
from unitclient.workflows.prepare import prepare_month
from unitclient.workflows.roster import projected

Figures = dict[str, float]
INSURANCES = ("pension", "medical", "unemployment", "injury", "maternity", "serious_illness")
_UNIT = Unit(
    "5101000001", "91510100MAPX00010U", "演练用人单位", "510100", "http://127.0.0.1:1", "practice", "",
    practice=True, insurances=INSURANCES,
)  # fmt: skip


@contextmanager
def _desk() -> Iterator[tuple[Desk, Unit]]:
    """A fresh home with a unit that takes part in six insurances."""
    with TemporaryDirectory() as home, open_desk(Path(home)) as desk:
        with desk.store.write("unit.add"):
            add_unit(desk.store, _UNIT)
            select_unit(desk.store, _UNIT.unit_number)
        yield desk, selected_unit(desk.store)


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak_bytes() -> int:
    """The most memory this program held. `ru_maxrss` alone would count what the parent held when it started this."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def make(kind: str, path: str, rows: str) -> Figures:
    """Write a workbook; here, because writing a large one would make the parent large."""
    workbooks.make(kind, Path(path), int(rows))
    return {"bytes": Path(path).stat().st_size}


def read(path: str) -> Figures:
    """CPU time in which the fastest reader alone reads the whole sheet into Python values."""
    from python_calamine import CalamineWorkbook

    return {
        "cpu": _cpu(lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False))
    }


def take(path: str) -> Figures:
    """CPU time of an import with all checks and storing, and the memory of the whole program at its highest."""
    with _desk() as (desk, unit):
        cpu = _cpu(lambda: import_form(desk, unit, "enrol", Path(path), period=PERIOD))
        return {"cpu": cpu, "peak": _peak_bytes()}


def prepare(path: str) -> Figures:
    """CPU time of preparing a month while everybody's enrolment is pending, and of the month after it."""
    with _desk() as (desk, unit):
        import_form(desk, unit, "enrol", Path(path), period=PERIOD)
        pending = _cpu(lambda: prepare_month(desk, unit, PERIOD))
        _accept(desk, unit)
        steady = _cpu(lambda: prepare_month(desk, unit, PERIOD + 1))
    return {"pending": pending, "steady": steady}


def _accept(desk: Desk, unit: Unit) -> None:
    """What sending the month and fetching the feedback would leave: all accepted, everybody on the roster."""
    number = unit.unit_number
    declared = items(desk.store, number, state=ItemState.DECLARED)
    with desk.store.write("feedback"):
        upsert_persons(desk.store, number, projected([], declared, desk.catalog).values())
        for (declaration,) in desk.store.connection.execute("SELECT id FROM declaration").fetchall():
            document = StoredDocument(number, f"a-{declaration}", "acceptance", b"{}", b"", declaration)
            add_document(desk.store, document)
            for state in (Transport.SIGNED, Transport.QUEUED, Transport.DELIVERED):
                set_transport(desk.store, declaration, state)
            set_acceptance(desk.store, declaration, "accepted", document_ref=document.ref, at=desk.now())
            settle(desk.store, declaration, {})


def sign(rounds: str) -> Figures:
    """A raw C_Sign and one signature of this program on the same token, in milliseconds; nothing without SoftHSM2."""
    from unitclient.tokens.softhsm import find_softhsm_library

    return bench_sign.measure(int(rounds)) if find_softhsm_library() else {}


PROBES: dict[str, Callable[..., Figures]] = {
    "make": make, "read": read, "take": take, "prepare": prepare, "sign": sign,
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(PROBES[sys.argv[1]](*sys.argv[2:])))
