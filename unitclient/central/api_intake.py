"""Routes that need no device key: the service, intake of submissions, receipts, devices, verification."""

from __future__ import annotations

import asyncio
import base64

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from unitclient.central import wire
from unitclient.central.devices import Registration, decode64
from unitclient.central.feed import MAX_PAGE, MAX_WAIT_S
from unitclient.central.identity import SERVICE_NAME, crl_der
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError
from unitclient.central.reading import verify
from unitclient.central.regions import calendar_entry, deadline_instant
from unitclient.central.registry import unit_row
from unitclient.central.state import Centre, SigningDevice
from unitclient.central.upkeep import refuse_closed, upkeep
from unitclient.clock import CHINA
from unitclient.domain.period import Period
from unitclient.seal.container import LIMITS
from unitclient.sync.protocol import CONTAINER_TYPE, MAX_CONTAINER_BYTES, DocumentKind

router = APIRouter()
RETENTION_YEARS = 10
_CHUNK_TIMEOUT_S = 30.0
_RECEIPT_PATH = "/v1/units/{unit_number}/submissions/{submission_id}/receipt"


@router.get("/healthz", tags=["service"], response_model=wire.Health)
def healthz() -> wire.Health:
    """The process lives."""
    return wire.Health(ok=True)


@router.get("/readyz", tags=["service"], response_model=wire.Health)
def readyz(centre: Centre) -> wire.Health:
    """Submissions can be taken: the database answers a writer."""
    with centre.core.database.write():
        return wire.Health(ok=True)


@router.get("/v1/service", tags=["service"], response_model=wire.Signed)
def service(centre: Centre) -> dict[str, str]:
    """The signed description of the service: name, limits, retention."""
    limits = {
        "max_container_bytes": MAX_CONTAINER_BYTES,
        "max_entries": LIMITS.max_entries,
        "max_inflated_bytes": LIMITS.max_inflated,
        "max_page": MAX_PAGE,
        "max_wait_s": MAX_WAIT_S,
    }
    members = {
        "name": SERVICE_NAME,
        "practice": True,
        "limits": limits,
        "retention_years": RETENTION_YEARS,
        "region": "",
        "stamps": "/v1/tsa",
        "status": "/v1/ocsp",
        "long_term": True,
        "sm2_form": centre.core.identity.sm2_form,
    }
    return centre.core.publisher.sign(DocumentKind.SERVICE, "", members).to_wire()


@router.get("/v1/crl", tags=["service"], response_class=Response)
def revocation_list(centre: Centre) -> Response:
    """The certificate revocation list in force (DER)."""
    return Response(crl_der(centre.core.identity), media_type="application/pkix-crl")


@router.get("/v1/intake", tags=["intake"], response_model=wire.IntakeState)
def intake_state(centre: Centre, unit_number: str, size: int = Query(0, ge=0)) -> wire.IntakeState:
    """Whether a submission of `size` bytes is welcome now."""
    unit = unit_row(centre.core.database.read(), unit_number)
    now = centre.core.clock.now()
    package = centre.core.rulebook.package(unit["region"])
    deadline = deadline_instant(calendar_entry(package, Period.of(now.astimezone(CHINA).date())))
    plan, shut = centre.faults.plan, upkeep(centre.core.database, now)
    return wire.IntakeState(
        state="closed" if shut or size > MAX_CONTAINER_BYTES else "busy" if plan.unavailable else "open",
        now=instant(now),
        deadline=instant(deadline),
        suggested=None,
        retry_after_s=shut.retry_after_s(now) if shut else plan.retry_after_s if plan.unavailable else None,
    )


