"""The whole job in the practice centre: from a workbook to the receipt, one month after the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from unitclient.domain.period import Period
from unitclient.errors import UserError
from unitclient.seal.signer import Signer
from unitclient.sheets.sample import make_sample
from unitclient.store.declarations import Declaration, Event, find_declarations
from unitclient.store.transport import Transport
from unitclient.store.units import Unit
from unitclient.workflows.calendar import next_period
from unitclient.workflows.centre import trust_for_signing
from unitclient.workflows.desk import Count, Desk, no_count
from unitclient.workflows.importing import ImportResult, import_form
from unitclient.workflows.lines import MONTHLY
from unitclient.workflows.prepare import Prepared, prepare_month, refuse_declared
from unitclient.workflows.queueing import export
from unitclient.workflows.rights import needs
from unitclient.workflows.roster import PENDING, roster
from unitclient.workflows.sample_changes import make_changes
from unitclient.workflows.signing import Signed, sign_and_queue, to_sign
from unitclient.workflows.statements import write_papers, write_receipt_envelope
from unitclient.workflows.status import ENDED, Status, status
from unitclient.workflows.syncing import SyncResult, sync_until_settled
from unitclient.workflows.timestamps import timestamper, trust_with_authority

SAMPLE_STAFF = 200
OpenSigner = Callable[[], AbstractContextManager[Signer]]


@dataclass
class Told:
    """What the work tells while it goes on; every member may be left as it is."""

    step: Callable[[str, dict[str, object]], None] = lambda _key, _params: None
    """(text key, parameters) of a step that begins."""
    imported: Callable[[str, ImportResult], None] = lambda _form, _result: None
    prepared: Callable[[Prepared], None] = lambda _: None
    signing: Callable[[Declaration], None] = lambda _: None
    moved: Callable[[Declaration, Event], None] = lambda _known, _event: None
    count: Count = no_count


@dataclass
class MonthDone:
    """What the month left: results of each step, and the files by what they are."""

    period: Period
    imports: dict[str, ImportResult] = field(default_factory=dict)
    prepared: Prepared | None = None
    signed: list[Signed] = field(default_factory=list)
    sync: SyncResult | None = None
    status: Status | None = None
    files: dict[str, Path] = field(default_factory=dict)


@needs("units")
def practice_month(
    desk: Desk,
    unit: Unit,
    open_signer: OpenSigner,
    told: Told,
    *,
    period: Period | None = None,
    staff: Path | None = None,
    limit_s: float = 120.0,
) -> MonthDone:
    """Import, prepare, sign, send, follow to the receipt. Without `staff` a sample workbook is made and imported.

    The month is the one after the last declared, or the first whose deadline is ahead. When nobody is there to be
    declared, because every row of `staff` was refused, it ends after the import and `prepared` stays None.
    UserError month-already-declared, month-on-its-way before anything is imported.
    """
    done = MonthDone(period or next_month(desk, unit))
    refuse_declared(desk, unit, done.period)
    folder = desk.exports / str(done.period)
    for form, path in _workbooks(desk, unit, done.period, staff, folder).items():
        _import(desk, unit, form, path, folder, done, told)
    if staff is not None and not roster(desk, unit):
        return done
    told.step("month-preparing", {"period": done.period})
    done.prepared = prepare_month(desk, unit, done.period)
    told.prepared(done.prepared)
    told.step("month-signing", {})
    waiting = to_sign(desk, unit, [done.prepared.declaration_id, *(other[0] for other in done.prepared.others)])
    with open_signer() as signer:
        trust = trust_with_authority(desk, trust_for_signing(unit))
        done.signed = sign_and_queue(
            desk, unit, waiting, signer, trust, timestamper=timestamper(desk, unit), told=told.signing
        )
    done.files["container"] = export(desk, done.prepared.declaration_id, folder)
    told.step("month-sending", {"centre": unit.centre_url})
    done.sync = sync_until_settled(desk, unit, limit_s, told=told.moved)
    done.status = status(desk, unit, done.prepared.declaration_id)
    done.files |= _papers(desk, unit, done.prepared.declaration_id, folder)
    return done


def next_month(desk: Desk, unit: Unit) -> Period:
    """The month after the last declared, or the first whose deadline is ahead."""
    declared = [
        Period.parse(known.period)
        for known in find_declarations(desk.store, unit.unit_number, form=MONTHLY)
        if known.transport not in (Transport.WITHDRAWN, Transport.DRAFT, Transport.CHECKED)
        and known.kind != "void"
        and known.acceptance not in ENDED
    ]
    return max(declared) + 1 if declared else next_period(desk, unit)


def _workbooks(desk: Desk, unit: Unit, period: Period, staff: Path | None, folder: Path) -> dict[str, Path]:
    """{form id: workbook} of this month: everybody in the first, a few changes in later ones."""
    if staff is not None:
        return {"enrol": staff}
    folder.mkdir(parents=True, exist_ok=True)
    people = [entry.person for entry in roster(desk, unit) if entry.state != PENDING]
    if not people:
        path = folder / f"staff-{period}.xlsx"
        make_sample(path, SAMPLE_STAFF, seed=period.year * 12 + period.month, period=period)
        return {"enrol": path}
    return make_changes(folder, people, seed=period.year * 12 + period.month, period=period)


def _import(desk: Desk, unit: Unit, form: str, path: Path, folder: Path, done: MonthDone, told: Told) -> None:
    told.step("month-importing", {"path": path})
    errors = folder / f"{path.stem}-errors.xlsx"
    result = import_form(desk, unit, form, path, errors_out=errors, period=done.period, count=told.count)
    done.imports[form] = result
    done.files[f"{form}_workbook"] = path
    if result.error_workbook:
        done.files["error_workbook" if form == "enrol" else f"{form}_error_workbook"] = result.error_workbook
    told.imported(form, result)


def _papers(desk: Desk, unit: Unit, declaration_id: str, folder: Path) -> dict[str, Path]:
    try:
        papers = write_papers(desk, unit, declaration_id, folder)
        papers["receipt_envelope"] = write_receipt_envelope(desk, unit, declaration_id, folder)
    except UserError as refusal:
        if refusal.code == "papers-none-yet":
            return {}
        raise
    return papers
