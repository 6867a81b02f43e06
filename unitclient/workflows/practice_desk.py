"""The bureau's desk of the running practice centre: decide on what waits, move entries on, set a unit's standing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.store.units import Unit
from unitclient.workflows.centre_process import CentreProcess
from unitclient.workflows.practice import ask_practice

_DESK = "/practice/desk"


def waiting(centre: CentreProcess) -> list[dict[str, Any]]:
    """Submissions that wait for the desk, the oldest first: unit_number, submission_id, form, period, ..."""
    found: list[dict[str, Any]] = ask_practice(centre, "GET", f"{_DESK}/submissions")["waiting"]
    return found


def decide(centre: CentreProcess, submission_id: str, *, returned: bool, note: str = "") -> None:
    """Take or return a waiting submission. UserError centre-refused when it does not wait."""
    body = {"returned": returned, "note": note}
    ask_practice(centre, "PUT", f"{_DESK}/submissions/{quote(submission_id, safe='')}", body)


def take_step(
    centre: CentreProcess, unit_number: str, register: str, key: str, step: str, values: Mapping[str, str]
) -> dict[str, Any]:
    """Move an entry of a unit's register; its state afterwards. UserError centre-refused for a step not from there."""
    body = {"register_name": register, "key": key, "step": step, "values": dict(values)}
    return ask_practice(centre, "POST", f"{_DESK}/units/{quote(unit_number, safe='')}/steps", body)


def set_standing(centre: CentreProcess, unit_number: str, *, ordinary: bool) -> None:
    """Decide whether the desk looks at what a unit sends, where the form says so."""
    ask_practice(centre, "PUT", f"{_DESK}/units/{quote(unit_number, safe='')}/standing", {"ordinary": ordinary})


def change_code(centre: CentreProcess, unit: Unit) -> dict[str, Any]:
    """A code for the change of the unit's certificate: `code`, `expires_at`."""
    sha256 = hashlib.sha256(unit.certificate_der).hexdigest()
    return ask_practice(centre, "POST", f"/practice/certificates/{sha256}/change-codes")


def entries(centre: CentreProcess, unit_number: str, register: str) -> list[dict[str, Any]]:
    """Keys and states of a unit's entries of a register, as the centre has them."""
    path = f"{_DESK}/units/{quote(unit_number, safe='')}/registers/{quote(register, safe='')}"
    found: list[dict[str, Any]] = ask_practice(centre, "GET", path)["entries"]
    return found


def announce(centre: CentreProcess, title: str, body: str, topic: str) -> str:
    """Announce something to every unit, under a code of the table message_topic; its reference."""
    told = {"title": title, "body": body, "topic": topic}
    return str(ask_practice(centre, "POST", "/practice/announcements", told)["ref"])


def publish_notice(centre: CentreProcess, name: str) -> tuple[str, str]:
    """Publish one of the prepared notices of resources/practice/notices.json; its title and reference.

    UserError practice-notice-unknown.
    """
    told = json.loads((resources_root() / "practice" / "notices.json").read_text("utf-8"))["rows"]
    known = {one["name"]: one for one in told}
    if name not in known:
        raise UserError("practice-notice-unknown", name=name, known=", ".join(known))
    notice = known[name]
    return notice["title"], announce(centre, notice["title"], notice["body"], notice["topic"])


def publish_article(centre: CentreProcess, article: Mapping[str, Any]) -> str:
    """Publish a knowledge article; its reference. UserError centre-refused for what is no article."""
    return str(ask_practice(centre, "POST", f"{_DESK}/articles", dict(article))["ref"])


def set_dates(centre: CentreProcess, region: str, period: str, dates: Mapping[str, str]) -> None:
    """Set the dates of a month. UserError centre-refused for a region or days that cannot be."""
    ask_practice(centre, "PUT", f"{_DESK}/dates/{quote(region, safe='')}/{quote(period, safe='')}", dict(dates))


def close_intake(centre: CentreProcess, minutes: int, notice: str) -> dict[str, Any]:
    """Shut the intake for upkeep, 0 minutes open it; `until` (None when open) and `notice`."""
    return ask_practice(centre, "PUT", f"{_DESK}/upkeep", {"minutes": minutes, "notice": notice})


def hold_back(centre: CentreProcess, step: str, *, held: bool) -> list[str]:
    """Hold account postings ("post") or bank slips ("slip") back, or let them go on; what is held back now."""
    told: list[str] = ask_practice(centre, "PUT", f"{_DESK}/held/{quote(step, safe='')}", {"held": held})["held"]
    return told


def statistics(centre: CentreProcess) -> list[dict[str, Any]]:
    """Figures of every unit."""
    found: list[dict[str, Any]] = ask_practice(centre, "GET", f"{_DESK}/statistics")["units"]
    return found


def messages(centre: CentreProcess, unit_number: str) -> dict[str, Any]:
    """`gateway` and `messages` of the simulated gateway, of one unit."""
    return ask_practice(centre, "GET", f"{_DESK}/units/{quote(unit_number, safe='')}/messages")
