"""Routes a unit reads with its device key: states, feed, documents, roster, calendar, policies; and the debit again."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool

from unitclient.central import papers, queries, reading, wire
from unitclient.central.documents import by_ref
from unitclient.central.feed import MAX_PAGE, MAX_WAIT_S, Page, change_wire
from unitclient.central.problems import ProblemError
from unitclient.central.state import Centre, OwnUnit, State
from unitclient.central.upkeep import refuse_closed
from unitclient.sync.protocol import DocumentKind, SignedDocument

router = APIRouter(prefix="/v1/units/{unit_number}", tags=["reading"])
_POLL_S = 0.1


@router.get("/submissions", response_model=wire.SubmissionList)
def submissions(
    centre: Centre, unit: OwnUnit, period: Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")] = None
) -> dict[str, Any]:
    """The unit's submissions, newest first."""
    return {"submissions": reading.submission_states(centre.core.database.read(), unit, period)}


@router.get("/submissions/{submission_id}", response_model=wire.SubmissionState)
def submission(centre: Centre, unit: OwnUnit, submission_id: str) -> dict[str, Any]:
    """What became of one submission."""
    return reading.submission_state(centre.core.database.read(), unit, submission_id)


@router.get("/changes", response_model=wire.ChangePage, response_model_exclude_unset=True)
async def changes(
    centre: Centre,
    unit: OwnUnit,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    wait_s: Annotated[int, Query(ge=0, le=MAX_WAIT_S)] = 0,
    include: Literal["documents"] | None = None,
) -> dict[str, Any]:
    """What happened after the cursor, in order and without gaps. Waits up to `wait_s` when there is nothing yet."""
    page = await _page(centre, unit, cursor, limit, include == "documents", wait_s)
    return {
        "changes": [change_wire(change) for change in page.changes],
        "next_cursor": page.next_cursor,
        "more": page.more,
    }


async def _page(centre: State, unit: str, cursor: str | None, limit: int, documents: bool, wait_s: int) -> Page:
    polls = int(wait_s / _POLL_S)
    while True:
        page = await run_in_threadpool(centre.core.feed.page, unit, cursor, limit, documents)
        if page.changes or polls <= 0:
            return page
        polls -= 1
        await asyncio.sleep(_POLL_S)


@router.get("/documents/{ref}", response_model=wire.Signed)
def document(centre: Centre, unit: OwnUnit, ref: str) -> dict[str, str]:
    """One signed document."""
    found = by_ref(centre.core.database.read(), unit, ref)
    if found is None:
        raise ProblemError("not-found")
    return found.to_wire()


@router.post("/papers", response_class=Response)
def paper(centre: Centre, unit: OwnUnit, wish: wire.PaperWish) -> Response:
    """A signed document as a PDF signed by the centre (PAdES), with the document inside. Always the same bytes."""
    try:
        signed = SignedDocument.from_wire(wish.model_dump())
    except ValueError as broken:
        raise ProblemError("schema-invalid", "base64") from broken
    return Response(papers.paper(centre.core, unit, signed, wish.entry), media_type="application/pdf")


@router.get("/snapshot", response_model=wire.Snapshot, response_model_exclude_unset=True)
def snapshot(centre: Centre, unit: OwnUnit) -> dict[str, Any]:
    """Where a client starts again after `cursor-expired`."""
    return reading.snapshot(centre.core, unit)


@router.get("/roster", response_model=wire.Signed)
def roster(centre: Centre, unit: OwnUnit) -> dict[str, str]:
    """The roster as the centre holds it."""
    return reading.roster_document(centre.core, unit).to_wire()


@router.post("/queries/{query}", response_model=wire.Signed)
def query(centre: Centre, unit: OwnUnit, query: str, asked: wire.Inputs) -> dict[str, str]:
    """The answer to a query service, signed and dated."""
    return queries.answer(centre.core, unit, query, asked.inputs).to_wire()


@router.get("/calendar", response_model=wire.Signed)
def calendar(centre: Centre, unit: OwnUnit) -> dict[str, str]:
    """The published calendar of the unit's region."""
    return centre.core.publications.current(unit, DocumentKind.CALENDAR).to_wire()


@router.get("/policies", response_model=wire.Signed)
def policies(centre: Centre, unit: OwnUnit) -> dict[str, str]:
    """The policy packages of the unit's region."""
    return centre.core.publications.current(unit, DocumentKind.POLICIES).to_wire()


@router.get("/bills/{bill_id}/postings", response_model=wire.PostingLines)
def postings(centre: Centre, unit: OwnUnit, bill_id: str) -> dict[str, Any]:
    """What the bill credited to each person's account."""
    return reading.bill_postings(centre.core, unit, bill_id)


@router.post("/bills/{bill_id}/debits", response_model=wire.DebitStarted, status_code=202)
def debit_again(centre: Centre, unit: OwnUnit, bill_id: str) -> wire.DebitStarted:
    """Try the debit again after a failure. While an attempt is under way the answer names that one."""
    refuse_closed(centre.core.database, centre.core.clock.now())
    with centre.core.database.write() as tx:
        bill = reading.bill_row(tx, unit, bill_id)
        if bill is None:
            raise ProblemError("not-found")
        sub = tx.execute(
            "SELECT * FROM submission WHERE unit_number = ? AND submission_id = ?", (unit, bill["submission_id"])
        ).fetchone()
        attempt = centre.core.billing.start_debit(tx, sub)
    centre.worker.wake()
    return wire.DebitStarted(bill_id=bill_id, attempt=attempt, state="debiting")
