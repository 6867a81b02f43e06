"""Whatever comes in: no answer of the 5xx kind, nothing that the worker cannot decide, nothing half stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unitclient.central.core import Core, open_core
from unitclient.central.faults import Faults
from unitclient.central.intake import Intake
from unitclient.central.numbers import uuid7
from unitclient.central.practice import CertificateWish, OpenedUnit, open_unit_in
from unitclient.central.problems import ProblemError
from unitclient.central.worker import Worker
from unitclient.seal.container import build_container, read_container
from unitclient.seal.signer import SoftSigner
from unitclient.sync.protocol import Header

FORMS = ("enrol", "stop", "annual-wage", "base-change", "monthly", "back-payment")
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.just("2026-11")
    | st.just("110000199003070011"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
CELL = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**9),
    st.text(max_size=12),
    st.sampled_from(["2026-11", "2026-13", "110000199003070011", "张三", "new", "pension", "222", "2026-10-05"]),
    st.lists(st.sampled_from(["pension", "medical", "nonsense"]), max_size=3),
)
COLUMNS = (
    "name", "id_number", "id_kind", "start_month", "wage", "insurances", "insurance", "base", "unit_amount",
    "person_amount", "from_month", "to_month", "reason", "last_paid_month", "stop_kind", "end_date", "year",
)  # fmt: skip


class Bench:
    """A centre without HTTP: intake and worker called by hand."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.intake = Intake(core)
        self.worker = Worker(core, Faults())
        wish = CertificateWish(key_kind="ec")
        self.unit: OpenedUnit = open_unit_in(core, "演练单位", "420100", (), wish)
        key = load_pem_private_key(self.unit.key_pem or b"", None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self.signer = SoftSigner(key, self.unit.certificate_der)

    def header(self) -> dict[str, Any]:
        return {
            "submission_id": uuid7(datetime.now(UTC)),
            "service": self.unit.service,
            "unit_number": self.unit.unit_number,
            "uscc": self.unit.uscc,
            "form": "enrol",
            "form_version": "1",
            "period": "2026-11",
            "prepared_at": "2026-11-25T09:00:00+08:00",
            "operator": "x",
            "row_count": 0,
        }

    def container(self, declaration: dict[str, Any], submission_id: str) -> bytes:
        entries = {"declaration.json": json.dumps(declaration).encode()}
        return build_container(submission_id, entries, self.signer, datetime.now(UTC))

    def take(self, declaration: dict[str, Any], submission_id: str) -> bool:
        """Whether it was taken; a refusal must be one of the published ones and keep nothing."""
        before = self.count()
        refused: ProblemError | None = None
        try:
            self.intake.take(self.unit.unit_number, submission_id, self.container(declaration, submission_id))
        except ProblemError as problem:
            refused = problem
        assert refused is None or refused.status < 500, refused
        assert self.count() == before + (refused is None)
        return refused is None

    def count(self) -> int:
        return int(self.core.database.read().execute("SELECT count(*) FROM submission").fetchone()[0])

    def undecided(self) -> int:
        row = self.core.database.read().execute("SELECT count(*) FROM submission WHERE acceptance = 'received'")
        return int(row.fetchone()[0])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_core(tmp_path_factory.mktemp("hostile")) as core:
        yield Bench(core)


QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(member=st.sampled_from(sorted(Header.__dataclass_fields__)), value=JUNK)
def test_any_header(bench: Bench, member: str, value: object) -> None:
    header = bench.header()
    submission_id = header["submission_id"]
    header[member] = value
    taken = bench.take({"header": header, "columns": [], "rows": []}, submission_id)
    if taken and member != "requires":
        bench.worker.run_due()
        assert bench.undecided() == 0


@QUIET
@given(form=st.sampled_from(FORMS), data=st.data())
def test_any_rows(bench: Bench, form: str, data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=9))
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(columns), max_size=len(columns)), max_size=3))
    header = {**bench.header(), "form": form, "row_count": len(rows)}
    if bench.take({"header": header, "columns": columns, "rows": rows}, header["submission_id"]):
        bench.worker.run_due()
        assert bench.undecided() == 0


@QUIET
@given(declaration=JUNK)
def test_any_declaration(bench: Bench, declaration: Any) -> None:
    assert not bench.take(declaration, uuid7(datetime.now(UTC)))


@QUIET
@given(data=st.binary(max_size=200), cut=st.integers(0, 400), at=st.integers(0, 400))
def test_any_bytes(bench: Bench, data: bytes, cut: int, at: int) -> None:
    header = bench.header()
    submission_id = header["submission_id"]
    whole = bench.container({"header": header, "columns": [], "rows": []}, submission_id)
    for hostile in (data, whole[: len(whole) - cut - 1], whole[:at] + data + whole[at + len(data) :]):
        refused: ProblemError | None = None
        try:
            bench.intake.take(bench.unit.unit_number, submission_id, hostile)
        except ProblemError as problem:
            refused = problem
        if refused is None:
            # Nothing but the ZIP's own bookkeeping may differ: what was signed is what was taken.
            assert read_container(hostile).entries == read_container(whole).entries
            break
        assert refused.status < 500, refused


def test_a_tiny_file_cannot_become_a_huge_declaration(bench: Bench, tmp_path: Path) -> None:
    header = bench.header()
    bomb = {"header": {**header, "operator": "x" * (50 * 1024 * 1024)}, "columns": [], "rows": []}
    assert not bench.take(bomb, header["submission_id"])
