"""Routes of the pen: which computer of a unit prepares and signs now."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from unitclient.central import wire
from unitclient.central.pen import Pens
from unitclient.central.state import Centre, OwnUnit, SigningDevice

router = APIRouter(prefix="/v1/units/{unit_number}", tags=["reading"])


@router.get("/pen", response_model=wire.Pen)
def look(centre: Centre, unit: OwnUnit, device: SigningDevice) -> dict[str, Any]:
    """Who holds the unit's pen."""
    return Pens(centre.core.database, centre.core.clock).look(unit, device)


@router.post("/pen", response_model=wire.Pen)
def move(centre: Centre, unit: OwnUnit, device: SigningDevice, wish: wire.PenWish) -> dict[str, Any]:
    """Take (or keep), ask for, or give away the pen."""
    return Pens(centre.core.database, centre.core.clock).move(unit, device, wish.act)
