"""Bodies of requests and answers, as OpenAPI shows them. What signed documents hold is in sync.protocol."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from unitclient.central.bank import DEFAULT_BALANCE_FEN, Behaviour
from unitclient.central.declared import MAX_FEN

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Signed(BaseModel):
    """A signed document: its exact bytes and the detached CMS over them, both base64."""

    document: str
    cms: str


class Problem(BaseModel):
    """RFC 9457 problem."""

    type: str
    status: int
    title: str
    detail: str
    code: str
    retryable: bool
    instance: str
    findings: list[dict[str, Any]]
    submission_id: str | None = None
    retry_after_s: int | None = None


class IntakeState(BaseModel):
    """Whether a submission is welcome now. `deadline` is that of the current month."""

    state: str
    now: str
    deadline: str | None
    suggested: dict[str, str] | None
    retry_after_s: int | None


class ReceivedSubmission(BaseModel):
    """Stored durably. `receipt` is the same bytes for ever."""

    state: str
    receipt: Signed


class DocumentLink(BaseModel):
    """Where a signed document of a submission is."""

    kind: str
    ref: str
    sha256: str
    at: str


class SubmissionState(BaseModel):
    """What became of a submission: acceptance and money tracks, and the documents that say so."""

    submission_id: str
    form: str
    period: str
    kind: str
    supersedes: str | None
    state: str
    money: str | None
    acceptance_number: str
    received_at: str
    deadline: str | None
    timely: bool
    documents: list[DocumentLink]


class SubmissionList(BaseModel):
    """Submissions of a unit, newest first."""

    submissions: list[SubmissionState]


class ChallengeRequest(BaseModel):
    """Who asks for a challenge. The unit may be left out: the certificate names it."""

    unit_number: str | None = None
    certificate_sha256: Sha256


class Challenge(BaseModel):
    """To be signed within two minutes (sync.protocol.device_request). Base64."""

    challenge: str
    expires_at: str


class DeviceRequest(BaseModel):
    """A device to enrol. `public_key` is Ed25519, raw; `cms` is over device_request(...). Base64."""

    challenge: str
    public_key: str
    device_name: str = Field(max_length=100)
    cms: str


class UnitData(BaseModel):
    """What the centre knows of a unit."""

    unit_number: str
    uscc: str
    name: str
    region: str
    insurances: list[str]
    service: str


class Device(BaseModel):
    """An enrolled device and its unit."""

    device_id: str
    expires_at: str
    roles: list[str]
    certificate_role: Literal["chief", "authorised"]
    unit: UnitData


class Change(BaseModel):
    """An entry of the feed. `signed` stands there when the client asked for documents."""

    seq: int
    kind: str
    submission_id: str | None
    ref: str
    at: str
    sha256: str
    signed: Signed | None = None


class ChangePage(BaseModel):
    """A page of the feed."""

    changes: list[Change]
    next_cursor: str
    more: bool


class Snapshot(BaseModel):
    """Where a client starts again: the newest document of each kind and submission, roster, registers, a cursor."""

    next_cursor: str
    roster: Signed
    registers: list[Signed]
    documents: list[Change]


class DebitStarted(BaseModel):
    """The attempt that is under way."""

    bill_id: str
    attempt: int
    state: str


class PostingLines(BaseModel):
    """[id number, insurance, period, fen] of each credit; `lines_sha256` is over their canonical JSON."""

    bill_id: str
    lines: list[list[str | int]]
    lines_sha256: str


class Announcements(BaseModel):
    """Announcements, newest first."""

    announcements: list[Signed]


class VerifyRequest(BaseModel):
    """What somebody holds: a number printed on it, and the SHA-256 of a container or of a signed document."""

    acceptance_number: str
    sha256: Sha256


class VerifyAnswer(BaseModel):
    """Whether the centre knows it; `in_force` is false for what was returned, voided or replaced."""

    known: bool
    kind: str = ""
    at: str = ""
    in_force: bool = False


class Health(BaseModel):
    """Alive, or ready to take submissions."""

    ok: bool


class PenWish(BaseModel):
    """What a computer wants with its unit's pen."""

    act: Literal["take", "ask", "give"]


class Pen(BaseModel):
    """Which computer of a unit prepares and signs now; texts are empty where there is nobody."""

    mine: bool
    holder: str
    since: str
    until: str
    asked_by: str
    asked_at: str
    may_take_at: str
    now: str


# -- practice only


