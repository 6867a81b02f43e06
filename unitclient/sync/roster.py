"""The centre's roster document as persons of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unitclient.domain.period import Period
from unitclient.domain.roster import Coverage, Person, PersonState


def persons_of(content: Mapping[str, Any]) -> list[Person]:
    """Persons of a roster document; raises KeyError or ValueError when it is not one."""
    return [_person(told) for told in content["persons"]]


def _person(told: Mapping[str, Any]) -> Person:
    return Person(
        id_number=str(told["id_number"]),
        name=str(told["name"]),
        wage_fen=int(told["wage_fen"]),
        id_kind=str(told["id_kind"]),
        state=PersonState(told["state"]),
        coverage={
            insurance: Coverage(Period.parse(held["since"]), _period(held.get("until")))
            for insurance, held in told["insurances"].items()
        },
        since=_period(told.get("since")),
        wage_since=_period(told.get("wage_since")),
    )


def _period(text: str | None) -> Period | None:
    return Period.parse(text) if text else None
