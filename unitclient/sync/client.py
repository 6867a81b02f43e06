"""The HTTP client of one centre: one method per request, answers as values, failures in three kinds (`outcomes`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from requests import exceptions as failures

from unitclient.clock import Clock, ShiftedClock
from unitclient.sync.device import DeviceKey, sign_request
from unitclient.sync.outcomes import Body, NotSent, OutcomeUnknown, ProblemAnswer, failure_of, problem_of, readable
from unitclient.sync.protocol import CONTAINER_TYPE, SERVICE_TIME_HEADER, Change, SignedDocument, parsed
from unitclient.sync.tls import TlsAdapter, context_for, need_encrypted

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
"""Seconds without a byte, not for the whole answer."""
FARTHEST = timedelta(days=36_500)
"""No clock is off by more: such a time is nonsense, and counted from it the calendar ends."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How the centre is reached: proxy URL, a PEM file of a private certificate authority, anchors of certs/.

    `system`: whether the operating system's store of authorities is believed too.
    """

    proxy: str | None = None
    ca_file: str | None = None
    anchors: tuple[Path, ...] = ()
    system: bool = True


@dataclass(frozen=True, slots=True)
class Intake:
    """What the centre says of its intake now: open, busy or closed; when to come; its time."""

    state: str
    now: str
    deadline: str | None
    retry_after_s: int | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of the change feed."""

    changes: tuple[Change, ...]
    next_cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Roster, whole registers, the newest document of each kind and submission, a cursor that misses nothing."""

    roster: SignedDocument
    registers: tuple[SignedDocument, ...]
    documents: tuple[Change, ...]
    next_cursor: str


@dataclass
class CentreClient:
    """Talks to the centre at `url`. Not for several threads at once."""

    url: str
    clock: Clock
    network: NetworkSettings = field(default_factory=NetworkSettings)
    device: DeviceKey | None = None
    offset: timedelta | None = None
    """Centre's clock minus ours, from the last answer; None before the first."""

    _unreadable: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = self.network.proxy is None
        if self.network.proxy:
            self._session.proxies = {"http": self.network.proxy, "https": self.network.proxy}
        if not self.url.startswith("https:"):
            return  # no TLS, no context: reading the system's store takes a while
        try:
            context = context_for(self.network.anchors, self.network.ca_file, system=self.network.system)
        except OSError:  # the file of the private authority cannot be read
            context = None
        self._unreadable = context is None
        if context is not None:
            self._session.mount("https://", TlsAdapter(context))

    def __enter__(self) -> CentreClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def centre_clock(self) -> Clock:
        """The centre's clock as far as known; ours until the first answer."""
        return ShiftedClock(self.clock, self.offset or timedelta())

    # -- without a device key

    def service(self) -> SignedDocument:
        """The signed description of the service."""
        return _signed(self._json("GET", "/v1/service"))

    def intake(self, unit_number: str, size: int) -> Intake:
        """Whether a submission of `size` bytes is welcome now."""
        told = self._json("GET", "/v1/intake", params={"unit_number": unit_number, "size": size})
        with readable():
            return Intake(str(told["state"]), str(told["now"]), told.get("deadline"), told.get("retry_after_s"))

    def challenge(self, unit_number: str | None, certificate_sha256: str) -> dict[str, Any]:
        """{"challenge": base64, "expires_at"} to be signed with the unit's certificate."""
        body = {"unit_number": unit_number, "certificate_sha256": certificate_sha256}
        return self._json("POST", "/v1/devices/challenges", json=body)

    def register_device(self, registration: Mapping[str, Any]) -> dict[str, Any]:
        """Enrol a device; the answer holds device_id and what the centre knows of the unit."""
        return self._json("POST", "/v1/devices", json=dict(registration))

    def put_submission(self, unit_number: str, submission_id: str, container: bytes) -> SignedDocument:
        """Send a container; the signed receipt. The same call again is answered with the same receipt."""
        answer = self._json(
            "PUT",
            f"/v1/units/{quote(unit_number)}/submissions/{quote(submission_id)}",
            data=Body(container),
            headers={"Content-Type": CONTAINER_TYPE},
        )
        return _signed(answer.get("receipt"))

    def receipt(self, unit_number: str, submission_id: str, sha256: str) -> SignedDocument | None:
        """The receipt of bytes with that digest, or None when the centre does not have them."""
        path = f"/v1/units/{quote(unit_number)}/submissions/{quote(submission_id)}/receipt"
        try:
            return _signed(self._json("GET", path, params={"sha256": sha256}))
        except ProblemAnswer as answer:
            if answer.problem.status == 404:
                return None
            raise

    def announcements(self) -> dict[str, Any]:
        """The centre's announcements, each a signed document."""
        return self._json("GET", "/v1/announcements")

    def key_rollovers(self) -> tuple[SignedDocument, ...]:
        """Every change of the centre's signing key, oldest first."""
        told = self._json("GET", "/v1/key-rollovers")
        with readable():
            return tuple(SignedDocument.from_wire(one) for one in told["statements"])

    def ask_raw(self, path: str, question: bytes, kind: str) -> bytes:
        """A question in another format than JSON (OCSP, time stamps); the answer's bytes."""
        return self._good("POST", path, False, {"data": question, "headers": {"Content-Type": kind}}).content

    def certificate(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for a certificate (renewal, upgrade, change); what the centre issued and did."""
        return self._json("POST", path, json=dict(body))

    def fetch_public(self, place: str) -> bytes:
        """Something public as bytes: a path of the centre (/v1/crl) or a whole address (a revocation list)."""
        return self._good("GET", place, False, {}).content

    # -- with the device key

    def changes(self, unit_number: str, cursor: str | None, limit: int = 500, wait_s: int = 0) -> ChangePage:
        """The next page of the unit's feed, documents inlined."""
        params: dict[str, Any] = {"limit": limit, "wait_s": wait_s, "include": "documents"}
        if cursor:
            params["cursor"] = cursor
        page = self._json("GET", f"/v1/units/{quote(unit_number)}/changes", params=params, signed=True)
        with readable():
            changes = tuple(Change.from_wire(change) for change in page["changes"])
            return ChangePage(changes, str(page["next_cursor"]), bool(page["more"]))

    def document(self, unit_number: str, ref: str) -> SignedDocument:
        """One signed document by its reference."""
        return _signed(self._json("GET", f"/v1/units/{quote(unit_number)}/documents/{quote(ref)}", signed=True))

    def paper(self, unit_number: str, signed: SignedDocument, entry: str) -> bytes:
        """A signed document (or one entry of it) as a PDF that the centre signed."""
        wish = {**signed.to_wire(), "entry": entry}
        return self._good("POST", f"/v1/units/{quote(unit_number)}/papers", True, {"json": wish}).content

    def snapshot(self, unit_number: str) -> Snapshot:
        """Where a client starts again when its cursor is void."""
        told = self._json("GET", f"/v1/units/{quote(unit_number)}/snapshot", signed=True)
        with readable():
            documents = tuple(Change.from_wire(document) for document in told["documents"])
            registers = tuple(SignedDocument.from_wire(each) for each in told.get("registers", ()))
            return Snapshot(SignedDocument.from_wire(told["roster"]), registers, documents, str(told["next_cursor"]))

    def roster(self, unit_number: str) -> SignedDocument:
        """The roster as the centre holds it."""
        return _signed(self._json("GET", f"/v1/units/{quote(unit_number)}/roster", signed=True))

    def calendar(self, unit_number: str) -> SignedDocument:
        """The published calendar of the unit's region."""
        return _signed(self._json("GET", f"/v1/units/{quote(unit_number)}/calendar", signed=True))

    def policies(self, unit_number: str) -> SignedDocument:
        """The policy packages of the unit's region."""
        return _signed(self._json("GET", f"/v1/units/{quote(unit_number)}/policies", signed=True))

    def ask(self, unit_number: str, query: str, inputs: Mapping[str, str]) -> SignedDocument:
        """The centre's answer to a query service."""
        path = f"/v1/units/{quote(unit_number)}/queries/{quote(query)}"
        return _signed(self._json("POST", path, signed=True, json={"inputs": dict(inputs)}))

    def pen(self, unit_number: str, act: str = "") -> dict[str, Any]:
        """Which of the unit's computers prepares and signs now; with `act` take (or keep), ask or give."""
        path = f"/v1/units/{quote(unit_number)}/pen"
        if not act:
            return self._json("GET", path, signed=True)
        return self._json("POST", path, signed=True, json={"act": act})

    def retry_debit(self, unit_number: str, bill_id: str) -> dict[str, Any]:
        """Ask the centre to debit a bill again after a failed debit."""
        return self._json("POST", f"/v1/units/{quote(unit_number)}/bills/{quote(bill_id)}/debits", signed=True)

    # -- one request

    def _json(self, method: str, path: str, *, signed: bool = False, **parts: Any) -> dict[str, Any]:
        response = self._good(method, path, signed, parts)
        try:
            answer = parsed(response.content)
        except ValueError as broken:
            raise OutcomeUnknown("answer-unreadable") from broken
        if not isinstance(answer, dict):
            raise OutcomeUnknown("answer-unreadable")
        return answer

    def _good(self, method: str, path: str, signed: bool, parts: dict[str, Any]) -> requests.Response:
        """The answer when it is a good one; ProblemAnswer, OutcomeUnknown otherwise."""
        try:
            return self._answered(method, path, signed, parts)
        except ProblemAnswer as answer:
            if not signed or answer.problem.code != "clock-off":
                raise
        # This computer's clock is wrong, or was set since: the refusal told the right time, so ask once more.
        return self._answered(method, path, signed, parts)

    def _answered(self, method: str, path: str, signed: bool, parts: dict[str, Any]) -> requests.Response:
        response = self._send(method, path, signed, parts)
        if response.ok and response.status_code < 300:
            self._learn_time(response)
            return response
        problem = problem_of(response)
        if problem is None and response.is_redirect:
            raise OutcomeUnknown("redirected")
        if problem is None:
            # A gateway's page or redirection is no word of the centre, and says nothing about what the centre did.
            raise OutcomeUnknown("answer-unreadable")
        self._learn_time(response)
        raise ProblemAnswer(problem)

    def _send(self, method: str, path: str, signed: bool, parts: dict[str, Any]) -> requests.Response:
        if signed and self.device is None:
            raise NotSent("device-required")
        if self._unreadable:
            raise NotSent("tls-failed")
        if path.startswith("/"):  # what stands elsewhere, a revocation list, carries its own signature
            need_encrypted(self.url)
        body = parts.get("data")
        try:
            request = self._session.prepare_request(requests.Request(method, self._address(path), **parts))
            if signed and self.device is not None:
                sign_request(request, self.device, self.centre_clock().now())
            settings = self._session.merge_environment_settings(self.url, {}, None, True, None)
            # Whom TLS believes is the adapter's: REQUESTS_CA_BUNDLE of the environment has no say.
            settings["verify"] = True
            timeout = (CONNECT_TIMEOUT, READ_TIMEOUT)
            return self._session.send(request, timeout=timeout, allow_redirects=False, **settings)
        except failures.RequestException as failure:
            raise failure_of(failure, begun=isinstance(body, Body) and body.begun) from failure

    def _address(self, path: str) -> str:
        return self.url + path if path.startswith("/") else path

    def _learn_time(self, response: requests.Response) -> None:
        told = response.headers.get(SERVICE_TIME_HEADER)
        try:
            theirs = datetime.fromisoformat(told) if told else parsedate_to_datetime(response.headers["Date"])
        except (KeyError, ValueError):
            return
        if theirs.tzinfo is not None and abs(theirs - self.clock.now()) < FARTHEST:
            self.offset = theirs - self.clock.now()


def _signed(wire: Any) -> SignedDocument:
    with readable():
        return SignedDocument.from_wire(wire)