class PracticeUnit(BaseModel):
    """A unit to open. Without insurances it takes part in all of the region's; without a CSR a key is made for it."""

    name: str = Field(min_length=1, max_length=64)
    region: str
    insurances: list[str] = []
    csr_pem: str | None = None
    key_kind: Literal["rsa", "ec", "sm2"] = "rsa"


class OpenedPracticeUnit(UnitData):
    """The new unit, its certificate, its key when one was made here, and whom to trust."""

    ca_pem: str
    certificate_pem: str
    private_key_pem: str | None


class PracticeCertificate(BaseModel):
    """A further certificate for a unit; `since` and `until` are RFC 3339, for rehearsing an expired one."""

    csr_pem: str | None = None
    key_kind: Literal["rsa", "ec", "sm2"] = "rsa"
    role: Literal["chief", "authorised"] = "chief"
    since: str | None = None
    until: str | None = None


class IssuedCertificate(BaseModel):
    """A certificate, and its key when it was made here."""

    certificate_pem: str
    private_key_pem: str | None


class PracticeBank(BaseModel):
    """How the simulated bank treats a unit's debits."""

    behaviour: Behaviour = Behaviour.OK
    balance_fen: int = Field(DEFAULT_BALANCE_FEN, ge=-MAX_FEN, le=MAX_FEN)
    resolves_to: str = Field("K00", pattern="^K(0[0-9]|10|12)$")
    resolve_after_ms: int = Field(2000, ge=0, le=86_400_000)


class PracticeFaults(BaseModel):
    """What goes wrong next; see unitclient/central/faults.py. Everything left out is healthy."""

    drop_answers: int = Field(0, ge=0, le=1_000_000)
    unavailable: int = Field(0, ge=0, le=1_000_000)
    retry_after_s: int = Field(1, ge=0, le=86_400)
    refuse_code: Literal[
        "intake-full", "outcome-unknown", "read-only", "storage-full", "credential-too-fast", "internal"
    ] = "intake-full"
    delay_ms: int = Field(0, ge=0, le=86_400_000)
    die_at: str = ""
    hold: list[str] = []


class PracticeClock(BaseModel):
    """Set the service's clock: to an instant, or to the computer's clock plus an offset."""

    now: str | None = None
    offset_s: int | None = Field(None, ge=-3_200_000_000, le=3_200_000_000)


class ServiceTime(BaseModel):
    """The service's time."""

    now: str


class PracticeAnnouncement(BaseModel):
    """Something to tell every unit."""

    title: str
    body: str
    topic: str = "04"


class PracticeArticle(BaseModel):
    """A knowledge article: what it says, and what it is found by. A newer one of the same id replaces it."""

    article_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=120)]
    body: Annotated[str, Field(max_length=20_000)]
    words: list[str] = []
    forms: list[str] = []
    findings: list[str] = []
    withdrawn: bool = False


class PracticeDates(BaseModel):
    """The dates of a month: its last day, from when a late fee runs, and the notice."""

    deadline: date
    late_fee_from: date | None = None
    notice: Annotated[str, Field(min_length=1, max_length=200)]


class MessageList(BaseModel):
    """What the simulated gateway has."""

    gateway: str
    messages: list[dict[str, Any]]


class Statistics(BaseModel):
    """Figures of units."""

    units: list[dict[str, Any]]


class Reference(BaseModel):
    """Reference of the document that was published."""

    ref: str


class DeskVerdict(BaseModel):
    """What the bureau's desk decides on a waiting submission; `note` says why it is returned."""

    returned: bool = False
    note: Annotated[str, Field(max_length=200)] = ""


class DeskStep(BaseModel):
    """What the desk does with an entry of a register, and the values it gives with it."""

    register_name: str
    key: str
    step: str
    values: dict[str, str] = {}


class DeskStanding(BaseModel):
    """Whether the desk looks at what a unit sends, where the form says so."""

    ordinary: bool


class DeskList(BaseModel):
    """Submissions that wait for the desk."""

    waiting: list[dict[str, Any]]


class EntryList(BaseModel):
    """Keys and states of a unit's entries of a register."""

    entries: list[dict[str, Any]]


class MovedEntry(BaseModel):
    """An entry after the desk moved it."""

    register_name: str
    key: str
    state: str


class PaperWish(Signed):
    """A signed document that is wanted as a paper; `entry` is the key of one entry of a register document."""

    entry: Annotated[str, Field(max_length=500)] = ""


class Inputs(BaseModel):
    """What a query is asked with."""

    inputs: dict[str, Annotated[str, Field(max_length=200)]] = {}
