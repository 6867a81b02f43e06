"""What the HTTP side holds of one running centre, and how routes get at it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from unitclient.central.certificate_acts import CertificateDesk
from unitclient.central.core import Core
from unitclient.central.device_signature import CLOCK_WINDOW_S, DeviceGuard, SignedRequest
from unitclient.central.devices import DeviceRegistry, unix_seconds
from unitclient.central.faults import Faults
from unitclient.central.intake import Intake
from unitclient.central.nonces import NonceCache
from unitclient.central.problems import ProblemError
from unitclient.central.worker import Worker


@dataclass(frozen=True)
class State:
    """One running centre."""

    core: Core
    faults: Faults
    worker: Worker
    intake: Intake
    registry: DeviceRegistry
    guard: DeviceGuard
    nonces: NonceCache
    certificate_desk: CertificateDesk


def make_state(core: Core) -> State:
    """Put a running centre together around an open one. Close `nonces` at the end."""
    faults = Faults()
    registry = DeviceRegistry(core.database, core.identity, core.clock)
    # Kept twice the window: a request may be as much in the future as in the past.
    nonces = NonceCache(core.home, unix_seconds(core.clock.now()), 2 * CLOCK_WINDOW_S)
    guard = DeviceGuard(registry, nonces, core.clock)
    desk = CertificateDesk(core, registry)
    return State(core, faults, Worker(core, faults), Intake(core), registry, guard, nonces, desk)


def centre_of(request: Request) -> State:
    """The centre a request is for."""
    state: State = request.app.state.centre
    return state


Centre = Annotated[State, Depends(centre_of)]


async def signing_device(request: Request, centre: Centre) -> sqlite3.Row:
    """The enrolled device that signed the request; ProblemErrors of `DeviceGuard.device`."""
    signed = SignedRequest(request.method, target_uri(request), dict(request.headers), await request.body())
    return await run_in_threadpool(centre.guard.device, signed)


SigningDevice = Annotated[sqlite3.Row, Depends(signing_device)]


def own_unit(unit_number: str, device: SigningDevice) -> str:
    """The unit in the path, when it is the device's; ProblemError `not-your-unit`."""
    if device["unit_number"] != unit_number:
        raise ProblemError("not-your-unit")
    return unit_number


OwnUnit = Annotated[str, Depends(own_unit)]


def target_uri(request: Request) -> str:
    """The request's address as the client wrote it: nothing decoded, nothing added."""
    query = request.scope["query_string"]
    path = request.scope["raw_path"] + (b"?" + query if query else b"")
    return f"{request.url.scheme}://{request.headers.get('host', '')}{path.decode('latin-1')}"
