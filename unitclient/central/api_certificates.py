"""Routes about certificates: OCSP, time stamps, statements on the signing key, and the three acts on a unit's own."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from unitclient.central import wire
from unitclient.central import wire_certificates as bodies
from unitclient.central.api_practice import no_browser
from unitclient.central.certificate_acts import Request as ActRequest
from unitclient.central.devices import decode64
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError
from unitclient.central.state import Centre
from unitclient.seal import ocsp, timestamp

router = APIRouter()
_LONGEST_QUESTION = 8 * 1024


@router.post("/v1/ocsp", tags=["service"], response_class=Response)
async def status_of_certificate(centre: Centre, request: Request) -> Response:
    """OCSP (RFC 6960): the state of one certificate now."""
    answer = await run_in_threadpool(centre.core.identity.responder.answer, await _question(request))
    return Response(answer, media_type=ocsp.REPLY_TYPE)


@router.post("/v1/tsa", tags=["service"], response_class=Response)
async def stamp(centre: Centre, request: Request) -> Response:
    """Time stamps (RFC 3161)."""
    answer = await run_in_threadpool(centre.core.identity.stamper.answer, await _question(request))
    return Response(answer, media_type=timestamp.REPLY_TYPE)


async def _question(request: Request) -> bytes:
    question = b""
    async for part in request.stream():
        question += part
        if len(question) > _LONGEST_QUESTION:
            raise ProblemError("too-large")
    return question


@router.get("/v1/key-rollovers", tags=["service"], response_model=bodies.KeyRollovers)
def key_rollovers(centre: Centre) -> dict[str, object]:
    """Every change of the centre's signing key, oldest first, each signed by the key before."""
    return {"statements": [signed.to_wire() for signed in centre.core.key_changes.statements()]}


@router.post("/v1/certificates", tags=["certificates"], response_model=bodies.FollowingCertificate, status_code=201)
def follow(centre: Centre, asked: bodies.CertificateRequest) -> dict[str, object]:
    """Renew or upgrade: the old key signs for the new one."""
    request = ActRequest(asked.act, decode64(asked.challenge), asked.csr_pem.encode(), decode64(asked.cms))
    return centre.certificate_desk.follow(request)


@router.post(
    "/v1/certificates/changes", tags=["certificates"], response_model=bodies.FollowingCertificate, status_code=201
)
def change(centre: Centre, asked: bodies.CertificateChange) -> dict[str, object]:
    """Change a certificate whose key is lost or damaged, with a code of the desk."""
    return centre.certificate_desk.change(asked.unit_number, asked.code, asked.csr_pem.encode())


@router.post("/practice/certificates/{sha256}/change-codes", tags=["practice"], response_model=bodies.ChangeCode,
             status_code=201)  # fmt: skip
def change_code(centre: Centre, sha256: str, request: Request) -> bodies.ChangeCode:
    """The desk has seen the papers and gives a code for the change of this certificate."""
    no_browser(request)
    code, expires = centre.certificate_desk.give_code(sha256)
    return bodies.ChangeCode(code=code, expires_at=instant(expires))


@router.put("/practice/signing-key", tags=["practice"], response_model=wire.Reference)
def new_signing_key(centre: Centre, request: Request) -> wire.Reference:
    """Change the centre's signing key, with a statement signed by the old one."""
    no_browser(request)
    return wire.Reference(ref=centre.core.key_changes.change())
