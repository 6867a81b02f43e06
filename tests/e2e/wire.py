"""The network between office and centre, where a test may hold an answer back or change it: a real HTTP proxy.

It stands in for a slow or hostile network, never for the centre: every request goes on to the real one.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Alter = Callable[[str, str, int, bytes], tuple[int, bytes]]
"""(method, path, status, body) of the centre's answer -> (status, body) that the office is given."""
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def unaltered(_method: str, _path: str, status: int, body: bytes) -> tuple[int, bytes]:
    """An honest network."""
    return status, body


@dataclass
class Wire:
    """A running proxy. `alter` changes answers; answers to `held` requests wait until `release`."""

    url: str
    centre_url: str
    alter: Alter = unaltered
    held: Callable[[str, str], bool] = lambda _method, _path: False
    lost: Callable[[str, str], bool] = lambda _method, _path: False
    """Requests that never arrive: the line is dead until `release`, and then cut."""
    release: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    """Set when an answer is held back, or a request was lost."""
    seen: list[tuple[str, str]] = field(default_factory=list)
    """(method, path without query) of every request, in order."""

    def answer(self, method: str, path: str, status: int, body: bytes) -> tuple[int, bytes]:
        """What goes back to the office."""
        if self.held(method, path):
            self.reached.set()
            self.release.wait(60)
        return self.alter(method, path, status, body)


@contextmanager
def wire_to(centre_url: str) -> Iterator[Wire]:
    """A proxy before a centre, for the length of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    wire = Wire(f"http://127.0.0.1:{server.server_address[1]}", centre_url)
    server.wire = wire  # type: ignore[attr-defined]  # the handler finds it here
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        wire: Wire = self.server.wire  # type: ignore[attr-defined]  # set by wire_to
        if self.path.startswith("http://"):  # asked as a proxy: the whole address stands in the request
            self.path = "/" + self.path.split("/", 3)[3]
        wire.seen.append((self.command, self.path.partition("?")[0]))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if wire.lost(self.command, self.path):
            wire.reached.set()
            wire.release.wait(60)
            self.close_connection = True
            return
        target = urlsplit(wire.centre_url)
        onward = http.client.HTTPConnection(target.hostname or "", target.port, timeout=90)
        try:
            onward.request(self.command, self.path, body, dict(self.headers.items()))
            answer = onward.getresponse()
            status, told = wire.answer(self.command, self.path, answer.status, answer.read())
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
        finally:
            onward.close()
        with suppress(OSError):  # the office may have gone meanwhile
            self._give_back(status, headers, told)

    def _give_back(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
