"""What a request can end with beside a good answer, and how that is told from what the network does.

The difference decides what the queue may do next, so whatever cannot be told apart counts as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any

import requests
from requests import exceptions as failures
from urllib3 import exceptions as lower

from unitclient.sync.protocol import Problem, parsed

LONGEST_S = 30 * 86_400
"""No centre means a longer pause; what asks for one does not stop the queue for good."""

NETWORK_CODES = frozenset(
    {"no-connection", "no-route", "proxy-failed", "tls-failed", "url-invalid", "timeout", "connection-lost",
     "answer-unreadable"}
)  # fmt: skip
"""Codes of tries that the centre did not answer; all others are words of the centre, believed or not."""


class NotSent(Exception):  # noqa: N818 - names the outcome
    """No connection: nothing reached the centre. `code` names the cause."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OutcomeUnknown(Exception):  # noqa: N818 - names the outcome
    """The connection broke after bytes went out, or the answer makes no sense."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProblemAnswer(Exception):  # noqa: N818 - names the outcome
    """The centre refused: an RFC 9457 problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@contextmanager
def readable() -> Iterator[None]:
    """An answer that is not what it must be says nothing about what the centre did."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError) as broken:
        raise OutcomeUnknown("answer-unreadable") from broken


class Body(BytesIO):
    """The bytes of a submission, which know whether any of them went out."""

    begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        """See `io.BytesIO.read`."""
        self.begun = True
        return super().read(size)


def failure_of(failure: failures.RequestException, *, begun: bool) -> NotSent | OutcomeUnknown:
    """What a request without an answer means; `begun` when bytes of a submission went out."""
    unknown = OutcomeUnknown("timeout" if isinstance(failure, failures.Timeout) else "connection-lost")
    if begun:
        return unknown
    # requests files TLS errors and refused connections under ConnectionError: look at the most telling kind first.
    if isinstance(failure, failures.SSLError):
        from unitclient.sync.tls import tls_failure

        return NotSent(tls_failure(failure))
    if isinstance(failure, failures.ProxyError):
        return NotSent("proxy-failed")
    if isinstance(failure, failures.ConnectTimeout):
        return NotSent("no-route")
    if isinstance(failure, failures.InvalidURL | failures.MissingSchema | failures.InvalidSchema):
        return NotSent("url-invalid")
    if isinstance(failure, failures.ConnectionError) and _refused(failure):
        return NotSent("no-connection")
    return unknown


def _refused(failure: failures.ConnectionError) -> bool:
    cause = failure.args[0] if failure.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, lower.NewConnectionError | lower.NameResolutionError)


def problem_of(response: requests.Response) -> Problem | None:
    """The centre's refusal; None for an error page that is not the centre's."""
    try:
        told = parsed(response.content)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("status") != response.status_code or not told.get("code"):
        return None
    submission_id, findings = told.get("submission_id"), told.get("findings")
    return Problem(
        status=response.status_code,
        code=str(told["code"]),
        title=str(told.get("title", "")),
        detail=str(told.get("detail", "")),
        retryable=bool(told.get("retryable")),
        retry_after_s=_retry_after(told, response),
        submission_id=submission_id if isinstance(submission_id, str) else None,
        findings=tuple(one for one in findings if isinstance(one, Mapping)) if isinstance(findings, list) else (),
        slot=_slot(told.get("slot")),
    )


def _slot(told: Any) -> tuple[str, str] | None:
    """The slot, when it is one: two instants with a zone, the first before the last."""
    try:
        first, last = str(told["not_before"]), str(told["not_after"])
        return (first, last) if datetime.fromisoformat(first) < datetime.fromisoformat(last) else None
    except (KeyError, TypeError, ValueError):
        return None


def _retry_after(told: Mapping[str, Any], response: requests.Response) -> int | None:
    readers: tuple[Callable[[], int], ...] = (
        lambda: int(told["retry_after_s"]),
        lambda: int(response.headers["Retry-After"]),
    )
    for read in readers:
        try:
            return min(max(0, read()), LONGEST_S)
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
    return None
