"""The network between the clerk's computer and the centre, which does one wrong thing at one request.

A real proxy in a process of its own: every byte goes to the real centre and comes from it.
"""

from __future__ import annotations

import http.client
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FAULTS = (
    "cut-before",
    "cut-after",
    "cut-half",
    "delayed",
    "late",
    "twice",
    "afterwards",
    "stale",
    "garbage",
    "no-http",
    "gateway",
)
"""What happens to one request: the line is cut before it arrives, after it was worked on, or amid the answer; the
answer comes slowly, or later than the client waits; the request arrives twice, or only after the next one; the answer
is that of the request before, or no answer of the centre's at all."""
DELAY_S, LATE_S = 0.1, 3.3
READ_TIMEOUT_S = 3.0
"""How long the client waits for an answer that is to be `late`: a little longer than the centre holds a question."""
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}
_GATEWAY = b"<html>gateway</html>"
Answer = tuple[int, list[tuple[str, str]], bytes]


@dataclass
class Network:
    """What is done to which request (counted from 1); every request is written down as a line of `log`."""

    centre_port: int
    log: Path
    number: int = 0
    fault: str = ""
    count: int = 0
    before: Answer | None = None
    waiting: tuple[str, str, dict[str, str], bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """The centre's answer."""
        onward = http.client.HTTPConnection("127.0.0.1", self.centre_port, timeout=30)
        try:
            onward.request(method, path, body, headers)
            answer = onward.getresponse()
            told = answer.read()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
            return answer.status, kept, told
        finally:
            onward.close()

    def pass_on(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """One request of the client and what becomes of it."""
        with self.lock:
            self.count += 1
            wrong = self.fault if self.count == self.number else ""
            with self.log.open("a") as log:
                log.write(f"{handler.command} {handler.path.partition('?')[0]}\n")
            asked = (handler.command, handler.path, dict(handler.headers.items()), body)
            delayed, self.waiting = self.waiting, None
            _DOES.get(wrong, _faithful)(self, handler, asked)
            if delayed is not None:
                self.ask(*delayed)


def serve(network: Network, port: int) -> None:
    """Stand between until the process is ended."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, network))
    server.daemon_threads = True
    server.serve_forever()


def _give(handler: BaseHTTPRequestHandler, answer: Answer, part: float = 1.0) -> None:
    status, headers, body = answer
    with suppress(OSError):  # the client may have gone meanwhile
        handler.send_response_only(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: int(len(body) * part)])
    if part < 1:
        handler.close_connection = True


def _faithful(network: Network, handler: Any, asked: Any) -> None:
    network.before = network.ask(*asked)
    _give(handler, network.before)


def _cut_before(_network: Network, handler: Any, _asked: Any) -> None:
    handler.close_connection = True


def _cut_after(network: Network, handler: Any, asked: Any) -> None:
    network.ask(*asked)
    handler.close_connection = True


def _cut_half(network: Network, handler: Any, asked: Any) -> None:
    _give(handler, network.ask(*asked), 0.5)


def _after(seconds: float, network: Network, handler: Any, asked: Any) -> None:
    answer = network.ask(*asked)
    time.sleep(seconds)
    _give(handler, answer)


def _twice(network: Network, handler: Any, asked: Any) -> None:
    network.ask(*asked)
    _faithful(network, handler, asked)


def _afterwards(network: Network, handler: Any, asked: Any) -> None:
    network.waiting = asked
    handler.close_connection = True


def _stale(network: Network, handler: Any, asked: Any) -> None:
    answer = network.ask(*asked)
    _give(handler, network.before or answer)


def _instead(answer: Answer, network: Network, handler: Any, asked: Any) -> None:
    network.ask(*asked)
    _give(handler, answer)


def _no_http(network: Network, handler: Any, asked: Any) -> None:
    network.ask(*asked)
    with suppress(OSError):
        handler.wfile.write(b"\x15\x03\x01\x00\x02\x02\x28" * 9)
    handler.close_connection = True


_DOES: dict[str, Any] = {
    "cut-before": _cut_before,
    "cut-after": _cut_after,
    "cut-half": _cut_half,
    "delayed": partial(_after, DELAY_S),
    "late": partial(_after, LATE_S),
    "twice": _twice,
    "afterwards": _afterwards,
    "stale": _stale,
    "garbage": partial(_instead, (200, [], b'{"receipt": {}, "changes": 7')),
    "gateway": partial(_instead, (502, [], _GATEWAY)),
    "no-http": _no_http,
}
assert set(_DOES) == set(FAULTS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, network: Network, *args: Any) -> None:
        self._network = network
        super().__init__(*args)

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._network.pass_on(self, body)
        except OSError:  # the centre is not there
            self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
