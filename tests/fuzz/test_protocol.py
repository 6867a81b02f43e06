"""Messages of the protocol, both ways: answers that the client gets, declarations and replies that are read."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

from tests.fuzz import corpus
from tests.fuzz.damage import damaged, rewritten
from tests.fuzz.running import fuzz
from tests.seal.practice import NOW, world
from unitclient.central.declared import declaration_fault
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.sync.client import CentreClient
from unitclient.sync.device import DeviceKey, new_private_raw
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.sync.protocol import Declaration, canonical
from unitclient.workflows.queueing import read_reply
from unitclient.workflows.verifying import verify_file

Answer = tuple[int, Mapping[str, str], bytes]


class Canned(BaseAdapter):
    """Gives every request the same answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """See BaseAdapter."""
        response = requests.Response()
        response.status_code, headers, body = self._answer
        response.headers.update(headers)
        response.raw = BytesIO(body)
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        """Nothing is open."""


ASKING: tuple[Callable[[CentreClient], object], ...] = (
    lambda client: client.service(),
    lambda client: client.intake("1", 5),
    lambda client: client.put_submission("1", corpus.SUBMISSION, b"abc"),
    lambda client: client.receipt("1", corpus.SUBMISSION, "0" * 64),
    lambda client: client.key_rollovers(),
    lambda client: client.changes("1", "c"),
    lambda client: client.snapshot("1"),
    lambda client: client.roster("1"),
    lambda client: client.ask("1", "q", {}),
    lambda client: client.retry_debit("1", "b"),
)
DEVICE = DeviceKey(corpus.SUBMISSION, new_private_raw())


def every_request(answer: Answer) -> None:
    """The client says what came of it in its own three words, and still knows a time afterwards."""
    with CentreClient("http://127.0.0.1:9", SystemClock(), device=DEVICE) as client:
        client._session.mount("http://", Canned(answer))
        for ask in ASKING:
            with suppress(NotSent, OutcomeUnknown, ProblemAnswer):
                ask(client)
        assert client.centre_clock().now().tzinfo is not None


TIMES = st.sampled_from((
    "2026-03-10T09:30:00+08:00", "9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+14:00", "2026-03-10", "x", "",
))  # fmt: skip
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Service-Time": TIMES | st.text(st.characters(codec="latin-1"), max_size=8),
        "Date": st.sampled_from(("Tue, 10 Mar 2026 01:30:00 GMT", "Tue, 10 Mar 99999 01:30:00 GMT", "0", "x")),
        "Retry-After": st.sampled_from(("5", "-1", "9" * 5000, "x", "²")),
        "Content-Type": st.sampled_from(("application/json; charset=utf-7", "application/problem+json", "x")),
    },
)
STATUS = st.sampled_from((200, 200, 201, 204, 301, 400, 401, 404, 410, 422, 500, 503))
BODIES = rewritten(corpus.answers()) | damaged([canonical(one) for one in corpus.answers()]) | st.binary(max_size=60)


COMPARED = ("submission_id", "service", "unit_number", "uscc")
"""What the intake compares with what it knows before anything else."""


def declaration(data: bytes) -> None:
    """What the intake does with the bytes of a declaration."""
    try:
        read = Declaration.from_bytes(data)
    except (ValueError, KeyError, TypeError):
        return
    same = all(getattr(read.header, name) == getattr(corpus.declaration().header, name) for name in COMPARED)
    if same and not declaration_fault(read):
        read.to_bytes()


def carried(folder: Path) -> Callable[[bytes], None]:
    """A reply on a stick, and a file that somebody wants verified."""

    def target(data: bytes) -> None:
        path = folder / "回执.json"
        path.write_bytes(data)
        with suppress(UserError):
            read_reply(path)
        answer = verify_file(path, world().trust, NOW)
        assert not answer.ok or answer.content

    return target


def whole() -> dict[str, Any]:
    one = corpus.declaration()
    return {"header": asdict(one.header), "columns": list(one.columns), "rows": [list(row) for row in one.rows]}


def test_answers_of_the_network() -> None:
    fuzz(every_request, st.tuples(STATUS, HEADERS, BODIES), 250)


def test_problems_with_the_status_they_name() -> None:
    problems = [one for one in corpus.answers() if "status" in one]

    def target(data: tuple[Mapping[str, str], bytes]) -> None:
        for one in problems:
            every_request((one["status"], *data))

    fuzz(target, st.tuples(HEADERS, rewritten(problems)), 100)


@pytest.mark.parametrize("inputs", [rewritten([whole()]), damaged([corpus.declaration().to_bytes()])])
def test_declarations(inputs: st.SearchStrategy[bytes]) -> None:
    fuzz(declaration, inputs, 200)


def test_files_that_are_carried_here() -> None:
    bodies = [canonical(one) for one in corpus.answers()[:2]]
    with tempfile.TemporaryDirectory() as folder:
        fuzz(carried(Path(folder)), damaged(bodies) | rewritten(corpus.answers()[:2]), 100)


ODD = {
    "findings": (5, "x", [5, None], {"a": 1}),
    "retry_after_s": (float("inf"), float("nan"), 10**400, -5, "²", [1], True),
    "submission_id": ([1], {}, 5),
    "retryable": ([], "no"),
}


@pytest.mark.parametrize("member", ODD)
def test_members_of_a_problem_that_are_something_else(member: str) -> None:
    told = corpus.answers()[6]
    for odd in ODD[member]:
        body = json.dumps({**told, member: odd}).encode()
        with CentreClient("http://127.0.0.1:9", SystemClock()) as client:
            client._session.mount("http://", Canned((told["status"], {"Retry-After": "9" * 5000}, body)))
            with pytest.raises(ProblemAnswer) as refused:
                client.service()
        problem = refused.value.problem
        assert problem.code == "intake-full"
        assert all(isinstance(finding, Mapping) for finding in problem.findings)
        assert problem.submission_id is None or isinstance(problem.submission_id, str)
        assert NOW + timedelta(seconds=problem.retry_after_s or 0) > NOW - timedelta(days=1)


def test_what_is_not_damaged_is_understood() -> None:
    with CentreClient("http://127.0.0.1:9", SystemClock(), device=DEVICE) as client:
        for body, ask in ((0, 2), (1, 0), (2, 5), (3, 6), (4, 4), (5, 1)):
            client._session.mount("http://", Canned((200, {}, canonical(corpus.answers()[body]))))
            assert ASKING[ask](client)
    assert declaration_fault(corpus.declaration()) == ""
