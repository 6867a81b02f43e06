"""The bureau's desk, as far as a rehearsal needs it: decide on what waits, move entries on, set a unit's standing."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from unitclient.central import bureau, dates, messages, upkeep, wire, wire_upkeep
from unitclient.central.api_practice import no_browser
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError
from unitclient.central.state import Centre
from unitclient.central.walks_service import figures
from unitclient.clock import SystemClock
from unitclient.domain.period import Period

router = APIRouter(prefix="/practice/desk", tags=["practice"], dependencies=[Depends(no_browser)])


@router.get("/submissions", response_model=wire.DeskList)
def waiting(centre: Centre) -> wire.DeskList:
    """Submissions that wait for the desk."""
    return wire.DeskList(waiting=bureau.waiting(centre.core.database.read()))


@router.put("/submissions/{submission_id}", response_model=wire.Health)
def decide(centre: Centre, submission_id: str, asked: wire.DeskVerdict) -> wire.Health:
    """Take or return a waiting submission."""
    bureau.decide(centre.core, submission_id, returned=asked.returned, note=asked.note, at=SystemClock().now())
    centre.worker.wake()
    return wire.Health(ok=True)


@router.get("/units/{unit_number}/registers/{register_name}", response_model=wire.EntryList)
def entries(centre: Centre, unit_number: str, register_name: str) -> wire.EntryList:
    """A unit's entries of a register."""
    return wire.EntryList(entries=bureau.entries(centre.core.database.read(), unit_number, register_name))


@router.post("/units/{unit_number}/steps", response_model=wire.MovedEntry)
def step(centre: Centre, unit_number: str, asked: wire.DeskStep) -> wire.MovedEntry:
    """Move an entry as the desk does."""
    moved = bureau.take_step(centre.core, unit_number, asked.register_name, asked.key, asked.step, asked.values)
    return wire.MovedEntry(register_name=moved["register"], key=moved["key"], state=moved["state"])


@router.put("/units/{unit_number}/standing", response_model=wire.DeskStanding)
def standing(centre: Centre, unit_number: str, asked: wire.DeskStanding) -> wire.DeskStanding:
    """Decide whether the desk looks at what the unit sends."""
    bureau.set_standing(centre.core, unit_number, ordinary=asked.ordinary)
    return asked


@router.get("/units/{unit_number}/messages", response_model=wire.MessageList)
def messages_out(centre: Centre, unit_number: str) -> wire.MessageList:
    """What the simulated SMS and e-mail gateway has of a unit."""
    return wire.MessageList(gateway=messages.GATEWAY, messages=messages.left(centre.core.database.read(), unit_number))


@router.post("/articles", response_model=wire.Reference, status_code=201)
def article(centre: Centre, asked: wire.PracticeArticle) -> wire.Reference:
    """Publish a knowledge article, or a newer revision of one."""
    return wire.Reference(ref=centre.core.publications.publish_article(asked.model_dump()))


@router.put("/dates/{region}/{period}", response_model=wire.Health)
def month_dates(centre: Centre, region: str, period: str, asked: wire.PracticeDates) -> wire.Health:
    """Set a month's dates and tell the region's units."""
    try:
        month = Period.parse(period)
    except ValueError:
        raise ProblemError("schema-invalid", period) from None
    dates.set_dates(centre.core, region, month, asked.deadline, asked.late_fee_from, asked.notice)
    return wire.Health(ok=True)


@router.put("/upkeep", response_model=wire_upkeep.UpkeepState)
def closed(centre: Centre, asked: wire_upkeep.PracticeUpkeep) -> wire_upkeep.UpkeepState:
    """Shut the intake for upkeep; no minutes open it."""
    told = upkeep.close(centre.core.database, centre.core.clock.now(), asked.minutes, asked.notice)
    return wire_upkeep.UpkeepState(until=instant(told.until) if asked.minutes else None, notice=told.notice)


@router.put("/held/{step}", response_model=wire_upkeep.HeldSteps)
def hold(centre: Centre, step: str, asked: wire_upkeep.PracticeHold) -> wire_upkeep.HeldSteps:
    """Hold account postings or bank slips back, or let them go on."""
    held = upkeep.hold(centre.core.database, step, held=asked.held)
    centre.worker.wake()
    return wire_upkeep.HeldSteps(held=list(held))


@router.get("/statistics", response_model=wire.Statistics)
def statistics(centre: Centre) -> wire.Statistics:
    """Figures of all units."""
    return wire.Statistics(units=figures(centre.core.database.read()))
