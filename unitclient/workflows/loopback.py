"""A practice unit talks to the practice centre on this computer, and to nobody else."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from unitclient.errors import UserError
from unitclient.store.units import Unit


def refuse_practice_elsewhere(unit: Unit) -> None:
    """UserError practice-elsewhere when a practice unit's centre is not on this computer.

    Asked wherever a connection is opened: whatever wrote another address into the database, nothing is sent to it.
    """
    if unit.practice and not is_loopback(unit.centre_url):
        raise UserError("practice-elsewhere", mendable=False, unit=unit.name, url=unit.centre_url)


def is_loopback(url: str) -> bool:
    """Whether an address names this computer itself. Names are not looked up: only localhost and plain addresses."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