@router.put(
    "/v1/units/{unit_number}/submissions/{submission_id}",
    tags=["intake"],
    response_model=wire.ReceivedSubmission,
    status_code=200,
    responses={201: {"model": wire.ReceivedSubmission, "description": "Stored; a new receipt"}},
    openapi_extra={"requestBody": {"required": True, "content": {CONTAINER_TYPE: {"schema": {"type": "string"}}}}},
)
async def submit(
    centre: Centre, unit_number: str, submission_id: str, request: Request, response: Response
) -> dict[str, object]:
    """Take a signed container in: 201 with a new receipt, or 200 with the receipt these bytes were given before."""
    _check_headers(request)
    refuse_closed(centre.core.database, centre.core.clock.now(), submission_id)
    plan = centre.faults.take_unavailable()
    if plan is not None:
        raise ProblemError(plan.refuse_code, submission_id=submission_id, retry_after_s=plan.retry_after_s)
    data = await _body(request)
    taken = await run_in_threadpool(centre.intake.take, unit_number, submission_id, data)
    centre.worker.wake()
    if taken.created:
        response.status_code = 201
        response.headers["Location"] = f"/v1/units/{unit_number}/submissions/{submission_id}"
    return {"state": "received", "receipt": taken.signed.to_wire()}


@router.get(_RECEIPT_PATH, tags=["intake"], response_model=wire.Signed)
def receipt(centre: Centre, unit_number: str, submission_id: str, sha256: str) -> dict[str, str]:
    """The receipt of exactly these bytes, for whoever knows id and digest."""
    return centre.intake.receipt(unit_number, submission_id, sha256).to_wire()


@router.head(_RECEIPT_PATH, tags=["intake"])
def has_receipt(centre: Centre, unit_number: str, submission_id: str, sha256: str) -> Response:
    """Whether there is one."""
    centre.intake.receipt(unit_number, submission_id, sha256)
    return Response()


@router.post("/v1/devices/challenges", tags=["devices"], response_model=wire.Challenge, status_code=201)
def challenge(centre: Centre, asked: wire.ChallengeRequest) -> wire.Challenge:
    """A challenge to be signed with the unit's certificate within two minutes."""
    challenge_bytes, expires = centre.registry.challenge(asked.unit_number, asked.certificate_sha256)
    return wire.Challenge(challenge=base64.b64encode(challenge_bytes).decode(), expires_at=instant(expires))


@router.post("/v1/devices", tags=["devices"], response_model=wire.Device, status_code=201)
def enrol_device(centre: Centre, asked: wire.DeviceRequest) -> dict[str, object]:
    """Enrol a device key; the answer tells what the centre knows of the unit."""
    registration = Registration(
        decode64(asked.challenge), decode64(asked.public_key), asked.device_name, decode64(asked.cms)
    )
    return centre.registry.enrol(registration)


@router.delete("/v1/devices/{device_id}", tags=["devices"], status_code=204)
def revoke_device(centre: Centre, device_id: str, device: SigningDevice) -> Response:
    """End a device of the same unit; a device may end itself."""
    centre.registry.revoke(device_id, device["unit_number"])
    return Response(status_code=204)


@router.get("/v1/announcements", tags=["service"], response_model=wire.Announcements)
def announcements(centre: Centre) -> dict[str, object]:
    """All announcements, newest first, each signed."""
    return {"announcements": [signed.to_wire() for signed in centre.core.publications.announcements()]}


@router.post("/v1/verify", tags=["service"], response_model=wire.VerifyAnswer)
def verify_paper(centre: Centre, asked: wire.VerifyRequest) -> wire.VerifyAnswer:
    """Whether the centre knows what somebody holds: acceptance number, and digest of the container or a document."""
    return verify(centre.core.database.read(), asked.acceptance_number, asked.sha256)


def _check_headers(request: Request) -> None:
    if request.headers.get("content-type", "").split(";")[0].strip() != CONTAINER_TYPE:
        raise ProblemError("media-type")
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise ProblemError("length-required")
    if int(length) > MAX_CONTAINER_BYTES:
        raise ProblemError("too-large")


async def _body(request: Request) -> bytes:
    """The body, as long as it comes; cut off where it becomes too large."""
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    while True:
        try:
            part = await asyncio.wait_for(anext(stream, None), _CHUNK_TIMEOUT_S)
        except TimeoutError:
            raise ProblemError("body-too-slow") from None
        if part is None:
            break
        parts.append(part)
        size += len(part)
        if size > MAX_CONTAINER_BYTES:
            raise ProblemError("too-large")
    if size != int(request.headers["content-length"]):
        raise ProblemError("bad-length")
    return b"".join(parts)
