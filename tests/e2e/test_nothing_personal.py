"""Personal data never in addresses or logs: a month and every query with everything logged on both ends."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from tests.businesses.cases import load_case
from tests.businesses.walk import Walk
from tests.e2e.office import Office, office, open_unit, practice_centre, staff
from tests.queries.test_services import INPUTS
from unitclient.central.api import serve_app as plain_serve
from unitclient.central.edge import Edge
from unitclient.central.state import State
from unitclient.errors import UserError
from unitclient.workflows.asking import ask, services

PHONE, ACCOUNT = "13912345678", "42001234567890129999"
PEOPLE = staff(3)


class Watch:
    """Everything that a log or an address would tell: lines of every logger at DEBUG, addresses on both ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.asked: list[str] = []
        self.served: list[str] = []


class Keeper(logging.Handler):
    """Keeps every line with all that a formatter could print of it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self._watch = watch
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.lines.append(self.format(record))


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Logging at its loudest, also of libraries; the centre's access log; the client's addresses."""
    seen = Watch()
    plain_send = requests.Session.send

    def serve_app(state: State) -> Any:
        edge: Edge = plain_serve(state)

        async def noted(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                query = scope["query_string"].decode()
                seen.served.append(f"{scope['method']} {scope['raw_path'].decode()}?{query}")
            await edge(scope, receive, send)

        return noted

    def sent(session: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        seen.asked.append(f"{request.method} {request.url}")
        return plain_send(session, request, **how)

    monkeypatch.setattr("unitclient.central.server.serve_app", serve_app)
    monkeypatch.setattr(requests.Session, "send", sent)
    root, keeper = logging.getLogger(), Keeper(seen)
    loggers = [root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    levels = [(one, one.level, one.disabled) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.disabled = False
    root.addHandler(keeper)
    yield seen
    root.removeHandler(keeper)
    for one, level, disabled in levels:
        one.setLevel(level)
        one.disabled = disabled


def live(clerk: Office) -> None:
    """A month from the import to the slip, other businesses with an account and a phone, every query, refusals."""
    clerk.enrols(PEOPLE)
    clerk.declares()
    account = Walk(clerk, load_case("bank-account"))
    account.imports([{**account.case.row(1), "bank_account": ACCOUNT}])
    account.sends()
    messages = Walk(clerk, load_case("message-subscription"))
    taken = messages.imports([{**messages.case.row(1), "channel": "短信", "phone": PHONE}])
    assert taken.refused == 0, taken.findings
    messages.sends()
    for query in services():
        ask(clerk.desk, clerk.unit, query, INPUTS.get(query, {}))
    wrong = [*PEOPLE[0][:3], "no wage"]
    clerk.imports("enrol", ("姓名", "证件号码", "参保年月", "缴费工资"), [wrong])
    with pytest.raises(UserError):
        clerk.imports("enrol", ("姓名",), [[PEOPLE[0][0]]])


def secrets() -> list[str]:
    """Patterns of everything personal that went over the line."""
    found = [PHONE, ACCOUNT, "湘J12345", "A1B2C3"]
    for name, number, _, wage in PEOPLE:
        fen = round(float(str(wage)) * 100)
        found += [str(name), str(number), str(number)[6:14], rf"(?<![\w.]){fen}(?![\w])", re.escape(f"{fen / 100:.2f}")]
    return found


def test_nothing_personal_in_addresses_and_logs(watch: Watch, tmp_path: Path) -> None:
    with ExitStack() as stack:
        running = stack.enter_context(practice_centre(tmp_path / "centre"))
        clerk = stack.enter_context(office(tmp_path / "home", running.url, open_unit(running.url)))
        live(clerk)
    assert len(watch.asked) > 30
    assert len(watch.served) >= len(watch.asked)
    assert any("/queries/person-paid" in one for one in watch.served)
    assert any("urllib3" in line for line in watch.lines)
    pattern = re.compile("|".join(secrets()))
    for place, told in (("asked", watch.asked), ("served", watch.served), ("logged", watch.lines)):
        leaks = [line for line in told if pattern.search(unquote(line))]
        assert not leaks, (place, leaks[:3])


def test_the_watch_sees_a_leak(watch: Watch) -> None:
    """What the test above would find, were there something."""
    logging.getLogger("urllib3.connectionpool").debug("GET /v1/persons?id=%s", PEOPLE[0][1])
    assert re.search("|".join(secrets()), watch.lines[-1])
